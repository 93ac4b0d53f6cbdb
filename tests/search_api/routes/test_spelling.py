"""A name typed with a slip is offered as it is spelled, where nothing was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.search_api.engines import on_both

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

SLIPS = {
    "Lương Đình Khoat": [],
    "luong dinh khoac": ["Lương Đình Khoát"],
    "Lường Đinh Khoát": ["Lương Đình Khoát"],
    "luong dinhkhoat": ["Lương Đình Khoát"],
    "phug thi sen": ["Phùng Thị Sen"],
    "cty dien luc bai say": ["Công ty Điện lực Bãi Sậy"],
    "cong ty dien lc bai say": ["Công ty Điện lực Bãi Sậy"],
    "unit:hoi nong danh xa doi che": ["Hội Nông dân xã Đồi Chè"],
    "thời tiết ngày mai": [],
    "NOT khoac": [],
    '"': [],
}


@on_both("shelf")
def test_names_spelled_almost_so_are_offered_where_nothing_was_found(shelf: Shelf) -> None:
    client = shelf.client()
    for typed, names in SLIPS.items():
        answer = client.get("/api/v1/search", params={"q": typed}).json()
        assert [one["name"] for one in answer["meant"]] == names, typed
        for one in answer["meant"]:
            found = client.get("/api/v1/search", params={"q": one["query"]}).json()
            assert found["total"] == one["articles"] > 0


def test_the_page_leads_to_the_right_spelling(shelf: Shelf) -> None:
    page = shelf.client().get("/?q=luong dinh khoac&sort=date").text
    assert "Có phải bạn tìm:" in page
    assert 'href="/?q=%22L%C6%B0%C6%A1ng+%C4%90%C3%ACnh+Kho%C3%A1t%22&amp;sort=date"' in page


@pytest.mark.parametrize(
    "query", ["khoat", "không ai tên như thế cả đâu nhé bạn ơi là bạn ơi ới ời"]
)
def test_nothing_is_offered_where_something_was_found_or_much_was_typed(
    shelf: Shelf, query: str
) -> None:
    assert shelf.client().get("/api/v1/search", params={"q": query}).json()["meant"] == []

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.routes import awards
from search_api.routes.awards import defused

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def test_an_award_in_two_newspapers_is_one_row(shelf: Shelf) -> None:
    rows = shelf.client().get("/api/v1/awards").json()["awards"]
    assert [(row["date"], row["award"], row["level"]) for row in rows] == [
        ("2024-12-16", "Giấy khen", "grassroots"),
        ("2024-12-11", "Bằng khen", "ministry_province"),
    ]
    assert [one["newspaper"] for one in rows[1]["reports"]] == ["Báo Thủ Đô Mới", "Báo Trung Du"]


@pytest.mark.parametrize(
    ("asked", "awards_left"),
    [
        ("q=khoat", ["Bằng khen"]),
        ("q=KHOÁT bang", ["Bằng khen"]),
        ("level=grassroots", ["Giấy khen"]),
        ("since=2024-12-12", ["Giấy khen"]),
        ("until=2024-12-11", ["Bằng khen"]),
        ("q=khong co ai", []),
        ("q=&level=&since=&until=", ["Giấy khen", "Bằng khen"]),
    ],
)
def test_the_register_is_filtered_alike_on_page_api_and_file(
    shelf: Shelf, asked: str, awards_left: list[str]
) -> None:
    client = shelf.client()
    assert [
        row["award"] for row in client.get(f"/api/v1/awards?{asked}").json()["awards"]
    ] == awards_left
    page = client.get(f"/khen-thuong?{asked}").text
    assert page.count('<td class="nowrap" data-label="Ngày">') == len(awards_left)
    rows = list(csv.reader(io.StringIO(client.get(f"/khen-thuong.csv?{asked}").text)))
    assert [row[1] for row in rows[1:]] == awards_left


def test_paging_leads_through_the_whole_register(shelf: Shelf) -> None:
    client = shelf.client()
    first = client.get("/api/v1/awards?limit=1").json()
    second = client.get("/api/v1/awards", params={"limit": 1, "cursor": first["cursor"]}).json()
    assert [first["awards"][0]["award"], second["awards"][0]["award"]] == ["Giấy khen", "Bằng khen"]
    assert second["cursor"] is None
    assert 'rel="next"' in client.get("/khen-thuong?limit=1").text


def test_the_file_opens_in_a_spreadsheet_whole_and_harmless(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awards, "EXPORT_PAGE", 1)
    response = shelf.client().get("/api/v1/awards.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    assert response.content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Ngày", "Hình thức", "Cấp"]
    assert [row[0] for row in rows[1:]] == ["16/12/2024", "11/12/2024"]
    assert "=HYPERLINK" in rows[1][3]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@given(st.text())
def test_no_cell_is_a_formula_and_its_words_stay(cell: str) -> None:
    safe = defused(cell)
    assert safe in (cell, f"'{cell}")
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))

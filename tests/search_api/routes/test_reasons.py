"""Why an article was found: every hit has a reason, and each reason stands in the article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

BEN_GOT = "tuyen-duong-bang-khen"


def why(shelf: Shelf, slug: str, q: str, **more: Any) -> list[dict[str, Any]]:
    answer = shelf.client().get(f"/api/v1/articles/{shelf.ids[slug]}", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["found_by"]  # type: ignore[no-any-return]


def test_words_are_told_as_printed_with_their_places(shelf: Shelf) -> None:
    [reason] = why(shelf, BEN_GOT, "dan van kheo")
    assert reason["field"] == "text"
    assert reason["asked"] == "dan van kheo"
    assert reason["found"] == ["Dân vận khéo", "dân"]
    assert reason["places"] == {"title": 1, "lead": 1, "body": 2}
    [phrase] = why(shelf, BEN_GOT, '"nhận hoa"')
    assert (phrase["asked"], phrase["places"]) == ("“nhận hoa”", {"caption": 1})


@pytest.mark.parametrize(
    ("query", "field", "found"),
    [
        ("unit:ubnd", "unit", ["UBND phường Bến Gót", "UBND thành phố Hà Nội"]),
        ("person:khoat", "person", ["Lương Đình Khoát"]),
        ("role:mặt trận", "role", None),
        ("tag:khéo", "tag", ["dân vận khéo"]),
        ("section:thi đua", "section", ["Thi đua"]),
        ("source:thudo", "source", ["thudo"]),
        ("level:tỉnh", "award_level", ["Bằng khen"]),
        ("date:12/2024", "date", ["11/12/2024"]),
        (
            "title:tuyên dương",
            "title",
            ["Tuyên dương các mô hình “Dân vận khéo” của phường Bến Gót"],
        ),
    ],
)
def test_a_field_is_told_with_what_answers_it(
    shelf: Shelf, query: str, field: str, found: list[str] | None
) -> None:
    told = why(shelf, BEN_GOT, query)
    assert told[0]["field"] == field
    if found is not None:
        assert told[0]["found"] == found


def test_a_conferment_leads_to_its_record(shelf: Shelf) -> None:
    query = "conferment:(level:ministry_province AND recipient:khoat AND NOT conferrer:xã)"
    [reason] = why(shelf, BEN_GOT, query)
    assert reason["record"] == "award-0"
    assert reason["found"] == ["Bằng khen: Lương Đình Khoát"]
    assert why(shelf, "giay-khen", query) == []


def test_parts_that_do_not_answer_and_exclusions_give_no_reason(shelf: Shelf) -> None:
    told = why(shelf, BEN_GOT, '("giấy khen" OR khoát) NOT điện')
    assert [one["asked"] for one in told] == ["khoát"]
    assert why(shelf, BEN_GOT, "") == []
    assert why(shelf, BEN_GOT, "NOT điện") == []


def test_filters_are_told_too(shelf: Shelf) -> None:
    client = shelf.client()
    facets = client.get("/api/v1/search?q=khoat").json()["facets"]
    chosen = [
        f"{facet['field']}:{facet['items'][0]['value']}" for facet in facets if facet["items"]
    ]
    slug = BEN_GOT if "source:thudo" in chosen else "dan-van-kheo-ben-got"
    told = why(shelf, slug, "", filter=chosen)
    assert {one["field"] for one in told} >= {
        "source",
        "unit",
        "person",
        "award",
        "award_level",
        "month",
    }
    assert all(one["found"] for one in told)
    assert why(shelf, BEN_GOT, "", filter=["source:trungdu"]) == []


@pytest.mark.parametrize(
    "query",
    [
        "dan van kheo", "đường", "=lan", '"xã đồi chè"', "unit:hội OR person:sen", "khen NOT cờ",
        "award:khen level:grassroots", "conferment:(recipient:phường OR recipient:khoat)",
        "province:ha-noi", "date:[2024-11-01 TO *] thi đua", "model:lửa", "place:chè movement:giỏi",
    ],
)  # fmt: skip
def test_whatever_a_search_finds_has_a_reason_for_each_part(shelf: Shelf, query: str) -> None:
    client = shelf.client()
    found = client.get("/api/v1/search", params={"q": query, "fold": False}).json()["hits"]
    for hit in found:
        answer = client.get(f"/api/v1/articles/{hit['article']['id']}", params={"q": query})
        told = answer.json()["found_by"]
        assert told, hit
        for reason in told:
            if reason["field"] == "text":
                assert all(form in answer.json()["text"] for form in reason["found"])


def test_the_page_says_it_where_a_search_leads_to_it(shelf: Shelf) -> None:
    client = shelf.client()
    page = client.get("/", params={"q": "khoat", "filter": "source:thudo"}).text
    address = f"/bai/{shelf.ids[BEN_GOT]}?q=khoat&amp;filter=source%3Athudo"
    assert f'href="{address}"' in page
    shown = client.get(address.replace("&amp;", "&")).text
    assert "Vì sao tìm thấy bài này" in shown
    assert "Lương Đình Khoát" in shown
    assert "Báo Thủ Đô Mới" in shown
    assert "Vì sao tìm thấy" not in client.get(f"/bai/{shelf.ids[BEN_GOT]}").text

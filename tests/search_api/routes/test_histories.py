"""The life of an entity in the API and on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def entity(shelf: Shelf, slug: str, name: str) -> str:
    found = shelf.client().get(f"/api/v1/articles/{shelf.ids[slug]}").json()["entities"]
    return next(key for key, one in found.items() if one["name"] == name)


def life(shelf: Shelf, entity_id: str) -> Any:
    return shelf.client().get(f"/api/v1/entities/{entity_id}/history").json()


def test_a_person_has_positions_awards_and_proofs(shelf: Shelf) -> None:
    person = entity(shelf, "tuyen-duong-bang-khen", "Lương Đình Khoát")
    told = life(shelf, person)
    article = shelf.ids["tuyen-duong-bang-khen"]
    [held] = told["positions"]
    assert held["role"] == "Trưởng ban công tác mặt trận tổ dân phố số 7"
    assert held["first"]["page"] == f"/bai/{article}#person-0"
    assert [one["award"] for one in told["received"]] == ["Bằng khen"]
    assert told["first"]["article_id"] == article
    assert [run["what"]["name"] for run in told["runs"]] == ["Ngõ nhà mình, mình cùng giữ"]
    page = shelf.client().get(f"/thuc-the/{person}").text
    assert "Chức vụ qua các thời kỳ" in page
    assert f'href="/bai/{article}#person-0"' in page


def test_a_unit_has_given_awards_and_its_neighbours_are_drawn(shelf: Shelf) -> None:
    unit = entity(shelf, "tuyen-duong-bang-khen", "UBND thành phố Hà Nội")
    assert [len(one["reports"]) for one in life(shelf, unit)["given"]] == [2]
    page = shelf.client().get(f"/thuc-the/{unit}").text
    assert "Đã trao tặng (1)" in page
    assert page.count("<circle") > 3
    assert "<title>Lương Đình Khoát</title>" in page

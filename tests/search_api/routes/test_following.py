"""Following a search: the saved query finds what the search with its filters finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search_api.routes.facets import FacetItem
from search_api.routes.following import Followed, followed
from search_api.routes.search import SearchAnswer, find
from search_api.routes.state import SearchParams

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def answer_of(shelf: Shelf, params: SearchParams) -> SearchAnswer:
    return find(shelf.app.state.context, params, "vi")


def follow(shelf: Shelf, params: SearchParams) -> Followed:
    answer = answer_of(shelf, params)
    names = {f"{one.field}:{item.value}": item.name for one in answer.facets for item in one.items}
    titles = {one.field: one.title for one in answer.facets}
    return followed(params, names, titles, "Thời gian")


def first(shelf: Shelf, field: str) -> FacetItem:
    facets = {one.field: one for one in answer_of(shelf, SearchParams()).facets}
    return facets[field].items[0]


def ids(answer: SearchAnswer) -> set[int]:
    return {one.id for hit in answer.hits for one in (hit.article, *hit.reprints)}


@pytest.mark.parametrize(
    "field",
    ["source", "province", "award_level", "unit", "person", "award", "model", "movement", "place"],
)
@pytest.mark.parametrize("words", ["", "Bến Gót", "bang OR cong"])
def test_the_query_finds_what_the_filters_leave(shelf: Shelf, field: str, words: str) -> None:
    pair = f"{field}:{first(shelf, field).value}"
    for params in (SearchParams(q=words, filter=[pair]), SearchParams(q=words, exclude=[pair])):
        saved = follow(shelf, params)
        assert saved.query
        assert ids(answer_of(shelf, SearchParams(q=saved.query))) == ids(answer_of(shelf, params))


@pytest.mark.parametrize(
    ("params", "hindrance"),
    [
        (SearchParams(q="khen", filter=["month:2024-12"]), "Tháng"),
        (SearchParams(q="khen", exclude=["source_level:city"]), "Cấp của báo"),
        (SearchParams.model_validate({"q": "khen", "since": "01/12/2024"}), "Thời gian"),
    ],
)
def test_what_no_query_can_say_is_named_and_not_followed(
    shelf: Shelf, params: SearchParams, hindrance: str
) -> None:
    assert follow(shelf, params) == Followed("", (hindrance,))


def test_the_page_offers_the_query_with_its_filters(shelf: Shelf) -> None:
    with shelf.client() as client:
        page = client.get("/", params={"q": "khen", "filter": "source:thudo"}).text
        assert "/theo-doi/moi?q=%28khen%29%20AND%20source%3A%22thudo%22" in page
        page = client.get("/", params={"q": "khen", "filter": "month:2024-12"}).text
        assert "/theo-doi/moi" not in page
        assert "Không theo dõi được điều kiện Tháng" in page

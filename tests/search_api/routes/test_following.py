"""Following a search: what the subscription finds is what the search with its filters finds."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from search_api.alerts.asking import FILTERS, Asked, signed
from search_api.routes.facets import FacetItem
from search_api.routes.following import Followed, followed
from search_api.routes.search import SearchAnswer, find
from search_api.routes.state import SearchParams
from tests.search_api.engines import on_both

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def answer_of(shelf: Shelf, params: SearchParams) -> SearchAnswer:
    return find(shelf.app.state.context, params, "vi")


def first(shelf: Shelf, field: str) -> FacetItem:
    facets = {one.field: one for one in answer_of(shelf, SearchParams()).facets}
    return facets[field].items[0]


def ids(answer: SearchAnswer) -> set[int]:
    return {one.id for hit in answer.hits for one in (hit.article, *hit.reprints)}


def carried(params: SearchParams) -> dict[str, list[str]]:
    """What the address of the form carries."""
    return parse_qs(urlsplit(followed(params).address).query)


@pytest.mark.parametrize("field", FILTERS)
@pytest.mark.parametrize("words", ["", "Bến Gót", "khen OR cong"])
def test_what_is_followed_finds_what_the_filters_leave(
    shelf: Shelf, field: str, words: str
) -> None:
    pair = f"{field}:{first(shelf, field).value}"
    for params in (SearchParams(q=words or "khen", exclude=[pair]), SearchParams(q=words, filter=[pair])):  # fmt: skip
        given = carried(params)
        asked = Asked(
            given.get("q", [""])[0], signed(given.get("filter", []), given.get("exclude", []))
        )
        found = shelf.index.search(asked.request(limit=100, fold_stories=False)).hits
        assert {hit.article_id for hit in found} == ids(answer_of(shelf, params))


@pytest.mark.parametrize(
    "period", [{"filter": ["month:2024-12"]}, {"exclude": ["month:2024-12"]}, {"since": "01/12/2024"}]
)  # fmt: skip
def test_a_period_stays_behind(period: dict[str, list[str]]) -> None:
    given = carried(SearchParams.model_validate({"q": "khen", **period}))
    assert given == {"q": ["khen"], "subject": ["story"], "dated": ["1"]}


@pytest.mark.parametrize(
    "params", [SearchParams(), SearchParams.model_validate({"until": "01/12/2024"})]
)
def test_a_search_for_everything_is_not_followed(params: SearchParams) -> None:
    assert followed(params) == Followed()


@on_both("own_shelf")
def test_the_page_leads_to_a_form_with_all_filters_that_saves_them(own_shelf: Shelf) -> None:
    unit = first(own_shelf, "unit")
    asked = {
        "q": "khen",
        "filter": ["source_level:city", f"unit:{unit.value}", "month:2024-12"],
        "exclude": "province:phu-tho",
    }
    with own_shelf.client() as client:
        page = client.get("/", params=asked).text
        [address] = [part.partition('"')[0] for part in page.split('href="') if "/theo-doi/moi?" in part[:20]]  # fmt: skip
        form = client.get(address.replace("&amp;", "&")).text
        assert "Khoảng thời gian đã chọn không được giữ lại" in form
        for printed in (
            "Cấp của báo: Báo thành phố",
            f"Đơn vị: {unit.name}",
            "Trừ Địa phương: Phú Thọ",
        ):
            assert printed in form
        assert "month:2024-12" not in form
        saved = {**asked, "filter": asked["filter"][:2], "subject": "story", "name": "Theo bộ lọc"}
        assert client.post("/theo-doi", data=saved).status_code == 201
        [made] = client.get("/api/v1/subscriptions").json()
        assert (made["query"], made["filter"], made["exclude"]) == (
            "khen",
            ["source_level:city", f"unit:{unit.value}"],
            ["province:phu-tho"],
        )
        for place in ("/theo-doi", f"/theo-doi/{made['id']}"):
            assert f"Đơn vị: {unit.name}" in client.get(place).text


@on_both("own_shelf")
def test_a_filter_is_taken_away_on_the_page(own_shelf: Shelf) -> None:
    saved = {"q": "khen", "filter": ["source:thudo", "province:ha-noi"], "subject": "story"}
    with own_shelf.client() as client:
        client.post("/theo-doi", data=saved)
        client.post("/theo-doi/1", data={**saved, "filter": ["source:thudo"], "active": "true"})
        assert client.get("/api/v1/subscriptions/1").json()["filter"] == ["source:thudo"]


def test_a_search_that_matches_nearly_everything_says_why_it_is_not_followed(shelf: Shelf) -> None:
    with shelf.client() as client:
        page = client.get("/", params={"exclude": "source:thudo"}).text
    assert "/theo-doi/moi?" not in page
    assert "Chưa theo dõi được câu tìm này. Câu theo dõi phải có" in page


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        (["month:2024-12"], "một tháng cố định không còn tin mới"),
        (["weather:rain"], "các bộ lọc theo dõi được là source, source_level, source_province"),
        (["unit:"], "Không theo dõi được bộ lọc “unit:”"),
        ([f"unit:{number}" for number in range(51)], "tối đa 50 bộ lọc"),
    ],
)
def test_a_filter_that_cannot_be_followed_is_refused_in_one_sentence(
    shelf: Shelf, filters: list[str], reason: str
) -> None:
    asked = {"query": "khen", "filter": filters, "subject": "story"}
    with shelf.client() as client:
        answer = client.post("/api/v1/subscriptions", json=asked)
        form = client.post("/theo-doi/moi", data={"q": "khen", "filter": filters}).text
    assert answer.status_code == 422
    assert reason in answer.text
    assert reason in form

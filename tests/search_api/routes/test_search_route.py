from __future__ import annotations

import unicodedata
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_api.index.base import FACETS, Bucket
from search_api.query.calendar import key
from search_api.routes.state import SearchParams
from search_api.routes.timeline import bars
from tests.search_api.engines import on_both

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def ask(shelf: Shelf, **params: Any) -> dict[str, Any]:
    response = shelf.client().get("/api/v1/search", params=params)
    assert response.status_code == 200, response.text
    return response.json()  # type: ignore[no-any-return]


def found(answer: dict[str, Any]) -> set[int]:
    return {one["id"] for hit in answer["hits"] for one in (hit["article"], *hit["reprints"])}


@on_both("shelf")
@pytest.mark.parametrize(
    "typed",
    ["dan van kheo", "DAN VAN KHEO", "dân vận khéo", unicodedata.normalize("NFD", "dân vận khéo")],
)
def test_any_way_of_typing_finds_the_same_story(shelf: Shelf, typed: str) -> None:
    answer = ask(shelf, q=typed)
    assert found(answer) == {shelf.ids["tuyen-duong-bang-khen"], shelf.ids["dan-van-kheo-ben-got"]}
    assert answer["total"] == 2


@on_both("shelf")
def test_reprints_stand_under_their_story_and_can_be_unfolded(shelf: Shelf) -> None:
    folded = ask(shelf, q="dan van kheo")
    assert [len(hit["reprints"]) for hit in folded["hits"]] == [1]
    unfolded = ask(shelf, q="dan van kheo", fold=False)
    assert [len(hit["reprints"]) for hit in unfolded["hits"]] == [0, 0]


@on_both("shelf")
def test_marks_are_offsets_of_the_words_that_were_found(shelf: Shelf) -> None:
    [hit] = ask(shelf, q='"dan van kheo"')["hits"]
    title = hit["article"]["title"]
    assert [title["text"][start:end] for start, end in title["marks"]] == ["Dân vận khéo"]
    snippet = hit["article"]["snippet"]
    assert [snippet["text"][start:end] for start, end in snippet["marks"]] == ["Dân vận khéo"]


@on_both("shelf")
def test_an_article_found_by_its_headline_alone_shows_its_lead(shelf: Shelf) -> None:
    [hit] = ask(shelf, q="giu lua nghe")["hits"]
    assert hit["article"]["snippet"]["text"].startswith("Công đoàn Nhà máy Sợi Sông Con")


@on_both("shelf")
def test_a_typed_mark_binds(shelf: Shelf) -> None:
    assert found(ask(shelf, q="đường dây")) == {shelf.ids["giay-khen"]}
    assert found(ask(shelf, q="đướng dây")) == set()


@on_both("shelf")
def test_facets_name_and_count_what_was_found(shelf: Shelf) -> None:
    facets = {facet["field"]: facet["items"] for facet in ask(shelf)["facets"]}
    assert set(facets) == set(FACETS)
    counts = {item["name"]: item["count"] for item in facets["source"]}
    assert counts == {"Báo Trung Du": 7, "Báo Thủ Đô Mới": 2, "Tạp chí Công Đoàn Trẻ": 1}
    awards = {item["name"]: item["count"] for item in facets["award"]}
    assert awards == {"Bằng khen": 2, "Giấy khen": 1}
    assert [item["name"] for item in facets["month"]][:2] == ["12/2024", "11/2024"]
    assert {item["name"] for item in facets["award_level"]} == {"Cấp bộ, tỉnh", "Cấp cơ sở"}


@on_both("shelf")
def test_a_facet_value_narrows_and_excludes(shelf: Shelf) -> None:
    [bang_khen] = [
        item["value"]
        for facet in ask(shelf)["facets"]
        for item in facet["items"]
        if facet["field"] == "award" and item["name"] == "Bằng khen"
    ]
    with_it = ask(shelf, filter=f"award:{bang_khen}")
    without = ask(shelf, exclude=f"award:{bang_khen}")
    assert with_it["total"] == 2
    assert found(with_it) | found(without) == found(ask(shelf))
    assert not found(with_it) & found(without)
    states = {i["state"] for f in with_it["facets"] for i in f["items"] if i["value"] == bang_khen}
    assert states == {"on"}


@on_both("shelf")
def test_a_period_is_of_local_days_both_included(shelf: Shelf) -> None:
    answer = ask(shelf, since="2024-12-11", until="2024-12-16")
    assert answer["total"] == 3
    assert [bar["key"] for bar in answer["timeline"]] == [f"2024-12-{day}" for day in range(11, 17)]
    assert [bar["articles"] for bar in answer["timeline"]] == [2, 0, 0, 0, 0, 1]


@on_both("shelf")
def test_the_cursor_leads_through_all_stories_once(shelf: Shelf) -> None:
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = ask(shelf, limit=2, sort="date", cursor=cursor)
        seen += [hit["article"]["id"] for hit in answer["hits"]]
        cursor = answer["cursor"]
    assert len(seen) == len(set(seen)) == 9
    assert seen[0] == shelf.ids["giay-khen"]


@on_both("shelf")
def test_what_does_not_parse_is_told(shelf: Shelf) -> None:
    answer = ask(shelf, q="???")
    assert answer["notices"]
    assert answer["notices"][0] in shelf.client().get("/", params={"q": "???"}).text


@on_both("shelf")
def test_names_are_offered_while_typing(shelf: Shelf) -> None:
    names = shelf.client().get("/api/v1/suggest", params={"q": "luong dinh"}).json()["names"]
    assert names == [
        {"query": '"Lương Đình Khoát"', "name": "Lương Đình Khoát", "title": "Người", "articles": 2}
    ]


typed = st.text(max_size=40) | st.lists(
    st.sampled_from(
        ["dân", "van", "AND", "OR", "NOT", "(", ")", '"', "title:", "date:", "[2024", "TO", "]", "*", "~2", "=", "-", ":", "\\", "unit:(", "conferment:("]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip


@on_both("shelf")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed)
def test_whatever_is_typed_is_answered_or_told_where_it_is_wrong(shelf: Shelf, query: str) -> None:
    client = shelf.client()
    page = client.get("/", params={"q": query})
    answer = client.get("/api/v1/search", params={"q": query})
    assert page.status_code == answer.status_code
    assert answer.status_code in (200, 422), answer.text
    assert client.get("/api/v1/suggest", params={"q": query}).status_code == 200


states = st.builds(
    SearchParams,
    q=st.text(max_size=20),
    filter=st.lists(st.sampled_from(["source:a b", "unit:đ&=?", "month:2024-12"]), unique=True),
    exclude=st.lists(st.sampled_from(["source:+", "place:%20"]), unique=True),
    since=st.none() | st.dates(),
    sort=st.sampled_from([None, "date", "relevance"]),
    fold=st.booleans(),
)


@given(states)
def test_every_state_is_an_address_that_leads_back_to_it(state: SearchParams) -> None:
    pairs = parse_qsl(urlsplit(state.address).query, keep_blank_values=True)
    read: dict[str, Any] = {"filter": [], "exclude": []}
    for name, value in pairs:
        if name in ("filter", "exclude"):
            read[name].append(value)
        else:
            read[name] = value
    assert SearchParams.model_validate(read) == state


@given(states, st.sampled_from(["source:a b", "place:%20", "award:x"]))
def test_a_value_is_chosen_excluded_or_free_and_never_two_of_them(
    state: SearchParams, value: str
) -> None:
    assert state.adding(value).filter.count(value) == 1
    assert value not in state.adding(value).exclude
    assert state.excluding(value).exclude.count(value) == 1
    assert value not in state.excluding(value).filter
    freed = state.removing(value)
    assert value not in [*freed.filter, *freed.exclude]


@given(
    st.lists(st.dates(date(2019, 1, 1), date(2026, 12, 31)), min_size=1, max_size=9, unique=True),
    st.sampled_from(["day", "week", "month", "quarter"]),
)
def test_bars_are_without_gaps_and_keep_every_count(days: list[date], interval: Any) -> None:
    keys = sorted({key(day, interval) for day in days})
    drawn = bars([Bucket(one, 3) for one in keys], interval)
    assert drawn[-1].key == keys[-1]
    assert len(drawn) <= 120
    assert all(a.until.toordinal() + 1 == b.since.toordinal() for a, b in pairwise(drawn))
    if drawn[0].key == keys[0]:
        assert sum(bar.articles for bar in drawn) == 3 * len(keys)


@on_both("shelf")
@pytest.mark.parametrize("typed", ["01/12/2024", "1.12.2024", "01-12-2024", "2024-12-01"])
def test_a_day_is_typed_day_first_or_as_programs_write_it(shelf: Shelf, typed: str) -> None:
    with shelf.client() as client:
        found = client.get("/api/v1/search", params={"since": typed}).json()
        assert found["total"] == 3
        page = client.get("/", params={"since": typed}).text
    assert 'name="since" value="01/12/2024"' in page


@on_both("shelf")
def test_a_day_that_the_calendar_lacks_is_refused(shelf: Shelf) -> None:
    with shelf.client() as client:
        refused = client.get("/api/v1/search", params={"since": "31/02/2024"})
    assert refused.status_code == 422
    assert "31/02/2024 không có trên lịch" in refused.json()["error"]["message"]


@on_both("shelf")
def test_the_newspapers_province_and_that_of_the_places_are_facets_of_their_own(
    shelf: Shelf,
) -> None:
    client = shelf.client()

    def counted(field: str, **asked: str) -> dict[str, int]:
        facets = client.get("/api/v1/search", params=asked).json()["facets"]
        [facet] = [one for one in facets if one["field"] == field]
        return {item["name"]: item["count"] for item in facet["items"]}

    assert counted("source_province") == {"Phú Thọ": 7, "Hà Nội": 2}
    narrowed = counted("source", filter="source_province:phu-tho")
    assert narrowed == {"Báo Trung Du": 7}
    assert "Hà Nội" in counted("province", filter="source_province:phu-tho")

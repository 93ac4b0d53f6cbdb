"""The index as a store, with either engine: versions, filters, cursors, names, rebuilding."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from diembao.errors import BadInputError, IndexUnavailableError
from diembao.records import Label
from search_api.index.base import SearchRequest
from search_api.index.document import build

if TYPE_CHECKING:
    from search_api.index.base import SearchIndex

    from .conftest import Engine, Writer


def found(index: SearchIndex, query: str = "", **more: Any) -> list[int]:
    return [hit.article_id for hit in index.search(SearchRequest(query, **more)).hits]


def test_an_article_put_again_replaces_itself(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(1, "cũ", awards=[("Bằng khen", "Vui", None)]))])
    index.put([build(write(1, "mới", version=2))])
    assert (index.count(), found(index, "cũ"), found(index, "mới")) == (1, [], [1])
    assert found(index, "conferment:(vui)") == []


def test_an_older_version_never_replaces_a_newer_one(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(1, "hai", version=2)), build(write(1, "một", version=1))])
    index.put([build(write(1, "một", version=1))])
    assert (found(index, "hai"), found(index, "một")) == ([1], [])


def test_the_same_version_put_again_replaces_itself(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(1, "trước"))])
    index.put([build(write(1, "sau"))])
    assert (found(index, "sau"), found(index, "trước")) == ([1], [])


def test_deleting_and_clearing(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(n, "a")) for n in range(1, 5)])
    index.delete([2, 99])
    assert sorted(found(index)) == [1, 3, 4]
    index.clear()
    assert index.count() == 0


def test_what_was_put_is_there_after_reopening(engine: Engine, write: Writer) -> None:
    engine.open().put([build(write(1, "a"))])
    assert engine.open(writable=False).count() == 1


def test_a_range_of_days_that_runs_backwards_holds_nothing(
    index: SearchIndex, write: Writer
) -> None:
    index.put([build(write(1, "a"))])
    assert found(index, "date:[2025 TO 2023]") == []
    assert found(index, "a", since=date(2025, 1, 1), until=date(2023, 1, 1)) == []


def test_a_page_has_at_least_one_hit(index: SearchIndex) -> None:
    with pytest.raises(BadInputError, match="từ 1"):
        index.search(SearchRequest(limit=0))


def test_an_index_opened_for_reading_cannot_be_written(engine: Engine, write: Writer) -> None:
    reading = engine.open(writable=False)
    with pytest.raises(IndexUnavailableError, match="chỉ để đọc"):
        reading.put([build(write(1, "a"))])


def test_an_unknown_filter_or_facet_is_refused(index: SearchIndex) -> None:
    for request in (SearchRequest(filters={"colour": ("red",)}), SearchRequest(facets=("colour",))):
        with pytest.raises(BadInputError, match="colour"):
            index.search(request)


@pytest.mark.parametrize("cursor", ["", "x", "d", "d1:", "r-1", "r1", "d9:" + "9" * 70])
def test_a_foreign_cursor_is_refused(index: SearchIndex, cursor: str) -> None:
    with pytest.raises(BadInputError, match="trang"):
        index.search(SearchRequest(sort="date", cursor=cursor))


def test_by_date_new_articles_move_no_page(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(n, "a", at=f"2024-12-{n:02}T08:00:00+07:00")) for n in range(1, 7)])
    first = index.search(SearchRequest("a", sort="date", limit=3))
    index.put([build(write(9, "a", at="2024-12-20T08:00:00+07:00"))])
    second = index.search(SearchRequest("a", sort="date", limit=3, cursor=first.cursor))
    assert [hit.article_id for hit in (*first.hits, *second.hits)] == [6, 5, 4, 3, 2, 1]


def test_windows_follow_one_another(
    index: SearchIndex, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.index.paging.WINDOW", 4)
    index.put([build(write(n, "a", story=n % 5)) for n in range(1, 23)])
    seen: list[int] = []
    cursor = None
    while True:
        page = index.search(SearchRequest("a", sort="date", limit=3, cursor=cursor))
        seen += [number for hit in page.hits for number in (hit.article_id, *hit.reprints)]
        cursor = page.cursor
        if cursor is None:
            break
    assert sorted(seen) == list(range(1, 23))


def test_ranking_ends_with_a_notice_where_hits_remain(
    index: SearchIndex, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.index.paging.RANKED", 4)
    index.put([build(write(n, "a")) for n in range(1, 8)])
    first = index.search(SearchRequest("a", limit=3))
    last = index.search(SearchRequest("a", limit=3, cursor=first.cursor))
    assert (first.notices, len(first.hits), len(last.hits), last.cursor) == ((), 3, 1, None)
    assert "xếp theo ngày" in last.notices[0]
    assert last.total == 7


def test_facets_give_the_most_frequent_values_first(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(n, "a", source="thudo" if n < 4 else f"bao{n}")) for n in range(1, 9)])
    result = index.search(SearchRequest(facets=("source", "month"), facet_limit=2))
    assert (result.facets["source"][0].value, result.facets["source"][0].count) == ("thudo", 3)
    assert len(result.facets["source"]) == 2
    assert [facet.count for facet in result.facets["month"]] == [8]


def test_the_same_search_counts_anew_after_a_commit(engine: Engine, write: Writer) -> None:
    writer, reader = engine.open(), engine.open(writable=False)
    asked = SearchRequest("a", facets=("source",), timeline="day")
    for articles in (1, 2, 3):
        writer.put([build(write(articles, "a"))])
        for _ in range(2):
            result = reader.search(asked)
            assert [value.count for value in result.facets["source"]] == [articles]
            assert [bucket.articles for bucket in result.timeline] == [articles]
    assert [
        value.count
        for value in reader.search(SearchRequest("b", facets=("source",))).facets["source"]
    ] == []


@pytest.mark.parametrize(
    ("interval", "keys"),
    [
        ("day", 39),
        ("week", ["2024-W48", "2024-W49", "2024-W50", "2024-W51", "2024-W52", "2025-W01"]),
        ("month", ["2024-11", "2024-12", "2025-01"]),
        ("quarter", ["2024-Q4", "2025-Q1"]),
    ],
)
def test_a_timeline_has_no_gaps(
    index: SearchIndex, write: Writer, interval: Any, keys: list[str] | int
) -> None:
    days = ("2024-11-25", "2024-11-25", "2025-01-02")
    index.put([build(write(n, "a", at=f"{day}T06:00:00+07:00")) for n, day in enumerate(days, 1)])
    timeline = index.search(SearchRequest("a", timeline=interval)).timeline
    assert sum(bucket.articles for bucket in timeline) == 3
    assert (timeline[0].articles, timeline[-1].articles) == (2, 1)
    assert keys in ([bucket.key for bucket in timeline], len(timeline))


def test_names_are_offered_by_any_of_their_words_without_accents(
    index: SearchIndex, write: Writer
) -> None:
    units = {Label.UNIT: ["Quận ủy Sông Con", "Hội Nông dân xã Đồi Chè"]}
    index.put([build(write(1, "a", names=units))])
    index.put([build(write(2, "a", names={**units, Label.PERSON: ["Nông Thị Sen"]}))])
    offered = index.suggest("nong")
    assert [(o.name, o.label, o.articles) for o in offered] == [
        ("Hội Nông dân xã Đồi Chè", "UNIT", 2),
        ("Nông Thị Sen", "PERSON", 1),
    ]
    assert [o.name for o in index.suggest("Đồi chè")] == ["Hội Nông dân xã Đồi Chè"]
    assert [o.name for o in index.suggest("quận  uy s")] == ["Quận ủy Sông Con"]
    assert index.suggest("ong") == index.suggest("  ") == ()
    assert len(index.suggest("n", limit=1)) == 1


def test_a_rebuild_replaces_the_index_at_its_end_and_not_before(
    engine: Engine, write: Writer
) -> None:
    index, reading = engine.open(), engine.open(writable=False)
    index.put([build(write(1, "cũ")), build(write(2, "cũ"))])
    with engine.rebuilding() as take:
        take([build(write(3, "mới"))])
        assert (reading.count(), sorted(found(reading, "cũ"))) == (2, [1, 2])
    assert (reading.count(), found(reading, "mới")) == (1, [3])
    index.put([build(write(4, "mới"))])
    assert sorted(found(reading, "mới")) == [3, 4]
    assert engine.generations() == 1


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(engine: Engine, write: Writer) -> None:
    index = engine.open()
    index.put([build(write(1, "a"))])

    def rebuild() -> None:
        with engine.rebuilding() as take:
            take([build(write(2, "a"))])
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        rebuild()
    assert found(index) == [1]
    assert engine.generations() == 1

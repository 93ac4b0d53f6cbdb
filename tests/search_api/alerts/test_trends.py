"""Surges and silences: on whole days, once, and silent over gaps in collection."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from diembao.archive import articles, collecting
from diembao.archive.schema import gaps, sources
from diembao.errors import BadInputError
from diembao.settings import Settings
from diembao.vietnamese.dates import VIETNAM
from search_api.alerts import trends
from search_api.alerts.asking import Asked
from search_api.alerts.preview import preview
from search_api.alerts.trending import evaluate_due
from search_api.alerts.trends import Counts, Trend
from search_api.index import open_index
from search_api.index.document import build
from tests.search_api.engines import ENGINES

if TYPE_CHECKING:
    from pathlib import Path

    from search_api.index.base import SearchIndex

TODAY = date(2024, 12, 20)


def days_before(first: int, last: int) -> list[date]:
    """The days from `first` to `last` days before today."""
    return [TODAY - timedelta(days=n) for n in range(first, last - 1, -1)]


def counts(usual: int, week: int, *, collected: list[date] | None = None) -> Counts:
    """A newspaper with so many matching articles a day before the week, and in the week."""
    before = days_before(63, 8) if collected is None else collected
    matching = dict.fromkeys(before, usual) | {TODAY - timedelta(days=2): week}
    return Counts({"thudo": matching}, {"thudo": dict.fromkeys([*before, *days_before(7, 1)], 9)})


# --- surges, by the numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(("usual", "week", "is_told"), [(1, 21, False), (1, 22, True), (0, 5, True), (0, 4, False)])  # fmt: skip
def test_a_surge_is_more_than_so_many_times_the_usual(usual: int, week: int, is_told: bool) -> None:
    assert (
        trends.surge(counts(usual, week), TODAY, Trend(factor=3, least=5)) is not None
    ) == is_told


def test_days_that_were_not_collected_do_not_make_the_usual_smaller() -> None:
    with_gap = counts(2, 30, collected=days_before(63, 45))
    assert trends.surge(with_gap, TODAY, Trend()) is None


def test_without_enough_collected_days_nothing_is_usual() -> None:
    assert trends.surge(counts(0, 50, collected=days_before(20, 8)), TODAY, Trend()) is None


def test_today_is_not_over_and_counts_for_nothing() -> None:
    busy = counts(0, 0)
    busy.matching["thudo"][TODAY] = 100  # type: ignore[index]
    assert trends.surge(busy, TODAY, Trend()) is None


# --- silences, by the numbers ----------------------------------------------------------------------


def test_a_silence_is_nothing_in_the_last_days_where_there_was_something() -> None:
    told = Counts({"thudo": dict.fromkeys(days_before(30, 4), 2)}, {})
    found = trends.silence(told, TODAY, Trend(days=3))
    assert found
    assert (found.last, found.days) == (TODAY - timedelta(days=4), 3)
    assert trends.silence(told, TODAY, Trend(days=4)) is None
    assert (
        trends.silence(Counts({"thudo": {TODAY - timedelta(days=9): 2}}, {}), TODAY, Trend())
        is None
    )


@pytest.mark.parametrize(("unbroken", "is_heard"), [(["a"], True), (["b"], False), (["a", "b"], True), ([], False)])  # fmt: skip
def test_a_silence_counts_where_those_who_usually_tell_were_collected(
    unbroken: list[str], is_heard: bool
) -> None:
    silent = trends.Silence(3, 1.0, {"a": 6, "b": 3}, TODAY)
    assert trends.is_collected(silent, unbroken) is is_heard


def test_a_gap_or_a_crawl_that_fails_now_breaks_the_collection(newsroom: Any) -> None:
    for paper in ("whole", "with-a-gap", "failing", "never"):
        newsroom.save("mot", paper=paper)
    until = datetime(2024, 12, 20, tzinfo=UTC)
    since = until - timedelta(days=3)
    with newsroom.archive.write() as connection:
        for paper, after in (("whole", 1), ("with-a-gap", 1), ("failing", -1)):
            read_at = until + timedelta(hours=after)
            named = sources.c.name == paper
            connection.execute(update(sources).where(named).values(last_success_at=read_at))
        lost = {"source": "with-a-gap", "began_at": since - timedelta(hours=9)}
        connection.execute(gaps.insert().values(**lost, ended_at=since + timedelta(hours=1)))
        assert collecting.unbroken(connection, since, until) == {"whole"}
        assert collecting.unbroken(connection, since + timedelta(hours=1), until) == {
            "whole",
            "with-a-gap",
        }


@pytest.mark.parametrize(
    "wrong", [{"factor": 1}, {"least": 1}, {"days": 0}, {"days": 57}, {"x": 1}]
)
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInputError, match="xu hướng chưa đúng"):
        trends.read(wrong)


# --- over a real index -----------------------------------------------------------------------------


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    """An index of what the newsroom prints, of each engine, filled by `print_daily`."""
    engine = {}
    if request.param == "elasticsearch":
        engine = request.getfixturevalue("elasticsearch_settings")
    return open_index(Settings(home=tmp_path / "trends", **engine), writable=True)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), VIETNAM)


def print_daily(newsroom: Any, index: SearchIndex, about: dict[date, int]) -> None:
    """A dull article each day of the last 63, and so many about the co-operative on some."""
    ids = [newsroom.save(f"tin-{day}", at=noon(day)) for day in days_before(63, 1)]
    ids += [
        newsroom.save(f"htx-{day}-{n}", body="Hợp tác xã Đồi Chè mở cửa.", at=noon(day))
        for day, number in about.items()
        for n in range(number)
    ]
    with newsroom.archive.read() as connection:
        index.put([build(one) for one in articles.load(connection, ids)])


def look(newsroom: Any, index: SearchIndex, day: date = TODAY, hour: int = 8) -> int:
    now = datetime.combine(day, time(hour), VIETNAM)
    return evaluate_due(newsroom.archive, index, newsroom.settings, now)


def read_well(newsroom: Any) -> None:
    """The newspapers were crawled without a fault until this morning."""
    with newsroom.archive.write() as connection:
        connection.execute(update(sources).values(last_success_at=noon(TODAY + timedelta(days=30))))


def test_a_surge_is_told_once_with_its_numbers(newsroom: Any, index: SearchIndex) -> None:
    about = dict.fromkeys(days_before(60, 8)[::14], 1) | dict.fromkeys(days_before(5, 3), 4)
    print_daily(newsroom, index, about)
    newsroom.subscribe("đồi chè", "surge", trend={"factor": 3, "least": 5})
    assert look(newsroom, index) == 1
    [alert] = newsroom.alerts()
    assert alert.message["title"] == (
        "“Mục theo dõi thử”: 12 bài trong 7 ngày qua, gấp 24 lần mức thường"
    )
    assert alert.message["notes"] == [
        ["7 ngày qua", "12 bài"],
        ["Mức thường", "0,5 bài mỗi 7 ngày"],
    ]
    assert look(newsroom, index) == 0
    assert look(newsroom, index, TODAY + timedelta(days=1)) == 0, "the same week"


def test_a_trend_is_looked_at_from_its_hour_on(newsroom: Any, index: SearchIndex) -> None:
    print_daily(newsroom, index, {TODAY - timedelta(days=1): 6})
    newsroom.subscribe("đồi chè", "surge", schedule={"hour": 16})
    assert look(newsroom, index, hour=15) == 0
    assert look(newsroom, index, hour=16) == 1


def test_a_silence_is_told_once_until_something_is_found_again(
    newsroom: Any, index: SearchIndex
) -> None:
    print_daily(newsroom, index, dict.fromkeys(days_before(40, 4), 1))
    newsroom.subscribe("đồi chè", "silence", trend={"days": 3})
    read_well(newsroom)
    assert look(newsroom, index, TODAY - timedelta(days=1)) == 0
    assert [look(newsroom, index, TODAY + timedelta(days=n)) for n in range(3)] == [1, 0, 0]
    [alert] = newsroom.alerts()
    assert alert.message["title"] == "“Mục theo dõi thử”: 3 ngày qua không có bài nào"
    assert ["Bài gần nhất", "16/12/2024"] in alert.message["notes"]


def test_a_silence_that_was_not_collected_is_none(newsroom: Any, index: SearchIndex) -> None:
    print_daily(newsroom, index, dict.fromkeys(days_before(40, 4), 1))
    newsroom.subscribe("source:thudo", "silence")
    newsroom.subscribe("đồi chè", "silence")
    assert look(newsroom, index) == 0


def test_a_paused_trend_is_not_looked_at(newsroom: Any, index: SearchIndex) -> None:
    from diembao.archive import alerts

    print_daily(newsroom, index, {TODAY - timedelta(days=1): 6})
    newsroom.subscribe("đồi chè", "surge")
    with newsroom.archive.write() as connection:
        alerts.update_subscription(connection, 1, active=False)
    assert look(newsroom, index) == 0


@pytest.mark.parametrize(
    ("subject", "titles"),
    [
        ("surge", ["“đồi chè”: 6 bài trong 7 ngày qua"]),
        ("silence", []),
        ("first", ["Lần đầu có bài khớp “đồi chè”: Tin htx-2024-12-10-0"]),
    ],
)
def test_the_preview_tells_what_a_trend_would_have_told(
    newsroom: Any, index: SearchIndex, subject: str, titles: list[str]
) -> None:
    print_daily(newsroom, index, {date(2024, 12, 10): 6})
    now = datetime.combine(TODAY, time(8), VIETNAM)
    found = preview(newsroom.archive, index, newsroom.settings, now, Asked("đồi chè"), subject)
    assert [message.title for message in found] == titles


def test_the_preview_tells_a_silence_once(newsroom: Any, index: SearchIndex) -> None:
    print_daily(newsroom, index, dict.fromkeys(days_before(40, 10), 1))
    read_well(newsroom)
    now = datetime.combine(TODAY, time(8), VIETNAM)
    found = preview(newsroom.archive, index, newsroom.settings, now, Asked("đồi chè"), "silence")
    assert len(found) == 1


def test_two_looks_at_once_tell_once(newsroom: Any, index: SearchIndex) -> None:
    import threading

    print_daily(newsroom, index, {TODAY - timedelta(days=1): 6})
    newsroom.subscribe("đồi chè", "surge")
    told: list[int] = []
    workers = [
        threading.Thread(target=lambda: told.append(look(newsroom, index))) for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(told) == [0, 0, 1]

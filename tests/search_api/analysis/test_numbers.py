"""Stretches, gaps, scales and tiles: the pure parts of an analysis."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.archive.silences import Collected, merged
from diembao.vietnamese.provinces import present_provinces
from search_api.analysis.coverage import missing, silent_names
from search_api.analysis.shapes import Point, drawn
from search_api.analysis.stretches import (
    MOST,
    before,
    between,
    gathered,
    growth,
    interval_of,
    stretches,
)
from search_api.analysis.tile_grid import COLUMNS, ISLANDS, ROWS, TILES
from search_api.pictures.province_map import SHADES, bounds, shade
from search_api.pictures.scale import ticks
from search_api.query.calendar import INTERVALS, Interval
from tests.search_api.conftest import CITY, PROVINCE

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
INTERVAL = st.sampled_from(INTERVALS)


@given(DAYS, st.integers(0, 900), INTERVAL)
def test_stretches_hold_every_day_of_the_period_once(
    since: date, length: int, interval: Interval
) -> None:
    until = since + timedelta(days=length)
    over = stretches(since, until, interval)
    assert over[0].since == since
    assert over[-1].until == until
    for one, following in pairwise(over):
        assert one.until + timedelta(days=1) == following.since


@given(DAYS, st.dictionaries(st.integers(-40, 400), st.integers(0, 9)), INTERVAL)
def test_no_article_of_the_period_is_lost_and_none_counted_twice(
    since: date, counts: dict[int, int], interval: Interval
) -> None:
    until = since + timedelta(days=300)
    days = {since + timedelta(days=at): count for at, count in counts.items()}
    over = stretches(since, until, interval)
    assert sum(gathered(days, over)) == between(days, since, until)


@given(DAYS, st.integers(0, 20_000), st.sampled_from([None, *INTERVALS]))
def test_a_period_is_never_drawn_in_too_many_stretches(
    since: date, length: int, asked: Interval | None
) -> None:
    until = since + timedelta(days=length)
    interval = interval_of(since, until, asked)
    assert len(stretches(since, until, interval)) <= MOST + 50
    if asked and length < 100:
        assert interval == asked


@pytest.mark.parametrize(
    ("days", "interval"), [(31, "day"), (100, "week"), (800, "month"), (4000, "quarter")]
)
def test_the_interval_suits_the_period(days: int, interval: str) -> None:
    since = date(2010, 1, 1)
    assert interval_of(since, since + timedelta(days=days - 1), None) == interval


def test_growth_is_against_a_period_of_the_same_length() -> None:
    assert before(date(2024, 3, 1), date(2024, 3, 31)) == (date(2024, 1, 30), date(2024, 2, 29))
    assert growth(9, 6) == 0.5
    assert growth(0, 6) == -1
    assert growth(9, 0) is None


def at(day: int, hour: int = 0) -> datetime:
    """An hour of December 2024 in Vietnam."""
    return datetime(2024, 12, day, hour, tzinfo=UTC) - timedelta(hours=7)


def test_what_a_big_newspaper_leaves_out_weighs_more() -> None:
    big = Collected(CITY, 90, ((at(1), at(3)),))
    small = Collected(PROVINCE, 10, ())
    assert missing([big, small], date(2024, 12, 1), date(2024, 12, 2)) == pytest.approx(0.9)
    assert missing([big, small], date(2024, 12, 1), date(2024, 12, 4)) == pytest.approx(0.45)
    assert missing([big, small], date(2024, 12, 3), date(2024, 12, 4)) == 0
    assert missing([], date(2024, 12, 3), date(2024, 12, 4)) == 1
    assert silent_names([big, small], date(2024, 12, 2), date(2024, 12, 9)) == [CITY.title]


def test_a_few_minutes_are_no_gap() -> None:
    one = Collected(CITY, 1, ((at(1), at(1) + timedelta(minutes=5)),))
    assert missing([one], date(2024, 12, 1), date(2024, 12, 1)) == 0


MOMENTS = st.integers(0, 40).map(lambda hours: at(1) + timedelta(hours=hours))


@given(st.lists(st.tuples(MOMENTS, MOMENTS)), MOMENTS)
def test_merged_silences_cover_the_same_moments_and_never_overlap(
    silences: list[tuple[datetime, datetime]], moment: datetime
) -> None:
    one = merged(silences)
    assert any(a <= moment < b for a, b in one) == any(a <= moment < b for a, b in silences)
    for (_, ended), (began, _) in pairwise(one):
        assert ended < began


def point(articles: int, missing_part: float) -> Point:
    day = date(2024, 12, 1)
    return Point(
        key="2024-12-01", label="", since=day, until=day, articles=articles, stories=None, everything=9, share=None, missing=missing_part, search="/",
    )  # fmt: skip


def test_the_silence_of_a_spider_is_not_drawn() -> None:
    assert drawn(point(0, 0.3), "articles", "absolute") is None
    assert drawn(point(0, 0.0), "articles", "absolute") == 0
    assert drawn(point(2, 0.3), "articles", "absolute") == 2


@given(st.floats(0.001, 1e7), st.integers(3, 6))
def test_an_axis_reaches_its_greatest_value_in_even_round_steps(
    greatest: float, about: int
) -> None:
    levels = ticks(greatest, about, "absolute")
    assert levels[0] == 0
    assert levels[-1] >= greatest * (1 - 1e-6)
    assert len(levels) <= about + 2
    assert all(level == int(level) for level in levels)


@given(st.lists(st.integers(0, 5000), min_size=1))
def test_shades_never_order_two_values_the_wrong_way(values: list[int]) -> None:
    upper = bounds(float(max(values)), whole=True)
    shades = [shade(value, upper) for value in sorted(values)]
    assert shades == sorted(shades)
    assert all(
        (one == 0) == (value == 0) for one, value in zip(shades, sorted(values), strict=True)
    )
    assert not max(values) or max(shades) == SHADES


def test_every_province_of_today_has_a_tile_and_the_archipelagos_are_on_the_map() -> None:
    assert set(TILES) == set(present_provinces())
    assert {name: slug for name, (slug, _) in ISLANDS.items()} == {
        "Hoàng Sa": "da-nang",
        "Trường Sa": "khanh-hoa",
    }
    places = [*TILES.values(), *(tile for _, tile in ISLANDS.values())]
    assert len(set(places)) == 36
    assert all(tile.column < COLUMNS and tile.row < len(ROWS) for tile in places)

"""Local time as keys that sort, count and lead back to their days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.query.calendar import INTERVALS, Interval, key, keys_between, local_day, span

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "keys"),
    [
        (date(2024, 12, 11), ["2024-12-11", "2024-W50", "2024-12", "2024-Q4"]),
        (date(2024, 12, 30), ["2024-12-30", "2025-W01", "2024-12", "2024-Q4"]),
        (date(2023, 1, 1), ["2023-01-01", "2022-W52", "2023-01", "2023-Q1"]),
    ],
)
def test_keys_of_a_day(day: date, keys: list[str]) -> None:
    assert [key(day, interval) for interval in INTERVALS] == keys


def test_the_day_begins_at_midnight_in_vietnam() -> None:
    assert local_day(datetime(2024, 12, 10, 17, 0, tzinfo=UTC)) == date(2024, 12, 11)
    assert local_day(datetime(2024, 12, 10, 16, 59, tzinfo=UTC)) == date(2024, 12, 10)


@given(days, st.sampled_from(INTERVALS))
def test_a_key_spans_exactly_the_days_that_have_it(day: date, interval: Interval) -> None:
    bounds = span(key(day, interval))
    assert bounds
    first, last = bounds
    assert first <= day <= last
    one = timedelta(days=1)
    assert key(first, interval) == key(last, interval) == key(day, interval)
    assert key(first - one, interval) < key(day, interval) < key(last + one, interval)


@given(days, st.integers(0, 400), st.sampled_from(INTERVALS))
def test_keys_between_leave_no_gap(day: date, further: int, interval: Interval) -> None:
    end = day + timedelta(days=further)
    walked = sorted({key(day + timedelta(days=n), interval) for n in range(further + 1)})
    assert list(keys_between(key(day, interval), key(end, interval), interval)) == walked


@pytest.mark.parametrize(
    "text", ["", "24", "2024-00", "2024-13", "2024-02-30", "2024-W00", "2024-Q5", "2024-1-"]
)
def test_what_is_no_key_spans_nothing(text: str) -> None:
    assert span(text) is None

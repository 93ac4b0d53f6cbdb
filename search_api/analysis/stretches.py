"""Counts of days gathered into days, ISO weeks, months or quarters of Vietnam.

A stretch at either end of the period holds only its days within the period. A period that would be
drawn in more than MOST stretches is drawn in longer ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from search_api.query.calendar import INTERVALS, key, keys_between, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from search_api.query.calendar import Interval

MOST = 190
"""Stretches of a period at most: half a year of days, or three years and a half of weeks."""

USUAL = {"day": 62, "week": 400, "month": 1900}
"""The longest period (days) that is drawn in these unless another is asked for."""

SHORTEST = {"day": 1, "week": 7, "month": 28, "quarter": 90}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A key of local time and its days within the period, both included."""

    key: str
    since: date
    until: date


def interval_of(since: date, until: date, asked: Interval | None) -> Interval:
    """The interval in which the period is drawn: the one asked for, or the next that is long enough."""
    days = (until - since).days + 1
    if asked is None:
        asked = next((name for name in INTERVALS if days <= USUAL.get(name, days)), "quarter")
    longer = INTERVALS[INTERVALS.index(asked) :]
    return next((one for one in longer if days // SHORTEST[one] < MOST), "quarter")


def stretches(since: date, until: date, interval: Interval) -> tuple[Stretch, ...]:
    """All stretches of the period, in order."""
    found = []
    for one in keys_between(key(since, interval), key(until, interval), interval):
        days = span(one)
        assert days, f"{one} is a key"
        found.append(Stretch(one, max(days[0], since), min(days[1], until)))
    return tuple(found)


def gathered(days: Mapping[date, int], over: Sequence[Stretch]) -> list[int]:
    """The counts of days summed by stretch; days outside all of them are left out."""
    if not over:
        return []
    sums = dict.fromkeys(range(len(over)), 0)
    starts = {one.since + timedelta(days=n): at for at, one in enumerate(over) for n in _days(one)}
    for day, count in days.items():
        if day in starts:
            sums[starts[day]] += count
    return list(sums.values())


def between(days: Mapping[date, int], since: date, until: date) -> int:
    """The sum of the counts from one day to another, both included."""
    return sum(count for day, count in days.items() if since <= day <= until)


def before(since: date, until: date) -> tuple[date, date]:
    """The period of the same length that ends on the eve of this one."""
    last = since - timedelta(days=1)
    return last - (until - since), last


def growth(now: int, then: int) -> float | None:
    """The change against the count before, 0.5 for half as many again; None where that was nothing."""
    return (now - then) / then if then else None


def _days(stretch: Stretch) -> range:
    return range((stretch.until - stretch.since).days + 1)

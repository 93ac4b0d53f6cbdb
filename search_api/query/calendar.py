"""Local time as keys: `2024-12-11`, ISO week `2024-W50`, `2024-12`, `2024-Q4`, `2024`.

Newspapers' days are days of Asia/Ho_Chi_Minh.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from diembao.vietnamese.dates import local

if TYPE_CHECKING:
    from collections.abc import Iterator

Interval = Literal["day", "week", "month", "quarter"]
INTERVALS: tuple[Interval, ...] = ("day", "week", "month", "quarter")

_KEY = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d{1,2})|Q(?P<quarter>[1-4])|(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?))?",
    re.IGNORECASE,
)


def key(day: date, interval: Interval) -> str:
    """The key of the interval that holds the day."""
    if interval == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    if interval == "quarter":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    return day.isoformat() if interval == "day" else f"{day.year:04}-{day.month:02}"


def local_day(moment: datetime) -> date:
    """The day in Vietnam at that moment."""
    return local(moment).date()


def span(text: str) -> tuple[date, date] | None:
    """First and last day of a key; None if it is none, or names a day that does not exist."""
    found = _KEY.fullmatch(text)
    if not found:
        return None
    year, week, quarter, month, day = (
        int(value) if value else None
        for value in found.group("year", "week", "quarter", "month", "day")
    )
    assert year is not None, "every key has a year"
    try:
        if week is not None:
            monday = date.fromisocalendar(year, week, 1)
            return monday, monday + min(timedelta(days=6), date.max - monday)
        if day is not None and month is not None:
            return date(year, month, day), date(year, month, day)
        if quarter is not None:
            first, last = quarter * 3 - 2, quarter * 3
        else:
            first, last = (1, 12) if month is None else (month, month)
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:
        return None


def keys_between(first: str, last: str, interval: Interval) -> Iterator[str]:
    """Every key of the interval from `first` to `last`, both included."""
    current = first
    while current < last:
        yield current
        bounds = span(current)
        assert bounds, f"{current} is a key"
        current = key(bounds[1] + timedelta(days=1), interval)
    yield last

"""The value of `date:`: one date or a range, day first as in Vietnam, or ISO, or a key of a timeline.

`2024`, `2024-12`, `12/2024`, `2024-12-11`, `11/12/2024` (11 December), `2024-W50`, `2024-Q4`;
`[A TO B]` with both ends included, `*` for an open end; `>=A`, `<=A`, `>A`, `<A`. There is no `now`
and no other relative form: a saved query means the same on any day.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from search_api.query.calendar import span
from search_api.query.tree import Dates

if TYPE_CHECKING:
    from datetime import date

_RANGE = re.compile(r"[\[{]\s*(\S+)\s+TO\s+(\S+)\s*[\]}]")
_COMPARISON = re.compile(r"([<>]=?)\s*(\S+)")
_DAY_FIRST = re.compile(
    r"(?:(?P<day>\d{1,2})(?P<mark>[/.-]))?(?P<month>\d{1,2})[/.-](?P<year>\d{4})"
)


def parse_dates(value: str) -> Dates | None:
    """The days that the value means; None if it is no known form."""
    value = value.strip()
    if found := _RANGE.fullmatch(value):
        low, high = (_bounds(end) for end in found.groups())
        if low is None or high is None:
            return None
        return Dates(low[0], high[1])
    if found := _COMPARISON.fullmatch(value):
        bounds = _bounds(found.group(2))
        if bounds is None or bounds[0] is None or bounds[1] is None:
            return None
        one = timedelta(days=1)
        return {
            ">=": Dates(bounds[0], None),
            ">": Dates(bounds[1] + one, None),
            "<=": Dates(None, bounds[1]),
            "<": Dates(None, bounds[0] - one),
        }[found.group(1)]
    bounds = _bounds(value)
    return None if bounds is None else Dates(*bounds)


def _bounds(text: str) -> tuple[date | None, date | None] | None:
    if text == "*":
        return None, None
    if found := _DAY_FIRST.fullmatch(text):
        day = f"-{found['day']}" if found["day"] else ""
        return span(f"{found['year']}-{found['month']}{day}")
    return span(text)

"""How much of a stretch of days was not collected.

Newspapers weigh by the articles that the archive holds of them: a big one that was not read leaves more
out than a small one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.vietnamese.dates import midnight, midnight_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from diembao.archive.silences import Collected

NOTED = 0.005
"""A smaller part is nothing."""

COMPARABLE = 0.2
"""Two periods of which a greater part is missing cannot be compared."""


def missing(newspapers: Sequence[Collected], since: date, until: date) -> float:
    """The part of what these newspapers usually give, from 0 to 1, that was not collected.

    `since` and `until` are local days, both included. Without newspapers nothing was collected.
    """
    began, ended = midnight(since), midnight_after(until)
    weight = sum(one.articles for one in newspapers)
    if not weight:
        return 1.0
    lost = sum(one.articles * _silent(one.silences, began, ended) for one in newspapers)
    part = lost / weight / (ended - began).total_seconds()
    return 0.0 if part < NOTED else min(part, 1.0)


def silent_names(newspapers: Iterable[Collected], since: date, until: date) -> list[str]:
    """Titles of the newspapers of which some of it was not collected."""
    began, ended = midnight(since), midnight_after(until)
    noted = NOTED * (ended - began).total_seconds()
    return [one.source.title for one in newspapers if _silent(one.silences, began, ended) >= noted]


def _silent(
    silences: Iterable[tuple[datetime, datetime]], began: datetime, ended: datetime
) -> float:
    """Seconds of the time between two moments that lie in silences."""
    overlaps = ((min(last, ended) - max(first, began)) for first, last in silences)
    return sum(max(overlap.total_seconds(), 0.0) for overlap in overlaps)

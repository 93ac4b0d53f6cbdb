"""Trend conditions: what a search finds in a week against what is usual, and what it no longer finds.

Both are read off the articles of whole local days, by newspaper, once a day at the subscription's
hour; the clock is passed in.

- **Surge**: in the last WEEK days more than `factor` times what is usual, and at least `least`
  articles. Usual is a newspaper's rate on the days of the BASELINE before that week on which the
  archive holds anything of it: days that were not collected count for nothing, and a newspaper with
  fewer than LEAST_DAYS such days is left out on both sides. After an alert nothing for WEEK days.
- **Silence**: nothing in the last `days` days, after at least LEAST_BEFORE articles in the BASELINE.
  It is told only where newspapers that gave at least half of the usual articles were collected
  throughout those days, and once: until something is found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from diembao.errors import BadInputError
from search_api.alerts.asking import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from search_api.index.base import SearchIndex

WEEK = 7
BASELINE = 56
LEAST_DAYS = 14
LEAST_BEFORE = 3
MOST_SOURCES = 50
"""Newspapers that are looked at, those with most articles first."""

Days = dict[date, int]
"""Articles by local day; days without any are left out."""


class Trend(BaseModel):
    """The numbers of a trend condition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    factor: float = Field(default=3.0, gt=1, le=100)
    least: int = Field(default=5, ge=2, le=10_000)
    days: int = Field(default=3, ge=1, le=BASELINE)


@dataclass(frozen=True, slots=True)
class Counts:
    """By newspaper, articles that match and all articles."""

    matching: Mapping[str, Days]
    all: Mapping[str, Days]


@dataclass(frozen=True, slots=True)
class Surge:
    """So many articles in a week, where `usual` would be expected."""

    week: int
    usual: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing for so many days; the newspapers that usually tell, and the last day they did."""

    days: int
    usual: float
    sources: Mapping[str, int]
    last: date


def read(given: Mapping[str, Any] | None) -> Trend:
    """The numbers in a request. Raises BadInputError with one sentence."""
    try:
        return Trend.model_validate(given or {})
    except ValidationError as error:
        raise BadInputError(
            "Điều kiện xu hướng chưa đúng: số lần phải trên 1, số bài ít nhất từ 2, số ngày im lặng từ 1 "
            f"đến {BASELINE} (the trend's numbers are wrong)."
        ) from error


def count(index: SearchIndex, asked: Asked, day: date, back: int = 0) -> Counts:
    """What is needed to look at `day` and the `back` days before it, which are not yet over on it."""
    since = day - timedelta(days=back + BASELINE * 2)
    until = day - timedelta(days=1)
    found = index.search(
        asked.request(
            since=since, until=until, limit=1, facets=("source",), facet_limit=MOST_SOURCES
        )
    )
    sources = [facet.value for facet in found.facets["source"]]

    def by_day(source: str, of: Asked) -> Days:
        request = of.within(f"source:{source}").request(
            since=since, until=until, limit=1, timeline="day"
        )
        timeline = index.search(request).timeline
        return {date.fromisoformat(one.key): one.articles for one in timeline if one.articles}

    return Counts(
        {source: by_day(source, asked) for source in sources},
        {source: by_day(source, Asked()) for source in sources},
    )


def surge(counts: Counts, day: date, trend: Trend) -> Surge | None:
    """The surge in the week that ended before `day`, if there is one."""
    start = day - timedelta(days=WEEK)
    before = _days(start - timedelta(days=BASELINE), start)
    week, usual = 0, 0.0
    for source, matching in counts.matching.items():
        collected = [one for one in before if one in counts.all[source]]
        if len(collected) >= LEAST_DAYS:
            week += _sum(matching, _days(start, day))
            usual += _sum(matching, collected) / len(collected) * WEEK
    if week < trend.least or week <= trend.factor * usual:
        return None
    return Surge(week, usual)


def silence(counts: Counts, day: date, trend: Trend) -> Silence | None:
    """The silence of the days that ended before `day`, if there is one."""
    start = day - timedelta(days=trend.days)
    if any(_sum(days, _days(start, day)) for days in counts.matching.values()):
        return None
    before = list(_days(start - timedelta(days=BASELINE), start))
    sources = {source: _sum(days, before) for source, days in counts.matching.items()}
    sources = {source: number for source, number in sources.items() if number}
    told = sum(sources.values())
    if told < LEAST_BEFORE:
        return None
    last = max(one for days in counts.matching.values() for one in days if one < start)
    return Silence(trend.days, told / len(before), sources, last)


def is_collected(silent: Silence, unbroken: Iterable[str]) -> bool:
    """Whether the newspapers that usually tell at least half of it were collected throughout."""
    heard = sum(silent.sources.get(source, 0) for source in unbroken)
    return heard * 2 >= sum(silent.sources.values())


def _days(since: date, before: date) -> list[date]:
    return [since + timedelta(days=n) for n in range((before - since).days)]


def _sum(days: Days, of: Iterable[date]) -> int:
    return sum(days.get(one, 0) for one in of)

"""How well each newspaper is collected: pace, fields, gaps, layouts in quarantine.

The usual pace is that of the four weeks before the last day, or of the days since the newspaper's first
article where those are fewer. Shares of dated and signed articles are of all readings that are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from diembao.archive import layouts
from diembao.archive.schema import articles, gaps, sources
from diembao.archive.schema import layouts as layout_table
from diembao.archive.sources import GAP, last_success

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

DAY = timedelta(days=1)
OBSERVED = timedelta(days=28)
REMEMBERED = timedelta(days=30)
"""Gaps that ended longer ago are left out."""
SILENT = timedelta(days=1)
"""A newspaper without a good crawl for so long, and GAP more, is in a gap now."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a newspaper was not collected; `until` is None while it lasts."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Condition:
    """Articles of the last day and of a usual one, shares from 0 to 1 (None where nothing was read yet)."""

    last_day: int = 0
    usual_day: float | None = None
    dated: float | None = None
    signed: float | None = None
    last_success_at: datetime | None = None
    gaps: tuple[Gap, ...] = ()
    quarantine: tuple[layouts.Quarantine, ...] = ()


def conditions(connection: Connection, now: datetime) -> dict[str, Condition]:
    """The condition of every newspaper, by name."""
    pace = _pace(connection, now)
    shares = _shares(connection)
    broken = layouts.quarantined(connection)
    past: dict[str, list[Gap]] = {}
    recent = gaps.c.ended_at >= now - REMEMBERED
    for row in connection.execute(select(gaps).where(recent).order_by(gaps.c.began_at)):
        past.setdefault(row.source, []).append(Gap(row.began_at, row.ended_at))
    found: dict[str, Condition] = {}
    for row in connection.execute(select(sources)):
        good = last_success(row)
        if row.source["domain"] and good is not None and now - good > SILENT + GAP:
            past.setdefault(row.name, []).append(Gap(good, None))
        last_day, usual_day = pace.get(row.name, (0, None))
        dated, signed = shares.get(row.name, (None, None))
        found[row.name] = Condition(
            last_day, usual_day, dated, signed, good,
            tuple(past.get(row.name, ())), tuple(broken.get(row.name, ())),
        )  # fmt: skip
    return found


def _pace(connection: Connection, now: datetime) -> dict[str, tuple[int, float | None]]:
    shown = articles.c.withdrawn_at.is_(None)
    is_new = articles.c.date > now - DAY
    is_observed = (articles.c.date <= now - DAY) & (articles.c.date > now - DAY - OBSERVED)
    rows = connection.execute(
        select(
            articles.c.source,
            func.sum(case((is_new, 1), else_=0)),
            func.sum(case((is_observed, 1), else_=0)),
            func.min(articles.c.date),
        )
        .where(shown, articles.c.date <= now)
        .group_by(articles.c.source)
    )
    found: dict[str, tuple[int, float | None]] = {}
    for source, last_day, before, first in rows:
        days = min(OBSERVED, now - DAY - first) / DAY
        found[source] = (last_day, before / days if days >= 1 else None)
    return found


def _shares(connection: Connection) -> dict[str, tuple[float, float]]:
    sums: dict[str, list[int]] = {}
    for row in connection.execute(select(layout_table)):
        read = [layouts.Reading(*one) for one in row.recent]
        total = sums.setdefault(row.source, [0, 0, 0])
        total[0] += row.usual.get("body", 0) + sum(one.characters > 0 for one in read)
        total[1] += row.usual.get("date", 0) + sum(one.is_dated for one in read)
        total[2] += row.usual.get("byline", 0) + sum(one.is_signed for one in read)
    return {
        source: (dated / read, signed / read)
        for source, (read, dated, signed) in sums.items()
        if read
    }

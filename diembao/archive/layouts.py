"""How the readings of a newspaper's pages go, layout by layout, and which layout broke.

A layout is what a declaration's selectors hold for: the present one has an empty name, an older one its
last day. A layout breaks when the last readings nearly all lack what most readings had: text, date,
byline or lead, or when their texts have shrunk to a fraction. Then it is in quarantine: its pages are kept
but no article is made of them, until somebody releases it or reading them again shows that it is mended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import delete, select

from diembao.archive.engine import upsert
from diembao.archive.schema import layouts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

Part = Literal["body", "date", "byline", "lead"]

RECENT = 12
"""Readings in a row that tell of a break."""
KNOWN = 30
"""Readings before them that tell what is usual."""
MOST, FEW = 0.7, 0.25
"""Broken is what most readings had, and now fewer than a quarter of that share have."""
SHRUNK = 0.2


class Reading(NamedTuple):
    """What one page gave. `characters` is 0 where no article could be read on it."""

    characters: int
    is_dated: bool = False
    is_signed: bool = False
    has_lead: bool = False


@dataclass
class Layout:
    """How one layout is read: `usual` sums what came before the `recent` readings, oldest first."""

    usual: dict[str, int] = field(default_factory=dict)
    recent: list[Reading] = field(default_factory=list)
    quarantined_at: datetime | None = None
    fault: str | None = None

    def add(self, reading: Reading) -> Part | None:
        """Take in a reading; the part that it shows to be broken."""
        self.recent.append(reading)
        while len(self.recent) > RECENT:
            oldest = self.recent.pop(0)
            for name, value in {"readings": 1, **_counts(oldest)}.items():
                self.usual[name] = self.usual.get(name, 0) + int(value)
        return self._broken()

    def is_mended(self, readings: Sequence[Reading]) -> bool:
        """Whether some readings have again at least half of what is usual."""
        if not readings:
            return False
        counts = [_counts(one) for one in readings]
        total, read = self.usual.get("readings", 0), max(self.usual.get("body", 0), 1)
        for name, of in (("body", total), ("date", read), ("byline", read), ("lead", read)):
            usual = self.usual.get(name, 0) / max(of, 1)
            if usual >= MOST and sum(one[name] for one in counts) / len(counts) < usual / 2:
                return False
        mean = self.usual.get("characters", 0) / read
        return sum(one["characters"] for one in counts) / len(counts) >= mean / 2

    def _broken(self) -> Part | None:
        total = self.usual.get("readings", 0)
        if total < KNOWN or len(self.recent) < RECENT:
            return None
        read = [one for one in self.recent if one.characters]
        share_read = self.usual["body"] / total
        if share_read >= MOST and len(read) / RECENT < share_read * FEW:
            return "body"
        if not read:
            return None
        fields: tuple[Part, ...] = ("date", "byline", "lead")
        for name in fields:
            share = self.usual[name] / max(self.usual["body"], 1)
            now = sum(_counts(one)[name] for one in read) / len(read)
            if share >= MOST and now < share * FEW:
                return name
        mean = self.usual["characters"] / max(self.usual["body"], 1)
        return "body" if median(one.characters for one in read) < mean * SHRUNK else None


def _counts(reading: Reading) -> dict[str, int]:
    return {
        "body": reading.characters > 0,
        "date": reading.is_dated,
        "byline": reading.is_signed,
        "lead": reading.has_lead,
        "characters": reading.characters,
    }


class Quarantine(NamedTuple):
    """A layout that broke, since when, and what is wrong with it."""

    layout: str
    since: datetime
    fault: str


def load(connection: Connection, source: str) -> dict[str, Layout]:
    """The layouts of a newspaper."""
    rows = connection.execute(select(layouts).where(layouts.c.source == source))
    return {
        row.layout: Layout(
            dict(row.usual), [Reading(*one) for one in row.recent], row.quarantined_at, row.fault
        )
        for row in rows
    }


def save(connection: Connection, source: str, name: str, layout: Layout) -> None:
    """Keep what is known of a layout."""
    row = {
        "source": source,
        "layout": name,
        "usual": layout.usual,
        "recent": [list(one) for one in layout.recent],
        "quarantined_at": layout.quarantined_at,
        "fault": layout.fault,
    }
    upsert(connection, layouts, row, renewed=("usual", "recent", "quarantined_at", "fault"))


def quarantined(connection: Connection) -> dict[str, list[Quarantine]]:
    """The layouts in quarantine, by newspaper."""
    found: dict[str, list[Quarantine]] = {}
    rows = connection.execute(
        select(layouts)
        .where(layouts.c.quarantined_at.is_not(None))
        .order_by(layouts.c.source, layouts.c.layout)
    )
    for row in rows:
        kept = Quarantine(row.layout, row.quarantined_at, row.fault or "")
        found.setdefault(row.source, []).append(kept)
    return found


def release(connection: Connection, source: str) -> int:
    """Forget how a newspaper's layouts in quarantine were read, so that they begin anew; their number."""
    return connection.execute(
        delete(layouts).where(layouts.c.source == source, layouts.c.quarantined_at.is_not(None))
    ).rowcount

"""Which newspapers were collected without a gap over some time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from diembao.archive.schema import gaps, sources

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def unbroken(connection: Connection, since: datetime, until: datetime) -> set[str]:
    """Newspapers that were read after `until`, with no gap known between the two moments."""
    gap = select(gaps.c.source).where(
        gaps.c.source == sources.c.name, gaps.c.began_at < until, gaps.c.ended_at > since
    )
    return set(
        connection.execute(
            select(sources.c.name).where(sources.c.last_success_at >= until, ~gap.exists())
        ).scalars()
    )

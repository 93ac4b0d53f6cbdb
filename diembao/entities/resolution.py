"""Mentions to canonical entities, against the archive.

Whatever the order in which articles come, the same articles give the same entities with the same
identifiers: each mention cluster is read as a sense, which depends on its article alone, and the
senses of one name in use are grouped anew whenever that set changes (`grouping`), under all that
editors have decided (`deciding`). Articles whose mentions come to mean another entity by that are
filed for the index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from diembao.archive import jobs
from diembao.archive.engine import RESOLUTION, lock
from diembao.archive.schema import articles, mentions, sources
from diembao.entities.context import Context
from diembao.entities.deciding import after_splits, splits_of
from diembao.entities.register import forget, regroup, remember
from diembao.entities.senses import Reader, Sense, clusters
from diembao.records import Extraction, Label

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


class Resolved(NamedTuple):
    """An extraction whose mentions carry entities; `moved`: other articles whose entities it changed."""

    extraction: Extraction
    moved: frozenset[int]


def resolve(
    connection: Connection, article_id: int, extraction: Extraction, date: datetime, now: datetime
) -> Resolved:
    """Link the mentions of the current version of an article, in place of those of an older one.

    `date` is the article's, `now` the clock. Mentions carry the identifiers of entities, None where
    one names nobody in particular.
    """
    lock(connection, RESOLUTION)
    reader = Reader(extraction, Context(extraction, _home(connection, article_id), date))
    read: dict[int, Sense | None] = {}
    for (label, _), members in clusters(extraction.mentions).items():
        sense = reader.read(label, members) if label is not Label.ROLE else None
        read |= {mention.start: sense for mention in members}
    splits = splits_of(connection, article_id, {one.key for one in read.values() if one})
    if splits:
        read = {at: one and after_splits(one, article_id, splits) for at, one in read.items()}
    names = forget(connection, article_id)
    names |= remember(connection, article_id, extraction, read)
    moved = regroup(connection, names) - {article_id}
    for other in sorted(moved):
        jobs.add(connection, "index", str(other), {}, now)
    rows = connection.execute(
        select(mentions.c.start, mentions.c.entity_id).where(mentions.c.article_id == article_id)
    )
    links = {row.start: row.entity_id for row in rows}
    linked = tuple(m._replace(entity=links[m.start]) for m in extraction.mentions)
    return Resolved(extraction.model_copy(update={"mentions": linked}), frozenset(moved))


def _home(connection: Connection, article_id: int) -> str | None:
    newspaper: dict[str, Any] | None = connection.execute(
        select(sources.c.source)
        .join(articles, articles.c.source == sources.c.name)
        .where(articles.c.id == article_id)
    ).scalar_one_or_none()
    return newspaper["province"] if newspaper else None

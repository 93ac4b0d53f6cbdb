"""Everything that the archive derives from one extraction of one article.

Editors' corrections are applied first, so that entities, stories, events, index and alerts see what an
editor said as if the extractor had read it. Withdrawn names are in no record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao import covering
from diembao.archive import articles, corrections, events, extractions, jobs, parts, stories
from diembao.correcting import apply
from diembao.entities import resolve

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.article import Article
    from diembao.records import Extraction


def settle(
    connection: Connection,
    article_id: int,
    version: int,
    article: Article,
    extraction: Extraction,
    now: datetime,
) -> None:
    """Keep what the extractor read out of the current version, with all that follows from it."""
    claims = corrections.standing(connection, article_id)
    corrected = extraction
    if claims:
        applied = apply(extraction, list(claims.values()))
        corrected = applied.extraction
        corrections.mark(connection, dict(zip(claims, applied.stands, strict=True)))
    uncorrected = extraction if corrected != extraction else None
    corrected = covering.without_hidden(corrected)
    extractions.save(connection, article_id, version, corrected, now, uncorrected)
    parts.save(connection, article_id, corrected)
    resolved = resolve(connection, article_id, corrected, article.date, now)
    stories.assign(connection, article_id, article, now)
    events.assign(connection, article_id, resolved, article.date, now)
    jobs.add(connection, "index", str(article_id), {}, now)


def settle_again(connection: Connection, article_id: int, version: int, now: datetime) -> None:
    """The same from what the extractor read already, after corrections changed."""
    read = extractions.uncorrected(connection, article_id, version)
    if read is not None:
        article = articles.load_version(connection, article_id, version)
        settle(connection, article_id, version, article, read, now)

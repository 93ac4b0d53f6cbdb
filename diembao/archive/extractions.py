"""What was read out of each version of each article: as the extractor gave it, and as corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, func, or_, select

from diembao.archive.engine import upsert
from diembao.archive.schema import articles, extractions
from diembao.records import Extraction

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def save(
    connection: Connection,
    article_id: int,
    version: int,
    extraction: Extraction,
    now: datetime,
    uncorrected: Extraction | None = None,
) -> None:
    """Keep the extraction of a version, in place of an older one.

    `uncorrected` is what the extractor gave, where editors' corrections changed it.
    """
    said = {
        "extraction": extraction.model_dump(mode="json"),
        "extractor": extraction.extractor,
        "is_award_article": extraction.is_award_article,
        "award_score": extraction.award_score,
        "extracted_at": now,
        "uncorrected": uncorrected and uncorrected.model_dump(mode="json"),
    }
    row = {"article_id": article_id, "version": version, **said}
    upsert(connection, extractions, row, renewed=tuple(said))


def load(connection: Connection, article_id: int, version: int) -> Extraction | None:
    """The extraction of a version with the extractor's own keys, as editors corrected it."""
    stored = connection.execute(
        select(extractions.c.extraction).where(
            extractions.c.article_id == article_id, extractions.c.version == version
        )
    ).scalar_one_or_none()
    return None if stored is None else Extraction.model_validate(stored)


def uncorrected(connection: Connection, article_id: int, version: int) -> Extraction | None:
    """The extraction of a version as the extractor gave it."""
    given = func.coalesce(extractions.c.uncorrected, extractions.c.extraction, type_=JSON)
    stored = connection.execute(
        select(given).where(
            extractions.c.article_id == article_id, extractions.c.version == version
        )
    ).scalar_one_or_none()
    return None if stored is None else Extraction.model_validate(stored)


def outdated(connection: Connection, extractor: str) -> list[int]:
    """Articles whose current version this extractor has not read, ascending."""
    return list(
        connection.execute(
            select(articles.c.id)
            .outerjoin(
                extractions,
                (extractions.c.article_id == articles.c.id)
                & (extractions.c.version == articles.c.version),
            )
            .where(
                articles.c.withdrawn_at.is_(None),
                or_(extractions.c.extractor.is_(None), extractions.c.extractor != extractor),
            )
            .order_by(articles.c.id)
        ).scalars()
    )

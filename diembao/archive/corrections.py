"""Editors' corrections of articles: written down once, applied at every extraction, ended by undoing.

Withdrawn names are covered in them as in the article that they correct.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from diembao import covering
from diembao.archive import names
from diembao.archive.schema import articles, corrections, judged_versions, versions
from diembao.correcting.claims import CLAIM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from diembao.correcting import Claim


@dataclass(frozen=True, slots=True)
class Correction:
    """`stands`: whether its words stand in the current version; `version` is the one it was made on."""

    id: int
    article_id: int
    version: int
    claim: Claim
    at: datetime
    actor: str
    reason: str
    stands: bool
    undone_at: datetime | None
    undone_by: str | None


def keep(
    connection: Connection,
    article_id: int,
    version: int,
    claim: Claim,
    actor: str,
    reason: str,
    now: datetime,
) -> int:
    """Write a correction down; its number."""
    made = insert(corrections).values(
        article_id=article_id,
        version=version,
        claim=claim.model_dump(mode="json"),
        at=now,
        actor=actor,
        reason=reason,
        stands=True,
    )
    return int(connection.execute(made.returning(corrections.c.id)).scalar_one())


def standing(connection: Connection, article_id: int) -> dict[int, Claim]:
    """The claims about an article that nobody has undone, by their number, oldest first."""
    rows = connection.execute(
        select(corrections.c.id, corrections.c.claim)
        .where(corrections.c.article_id == article_id, corrections.c.undone_at.is_(None))
        .order_by(corrections.c.id)
    )
    cover = _covering(connection, article_id)
    return {row.id: CLAIM.validate_python(cover(row.claim)) for row in rows}


def mark(connection: Connection, stands: Mapping[int, bool]) -> None:
    """Note which corrections stand in the current version."""
    for correction_id, does in stands.items():
        connection.execute(
            update(corrections).where(corrections.c.id == correction_id).values(stands=does)
        )


def of_article(connection: Connection, article_id: int) -> list[Correction]:
    """All corrections of an article, oldest first, undone ones among them."""
    wanted = select(corrections).where(corrections.c.article_id == article_id)
    rows = connection.execute(wanted.order_by(corrections.c.id)).all()
    cover = _covering(connection, article_id)
    return [_correction(row, cover) for row in rows]


def load(connection: Connection, correction_id: int) -> Correction | None:
    """One correction."""
    row = connection.execute(
        select(corrections).where(corrections.c.id == correction_id)
    ).one_or_none()
    return None if row is None else _correction(row, _covering(connection, row.article_id))


def end(connection: Connection, correction_id: int, actor: str, now: datetime) -> None:
    """Undo a correction: it is kept, and applied no more."""
    connection.execute(
        update(corrections)
        .where(corrections.c.id == correction_id)
        .values(undone_at=now, undone_by=actor)
    )


def corrected_articles(connection: Connection) -> list[int]:
    """The articles with a correction that stands, ascending."""
    return list(
        connection.execute(
            select(corrections.c.article_id)
            .join(articles, articles.c.id == corrections.c.article_id)
            .where(
                corrections.c.undone_at.is_(None),
                corrections.c.stands,
                articles.c.withdrawn_at.is_(None),
            )
            .distinct()
            .order_by(corrections.c.article_id)
        ).scalars()
    )


def judge_again(connection: Connection, article_id: int) -> None:
    """Let alerts be decided anew on what an article tells now."""
    connection.execute(delete(judged_versions).where(judged_versions.c.article_id == article_id))


def _covering(connection: Connection, article_id: int) -> Callable[[Any], Any]:
    """What covers withdrawn names in what was said of an article."""
    withdrawn = names.standing(connection)
    if not withdrawn:
        return lambda said: said
    printed = connection.execute(
        select(versions.c.article)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(articles.c.id == article_id, versions.c.version == articles.c.version)
    ).scalar_one()
    text = "\n".join(block["text"] for block in printed["blocks"])
    return lambda said: covering.cover_value(said, withdrawn, text)


def _correction(row: Row[Any], cover: Callable[[Any], Any]) -> Correction:
    return Correction(
        row.id, row.article_id, row.version, CLAIM.validate_python(cover(row.claim)), row.at,
        row.actor, cover(row.reason), row.stands, row.undone_at, row.undone_by,
    )  # fmt: skip

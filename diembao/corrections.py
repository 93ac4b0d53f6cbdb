"""An editor corrects an article, or takes a correction back; it shows at once in all that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.archive import articles, audit, corrections
from diembao.archive.engine import RESOLUTION, lock
from diembao.correcting.asking import claim_of
from diembao.errors import ConflictError, NotFoundError
from diembao.settling import settle_again

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.archive.corrections import Correction
    from diembao.archived import ArchivedArticle
    from diembao.correcting.asking import Asked


def correct(
    connection: Connection,
    article_id: int,
    asked: Asked,
    actor: str,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> int:
    """Correct what was read out of an article; the number of the correction.

    `version` is the one that the editor saw. Raises NotFoundError, BadInputError, ConflictError with
    the reason why it cannot be.
    """
    lock(connection, RESOLUTION)
    found = articles.current(connection, article_id)
    if version not in (None, found.version):
        raise ConflictError(
            f"Báo vừa sửa bài này (bản {found.version}); hãy tải lại trang rồi sửa "
            "(the article has a new version: reload the page)."
        )
    if found.extraction is None or found.extraction.text != found.article.text:
        raise ConflictError(
            "Bài đang được đọc; hãy thử lại sau ít phút (the article is being read: try again)."
        )
    claim = claim_of(asked, found.extraction)
    made = corrections.keep(
        connection, article_id, found.version, claim, actor, reason.strip(), now
    )
    _follow(connection, found, f"correct {claim.kind}", actor, reason, now)
    return made


def take_back(
    connection: Connection, correction_id: int, actor: str, reason: str, now: datetime
) -> Correction:
    """Undo a correction. Raises NotFoundError; ConflictError where it is undone already."""
    lock(connection, RESOLUTION)
    made = corrections.load(connection, correction_id)
    if made is None:
        raise NotFoundError(f"Không có bản sửa số {correction_id} (no such correction).")
    if made.undone_at is not None:
        raise ConflictError(f"Bản sửa này đã được {made.undone_by} bỏ (undone already).")
    corrections.end(connection, correction_id, actor, now)
    found = articles.current(connection, made.article_id)
    _follow(connection, found, f"undo {made.claim.kind}", actor, reason, now)
    return made


def _follow(
    connection: Connection,
    article: ArchivedArticle,
    action: str,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    audit.add(connection, audit.Entry(now, actor, action, f"article:{article.id}", reason.strip()))
    settle_again(connection, article.id, article.version, now)
    corrections.judge_again(connection, article.id)

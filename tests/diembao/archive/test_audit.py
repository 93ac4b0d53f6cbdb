"""Withdrawing an article: it is shown no more, kept all the same, and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from diembao.archive import articles, audit, jobs
from diembao.errors import BadInputError, NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive

REASON = "Báo đã đính chính"


def test_a_withdrawn_article_is_kept_but_not_shown(
    archive: Archive, desk: Any, now: datetime
) -> None:
    saved, other = desk.save("Tin thứ nhất\nTrời nắng."), desk.save("Tin thứ hai\nTrời mưa.")
    with archive.write() as conn:
        assert audit.withdraw(conn, saved.article_id, "lan", f" {REASON} ", now) == "Tin thứ nhất"
    with archive.read() as conn:
        assert articles.load(conn, [saved.article_id, other.article_id])[0].id == other.article_id
        assert articles.load_version(conn, saved.article_id, 1).title == "Tin thứ nhất"
        assert articles.counts(conn)["articles"] == 1
        assert jobs.counts(conn)["index"] == (1, 0)
        subject = f"article:{saved.article_id}"
        assert audit.entries(conn) == [audit.Entry(now, "lan", "withdraw", subject, REASON)]
        assert audit.entries(conn, "article:0") == []


def test_a_later_edit_does_not_bring_it_back(archive: Archive, desk: Any, now: datetime) -> None:
    saved = desk.save("Tin\nTrời nắng.", url="https://bao.vn/1.html")
    with archive.write() as conn:
        audit.withdraw(conn, saved.article_id, "lan", REASON, now)
    assert desk.save("Tin\nTrời mưa.", url="https://bao.vn/1.html").is_edit
    with archive.read() as conn:
        assert articles.load(conn, [saved.article_id]) == []


def test_it_takes_a_reason_and_an_article_that_is_shown(
    archive: Archive, desk: Any, now: datetime
) -> None:
    saved = desk.save("Tin\nTrời nắng.")
    with archive.write() as conn:
        with pytest.raises(BadInputError):
            audit.withdraw(conn, saved.article_id, "lan", "  ", now)
        with pytest.raises(NotFoundError):
            audit.withdraw(conn, saved.article_id + 1, "lan", REASON, now)
        audit.withdraw(conn, saved.article_id, "lan", REASON, now)
        with pytest.raises(NotFoundError):
            audit.withdraw(conn, saved.article_id, "lan", REASON, now)
        assert len(audit.entries(conn)) == 1

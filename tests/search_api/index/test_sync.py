"""From the archive into the index: nothing is lost, nothing blocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, update

from diembao.archive import articles, audit, extractions, jobs
from diembao.archive import schema as tables
from diembao.errors import IndexUnavailableError
from search_api.index import open_index, sync
from tests.search_api.index.archiving import NOW, causes, drain, drain_all, found, keep, waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.index.base import SearchIndex
    from search_api.index.document import Document

    from .conftest import Engine, Writer


@pytest.fixture
def settings(engine: Engine) -> Settings:
    return engine.settings


@pytest.fixture
def index(settings: Settings) -> SearchIndex:
    return open_index(settings, writable=True)


def test_waiting_articles_come_into_the_index_once(
    archive: Archive, index: SearchIndex, settings: Settings, write: Writer
) -> None:
    ids = [keep(archive, write, number, f"văn bản {number}") for number in range(1, 6)]
    assert drain(archive, index, settings) == 5
    assert index.count() == 5
    assert waiting(archive) == (0, 0)
    assert found(index, '"văn bản 3"') == [ids[2]]
    assert drain(archive, index, settings) == 0


def test_an_edit_replaces_the_article_and_a_withdrawal_takes_it_out(
    archive: Archive, index: SearchIndex, settings: Settings, write: Writer
) -> None:
    kept = keep(archive, write, 1, "bản cũ")
    drain(archive, index, settings)
    assert keep(archive, write, 1, "bản mới") == kept
    drain(archive, index, settings)
    assert (found(index, "cũ"), found(index, "mới")) == ([], [kept])
    with archive.write() as connection:
        connection.execute(update(tables.articles).values(withdrawn_at=NOW))
        jobs.add(connection, "index", str(kept), {}, NOW)
    drain(archive, index, settings)
    assert (index.count(), waiting(archive)) == (0, (0, 0))


def spoil(archive: Archive, article_id: int) -> None:
    with archive.write() as connection:
        version = tables.versions.c.article_id == article_id
        connection.execute(update(tables.versions).where(version).values(article={"no": "article"}))


def test_a_poisoned_article_is_set_aside_and_blocks_no_other(
    archive: Archive, index: SearchIndex, settings: Settings, write: Writer
) -> None:
    ids = [keep(archive, write, number, "dân vận") for number in range(1, 5)]
    spoil(archive, ids[1])
    with archive.write() as connection:
        jobs.add(connection, "index", "not a number", {}, NOW)
    for attempt in range(sync.ATTEMPTS):
        drain(archive, index, settings, NOW + timedelta(hours=attempt))
    assert found(index, "dân") == [ids[0], ids[2], ids[3]]
    assert waiting(archive) == (0, 2)
    aside = causes(archive)
    assert "ValidationError" in aside[str(ids[1])]
    assert "ValueError" in aside["not a number"]


def test_what_was_leased_by_a_worker_that_died_is_done_by_the_next(
    archive: Archive, index: SearchIndex, settings: Settings, write: Writer
) -> None:
    keep(archive, write, 1, "dân vận")
    with archive.write() as connection:
        assert jobs.lease(connection, "index", "dead", NOW, 10, settings.lease)
    assert drain(archive, index, settings) == 0
    assert drain(archive, index, settings, NOW + timedelta(seconds=settings.lease + 1)) == 1
    assert index.count() == 1


def test_while_the_index_cannot_be_written_jobs_wait(
    archive: Archive, settings: Settings, write: Writer
) -> None:
    keep(archive, write, 1, "dân vận")
    reading = open_index(settings)
    with pytest.raises(IndexUnavailableError):
        sync.index_batch(archive, reading, "worker", NOW, settings)
    assert waiting(archive) == (1, 0)
    later = NOW + timedelta(seconds=settings.lease + 1)
    assert drain(archive, open_index(settings, writable=True), settings, later) == 1


def test_reindexing_holds_all_that_is_archived(
    archive: Archive, index: SearchIndex, settings: Settings, write: Writer, monkeypatch: Any
) -> None:
    monkeypatch.setattr(articles, "BATCH", 3)
    ids = [keep(archive, write, number, "dân vận") for number in range(1, 9)]
    spoil(archive, ids[-1])
    with archive.write() as connection:
        connection.execute(
            update(tables.articles).where(tables.articles.c.id == ids[0]).values(withdrawn_at=NOW)
        )
    steps: list[tuple[int, int]] = []
    assert sync.reindex(archive, settings, lambda *step: steps.append(step)) == 6
    assert index.count() == 6
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert found(index, "dân") == ids[1:-1]
    drain_all(archive, index, settings, datetime.now(UTC))
    assert waiting(archive) == (0, 1)
    assert "ValidationError" in causes(archive)[str(ids[-1])]


def test_articles_withdrawn_while_reindexing_leave_the_new_index(
    archive: Archive, index: SearchIndex, settings: Settings, write: Writer, monkeypatch: Any
) -> None:
    monkeypatch.setattr(articles, "BATCH", 2)
    ids = [keep(archive, write, number, "dân vận") for number in range(1, 6)]
    drain(archive, index, settings)
    fresh = keep(archive, write, 6, "dân vận")
    gone = [ids[0], fresh]

    def meanwhile(done: int, total: int) -> None:
        # the one that never was in the index is read, and withdrawn before it is indexed
        if done == total:
            with archive.write() as connection:
                for article_id in gone:
                    audit.withdraw(connection, article_id, "lan", "đính chính", datetime.now(UTC))
            if engine_takes_writes_meanwhile(settings):
                drain(archive, index, settings, datetime.now(UTC))

    sync.reindex(archive, settings, meanwhile)
    drain(archive, index, settings, datetime.now(UTC) + timedelta(hours=3))
    assert found(index, "dân") == ids[1:]
    assert waiting(archive) == (0, 0)


def engine_takes_writes_meanwhile(settings: Settings) -> bool:
    return settings.index is not None


class Slow:
    """An index that is reached long after the archive was read."""

    def __init__(self, index: SearchIndex, meanwhile: Callable[[], object]) -> None:
        self.index = index
        self.meanwhile = meanwhile

    def put(self, documents: Sequence[Document]) -> None:
        self.meanwhile()
        self.index.put(documents)


def test_what_an_overtaken_worker_wrote_does_not_stay(
    archive: Archive, index: SearchIndex, settings: Settings, write: Writer
) -> None:
    kept = keep(archive, write, 1, "dân vận")
    corrected = write(1, "dân vận", awards=[("Giấy khen", "Tổ vườn chè", None)]).extraction
    assert corrected

    def correct_and_overtake() -> None:
        with archive.write() as connection:
            extractions.save(connection, kept, 1, corrected, NOW)
        lease_over = NOW + timedelta(seconds=settings.lease + 1)
        assert sync.index_batch(archive, index, "fast", lease_over, settings) == 1
        assert found(index, "recipient:che") == [kept]

    slow: Any = Slow(index, correct_and_overtake)
    assert sync.index_batch(archive, slow, "slow", NOW, settings) == 1
    drain(archive, index, settings)
    assert (found(index, "recipient:che"), found(index, "recipient:so")) == ([kept], [])
    assert found(index, "conferment:(recipient:so)") == []
    assert waiting(archive) == (0, 0)


def test_articles_archived_while_reindexing_are_not_lost(
    archive: Archive, index: SearchIndex, settings: Settings, write: Writer, monkeypatch: Any
) -> None:
    monkeypatch.setattr(articles, "BATCH", 2)
    for number in range(1, 7):
        keep(archive, write, number, "cũ")
    drain(archive, index, settings)
    seen: list[int] = []

    def meanwhile(done: int, total: int) -> None:
        if not seen:
            keep(archive, write, 1, "sửa")
            keep(archive, write, 50, "thêm")
        seen.append(index.count())

    sync.reindex(archive, settings, meanwhile)
    drain(archive, index, settings)
    assert min(seen) == 6
    assert index.count() == 7
    assert (len(found(index, "cũ")), len(found(index, "sửa")), len(found(index, "thêm"))) == (
        5,
        1,
        1,
    )


def test_an_archive_without_articles_makes_an_empty_index(
    archive: Archive, settings: Settings
) -> None:
    assert sync.reindex(archive, settings) == 0
    assert open_index(settings).count() == 0


def test_a_job_of_an_article_that_is_gone_ends(
    archive: Archive, index: SearchIndex, settings: Settings
) -> None:
    with archive.write() as connection:
        connection.execute(
            insert(tables.jobs).values(
                kind="index", key="77", payload={}, serial=1, created_at=NOW, run_at=NOW, attempts=0
            )
        )
    assert drain(archive, index, settings) == 1
    assert waiting(archive) == (0, 0)

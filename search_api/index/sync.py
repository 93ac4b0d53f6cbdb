"""Brings the archive into the index: what waits in the outbox, or everything anew.

A job ends only after its article is durably in the index, so a crash repeats work and loses none. An
article that cannot be indexed is set aside with its cause and holds up no other.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from diembao.archive import articles, audit, jobs
from diembao.archive.holding import held
from diembao.errors import IndexUnavailableError
from search_api.index import rebuilding
from search_api.index.document import build

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from diembao.archive.engine import Archive
    from diembao.archive.jobs import Job
    from diembao.settings import Settings
    from search_api.index.base import SearchIndex
    from search_api.index.document import Document

log = logging.getLogger("diembao.index")

BATCH = 100
"""Articles of one commit at most."""

ATTEMPTS = 3
"""Attempts at one article before it is set aside."""

CLOCKS_APART = timedelta(hours=1)
"""By how much the clocks of two machines may differ."""


def index_batch(
    archive: Archive, index: SearchIndex, worker: str, now: datetime, settings: Settings
) -> int:
    """Index the articles that wait, at most BATCH; the number of jobs taken.

    Raises IndexUnavailableError when the index cannot be written; the jobs are free again when
    their lease ends.
    """
    with archive.write() as connection:
        leased = jobs.lease(connection, "index", worker, now, BATCH, settings.lease)
    if not leased:
        return 0
    try:
        _bring(archive, index, leased, now, settings)
    except (IndexUnavailableError, OperationalError):
        raise
    except Exception:
        # one article spoils the batch, in whatever way: each alone, so that only it is set aside
        for job in leased:
            _bring_alone(archive, index, job, now, settings)
    return len(leased)


def _bring_alone(
    archive: Archive, index: SearchIndex, job: Job, now: datetime, settings: Settings
) -> None:
    try:
        _bring(archive, index, [job], now, settings)
    except (IndexUnavailableError, OperationalError):
        raise
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"
        log.warning(
            "bài %s không vào được chỉ mục (article %s not indexed): %s", job.key, job.key, cause
        )
        with archive.write() as connection:
            jobs.fail(connection, job, cause, now, ATTEMPTS)


def _bring(
    archive: Archive,
    index: SearchIndex,
    leased: Sequence[Job],
    now: datetime,
    settings: Settings,
) -> None:
    wanted = [int(job.key) for job in leased]
    with held(archive, leased, settings.lease):
        with archive.read() as connection:
            loaded = articles.load(connection, wanted)
        if gone := set(wanted) - {article.id for article in loaded}:
            index.delete(sorted(gone))
        if loaded:
            index.put([build(article) for article in loaded])
    with archive.write() as connection:
        overtaken = [job for job in leased if not jobs.done(connection, job)]
        # whoever overtook may have read the archive later and written first
        for job in overtaken:
            jobs.add_missing(connection, job, now)


def reindex(
    archive: Archive, settings: Settings, on_progress: Callable[[int, int], None] | None = None
) -> int:
    """Rebuild the index from the archive; the number of articles in it.

    Searches go on in the present index until the new one takes its place. Articles that are archived
    meanwhile wait in the outbox, or are written to both by the workers. Those that could not be
    indexed, and those withdrawn meanwhile, are filed again, so that a worker sets aside the former and
    takes out the latter. `on_progress` is told articles done and articles in all.
    """
    began = datetime.now(UTC)
    done = after = 0
    again: set[int] = set()
    with rebuilding(settings) as take:
        while True:
            with archive.read() as connection:
                total = articles.counts(connection)["articles"]
                batch = articles.ids(connection, after, articles.BATCH)
                documents = _documents(connection, batch)
            if not batch:
                break
            refused = take(documents)
            again |= {*batch} - {document.article_id for document in documents} | {*refused}
            done, after = done + len(documents) - len(refused), batch[-1]
            if on_progress:
                on_progress(done, max(total, done))
    with archive.write() as connection:
        again |= set(audit.withdrawn_since(connection, began - CLOCKS_APART))
        for article_id in sorted(again):
            jobs.add(connection, "index", str(article_id), {}, datetime.now(UTC))
    return done


def _documents(connection: Connection, wanted: Sequence[int]) -> list[Document]:
    """The documents of the articles; one that is spoilt, in whatever way, is logged and left out."""
    try:
        return [build(article) for article in articles.load(connection, wanted)]
    except OperationalError:
        raise
    except Exception as error:
        if len(wanted) == 1:
            log.warning("bài %s không vào được chỉ mục (not indexed): %s", wanted[0], error)
            return []
        return [document for one in wanted for document in _documents(connection, [one])]

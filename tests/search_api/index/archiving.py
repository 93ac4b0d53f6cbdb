"""Articles in an archive, and the outbox on its way into an index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from diembao.archive import articles, extractions, jobs
from diembao.records import Level
from search_api.index import sync
from search_api.index.base import SearchRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.index.base import SearchIndex

    from .conftest import Writer

NOW = datetime(2024, 12, 20, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
"""When every lease and every rest of a job that failed is over."""


def keep(
    archive: Archive, write: Writer, number: int, text: str, section: str | None = None
) -> int:
    """Archive a text with a conferment under an address of that number, and file its index job."""
    award = ("Bằng khen", f"Tổ số {number}", Level.STATE)
    made = write(number, text, title=f"Bài {number}", awards=[award], section=section)
    assert made.extraction
    with archive.write() as connection:
        saved = articles.save(connection, made.source, made.article, None, NOW)
        extractions.save(connection, saved.article_id, saved.version, made.extraction, NOW)
        jobs.add(connection, "index", str(saved.article_id), {}, NOW)
    return saved.article_id


def keep_all(archive: Archive, write: Writer, numbers: Iterable[int], text: str) -> list[int]:
    return [keep(archive, write, number, text) for number in numbers]


def drain(archive: Archive, index: SearchIndex, settings: Settings, now: datetime = NOW) -> int:
    """Index all that waits; how many jobs that were."""
    taken = 0
    while batch := sync.index_batch(archive, index, "worker", now, settings):
        taken += batch
    return taken


def drain_all(
    archive: Archive, index: SearchIndex, settings: Settings, now: datetime = NOW
) -> None:
    """Index all that waits, what fails as often as it is tried."""
    for attempt in range(1, sync.ATTEMPTS + 1):
        drain(archive, index, settings, now + timedelta(hours=3 * attempt))


def waiting(archive: Archive) -> tuple[int, int]:
    """Index jobs that wait, and those set aside."""
    with archive.read() as connection:
        return jobs.counts(connection).get("index", (0, 0))


def causes(archive: Archive) -> dict[str, str]:
    """Of the jobs set aside."""
    with archive.read() as connection:
        return {job.key: job.error for job in jobs.set_aside(connection)}


def found(index: SearchIndex, query: str) -> list[int]:
    result = index.search(SearchRequest(query, limit=1000))
    return sorted(hit.article_id for hit in result.hits)

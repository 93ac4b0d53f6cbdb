"""The whole road, top to bottom: crawler → extraction → archive → index → alerts.

Step 1 (crawl) commits page, article version and extract job of one article in one transaction; the
crawler does it. Step 2 (`extract_batch`) computes outside any lock and then commits extraction,
entities, story, events, index job and alerts of a batch in one short transaction. The index
(`index_batch`) and the deliveries (`deliver`) are drained from the archive. A process killed at any
point loses nothing: what it had leased is free again when the lease ends.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from diembao.archive import articles, crawl, jobs, sources
from diembao.archive.engine import RESOLUTION, lock
from diembao.archive.holding import held
from diembao.errors import DiembaoError
from diembao.settling import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from spacy.language import Language
    from sqlalchemy import Connection

    from crawler.declarations import Declaration
    from crawler.drafting import Draft
    from diembao.archive.articles import Page, Saved
    from diembao.archive.engine import Archive
    from diembao.archive.jobs import Job
    from diembao.article import Article
    from diembao.records import Extraction
    from diembao.settings import Settings
    from search_api.index.base import SearchIndex

log = logging.getLogger("diembao.pipeline")

BATCH = 20
"""Articles of one extraction transaction at most."""

ATTEMPTS = 3
"""Attempts at one article before it is set aside with its cause."""


def now() -> datetime:
    """The clock of the workers."""
    return datetime.now(UTC)


@dataclass
class Extracted:
    """What one batch came to: jobs taken, articles done, set aside or to be tried again, alerts."""

    taken: int = 0
    done: list[int] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    alerts: int = 0


@dataclass(frozen=True)
class _Draft:
    job: Job
    article_id: int
    version: int
    article: Article
    extraction: Extraction


def extract_batch(archive: Archive, nlp: Language, settings: Settings, worker: str) -> Extracted:
    """Step 2 on at most BATCH waiting articles."""
    result = Extracted()
    with archive.write() as conn:
        leased = jobs.lease(conn, "extract", worker, now(), BATCH, settings.lease)
    result.taken = len(leased)
    if not leased:
        return result
    with held(archive, leased, settings.lease) as let_go:
        drafts = [draft for job in leased if (draft := _draft(archive, nlp, job, result))]
        try:
            _commit(archive, drafts, settings, result, let_go)
        except OperationalError:
            raise
        except Exception:
            # One article spoils the batch: commit each alone, so that only that one is set aside.
            for draft in drafts:
                try:
                    _commit(archive, [draft], settings, result, let_go)
                except OperationalError:
                    raise
                except Exception as error:
                    _set_aside(archive, draft.job, error, result)
    return result


def _draft(archive: Archive, nlp: Language, job: Job, result: Extracted) -> _Draft | None:
    """Extract one article, outside any lock; None where it is gone or fails."""
    import extraction

    article_id = int(job.key)
    with archive.read() as conn:
        found = articles.load(conn, [article_id])
    if not found:
        with archive.write() as conn:
            jobs.done(conn, job)
        return None
    current = found[0]
    try:
        drafted = extraction.extract(nlp, current.article.text, str(article_id))
    except Exception as error:
        _set_aside(archive, job, error, result)
        return None
    return _Draft(job, article_id, current.version, current.article, drafted)


def _commit(
    archive: Archive,
    drafts: Sequence[_Draft],
    settings: Settings,
    result: Extracted,
    let_go: Callable[[], None],
) -> None:
    from search_api.alerts.raising import raise_alerts

    if not drafts:
        return
    with archive.write() as conn:
        # In the order in which everyone takes them: else two transactions wait for one another.
        lock(conn, RESOLUTION)
        articles.hold(conn, [draft.article_id for draft in drafts])
        let_go()
        at = now()
        # A job that is no longer ours was edited meanwhile or leased by another: its draft is void.
        valid = [draft for draft in drafts if jobs.done(conn, draft.job)]
        for draft in valid:
            settle(conn, draft.article_id, draft.version, draft.article, draft.extraction, at)
        ids = [draft.article_id for draft in valid]
        alerts = raise_alerts(conn, articles.load(conn, ids), settings, at)
    result.alerts += alerts
    result.done += ids


def _set_aside(archive: Archive, job: Job, error: Exception, result: Extracted) -> None:
    cause = f"{type(error).__name__}: {error}"
    log.warning("bài %s lỗi (article %s failed): %s", job.key, job.key, cause)
    result.failed[job.key] = cause
    with archive.write() as conn:
        jobs.fail(conn, job, cause, now(), ATTEMPTS)


def index_batch(archive: Archive, index: SearchIndex, settings: Settings, worker: str) -> int:
    """Bring waiting articles into the index; the number of jobs taken."""
    from search_api.index import sync

    return sync.index_batch(archive, index, worker, now(), settings)


def deliver(archive: Archive, settings: Settings) -> int:
    """Send the deliveries that are due; the number of attempts."""
    from search_api.alerts.delivery import deliver_due

    result = deliver_due(archive, settings, now())
    return result.sent + result.retried + result.dead


def look_at_trends(archive: Archive, index: SearchIndex, settings: Settings) -> int:
    """Raise the alerts of trend conditions whose hour of the day has come; their number."""
    from search_api.alerts.trending import evaluate_due

    return evaluate_due(archive, index, settings, now())


def save(
    conn: Connection,
    article: Article,
    declared: Mapping[str, Declaration],
    page: Page | None = None,
) -> Saved:
    """Archive an article that came by hand: a file, an address, a pasted text."""
    from diembao.source import Source

    known = declared.get(article.source)
    source = known.source if known else Source(name=article.source, title="Bài nhập tay", domain="")
    return articles.save(conn, source, article, page, now())


def read_requested(archive: Archive, settings: Settings, worker: str) -> int:
    """Run the jobs in which the page asked for an address or a pasted text to be read.

    What was asked for is recorded with the article that it led to, so that the page finds it.
    """
    from crawler import declarations

    with archive.write() as conn:
        leased = jobs.lease(conn, "read", worker, now(), BATCH, settings.lease)
    declared = declarations.load_all(settings) if leased else {}
    for number, job in enumerate(leased):
        try:
            with held(archive, leased[number:], settings.lease):
                article, page = _requested(job, settings, declared)
            with archive.write() as conn:
                if jobs.done(conn, job):
                    saved = save(conn, article, declared, page)
                    asked = crawl.Visit(job.key, "article")
                    crawl.fetched(
                        conn, article.source, asked, now(), is_news=saved.is_new,
                        next_visit_at=None, article_id=saved.article_id,
                    )  # fmt: skip
        except OperationalError:
            raise
        except Exception as error:
            _refuse(archive, job, error)
    return len(leased)


def _refuse(archive: Archive, job: Job, error: Exception) -> None:
    # A sentence for the reader where the page is at fault; else the cause, tried again.
    known = isinstance(error, DiembaoError)
    cause = str(error) if known else f"{type(error).__name__}: {error}"
    with archive.write() as conn:
        jobs.fail(conn, job, cause, now(), 1 if known else ATTEMPTS)


def add_requested(archive: Archive, settings: Settings, worker: str) -> int:
    """Run the jobs in which the page asked for a newspaper to be declared; the number of jobs taken.

    The crawl worker finds the newspaper in the archive and reads its declaration.
    """
    from crawler import declarations, drafting

    with archive.write() as conn:
        leased = jobs.lease(conn, "add_source", worker, now(), 1, settings.lease)
    for job in leased:
        try:
            declared = declarations.load_all(settings)
            with held(archive, leased, settings.lease):
                draft = drafting.draft(job.payload["url"], settings, declared)
            with archive.write() as conn:
                if jobs.done(conn, job):
                    drafting.write(draft.declaration, declarations.own_folder(settings))
                    add_newspaper(conn, draft)
        except OperationalError:
            raise
        except Exception as error:
            _refuse(archive, job, error)
    return len(leased)


def add_newspaper(conn: Connection, draft: Draft) -> None:
    """Take a drafted newspaper into the archive, with the articles that were read of it."""
    source = draft.declaration.source
    sources.save(conn, [source])
    for article, page in draft.read:
        raw = articles.Page(page.url, page.fetched_at, page.headers, page.body)
        articles.save(conn, source, article, raw, now())


def _requested(
    job: Job, settings: Settings, declared: Mapping[str, Declaration]
) -> tuple[Article, Page | None]:
    from crawler import reading
    from crawler.fetching import fetch_one

    if text := job.payload.get("text"):
        return reading.read_text(text, url=job.payload.get("url"), fetched_at=now()), None
    page = fetch_one(job.payload["url"], settings)
    article = reading.read_page(page, reading.declaration_of(page.url, declared), now())
    return article, articles.Page(page.url, page.fetched_at, page.headers, page.body)

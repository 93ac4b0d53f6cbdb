"""What is archived of an article's page: page, version, extract job and the address, in one transaction.

- A page that is a wall, an error page sent as good, no HTML, or another page than was asked for, is a fault.
- A page on which no article can be read is kept alone, for a better reader; so are the pages of a layout
  in quarantine.
- An article whose next page is missing is archived with what there is, marked, and asked for again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler import reading
from crawler.fetching import walls, warc
from crawler.fetching.faults import PageError
from crawler.watching import IN_QUARANTINE, Watch
from diembao.archive import articles, crawl
from diembao.archive.crawl import ARTICLE, Visit
from diembao.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from crawler.declarations import Declaration
    from crawler.fetching import FetchedPage
    from crawler.report import SourceReport
    from diembao.archive.engine import Archive
    from diembao.article import Article, DateSource
    from diembao.settings import Settings

NO_ARTICLE = "trang không có bài (no article on the page)"
_HTML = {"", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml"}


class Keeper:
    """Archives the pages of one newspaper and counts in its report."""

    def __init__(
        self,
        declaration: Declaration,
        archive: Archive,
        settings: Settings,
        report: SourceReport,
        next_visit: Callable[[Visit, datetime | None, datetime], datetime | None],
    ) -> None:
        self.declaration = declaration
        self.archive = archive
        self.report = report
        self.watch = Watch(declaration, archive)
        self._warc = settings.warc_folder
        self._next_visit = next_visit

    def keep(
        self,
        page: FetchedPage,
        visit: Visit,
        announced: tuple[datetime, DateSource] | None,
        now: datetime,
    ) -> str | None:
        """Archive the article on a page; its own address, None where no article came of it.

        Raises PageError where another page stands in its place.
        """
        article = self._read(page, announced, now)
        layout = self.watch.layout_at(article.date if article else now)
        has_broken = self.watch.note(layout, article, page, now)
        is_held = self.watch.is_quarantined(layout)
        with self.archive.write() as conn:
            if has_broken:
                self.watch.save(conn)
            if is_held:
                self._keep_alone(conn, page, visit, now, IN_QUARANTINE)
                return None
            if article is None:
                self._keep_alone(conn, page, visit, now, None)
                return None
            return self._save(conn, article, page, visit, now)

    def keep_part(
        self,
        page: FetchedPage,
        announced: tuple[datetime, DateSource] | None,
        now: datetime,
    ) -> int | None:
        """Archive what there is of an article whose next page is missing; its number.

        What is archived already of it and is whole, or longer, stays.
        """
        found = self._read(page, announced, now)
        if found is None or self.watch.is_quarantined(self.watch.layout_at(found.date)):
            return None
        article = found.model_copy(update={"is_whole": False})
        with self.archive.write() as conn:
            known = articles.find(conn, article.canonical_url)
            if known is not None:
                version = articles.versions(conn, known)[-1].version
                current = articles.load_version(conn, known, version)
                if current.is_whole or len(current.text) >= len(article.text):
                    return known
            saved = articles.save(conn, self.declaration.source, article, _raw(page), now)
        self.report.new += saved.is_new
        self.report.edited += saved.is_edit
        return saved.article_id

    def _read(
        self, page: FetchedPage, announced: tuple[datetime, DateSource] | None, now: datetime
    ) -> Article | None:
        address = self.declaration.address(page.url)
        if address is None or not self.declaration.is_article(address):
            raise PageError(
                "báo dẫn sang trang khác, không phải bài (led to a page that is no article)",
                page.url,
            )
        kind = page.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _HTML:
            raise PageError(f"không phải trang web (not HTML: {kind})", page.url)
        if wall := walls.reason(page.tree):
            raise PageError(wall, page.url)
        if self._warc:
            warc.keep(self._warc, self.declaration.name, page)
        try:
            article = reading.read_page(page, self.declaration, now)
        except ReadError:
            self.report.causes[NO_ARTICLE] += 1
            return None
        return reading.dated(article, announced)

    def _keep_alone(
        self, conn: Connection, page: FetchedPage, visit: Visit, now: datetime, cause: str | None
    ) -> None:
        crawl.keep_alone(conn, self.declaration.name, visit, _raw(page), now, cause or NO_ARTICLE)
        self.report.causes[IN_QUARANTINE] += cause is not None

    def _save(
        self, conn: Connection, article: Article, page: FetchedPage, visit: Visit, now: datetime
    ) -> str:
        name, own = self.declaration.name, article.canonical_url
        if own != visit.url:
            target = crawl.get(conn, own)
            if target and target.article_id:
                crawl.fetched(
                    conn, name, visit, now, is_news=False, next_visit_at=None,
                    article_id=target.article_id,
                )  # fmt: skip
                return own
        saved = articles.save(conn, self.declaration.source, article, _raw(page), now)
        is_news = saved.is_new or saved.is_edit
        again = self._next_visit(visit, article.date, now)
        if own != visit.url:
            main = Visit(own, ARTICLE, dated=visit.dated)
            crawl.fetched(
                conn, name, main, now, is_news=is_news, next_visit_at=again,
                article_id=saved.article_id,
            )  # fmt: skip
            again = None
        crawl.fetched(
            conn, name, visit, now, is_news=is_news, next_visit_at=again,
            article_id=saved.article_id,
        )  # fmt: skip
        self.report.new += saved.is_new
        self.report.edited += saved.is_edit
        return own


def _raw(page: FetchedPage) -> articles.Page:
    return articles.Page(page.url, page.fetched_at, page.headers, page.body)

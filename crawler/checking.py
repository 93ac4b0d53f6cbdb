"""What is right and wrong with a declaration, against the newspaper as it answers now.

Everything that it names is fetched once: robots.txt, feeds, sitemaps (and the newest part of an index),
listing pages and their second pages, then two articles. A finding is a fault (the declaration or the
newspaper must be put right), a note (worth a look, other parts make up for it), or fine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler import reading
from crawler.declarations import Selectors
from crawler.discovery import feeds, listings, sitemaps
from crawler.discovery.gzipped import unpack
from crawler.fetching import Visitor, encoding
from crawler.fetching.faults import PageError
from diembao.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crawler.declarations import Declaration
    from crawler.discovery.listed import Listed
    from crawler.fetching import FetchedPage
    from diembao.article import Article
    from diembao.settings import Settings

ARTICLES = 2
"""Articles that are read."""

OPTIONAL = frozenset({"remove", "related", "tags", "section"})
"""Selectors that many pages have nothing for."""


class State(StrEnum):
    """How a finding is meant."""

    FINE = "fine"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `part` of the declaration, `address` or value, what was found."""

    state: State
    part: str
    subject: str
    text: str


@dataclass
class _Check:
    declaration: Declaration
    visitor: Visitor
    tell: Callable[[Finding], None]
    links: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, state: State, part: str, subject: str, text: str) -> None:
        self.findings.append(Finding(state, part, subject, text))
        self.tell(self.findings[-1])

    def fetch(self, part: str, url: str) -> FetchedPage | None:
        """The page, or None with a fault told."""
        try:
            return self.visitor.fetch(url)
        except PageError as error:
            self.add(State.FAULT, part, url, error.cause)
            return None


def check(
    declaration: Declaration,
    settings: Settings,
    tell: Callable[[Finding], None] = lambda _: None,
) -> list[Finding]:
    """Look at everything that a declaration names; `tell` hears each finding as it is made."""
    with Visitor(settings) as visitor:
        run = _Check(declaration, visitor, tell)
        if _robots(run):
            for url in declaration.feeds:
                _entry(run, "feeds", url)
            for url in declaration.sitemaps:
                _entry(run, "sitemaps", url)
            for listing in declaration.listings:
                for url in listing.addresses[:2]:
                    _entry(run, "listings", url)
            _patterns(run)
            _articles(run)
    return run.findings


def _robots(run: _Check) -> bool:
    declared = run.declaration
    entries = (*declared.feeds, *declared.sitemaps, *(one.url for one in declared.listings))
    entry = next(iter(entries), f"https://{declared.domain}/")
    parts = urlsplit(entry)
    address = f"{parts.scheme}://{parts.netloc}/robots.txt"
    if run.visitor.rules(entry).known:
        run.add(State.FINE, "robots", address, "đọc được (readable)")
        return True
    cause = "không đọc được, báo không trả lời (cannot be read, the newspaper does not answer)"
    run.add(State.FAULT, "robots", address, cause)
    return False


Kind = Literal["feeds", "sitemaps", "listings"]


def _entry(run: _Check, kind: Kind, url: str) -> None:
    page = run.fetch(kind, url)
    if page is None:
        return
    try:
        found = _links(run, kind, page)
    except ReadError:
        got = "một trang HTML" if _is_html(page) else "thứ khác"
        in_english = "an HTML page" if _is_html(page) else "something else"
        named = {"feeds": "RSS hay Atom", "sitemaps": "sitemap"}[kind]
        wanted = {"feeds": "a feed", "sitemaps": "a sitemap"}[kind]
        cause = f"trả về {got}, không phải {named} (answers {in_english}, not {wanted})"
        run.add(State.FAULT, kind, url, cause)
        return
    addresses = [a for one in found if (a := run.declaration.address(one.url, page.url))]
    matching = [address for address in addresses if run.declaration.is_article(address)]
    run.links += addresses
    if not addresses:
        run.add(State.FAULT, kind, url, "trống, không có liên kết nào (empty, no link)")
    elif not matching:
        cause = f"có {len(addresses)} liên kết, không liên kết nào khớp article_urls"
        english = f"{len(addresses)} links, none matches article_urls"
        run.add(State.FAULT, kind, url, f"{cause} ({english})")
    else:
        text = f"{len(matching)} bài (articles) / {len(addresses)} liên kết (links)"
        run.add(State.FINE, kind, url, text)


def _links(run: _Check, kind: Kind, page: FetchedPage) -> Sequence[Listed]:
    zone = ZoneInfo(run.declaration.timezone)
    if kind == "feeds":
        return feeds.read(page.body, page.url, zone, page.headers.get("content-type", ""))
    if kind == "listings":
        return listings.read(page)
    found = sitemaps.read(page.body, page.url, zone)
    if not found.whole:
        run.add(State.NOTE, kind, page.url, "bị cắt ngang hoặc sai XML (cut off or wrong XML)")
    if found.sitemaps and not found.articles:
        newest = max(found.sitemaps, key=lambda one: one.dated or datetime.min.replace(tzinfo=UTC))
        further = run.fetch(kind, newest.url)
        return sitemaps.read(further.body, further.url, zone).articles if further else []
    return found.articles


def _is_html(page: FetchedPage) -> bool:
    return b"<html" in unpack(page.body[:20_000]).data[:4000].lower()


def _patterns(run: _Check) -> None:
    paths = [
        parts.path + (f"?{parts.query}" if parts.query else "")
        for parts in map(urlsplit, filter(run.declaration.owns, run.links))
    ]
    counts = {
        pattern: sum(bool(re.search(pattern, path)) for path in paths)
        for pattern in run.declaration.article_urls
    }
    for pattern, count in counts.items():
        if count:
            text = f"khớp {count} liên kết (matches {count} links)"
            run.add(State.FINE, "article_urls", pattern, text)
        else:
            state = State.NOTE if any(counts.values()) else State.FAULT
            run.add(state, "article_urls", pattern, "không khớp liên kết nào (matches no link)")


def _articles(run: _Check) -> None:
    chosen = list(dict.fromkeys(filter(run.declaration.is_article, run.links)))[:ARTICLES]
    pages: list[FetchedPage] = []
    for url in chosen:
        page = run.fetch("article", url)
        if page is None:
            continue
        pages.append(page)
        try:
            article = reading.read_page(page, run.declaration, datetime.now(UTC))
        except ReadError as error:
            run.add(State.FAULT, "article", url, str(error))
        else:
            _fields(run, url, article)
    if pages:
        _selectors(run, pages)


def _fields(run: _Check, url: str, article: Article) -> None:
    run.add(State.FINE, "article", url, article.title)
    if article.published_at is None:
        run.add(State.FAULT, "article", url, "không tìm thấy ngày đăng (no date found)")
    if not article.lead:
        run.add(State.NOTE, "article", url, "không tìm thấy sapo (no lead found)")
    if not article.byline:
        run.add(State.NOTE, "article", url, "không tìm thấy tác giả (no byline found)")


def _selectors(run: _Check, pages: Sequence[FetchedPage]) -> None:
    trees = [encoding.parse_html(page.text) for page in pages]
    for name in Selectors.model_fields:
        selector = getattr(run.declaration.selectors, name)
        if not selector or any(tree.cssselect(selector) for tree in trees):
            continue
        state = State.NOTE if name in OPTIONAL else State.FAULT
        run.add(state, f"selectors.{name}", selector, "không trúng gì (finds nothing)")

"""What a newspaper offers to a crawler: its feeds, sitemaps and listing pages, each seen to work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler import urls
from crawler.discovery import feeds, listings, sitemaps
from crawler.drafting.paging import following
from crawler.fetching import encoding
from crawler.fetching.faults import PageError
from diembao.errors import ReadError
from diembao.vietnamese.dates import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import html

    from crawler.discovery.listed import Listed
    from crawler.fetching import FetchedPage, Visitor

MOST_FEEDS, MOST_SITEMAPS, MOST_LISTINGS = 8, 2, 12
FEED_PATHS = ("/rss", "/rss.xml", "/rss/home.rss", "/home.rss", "/rss_feed/", "/feed")
"""Where feeds are looked for when no page names one."""

HEADLINE = 6
"""Words that a link has at least to be taken for a headline."""

LEAST_ARTICLES = 3
"""Articles that a page links to at least to be a listing page."""

_FEED = re.compile(r"\.rss$|/rss\.xml$|/rss(_feed)?/|/rss$|/feed/?$", re.I)


@dataclass
class Found:
    """Addresses that work, and the articles that they announce, newest first as far as they say."""

    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    listings: list[dict[str, object]] = field(default_factory=list)
    announced: dict[str, None] = field(default_factory=dict)


def look_at_entries(visitor: Visitor, front: FetchedPage) -> Found:
    """Feeds and sitemaps; where there are none, the front page's headlines stand as announced."""
    found = Found()
    tree = encoding.parse_html(front.text)
    candidates = dict.fromkeys(_named_feeds(tree, front.url))
    candidates |= dict.fromkeys(() if candidates else (urljoin(front.url, p) for p in FEED_PATHS))
    waiting = list(candidates)
    while waiting and len(found.feeds) < MOST_FEEDS and len(candidates) < 4 * MOST_FEEDS:
        page = _fetch(visitor, waiting.pop(0))
        if page is None:
            continue
        try:
            entries = feeds.read(page.body, page.url, VIETNAM, page.headers.get("content-type", ""))
        except ReadError:
            # A page that lists the feeds.
            further = _named_feeds(encoding.parse_html(page.text), page.url)
            waiting += [address for address in further if address not in candidates]
            candidates |= dict.fromkeys(waiting)
            continue
        if entries:
            found.feeds.append(page.url)
            found.announced |= dict.fromkeys(_articles(front.url, (one.url for one in entries)))
    _look_at_sitemaps(visitor, front.url, found)
    if not found.announced:
        headlines = (
            link.get("href") for link in tree.iter("a") if _words(link) >= HEADLINE and link.get("href")
        )  # fmt: skip
        found.announced |= dict.fromkeys(_articles(front.url, headlines))
    return found


def _look_at_sitemaps(visitor: Visitor, origin: str, found: Found) -> None:
    named = visitor.rules(origin).sitemaps or [urljoin(origin, "/sitemap.xml")]
    for address in named[:MOST_SITEMAPS]:
        page = _fetch(visitor, address)
        if page is None:
            continue
        try:
            entries = sitemaps.read(page.body, page.url, VIETNAM)
            found.sitemaps.append(page.url)
            if entries.sitemaps and not entries.articles:
                part = _fetch(visitor, max(entries.sitemaps, key=_age).url)
                entries = sitemaps.read(part.body, part.url, VIETNAM) if part else entries
        except ReadError:
            continue
        newest = sorted(entries.articles, key=_age)
        found.announced |= dict.fromkeys(_articles(origin, (one.url for one in newest[:-200:-1])))


def _age(listed: Listed) -> float:
    return listed.dated.timestamp() if listed.dated else 0.0


def look_at_listings(
    visitor: Visitor, front: FetchedPage, found: Found, is_article: Callable[[str], bool]
) -> None:
    """Pages in the front page's menu that list articles, with the form of their further pages."""
    tree = encoding.parse_html(front.text)
    candidates: dict[str, None] = {}
    for link in tree.iter("a"):
        address = urls.canonical(link.get("href") or "", front.url)
        if address and 0 < _words(link) < HEADLINE and _is_section(address, front.url):
            candidates[address] = None
    for address in list(candidates)[: 2 * MOST_LISTINGS]:
        if len(found.listings) >= MOST_LISTINGS:
            return
        page = None if is_article(address) else _fetch(visitor, address)
        if page is None:
            continue
        links = [one.url for one in listings.read(page)]
        articles = [a for a in _articles(front.url, links) if is_article(a)]
        if len(set(articles)) < LEAST_ARTICLES:
            continue
        found.announced |= dict.fromkeys(articles)
        listing: dict[str, object] = {"url": address}
        if form := following(address, links):
            listing |= {"next": form[0]} | ({"step": form[1]} if form[1] > 1 else {})
        found.listings.append(listing)


def _named_feeds(tree: html.HtmlElement, base: str) -> list[str]:
    alternates = tree.xpath(
        "//link[contains(@rel, 'alternate')][contains(@type, 'rss') or contains(@type, 'atom')]/@href"
    )
    linked = [link for link in tree.xpath("//a/@href") if _FEED.search(urlsplit(link).path)]
    found = (urls.canonical(address, base) for address in [*alternates, *linked])
    return [one for one in dict.fromkeys(found) if one and urls.host_of(one) == urls.host_of(base)]


def _articles(origin: str, addresses: Iterator[str] | list[str]) -> Iterator[str]:
    for address in addresses:
        found = urls.canonical(address, origin)
        if found and urls.host_of(found) == urls.host_of(origin):
            yield found


def _is_section(address: str, origin: str) -> bool:
    parts = urlsplit(address)
    depth = len(parts.path.strip("/").split("/"))
    is_near = urls.host_of(address) == urls.host_of(origin) and parts.path not in ("", "/")
    return is_near and depth <= 2 and not parts.query and not _FEED.search(parts.path)


def _words(link: html.HtmlElement) -> int:
    return len((" ".join(link.itertext()) or link.get("title") or "").split())


def _fetch(visitor: Visitor, url: str) -> FetchedPage | None:
    """The page; None where it cannot be had, which is no news here."""
    try:
        return visitor.fetch(url)
    except PageError:
        return None

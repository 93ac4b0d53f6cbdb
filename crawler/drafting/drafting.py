"""From a newspaper's address to a declaration that has been seen to work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler import reading, urls
from crawler.declarations import Declaration
from crawler.drafting import shapes, site
from crawler.fetching import Visitor, encoding
from crawler.fetching.faults import PageError
from crawler.reading import structured
from diembao.errors import BadInputError, ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.fetching import FetchedPage
    from diembao.article import Article
    from diembao.settings import Settings

ARTICLES = 5
"""Articles that are read to see that the declaration works."""

HORIZON_DAYS = 30


@dataclass(frozen=True)
class Draft:
    """A declaration, and the articles that were read by it with their pages."""

    declaration: Declaration
    read: tuple[tuple[Article, FetchedPage], ...]

    @property
    def doubts(self) -> list[str]:
        """What the articles read leave to be looked at by a person."""
        found = [article for article, _ in self.read]
        doubts: list[str] = []
        if len(found) > 1 and len({article.title for article in found}) == 1:
            doubts.append(
                "các bài có cùng một đầu đề; hãy khai selectors.title (all articles have one title)"
            )
        if not any(article.published_at for article in found):
            doubts.append(
                "không bài nào có ngày đăng; hãy khai selectors.date (no article is dated)"
            )
        if not any(article.lead for article in found):
            doubts.append("không bài nào có sapo; hãy khai selectors.lead (no article has a lead)")
        return doubts


def draft(url: str, settings: Settings, declared: Mapping[str, Declaration]) -> Draft:
    """Look at a newspaper and declare it.

    Raises BadInputError where it is declared already, FetchError and ReadError where it cannot be
    fetched or no article can be found and read.
    """
    address = urls.canonical(url if "://" in url else f"https://{url}")
    if address is None:
        raise BadInputError(f"{url} không phải địa chỉ của một báo (the address of no newspaper).")
    if known := reading.declaration_of(address, declared):
        raise BadInputError(
            f"{known.title} đã được khai với tên {known.name} (declared already, as {known.name})."
        )
    parts = urlsplit(address)
    with Visitor(settings) as visitor:
        front = visitor.fetch(f"{parts.scheme}://{parts.netloc}/")
        if known := reading.declaration_of(front.url, declared):
            raise BadInputError(
                f"{address} dẫn tới {known.title}, đã được khai với tên {known.name} "
                f"(leads to {known.name}, which is declared already)."
            )
        found = site.look_at_entries(visitor, front)
        values = _values(front, found, declared)
        if not values["article_urls"]:
            raise ReadError(
                f"Không nhận ra địa chỉ bài báo nào ở {front.url}; hãy khai báo bằng tay theo "
                "docs/sources.md (no addresses of articles found; declare it by hand)."
            )
        is_article = Declaration.model_validate(values).is_article
        site.look_at_listings(visitor, front, found, is_article)
        values["listings"] = found.listings or ([] if found.feeds else [{"url": front.url}])
        declaration = Declaration.model_validate(values)
        return Draft(declaration, _read(visitor, declaration, list(found.announced)))


def _values(
    front: FetchedPage, found: site.Found, declared: Mapping[str, Declaration]
) -> dict[str, Any]:
    domain = urls.host_of(front.url)
    values: dict[str, Any] = {
        "name": _name(domain, declared),
        "title": _title(front, domain),
        "domain": domain,
        "feeds": found.feeds,
        "sitemaps": found.sitemaps,
        "article_urls": shapes.guess(found.announced),
    }
    if found.sitemaps:
        values["horizon_days"] = HORIZON_DAYS
    return values


def _name(domain: str, declared: Mapping[str, Declaration]) -> str:
    whole = domain.replace(".", "-").replace(":", "-")
    first = domain.partition(".")[0].lower()
    return first if first not in declared and not domain[0].isdigit() else whole


def _title(front: FetchedPage, domain: str) -> str:
    tree = encoding.parse_html(front.text)
    said = structured.read(tree, front.url)
    printed = " ".join("".join(tree.xpath("//title[1]//text()")).split())
    return next(iter(said.site_names), "") or printed or domain


def _read(
    visitor: Visitor, declaration: Declaration, announced: list[str]
) -> tuple[tuple[Article, FetchedPage], ...]:
    read: list[tuple[Article, FetchedPage]] = []
    fault = ""
    chosen = dict.fromkeys(a for one in announced if (a := declaration.address(one)))
    for url in list(filter(declaration.is_article, chosen))[: 2 * ARTICLES]:
        try:
            page = visitor.fetch(url)
            read.append((reading.read_page(page, declaration, datetime.now(UTC)), page))
        except (PageError, ReadError) as error:
            fault = str(error)
        if len(read) == ARTICLES:
            break
    if not read:
        raise ReadError(
            f"Không đọc được bài nào của {declaration.domain} (no article could be read). {fault}"
        )
    return tuple(read)

"""Listing pages: every link on them, absolute, in order, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import html

from crawler.discovery.listed import Listed

if TYPE_CHECKING:
    from crawler.fetching.page import FetchedPage


def read(page: FetchedPage) -> list[Listed]:
    """The links of a page; which of them are articles the declaration says."""
    tree = page.tree
    base = next(iter(tree.xpath("//base/@href")), "")
    found: dict[str, None] = {}
    for link in tree.iter("a"):
        if address := (link.get("href") or "").strip():
            found[html.urljoin(html.urljoin(page.url, base), address)] = None
    return [Listed(url) for url in found]

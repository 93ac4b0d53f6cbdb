"""An article in several pages: which page comes next, and all of them kept as one.

Page n of an article has the article's own address with the number in a query parameter (`?p=2`) or at
the end of its path (`-p2.html`, `/2`), and is linked as the next page or among page numbers. Page numbers
of comments and of boxes of other articles are none. Pages joined are kept one after the other as they
came, a comment between them, so that the article can be read again from what was kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from crawler import urls
from crawler.reading import noise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import html

    from crawler.fetching.page import FetchedPage

MOST = 20
"""Pages that an article has at most."""
_BETWEEN = b"\n<!-- diembao: next page of the article -->\n"
_PARAMETERS = frozenset({"p", "page", "paged", "trang", "pageindex", "pn"})
_PAGING = re.compile(r"paging|pagination|pager|page-?(nav|number|link)|phan-?trang")
_SIGNS = ('rel="next', "rel='next", "rel=next", "paging", "pagination", "pager", "page-nav", "pagenav",
    "page-number", "pagenumber", "page-link", "pagelink", "phan-trang", "phantrang")  # fmt: skip
"""What a page with page numbers holds somewhere, in lower case: few do, and the others need no look."""
_COMMENTS = re.compile(r"comment|binh-?luan|reply")
_NUMBERED = re.compile(r"^(?:[-_/](?:p|page|trang)?[-_/]?)(\d{1,2})$")


def following(pages: Sequence[FetchedPage]) -> str | None:
    """The address of the page after these, the article's first pages in order; None after the last."""
    number = len(pages) + 1
    if number > MOST or (len(pages) > 1 and pages[-1].body == pages[-2].body):
        return None
    written = pages[-1].text.lower()
    if not any(sign in written for sign in _SIGNS):
        return None
    for link in _links(pages[-1].tree):
        address = urls.canonical(link, pages[-1].url)
        if address and _number(address, pages[0].url) == number:
            return address
    return None


def joined(pages: Sequence[FetchedPage]) -> FetchedPage:
    """All pages of an article as one, under the first one's address."""
    return replace(pages[0], body=_BETWEEN.join(page.body for page in pages))


def parted(page: FetchedPage) -> list[FetchedPage]:
    """The pages that were joined."""
    if _BETWEEN not in page.body:
        return [page]
    return [replace(page, body=body) for body in page.body.split(_BETWEEN)]


def _links(tree: html.HtmlElement) -> Iterator[str]:
    for link in tree.iter("link", "a"):
        if "next" in link.get("rel", "").split() or _is_paging(link):
            yield link.get("href", "")


def _is_paging(link: html.HtmlElement) -> bool:
    marks = [noise.marks(e) for e in link.iterancestors() if e.tag not in ("body", "html")]
    if any(_COMMENTS.search(mark) for mark in marks) or any(
        map(noise.is_related, link.iterancestors())
    ):
        return False
    return any(_PAGING.search(mark) for mark in marks)


def _number(address: str, first: str) -> int | None:
    """Which page of the article an address is, by its form; None if it is another's."""
    mine, its = urlsplit(address), urlsplit(urls.canonical(first) or first)
    if mine.netloc != its.netloc:
        return None
    added = set(parse_qsl(mine.query)) - set(parse_qsl(its.query))
    if mine.path == its.path and len(added) == 1:
        name, value = added.pop()
        return int(value) if name.lower() in _PARAMETERS and value.isdigit() else None
    stem, _, ending = its.path.rpartition(".")
    stem, ending = (
        (stem, f".{ending}") if stem and "/" not in ending else (its.path.rstrip("/"), "")
    )
    path = mine.path.rstrip("/")
    if added or not path.startswith(stem) or not path.endswith(ending):
        return None
    found = _NUMBERED.match(path[len(stem) : len(path) - len(ending)])
    return int(found[1]) if found else None

"""A fetched page to an article, as a pure function.

Order: what the page states about itself, the declaration's selectors, general rules. A section, tag or
search page gives links, never an article: it is told by its address, or by holding many headlines that
link elsewhere and no running text of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from crawler import urls
from crawler.declarations import Declaration, Selectors
from crawler.fetching.encoding import parse_html
from crawler.reading import (
    blocks,
    dating,
    lines,
    locating,
    noise,
    parts,
    signing,
    structured,
    surroundings,
    teasers,
    tidying,
)
from diembao.article import Article, ArticleKind, Block, BlockKind
from diembao.errors import ReadError
from diembao.vietnamese import dates

if TYPE_CHECKING:
    from datetime import datetime

    from lxml import html

    from crawler.fetching.page import FetchedPage
    from crawler.reading.structured import Structured

BY_HAND = "nhap-tay"
"""The source of articles whose newspaper is not declared."""

SHORTEST = 80
"""Characters that an article has at least."""
SHORTEST_LEAD = 40


class _Printed(NamedTuple):
    """The parts of one page of an article. While its elements are `held`, they remember their texts."""

    tree: html.HtmlElement
    held: list[html.HtmlElement]
    said: Structured
    selectors: Selectors
    head: html.HtmlElement | None
    container: html.HtmlElement
    sapo: html.HtmlElement | None
    body: blocks.Body


def read_page(page: FetchedPage, declaration: Declaration | None, now: datetime) -> Article:
    """The article on a page, or on several joined. Raises ReadError where there is none."""
    url = (declaration and declaration.address(page.url)) or urls.canonical(page.url) or page.url
    if declaration and not declaration.is_article(url):
        raise ReadError(f"{url} không phải địa chỉ của bài báo (the address of no article).")
    first, *further = parts.parted(page)
    tree, _held, said, selectors, head, container, sapo, body = _printed(first, declaration, now)
    sites = _site_names(said, declaration)
    title = strip_site(
        blocks.text_of(head) if head is not None else _first(said.headlines), said, declaration
    )
    is_printed = head is not None or declaration or said.types & structured.ARTICLE_TYPES
    if not title or not is_printed:
        raise ReadError(f"{url} không có bài nào đọc được (no article that can be read).")
    for part in further:
        body.add(_printed(part, declaration, now).body)
    lead = blocks.text_of(sapo) if sapo is not None else ""
    kept, inside = tidying.without_boxes(tidying.without_dateline(body.blocks))
    kept = tidying.without_repeats(kept, title, lead)
    kept, signature = tidying.signed(kept)
    if not lead:
        lead, kept = _lead_in_body(kept, said, body.opens_bold)
    zone = ZoneInfo(declaration.timezone) if declaration else dates.VIETNAM
    dated = dating.read(tree, head, container, said, selectors, now, zone)
    length = sum(len(block.text) for block in kept) + len(lead)
    is_likely = bool(declaration or dated.published or (lead and _runs(kept, 1)))
    if length < SHORTEST or _is_list(container, kept, said, is_likely):
        raise ReadError(f"{url} là trang danh mục hay trang trống (a list or an empty page).")
    if not lead and (alone := locating.unnamed_lead(tree, head, container)) is not None:
        lead = blocks.text_of(alone)
        kept = tidying.without_repeats(kept, title, lead)
    byline = signing.byline(tree, container, [*body.signed, signature], said, selectors, sites)
    printed = [Block(kind=BlockKind.TITLE, text=title)]
    printed += [Block(kind=BlockKind.LEAD, text=lead)] if lead else []
    printed += locating.captions_before(tree, head, container)
    printed += kept
    printed += [Block(kind=BlockKind.BYLINE, text=byline)] if byline else []
    related = [*inside, *body.related, *surroundings.boxes(tree, container)]
    return Article(
        url=page.url,
        canonical_url=_canonical(url, said, declaration),
        source=declaration.name if declaration else BY_HAND,
        kind=_kind(said, kept),
        blocks=tuple(printed),
        section=said.section or surroundings.section(tree, head, selectors),
        tags=said.tags or surroundings.tags(tree, selectors),
        images=tuple(dict.fromkeys(urljoin(page.url, i) for i in (*said.images, *body.images))),
        published_at=dated.published,
        modified_at=dated.modified,
        date_source=dated.source,
        date_doubt=dated.doubt,
        fetched_at=page.fetched_at,
        related=tuple(h for h in tidying.headlines(related) if lines.key(h) != lines.key(title)),
        free_access=said.free_access,
    )


def _printed(page: FetchedPage, declaration: Declaration | None, now: datetime) -> _Printed:
    """Find the parts of a page. Raises ReadError where it has no body."""
    is_altered = bool(declaration and (declaration.selectors.remove or declaration.layouts))
    tree = parse_html(page.text) if is_altered else page.tree
    held = list(tree.iter())
    locating.unwrap(tree)
    said = structured.read(tree, page.url)
    selectors = _selectors(declaration, said, now)
    for element in locating.selected(tree, selectors.remove):
        noise.cast_out(element)
    head = locating.title(tree, said, selectors)
    container = locating.body(tree, head, page.text, selectors, page.url)
    if container is None:
        raise ReadError(f"{page.url} không có bài nào đọc được (no article that can be read).")
    sapo = locating.lead(tree, head, container, said, selectors)
    if sapo is not None and container in sapo.iterdescendants():
        sapo = None
    body = blocks.read(container, locating.before_text(container, head, sapo))
    return _Printed(tree, held, said, selectors, head, container, sapo, body)


def strip_site(title: str, said: Structured, declaration: Declaration | None) -> str:
    """The headline without the newspaper's name or its section around it."""
    names = _site_names(said, declaration) | {lines.key(said.section or "")}
    parts = re.split(r"\s+[|–—-]\s+|\s*\|\s*", title)
    while len(parts) > 1 and _names_site(parts[-1], names):
        title = title[: title.rfind(parts.pop())].rstrip(" |–—-")
    while len(parts) > 1 and lines.key(parts[0]) in names:
        title = title[len(parts.pop(0)) :].lstrip(" |–—-")
    return title


def _site_names(said: Structured, declaration: Declaration | None) -> set[str]:
    names = set(map(lines.key, said.site_names))
    if declaration:
        names |= set(map(lines.key, (declaration.title, declaration.domain, declaration.name)))
    return names | {re.sub(r"^(bao|tap chi) ", "", name) for name in names}


def _names_site(part: str, names: set[str]) -> bool:
    plain = lines.key(part)
    return plain in names or (
        bool(re.match(r"(bao|tap chi|trang tin|cong thong tin) ", plain)) and len(plain) < 50
    )


def _selectors(declaration: Declaration | None, said: Structured, now: datetime) -> Selectors:
    if declaration is None:
        return Selectors()
    published = re.search(r"\d{4}-\d{2}-\d{2}", " ".join((*said.published, *said.meta_published)))
    on = published.group() if published else now.date().isoformat()
    older = sorted(declaration.layouts, key=lambda layout: layout.valid_until)
    return next((x for x in older if on <= x.valid_until.isoformat()), declaration.selectors)


def _lead_in_body(kept: list[Block], said: Structured, opens_bold: bool) -> tuple[str, list[Block]]:
    """The body's first block as the lead, where it alone is bold or the description says the same."""
    wanted = lines.key(said.description)
    if len(kept) < 2 or kept[0].kind not in tidying.TEXT_KINDS:
        return "", kept
    text = kept[0].text
    is_described = len(wanted) >= 25 and lines.key(text).endswith(wanted)
    is_sapo = opens_bold and len(text) >= SHORTEST_LEAD and lines.ends_sentence(text)
    return (text, kept[1:]) if is_described or is_sapo else ("", kept)


def _is_list(
    container: html.HtmlElement, kept: list[Block], said: Structured, is_likely: bool
) -> bool:
    """`is_likely`: its declared address or its date make the page an article before its text is seen."""
    if said.types & structured.ARTICLE_TYPES:
        return False
    return not (is_likely or _runs(kept, 3)) or teasers.fill(container)


def _runs(kept: list[Block], least: int) -> bool:
    """Whether there are so many paragraphs of running text."""
    running = [b for b in kept if b.kind is BlockKind.PARAGRAPH and lines.ends_sentence(b.text)]
    return len(running) >= least


def _canonical(url: str, said: Structured, declaration: Declaration | None) -> str:
    if not said.canonical:
        return url
    found = (
        declaration.address(said.canonical, url)
        if declaration
        else urls.canonical(said.canonical, url)
    )
    if found and (
        declaration.is_article(found) if declaration else urls.host_of(found) == urls.host_of(url)
    ):
        return found
    return url


def _kind(said: Structured, kept: list[Block]) -> ArticleKind:
    if "LiveBlogPosting" in said.types:
        return ArticleKind.LIVE
    if said.og_type.startswith("video"):
        return ArticleKind.VIDEO
    captions = sum(block.kind is BlockKind.CAPTION for block in kept)
    paragraphs = [block.text for block in kept if block.kind is BlockKind.PARAGRAPH]
    questions = sum(bool(re.match(r"(PV|P\.?V|Phóng viên|Hỏi)\s*:", text)) for text in paragraphs)
    if questions >= 2:
        return ArticleKind.INTERVIEW
    return (
        ArticleKind.PHOTO_STORY
        if captions >= 4 and captions > len(paragraphs)
        else ArticleKind.NEWS
    )


def _first(values: tuple[str, ...]) -> str:
    return values[0] if values else ""

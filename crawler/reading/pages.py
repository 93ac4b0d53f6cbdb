"""A fetched page to an article, as a pure function.

Order: what the page states about itself, the declaration's selectors, general rules. A section, tag or
search page gives links, never an article: it is told by its address, or by holding many headlines that
link elsewhere and no running text of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from crawler import urls
from crawler.declarations import Declaration, Selectors
from crawler.fetching.encoding import parse_html
from crawler.reading import blocks, dating, lines, locating, noise, structured, teasers, tidying
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


def read_page(page: FetchedPage, declaration: Declaration | None, now: datetime) -> Article:
    """The article on a page. Raises ReadError where there is none."""
    url = (declaration and declaration.address(page.url)) or urls.canonical(page.url) or page.url
    if declaration and not declaration.is_article(url):
        raise ReadError(f"{url} không phải địa chỉ của bài báo (the address of no article).")
    tree = parse_html(page.text)
    said = structured.read(page.text, tree, page.url)
    selectors = _selectors(declaration, said, now)
    for element in locating.selected(tree, selectors.remove) if selectors.remove else []:
        element.set("class", "related")
    head = locating.title(tree, said, selectors)
    title = strip_site(
        blocks.text_of(head) if head is not None else _first(said.headlines), said, declaration
    )
    container = locating.body(tree, page.text, selectors, page.url)
    is_printed = head is not None or declaration or said.types & structured.ARTICLE_TYPES
    if container is None or not title or not is_printed:
        raise ReadError(f"{url} không có bài nào đọc được (no article that can be read).")
    sapo = locating.lead(tree, head, container, said, selectors)
    if sapo is not None and container in sapo.iterdescendants():
        sapo = None
    body = blocks.read(container, frozenset(e for e in (head, sapo) if e is not None))
    lead = blocks.text_of(sapo) if sapo is not None else ""
    kept, inside = tidying.without_boxes(body.blocks)
    kept = tidying.without_repeats(kept, title, lead)
    kept, signature = tidying.signed(kept)
    if not lead:
        lead, kept = _lead_in_body(kept, said)
    zone = ZoneInfo(declaration.timezone) if declaration else dates.VIETNAM
    dated = dating.read(tree, head, container, said, selectors, now, zone)
    length = sum(len(block.text) for block in kept) + len(lead)
    is_likely = bool(declaration or dated.published or (lead and _runs(kept, 1)))
    if length < SHORTEST or _is_list(container, kept, said, is_likely):
        raise ReadError(f"{url} là trang danh mục hay trang trống (a list or an empty page).")
    byline = _byline(tree, body, signature, said, selectors, declaration)
    printed = [Block(kind=BlockKind.TITLE, text=title)]
    printed += [Block(kind=BlockKind.LEAD, text=lead)] if lead else []
    printed += kept
    printed += [Block(kind=BlockKind.BYLINE, text=byline)] if byline else []
    related = [*inside, *body.related, *_boxes(tree, container)]
    return Article(
        url=page.url,
        canonical_url=_canonical(url, said, declaration),
        source=declaration.name if declaration else BY_HAND,
        kind=_kind(said, kept),
        blocks=tuple(printed),
        section=said.section or _section(tree, selectors),
        tags=said.tags or _tags(tree, selectors),
        images=tuple(dict.fromkeys(urljoin(page.url, i) for i in (*said.images, *body.images))),
        published_at=dated.published,
        modified_at=dated.modified,
        date_source=dated.source,
        fetched_at=page.fetched_at,
        related=tuple(h for h in tidying.headlines(related) if lines.key(h) != lines.key(title)),
        free_access=said.free_access,
    )


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


def _lead_in_body(kept: list[Block], said: Structured) -> tuple[str, list[Block]]:
    """The body's first block as the lead, where the page's description says the same."""
    wanted = lines.key(said.description)
    if (
        kept
        and kept[0].kind in tidying.TEXT_KINDS
        and len(wanted) >= 25
        and lines.key(kept[0].text).endswith(wanted)
    ):
        return kept[0].text, kept[1:]
    return "", kept


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


def _byline(
    tree: html.HtmlElement,
    body: blocks.Body,
    signature: str,
    said: Structured,
    selectors: Selectors,
    declaration: Declaration | None,
) -> str:
    """The author's line as printed; what the page states only says which printed line it is."""
    for element in locating.selected(tree, selectors.byline):
        if text := blocks.text_of(element):
            return text
    sites = _site_names(said, declaration)
    stated = [
        author
        for author in said.authors
        if lines.key(author) not in sites
        and (lines.is_byline(author) or author.startswith("Theo "))
    ]
    keys = [lines.key(author) for author in stated]

    def rank(line: str) -> tuple[int, int]:
        return sum(key in lines.key(line) for key in keys), lines.is_byline(line)

    printed = [line for line in (*body.signed, signature, *_signed_near(tree)) if line]
    fit = [line for line in printed if any(rank(line)) and lines.key(line) not in sites]
    if fit:
        best = max(fit, key=rank)
        named = [author for author in stated if lines.key(author) in lines.key(best)]
        run_together = len(named) > 1 and lines.key(best) == lines.key(" ".join(named))
        is_clean = (lines.is_byline(best) or best in named) and not run_together
        return best if is_clean else ", ".join(named)
    text = lines.key(" ".join(tree.itertext())) if stated else ""
    return ", ".join(author for author in stated if lines.key(author) in text)


def _signed_near(tree: html.HtmlElement) -> list[str]:
    """Lines that the markup calls the author's, in printed order."""
    return [
        text
        for element in tree.iter("p", "div", "span", "a", "strong", "h4")
        if blocks.calls_itself_author(element)
        and 0 < len(text := blocks.text_of(element)) <= 90
        and not any(noise.is_related(around) for around in element.iterancestors())
    ]


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


def _boxes(tree: html.HtmlElement, container: html.HtmlElement) -> list[str]:
    """Headlines of boxes of other articles anywhere around the body."""
    inside = {*container.iter(), *container.iterancestors()}
    found: list[str] = []
    for element in tree.iter("div", "section", "ul", "aside", "table", "td", "article"):
        if element not in inside and noise.is_related(element):
            found += blocks.headlines(element)
    for element in tree.iter("b", "strong", "h2", "h3", "h4", "div", "p", "span", "a"):
        if element not in inside and len(element) < 3 and lines.heads_list(blocks.text_of(element)):
            around = (e for e in element.iterancestors() if blocks.headlines(e))
            box = next(around, None)
            found += (
                blocks.headlines(box) if box is not None and box.tag not in ("body", "html") else []
            )
    return found


def _section(tree: html.HtmlElement, selectors: Selectors) -> str | None:
    if found := locating.selected(tree, selectors.section):
        return blocks.text_of(found[-1]) or None
    for element in tree.iter("div", "nav", "ul", "ol", "td", "p", "h1"):
        if noise.is_path(element):
            names = [text for a in element.iter("a") if (text := blocks.text_of(a))]
            names = [name for name in names if lines.key(name) not in ("trang chu", "home")]
            return names[-1] if names else None
    return None


def _tags(tree: html.HtmlElement, selectors: Selectors) -> tuple[str, ...]:
    chosen = locating.selected(tree, selectors.tags)
    if not chosen:
        chosen = [
            e for e in tree.iter("div", "ul", "section", "p")
            if re.search(r"(^|[\s_-])(tags?|keywords?|tu-?khoa)([\s_-]|$)", noise.marks(e))
        ][:1]  # fmt: skip
    names = [
        blocks.text_of(a)
        for element in chosen
        for a in (element.iter("a") if element.tag != "a" else [element])
    ]
    return tuple(dict.fromkeys(name for name in names if 0 < len(name) <= 80))


def _first(values: tuple[str, ...]) -> str:
    return values[0] if values else ""

"""Where title, lead and body stand on a page.

A declaration's selector comes first where there is one. Else: the title is the `h1`, or any element, that
says what the page's own headline says; the body is what calls itself the article's body, else the smallest
element that holds most of the text that trafilatura takes for the article; the lead is what calls itself
so (sapo) between title and body, or repeats the page's description.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import trafilatura

from crawler.reading import blocks, lines, noise
from diembao.article import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import html

    from crawler.declarations import Selectors
    from crawler.reading.structured import Structured

_BODY = re.compile(
    r"articlebody|(^|[\s_-])(article|detail|news|post|entry|story|maincontent|main)[\w]*[_-]{1,2}(body|content|text|detail)|"
    r"(^|\s)[\w-]*[\w][_-](content|body)(\s|$)|(^|[\s_-])noi-?dung|news-?body|content-news|"
    r"(^|\s)(entry|fck_detail|singular-content|body-content|content-fck|maincontent|main-content-body|detail_info|"
    r"afcbc-body|zce-content-body|cms-body|__mastercms_content|dcontent|detail-content|content_detail_news|content)(\s|$)"
)
_LEAD = re.compile(
    r"sapo|sabo|tom-?tat|trich-?dan|sumary|(^|[\s_-])(lead|desc|description|summary|chapeau|standfirst|abstract|intro|teaser|quote-?head)([\s_-]|$)|"
    r"article-?desc|detail-?desc|cms-desc"
)
_TITLE = re.compile(
    r"tieu-?de|(^|[\s_-])(article|post|detail|news|entry|content)[_-]?title|(^|[\s_-])title[_-]?(article|detail|news|post)|headline"
)
_PARTS = re.compile(r"\s+[|–—-]\s+|\s*\|\s*")
ENOUGH = 150
"""Characters of paragraphs that make a body."""


def selected(tree: html.HtmlElement, selector: str | None) -> list[html.HtmlElement]:
    """The elements of the first alternative of a selector that matches."""
    for alternative in (selector or "").split(","):
        if alternative.strip() and (found := tree.cssselect(alternative)):
            return list(found)
    return []


def title(
    tree: html.HtmlElement, said: Structured, selectors: Selectors
) -> html.HtmlElement | None:
    """The element of the printed headline."""
    if found := [e for e in selected(tree, selectors.title) if blocks.text_of(e)]:
        return found[0]
    headings = [
        h for h in tree.iter("h1") if len(blocks.text_of(h)) >= 8 and not _is_chrome(h)
    ] or [h for h in tree.iter("h1") if len(blocks.text_of(h)) >= 15]
    if len(headings) == 1:
        return headings[0]
    if headings:
        best = max(headings, key=lambda h: _likeness(blocks.text_of(h), said.headlines))
        return best if _likeness(blocks.text_of(best), said.headlines) > 0.5 else headings[0]
    wanted = {
        lines.key(part) for said_so in said.headlines for part in (said_so, *_PARTS.split(said_so))
    }
    calls_itself_title: list[html.HtmlElement] = []
    for element in tree.iter("h2", "h3", "h4", "div", "p", "span", "strong", "td"):
        text = blocks.text_of(element) if len(element) < 4 else ""
        if len(text) < 10 or len(text) > 250 or _is_chrome(element) or _leads_home(element):
            continue
        if lines.key(text) in wanted:
            return element
        if _TITLE.search(noise.marks(element)) and element.find(".//a") is None:
            calls_itself_title.append(element)
    return calls_itself_title[0] if len(calls_itself_title) == 1 else None


def body(
    tree: html.HtmlElement,
    head: html.HtmlElement | None,
    text: str,
    selectors: Selectors,
    url: str,
) -> html.HtmlElement | None:
    """The element that holds the article's text, without the headline where it can be."""
    if chosen := selected(tree, selectors.body):
        return max(chosen, key=_mass)
    named = [
        element
        for element in tree.iter("div", "article", "section", "td", "main")
        if (element.get("itemprop") == "articleBody" or _BODY.search(noise.marks(element)))
        and not noise.is_related(element)
    ]
    masses = {element: _mass(element) for element in named}
    most = max(masses.values(), default=0)
    whole = {*head.iterancestors()} if head is not None else set()
    below = {e: mass for e, mass in masses.items() if e not in whole and mass * 2 >= most}
    if max(below.values(), default=0) >= ENOUGH:
        masses, most = below, max(below.values())
    if most >= ENOUGH:
        return _smallest(e for e, mass in masses.items() if mass >= most * 0.85)
    found_by_text = _holding(tree, _by_trafilatura(text, url))
    if found_by_text is None and most:
        return max(masses, key=lambda e: masses[e])
    return found_by_text


def lead(
    tree: html.HtmlElement,
    head: html.HtmlElement | None,
    container: html.HtmlElement,
    said: Structured,
    selectors: Selectors,
) -> html.HtmlElement | None:
    """The element of the sapo."""
    if found := [e for e in selected(tree, selectors.lead) if blocks.text_of(e)]:
        return found[0]
    order = {element: place for place, element in enumerate(tree.iter())}
    start = order[head] if head is not None else -1
    paragraphs = [e for e in container.iter("p") if len(blocks.text_of(e)) > 80]
    first = order[paragraphs[0]] if paragraphs else order[container] + len(container)
    wanted = lines.key(said.description)[:50]
    near: list[html.HtmlElement] = []
    around = {container, *container.iterancestors()}
    for element in tree.iter("h2", "h3", "p", "div", "span", "strong", "section", "td"):
        if order[element] <= start or element in around or _within_box(element):
            continue
        text = blocks.text_of(element) if len(element) < 12 else ""
        if not 20 <= len(text) <= 1500:
            continue
        says_so = bool(_LEAD.search(noise.marks(element))) and order[element] <= max(
            first, order[container] + 3
        )
        repeats = len(wanted) >= 25 and wanted in lines.key(text)[:90]
        if repeats and order[element] <= first + 40:
            return _innermost(element)
        if says_so and not near:
            near.append(element)
    return _innermost(near[0]) if near else None


def unnamed_lead(
    tree: html.HtmlElement, head: html.HtmlElement | None, container: html.HtmlElement
) -> html.HtmlElement | None:
    """The one sentence or more that stands alone between headline and body, whatever it calls itself."""
    if head is None:
        return None
    inside = set(container.iterdescendants())
    has_begun = False
    for element in tree.iter("p", "div", "h2", "h3", "span", head.tag, container.tag):
        if element is head:
            has_begun = True
        if element is container and head not in inside:
            return None
        text = blocks.text_of(element) if has_begun and len(element) < 4 else ""
        if not 40 <= len(text) <= 600 or not lines.ends_sentence(text) or _within_box(element):
            continue
        if element in (head, container) or blocks.calls_itself_caption(element):
            continue
        alike = [e for e in element.itersiblings(element.tag) if len(blocks.text_of(e)) >= 60]
        return _innermost(element) if len(alike) == 1 or element not in inside else None
    return None


def unwrap(tree: html.HtmlElement) -> None:
    """Make plain boxes of forms and headers that hold an article (whole pages stand in a form)."""
    for element in [*tree.iter("form"), *tree.iter("header")]:
        holds_text = element.tag == "form" and element.find(".//p") is not None
        if holds_text or element.find(".//h1") is not None:
            element.tag = "div"


def before_text(
    container: html.HtmlElement, head: html.HtmlElement | None, sapo: html.HtmlElement | None
) -> frozenset[html.HtmlElement]:
    """What of a body element is no part of its text: headline, lead, and what stands before them."""
    found = {element for element in (head, sapo) if element is not None}
    if head is None or container not in head.iterancestors():
        return frozenset(found)
    has_begun = False
    for element in container.iterdescendants():
        if element is head:
            has_begun = True
        if has_begun and (sapo is None or element is sapo):
            break
        if not isinstance(element.tag, str) or head in element.iterdescendants():
            continue
        if sapo is not None and sapo in element.iterdescendants():
            continue
        if not has_begun or len(blocks.text_of(element)) < 80:
            found.add(element)
    return frozenset(found)


def captions_before(
    tree: html.HtmlElement, head: html.HtmlElement | None, container: html.HtmlElement
) -> list[Block]:
    """Captions of the pictures between headline and body."""
    found: list[Block] = []
    has_begun = head is None
    for element in tree.iter("figure", *({head.tag} if head is not None else ()), container.tag):
        if element is container:
            break
        if element is head:
            has_begun = True
        elif has_begun and element.tag == "figure" and not _within_box(element):
            text = " ".join(map(blocks.text_of, element.iter("figcaption")))
            found += [Block(kind=BlockKind.CAPTION, text=text)] if text else []
    return found


def _innermost(element: html.HtmlElement) -> html.HtmlElement:
    """The deepest element with the same text."""
    while True:
        inner = next(
            (
                c
                for c in element
                if isinstance(c.tag, str) and blocks.text_of(c) == blocks.text_of(element)
            ),
            None,
        )
        if inner is None or inner.tag in blocks.INLINE:
            return element
        element = inner


def _mass(element: html.HtmlElement) -> int:
    """Characters of the running text in an element that is not in boxes of other articles."""
    total = 0
    for child in element.iter("p", "div", "td", "li", "h2", "h3", "span"):
        own = lines.squeezed((child.text or "") + "".join(c.tail or "" for c in child))
        inline = sum(
            len(blocks.text_of(c)) for c in child if c.tag in blocks.INLINE and c.tag != "a"
        )
        if len(own) + inline >= 40 and child.tag != "span" and not _within_box(child, element):
            total += len(own) + inline
    return total


def _within_box(element: html.HtmlElement, stop: html.HtmlElement | None = None) -> bool:
    around = [element]
    for ancestor in element.iterancestors():
        if ancestor is stop or ancestor.tag == "body":
            break
        around.append(ancestor)
    return any(
        noise.is_related(e)
        or e.tag in noise.SKIPPED
        or (e.tag == "li" and noise.link_share(e) > 0.8)
        for e in around
    )


def _is_chrome(element: html.HtmlElement) -> bool:
    return any(
        e.tag in ("nav", "footer") or noise.is_path(e) or noise.is_related(e)
        or (e.tag == "header" and len(blocks.text_of(e)) > 600)
        for e in (element, *element.iterancestors())
        if e.tag not in ("body", "html")
    )  # fmt: skip


def _leads_home(element: html.HtmlElement) -> bool:
    """Whether the element is the newspaper's own name, which links its front page."""
    addresses = (urlsplit(a.get("href", "#")) for a in element.iter("a") if a.get("href") != "#")
    return any(address.path in ("", "/") for address in addresses)


def _likeness(text: str, headlines: Iterable[str]) -> float:
    mine = lines.key(text)
    return max(
        (SequenceMatcher(None, mine, lines.key(headline)).ratio() for headline in headlines),
        default=0.0,
    )


def _smallest(elements: Iterable[html.HtmlElement]) -> html.HtmlElement:
    return min(elements, key=lambda e: len("".join(e.itertext())))


def _by_trafilatura(text: str, url: str) -> list[str]:
    found = trafilatura.extract(text, url=url, include_comments=False, favor_recall=True) or ""
    return [key for line in found.splitlines() if len(key := lines.key(line)) >= 40]


def _holding(tree: html.HtmlElement, wanted: list[str]) -> html.HtmlElement | None:
    """The smallest element that holds most of some lines."""
    total = sum(map(len, wanted))
    current = tree.find(".//body")
    if not total or current is None:
        return None

    def share(element: html.HtmlElement) -> float:
        inside = lines.key(" ".join(element.itertext()))
        return sum(len(line) for line in wanted if line in inside) / total

    while True:
        inner = next((c for c in current if isinstance(c.tag, str) and share(c) >= 0.85), None)
        if inner is None or inner.tag in ("p", "span", "strong"):
            return current
        current = inner

"""What stands around an article on its page: its section, its tags, boxes of other articles.

A section is the last step of the path to the page, else what calls itself the category beside the
headline. Tags are what the page lists as such. Boxes are told by their marks or by their headings.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.reading import blocks, lines, locating, noise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import html

    from crawler.declarations import Selectors

_CATEGORY = re.compile(r"(^|[\s_-])(cate|cat|category|chuyen-?muc|cat-links)([\s_-]|$)")
_TAGS = re.compile(r"(^|[\s_-])(tags?|keywords?|tu-?khoa)([\s_-]|$)")
LONGEST_SECTION = 50
LONGEST_TAG = 80
NEAR = 4
"""Levels above the headline that belong to it."""


def section(
    tree: html.HtmlElement, head: html.HtmlElement | None, selectors: Selectors
) -> str | None:
    """The section that the page prints."""
    if found := locating.selected(tree, selectors.section):
        return blocks.text_of(found[-1]) or None
    for element in tree.iter("div", "nav", "ul", "ol", "td", "p", "h1"):
        if noise.is_path(element) and (names := _sections(element)):
            return names[-1]
    for around in islice(head.iterancestors(), NEAR) if head is not None else ():
        for element in around.iter("div", "span", "p", "dd", "a", "li", "td", "h3", "h4"):
            if _calls_itself_category(element) and not noise.is_related(element):
                names = _sections(element)
                if names and len(blocks.text_of(element)) <= LONGEST_SECTION:
                    return names[-1]
    return None


def _sections(element: html.HtmlElement) -> list[str]:
    links = [element] if element.tag == "a" else element.iter("a")
    names = [text for a in links if (text := blocks.text_of(a))]
    return [name for name in names if lines.key(name) not in ("trang chu", "home")]


def _calls_itself_category(element: html.HtmlElement) -> bool:
    return bool(_CATEGORY.search(noise.marks(element)) or "category" in element.get("rel", ""))


def tags(tree: html.HtmlElement, selectors: Selectors) -> tuple[str, ...]:
    """The keywords that the page lists."""
    chosen = locating.selected(tree, selectors.tags)
    if not chosen:
        chosen = [a for a in tree.iter("a") if a.get("rel") == "tag"]
    if not chosen:
        named = (e for e in tree.iter("div", "ul", "section", "p") if _TAGS.search(noise.marks(e)))
        chosen = list(islice(named, 1))
    names = [
        blocks.text_of(a)
        for element in chosen
        for a in (element.iter("a") if element.tag != "a" else [element])
    ]
    return tuple(dict.fromkeys(name for name in names if 0 < len(name) <= LONGEST_TAG))


def boxes(tree: html.HtmlElement, container: html.HtmlElement) -> list[str]:
    """Headlines of boxes of other articles anywhere around the body."""
    inside = {*container.iter(), *container.iterancestors()}
    found: list[str] = []
    for element in tree.iter("div", "section", "ul", "aside", "table", "td", "article", "nav"):
        if element not in inside and noise.is_related(element):
            found += blocks.headlines(element)
    for element in tree.iter("b", "strong", "h2", "h3", "h4", "div", "p", "span", "a"):
        if element not in inside and len(element) < 3 and lines.heads_list(blocks.text_of(element)):
            found += _below(element, inside)
    return found + list(_linked_headings(tree, container, inside))


def _linked_headings(
    tree: html.HtmlElement, container: html.HtmlElement, inside: set[html.HtmlElement]
) -> Iterator[str]:
    """Headings after the body that are links, or hold one: whatever box they stand in."""
    is_after = False
    for element in tree.iter("h2", "h3", "h4", container.tag):
        is_after = is_after or element is container
        if not is_after or element in inside or noise.in_menu(element):
            continue
        links = element.find(".//a") is not None or any(
            e.tag == "a" for e in element.iterancestors()
        )
        if element.tag != container.tag and links and lines.is_headline(blocks.text_of(element)):
            yield blocks.text_of(element)


def _below(heading: html.HtmlElement, inside: set[html.HtmlElement]) -> list[str]:
    """Headlines under a heading: of the box that it heads, or of what follows it."""
    box = next((e for e in heading.iterancestors() if blocks.has_headlines(e)), None)
    if box is not None and box not in inside:
        return blocks.headlines(box)
    found: list[str] = []
    for element in heading.itersiblings():
        if element in inside or lines.heads_list(blocks.text_of(element)):
            break
        found += blocks.headlines(element)
    return found

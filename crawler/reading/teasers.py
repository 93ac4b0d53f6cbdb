"""Telling a list of articles from an article: most of a list's text stands below headlines that link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.reading import blocks, noise

if TYPE_CHECKING:
    from lxml import html

HEADLINE = 20
"""Characters that a linked headline has at least."""
TEASER = 40
LONGEST_TEASER = 600
"""A teaser's length in characters; what is longer below a link is an article going on."""


def fill(container: html.HtmlElement) -> bool:
    """Whether most of the text in an element is teasers of other articles."""
    stretches = [0]
    _measure(container, stretches)
    teased = [min(length, LONGEST_TEASER) for length in stretches[1:] if length >= TEASER]
    return len(teased) >= 2 and sum(teased) * 2 > sum(stretches)


def _measure(element: html.HtmlElement, stretches: list[int]) -> None:
    """Add up the text outside links; a stretch begins at each headline that opens a block with a link."""
    stretches[-1] += len((element.text or "").strip())
    for child in element:
        if isinstance(child.tag, str) and child.tag not in noise.SKIPPED:
            if child.tag != "a":
                _measure(child, stretches)
            elif len(blocks.text_of(child)) >= HEADLINE and _opens(child):
                stretches.append(0)
        stretches[-1] += len((child.tail or "").strip())


def _opens(link: html.HtmlElement) -> bool:
    """Whether nothing but pictures and other links stands before a link in its element."""
    before = [
        (link.getparent().text or ""),
        *(one.tail or "" for one in link.itersiblings(preceding=True)),
    ]
    return not "".join(before).strip()

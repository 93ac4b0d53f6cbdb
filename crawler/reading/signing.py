"""Whose article it is: the author's line as printed.

The declaration's selector comes first. Else every printed line that can be the author's is weighed: one
that the markup calls so, the body's last line, one at the right just after the body. What the page states
in its metadata only says which of them it is; the newspaper's own name is no author.
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
    from crawler.reading.structured import Structured

LONGEST = 90
AFTER = 3
"""Elements after the body among which a signature can stand."""
_LABEL = re.compile(r"^(bởi|by|tác giả|author)\s*:?\s+", re.I)


def byline(
    tree: html.HtmlElement,
    container: html.HtmlElement,
    signed: list[str],
    said: Structured,
    selectors: Selectors,
    sites: set[str],
) -> str:
    """The author's line, or an empty string. `signed` are lines that the body holds as such."""
    for element in locating.selected(tree, selectors.byline):
        if text := blocks.text_of(element):
            return text
    stated = [
        author
        for author in said.authors
        if lines.key(author) not in sites
        and (lines.is_byline(author) or author.startswith("Theo "))
    ]
    keys = [lines.key(author) for author in stated]

    def rank(line: str) -> tuple[int, int]:
        return sum(key in lines.key(line) for key in keys), lines.is_byline(line)

    printed = [line for line in (*signed, *_near(tree), *_after(container)) if line]
    fit = [line for line in printed if any(rank(line)) and lines.key(line) not in sites]
    if fit:
        best = max(fit, key=rank)
        named = [author for author in stated if lines.key(author) in lines.key(best)]
        run_together = len(named) > 1 and lines.key(best) == lines.key(" ".join(named))
        is_clean = (lines.is_byline(best) or best in named) and not run_together
        return _LABEL.sub("", best) if is_clean else ", ".join(named)
    text = lines.key(" ".join(tree.itertext())) if stated else ""
    return ", ".join(author for author in stated if lines.key(author) in text)


def _near(tree: html.HtmlElement) -> Iterator[str]:
    """Lines that the markup calls the author's, in printed order."""
    for element in tree.iter("p", "div", "span", "a", "strong", "h4", "li", "em"):
        if blocks.calls_itself_author(element) and 0 < len(blocks.text_of(element)) <= LONGEST:
            text = blocks.text_of(element)
            if not any(noise.is_related(around) for around in element.iterancestors()):
                yield text


def _after(container: html.HtmlElement) -> Iterator[str]:
    """Lines at the right just after the body."""
    for element in islice(container.itersiblings(), AFTER):
        if isinstance(element.tag, str) and blocks.stands_right(element):
            yield blocks.text_of(element)

"""What of an article answers the query: marks in its headline, and the passage to show.

The passage comes from what is read below the headline. An article found by its headline or its entities
alone shows its lead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.article import BlockKind
from diembao.vietnamese.highlight import find, fragments
from search_api.query import parse
from search_api.routes.cards import Marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diembao.article import Article
    from diembao.records import Span
    from diembao.vietnamese.marks import Typed

LENGTH = 260
"""Characters of a passage."""

_NOT_SHOWN = {BlockKind.TITLE, BlockKind.BYLINE}


def excerpts(article: Article, terms: Sequence[Sequence[Typed]]) -> tuple[Marked, Marked]:
    """The headline and a passage, both marked. `terms` are of `terms_of`."""
    title = article.title
    body = "\n".join(block.text for block in article.blocks if block.kind not in _NOT_SHOWN)
    shown_title = Marked(text=title, marks=list(find(title, terms)))
    spans = find(body, terms)
    if not spans:
        return shown_title, Marked(text=article.lead or _passage(body, ()).text)
    return shown_title, _passage(body, spans)


def terms_of(query: str) -> tuple[tuple[Typed, ...], ...]:
    """The words and phrases of a query that make a hit. Raises BadInputError."""
    return parse(query).terms


def _passage(body: str, spans: Sequence[Span]) -> Marked:
    for fragment in fragments(body, spans, LENGTH):
        before = "… " if fragment.start else ""
        after = " …" if fragment.end < len(body) else ""
        shift = len(before) - fragment.start
        text = body[fragment.start : fragment.end].replace("\n", " ")
        marks = [(start + shift, end + shift) for start, end in fragment.spans]
        return Marked(text=f"{before}{text}{after}", marks=marks)
    return Marked(text="")

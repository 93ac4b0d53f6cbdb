"""The blocks of an article as HTML: mentions are links to their entity, evidence can be jumped to.

Evidence `award-0` is the element `id="award-0"` around the sentence; where it runs over several blocks
only the first piece carries the identifier. Rows that follow one another are one table, their cells
parted by a bar or a tab as printed. Words that were searched for are `mark` elements; where one
crosses a mention or an evidence it is marked piece by piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup

from diembao.article import BlockKind
from diembao.vietnamese.highlight import find
from search_api.page.marking import Tag, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from diembao.article import Article
    from diembao.records import Extraction, Label, Mention, Span
    from diembao.vietnamese.marks import Typed

LABELS: dict[str, str] = {
    "UNIT": "unit", "PERSON": "person", "ROLE": "role", "MODEL": "model",
    "AWARD": "award", "MOVEMENT": "movement", "PLACE": "place",
}  # fmt: skip
"""CSS class and facet of each label."""


_BETWEEN_CELLS = re.compile(r"\s*[|\t]\s*")
_HIT = (Markup("<mark>"), Markup("</mark>"))


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """One printed line, marked; a table where the kind is a row, with the cells of each row."""

    kind: BlockKind
    html: Markup
    rows: tuple[tuple[Markup, ...], ...] = ()


def entity_address(label: Label, entity: str) -> str:
    """The search for all articles that mention an entity."""
    return "/?" + urlencode({"filter": f"{LABELS[label]}:{entity}"})


def _mention(mention: Mention, names: Mapping[str, str], titles: Mapping[str, str]) -> Tag:
    kind, title = LABELS[mention.label], titles[mention.label]
    name = names.get(mention.entity) if mention.entity else None
    if name is None or mention.label == "ROLE":
        opening = Markup('<span class="mention {}" title="{}">').format(kind, title)
        return Tag(mention.start, mention.end, opening, Markup("</span>"))
    opening = Markup('<a class="mention {}" href="/thuc-the/{}" title="{}: {}">').format(
        kind, mention.entity, title, name
    )
    return Tag(mention.start, mention.end, opening, Markup("</a>"))


def _evidence(extraction: Extraction) -> Iterator[tuple[str, Span]]:
    spans = {
        "award": [record.evidence for record in extraction.awards],
        "model": [record.evidence for record in extraction.models],
        "person": [record.evidence for record in extraction.people],
    }
    for kind, found in spans.items():
        for ordinal, span in enumerate(found):
            yield f"{kind}-{ordinal}", span


def _hits(hits: Sequence[Span], tags: Sequence[Tag]) -> Iterator[Tag]:
    """Hits, cut where an element begins or ends."""
    edges = sorted({edge for tag in tags for edge in (tag.start, tag.end)})
    for hit in hits:
        inner = [edge for edge in edges if hit.start < edge < hit.end]
        yield from (Tag(a, b, *_HIT) for a, b in pairwise((hit.start, *inner, hit.end)))


def _tags(
    extraction: Extraction, names: Mapping[str, str], titles: Mapping[str, str]
) -> list[tuple[str, Tag]]:
    """Elements over the whole text, each with its identifier or none."""
    opening, closing = Markup('<span class="evidence"{}>'), Markup("</span>")
    tags = [
        (name, Tag(span.start, span.end, opening, closing)) for name, span in _evidence(extraction)
    ]
    return tags + [("", _mention(one, names, titles)) for one in extraction.mentions]


def shown_blocks(
    article: Article,
    extraction: Extraction | None,
    names: Mapping[str, str],
    titles: Mapping[str, str],
    terms: Sequence[Sequence[Typed]] = (),
) -> list[ShownBlock]:
    """All blocks in printed order. `names` are of entities, `titles` of labels, for the reader.

    `terms` are the words and phrases that the reader searched for.
    """
    is_read = extraction is not None and extraction.text == article.text
    tags = _tags(extraction, names, titles) if extraction is not None and is_read else []
    shown: list[ShownBlock] = []
    named: set[str] = set()
    start = 0

    def piece(first: int, last: int) -> Markup:
        """A stretch of the text, marked."""
        inside: list[Tag] = []
        for name, tag in tags:
            if tag.start >= last or tag.end <= first:
                continue
            identifier = Markup(' id="{}"').format(name) if name and name not in named else ""
            named.add(name)
            opening = tag.opening.format(identifier) if name else tag.opening
            inside.append(Tag(tag.start - first, tag.end - first, opening, tag.closing))
        text = article.text[first:last]
        return tagged(text, [*inside, *_hits(find(text, terms), inside)])

    for block in article.blocks:
        end = start + len(block.text)
        if block.kind is BlockKind.ROW:
            row = tuple(piece(start + a, start + b) for a, b in _cells(block.text))
            if shown and shown[-1].kind is BlockKind.ROW:
                shown[-1] = replace(shown[-1], rows=(*shown[-1].rows, row))
            else:
                shown.append(ShownBlock(block.kind, Markup(""), (row,)))
        else:
            shown.append(ShownBlock(block.kind, piece(start, end)))
        start = end + 1
    return shown


def _cells(row: str) -> Iterator[tuple[int, int]]:
    """Where the cells of a printed row stand."""
    at = 0
    for gap in _BETWEEN_CELLS.finditer(row):
        yield at, gap.start()
        at = gap.end()
    yield at, len(row)

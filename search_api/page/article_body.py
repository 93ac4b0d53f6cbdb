"""The blocks of an article as HTML: mentions are links to their entity, evidence can be jumped to.

Evidence `award-0` is the element `id="award-0"` around the sentence; where it runs over several blocks
only the first piece carries the identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup

from search_api.page.marking import Tag, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from diembao.article import Article, BlockKind
    from diembao.records import Extraction, Label, Mention, Span

LABELS: dict[str, str] = {
    "UNIT": "unit", "PERSON": "person", "ROLE": "role", "MODEL": "model",
    "AWARD": "award", "MOVEMENT": "movement", "PLACE": "place",
}  # fmt: skip
"""CSS class and facet of each label."""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """One printed line, marked."""

    kind: BlockKind
    html: Markup


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


def shown_blocks(
    article: Article,
    extraction: Extraction | None,
    names: Mapping[str, str],
    titles: Mapping[str, str],
) -> list[ShownBlock]:
    """All blocks in printed order. `names` are of entities, `titles` of labels, for the reader."""
    if extraction is None or extraction.text != article.text:
        return [ShownBlock(block.kind, tagged(block.text, ())) for block in article.blocks]
    mentions = [_mention(one, names, titles) for one in extraction.mentions]
    evidence = list(_evidence(extraction))
    shown: list[ShownBlock] = []
    named: set[str] = set()
    start = 0
    for block in article.blocks:
        end = start + len(block.text)
        tags: list[Tag] = []
        for name, span in evidence:
            if span.start < end and span.end > start:
                identifier = Markup("") if name in named else Markup(' id="{}"').format(name)
                named.add(name)
                opening = Markup('<span class="evidence"{}>').format(identifier)
                tags.append(Tag(span.start - start, span.end - start, opening, Markup("</span>")))
        tags += [
            Tag(one.start - start, one.end - start, one.opening, one.closing)
            for one in mentions
            if start <= one.start < end
        ]
        shown.append(ShownBlock(block.kind, tagged(block.text, tags)))
        start = end + 1
    return shown

"""Rules over the sequence of blocks, whatever page or text they came from.

- The headline printed again above a caption is dropped; so is a block that repeats the lead at its start.
- From a heading such as "Nên xem" on nothing belongs to the article, except that "Tin liên quan" may stand
  inside it, and anything before its first text: then only the headlines under it are taken away.
- A line before the first sentence that is a date is not the article's text.
- Last lines that can only be names are the byline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.reading import lines
from diembao.article import Block, BlockKind
from diembao.vietnamese import dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_DATELINE = 70
TEXT_KINDS = (BlockKind.PARAGRAPH, BlockKind.SUBHEAD, BlockKind.ITEM)


def without_repeats(blocks: Sequence[Block], title: str, lead: str) -> list[Block]:
    """Drop the headline wherever it is printed again, and the lead at the body's start."""
    wanted, sapo = lines.key(title), lines.key(lead)
    kept: list[Block] = []
    for block in blocks:
        mine = lines.key(block.text)
        if mine == wanted or (sapo and mine == sapo and not kept):
            continue
        if kept and kept[-1] == block and block.kind is BlockKind.CAPTION:
            continue
        kept.append(block)
    return kept


def without_dateline(blocks: Sequence[Block]) -> list[Block]:
    """Drop lines before the first sentence that only tell when it was published."""
    start = next((i for i, b in enumerate(blocks) if lines.ends_sentence(b.text)), 0)
    return [
        block
        for place, block in enumerate(blocks)
        if place >= start or len(block.text) > LONGEST_DATELINE or not dates.parse(block.text)
    ]


def without_boxes(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """Cut what follows headings of lists; the cut headlines come second."""
    kept: list[Block] = []
    related: list[str] = []
    position = 0
    while position < len(blocks):
        block = blocks[position]
        if block.kind in TEXT_KINDS and lines.lists_tags(block.text):
            position += 1
            continue
        if block.kind not in TEXT_KINDS or not lines.heads_list(block.text):
            kept.append(block)
            position += 1
            continue
        end = position + 1
        while end < len(blocks) and not _resumes(blocks[end]):
            end += 1
        has_begun = any(b.kind is BlockKind.PARAGRAPH and lines.ends_sentence(b.text) for b in kept)
        if has_begun and not lines.may_stand_inside(block.text):
            end = len(blocks)
        related += [b.text for b in blocks[position + 1 : end]]
        position = end
    return kept, headlines(related)


def _resumes(block: Block) -> bool:
    return block.kind is not BlockKind.ITEM and (
        lines.ends_sentence(block.text) or len(block.text) > 200
    )


def headlines(texts: Iterable[str]) -> list[str]:
    """The lines of a box that can be headlines, each once."""
    return list(
        dict.fromkeys(
            text
            for text in texts
            if len(text) >= 12 and not lines.heads_list(text) and not lines.is_chrome(text)
            and not text.endswith((".", ">>"))
        )
    )  # fmt: skip


def signed(blocks: Sequence[Block]) -> tuple[list[Block], str]:
    """The blocks without the author's last lines, and those lines."""
    kept = list(blocks)
    byline = ""
    while kept and len(kept) > 1:
        last = kept[-1]
        is_signature = last.kind is BlockKind.BYLINE or (
            last.kind in (BlockKind.PARAGRAPH, BlockKind.SUBHEAD) and lines.is_byline(last.text)
        )
        if not is_signature:
            break
        byline = f"{last.text}, {byline}" if byline else last.text
        kept.pop()
    kept = [
        block.model_copy(update={"kind": BlockKind.PARAGRAPH})
        if block.kind is BlockKind.BYLINE
        else block
        for block in kept
    ]
    return kept, byline

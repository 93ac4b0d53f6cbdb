"""Pasted or saved text of a page, with all its site noise, to an article.

Only line order and blank lines are left of the layout: the first line that can be one is the headline;
the paragraph after it is the lead; a line glued to the lead that ends no sentence holds the titles of
related articles; the headline printed again stands above a caption; headings of lists end the article.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler import urls
from crawler.fetching.encoding import repair
from crawler.reading import lines, tidying
from crawler.reading.pages import BY_HAND, SHORTEST
from diembao.article import Article, Block, BlockKind, DateSource
from diembao.errors import ReadError
from diembao.vietnamese import dates

LONGEST_SUBHEAD = 120
GLUED = 90
"""A line without an end that is longer than this is no subhead but several headlines in one."""


class _Line(NamedTuple):
    text: str
    after_blank: bool


def read_text(
    text: str, *, url: str | None = None, fetched_at: datetime, source: str = BY_HAND
) -> Article:
    """The article in a text. Raises ReadError where there is none."""
    printed = [
        line
        for line in _lines(repair(text))
        if not lines.is_chrome(line.text) or lines.heads_list(line.text)
    ]
    if not printed:
        raise ReadError("Văn bản trống (the text is empty).")
    title, rest = printed[0].text, printed[1:]
    published, rest = _date(rest, fetched_at)
    blocks, related = _blocks(title, rest)
    body, more = tidying.without_boxes(blocks)
    body, byline = tidying.signed(body)
    if sum(len(block.text) for block in body) < SHORTEST:
        raise ReadError(
            "Văn bản không có bài nào đọc được (no article that can be read in the text)."
        )
    whole = [Block(kind=BlockKind.TITLE, text=title), *body]
    if byline:
        whole.append(Block(kind=BlockKind.BYLINE, text=byline))
    address = (url and urls.canonical(url)) or _name_of(whole)
    return Article(
        url=address,
        canonical_url=address,
        source=source,
        blocks=tuple(whole),
        published_at=published,
        date_source=DateSource.PRINTED if published else DateSource.FETCHED,
        fetched_at=fetched_at,
        related=tuple(tidying.headlines([*related, *more])),
    )


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    blank = True
    for raw in text.splitlines():
        line = lines.squeezed(raw)
        if line:
            found.append(_Line(line, blank))
        blank = not line
    return found


def _name_of(blocks: list[Block]) -> str:
    """An address for what has none: the same text is the same article."""
    printed = "\n".join(block.text for block in blocks)
    return f"urn:diembao:{hashlib.sha256(printed.encode()).hexdigest()[:32]}"


def _date(rest: list[_Line], now: datetime) -> tuple[datetime | None, list[_Line]]:
    """A date line near the top, and the lines without it."""
    for place, line in enumerate(rest[:4]):
        found = dates.parse(line.text, now=now) if len(line.text) <= 70 else None
        if found and not lines.ends_sentence(line.text) and found.at <= now + timedelta(minutes=5):
            return found.at, [*rest[:place], *rest[place + 1 :]]
    return None, rest


def _blocks(title: str, rest: list[_Line]) -> tuple[list[Block], list[str]]:
    wanted = lines.key(title)
    parted = any(line.after_blank for line in rest[2:])
    blocks: list[Block] = []
    related: list[str] = []
    below_headline = False
    for line in rest:
        if lines.key(line.text) == wanted:
            below_headline = True
            continue
        kind = _kind(line, blocks, below_headline)
        just_after_lead = len(blocks) == 1 and blocks[0].kind is BlockKind.LEAD
        if (
            just_after_lead
            and not lines.ends_sentence(line.text)
            and (len(line.text) > GLUED or (parted and not line.after_blank))
        ) or lines.points_elsewhere(line.text):
            related.append(line.text)
        else:
            blocks.append(Block(kind=kind, text=line.text))
        below_headline = False
    return blocks, related


def _kind(line: _Line, before: list[Block], below_headline: bool) -> BlockKind:
    if not before:
        return BlockKind.LEAD
    if (below_headline and not line.after_blank) or lines.credits_photo(line.text):
        return BlockKind.CAPTION
    if len(line.text) <= LONGEST_SUBHEAD and not lines.ends_sentence(line.text):
        return BlockKind.SUBHEAD
    return BlockKind.PARAGRAPH

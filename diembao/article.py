"""The article as printed: blocks in reading order, and what the newspaper says about it.

`Article.text` is the NFC of what was printed and nothing else is altered: the blocks, a line each.
All offsets anywhere in diembao are code points of that text. Times are aware and in UTC.
"""

from __future__ import annotations

import hashlib
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

if TYPE_CHECKING:
    from datetime import datetime


def _one_nfc_line(text: str) -> str:
    """NFC; line breaks inside a block become one space, outer white space goes."""
    return " ".join(
        part for line in unicodedata.normalize("NFC", text).splitlines() if (part := line.strip())
    )


Line = Annotated[str, AfterValidator(_one_nfc_line)]


class BlockKind(StrEnum):
    """What a line of an article is."""

    TITLE = "title"
    LEAD = "lead"
    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"
    CAPTION = "caption"
    ITEM = "item"
    ROW = "row"
    BYLINE = "byline"


class ArticleKind(StrEnum):
    """The journalistic form of a page."""

    NEWS = "news"
    PHOTO_STORY = "photo_story"
    VIDEO = "video"
    LIVE = "live"
    INTERVIEW = "interview"


class DateSource(StrEnum):
    """Where `published_at` was read, surest first."""

    STRUCTURED = "structured"
    META = "meta"
    PRINTED = "printed"
    FEED = "feed"
    SITEMAP = "sitemap"
    FETCHED = "fetched"


class DateDoubt(StrEnum):
    """What speaks against a date: its weekday is another, or it is none that can be."""

    WEEKDAY = "weekday"
    UNBELIEVABLE = "unbelievable"


class Block(BaseModel):
    """One printed line: a paragraph, a caption, a table row."""

    model_config = ConfigDict(frozen=True)

    kind: BlockKind
    text: Line


class Article(BaseModel):
    """One version of one article.

    `canonical_url` is the newspaper's own address of the article (desktop form, no tracking
    parameters) and identifies it. `related` are headlines of related-article boxes: kept, never
    part of `text`. `free_access` is False where only a teaser stands before a paywall,
    `is_whole` where a further page of the article could not be fetched yet.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    canonical_url: str
    source: str
    kind: ArticleKind = ArticleKind.NEWS
    blocks: tuple[Block, ...]
    section: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    published_at: AwareDatetime | None = None
    modified_at: AwareDatetime | None = None
    date_source: DateSource = DateSource.FETCHED
    date_doubt: DateDoubt | None = None
    fetched_at: AwareDatetime
    related: tuple[str, ...] = ()
    free_access: bool = True
    is_whole: bool = True

    def _first(self, kind: BlockKind) -> str:
        return next((block.text for block in self.blocks if block.kind is kind), "")

    @property
    def title(self) -> str:
        """The headline, or an empty string."""
        return self._first(BlockKind.TITLE)

    @property
    def lead(self) -> str:
        """The sapo, or an empty string."""
        return self._first(BlockKind.LEAD)

    @property
    def byline(self) -> str:
        """The author's line, or an empty string."""
        return self._first(BlockKind.BYLINE)

    @property
    def text(self) -> str:
        """The blocks, a line each."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def date(self) -> datetime:
        """When it was published, or else when it was fetched first."""
        return self.published_at or self.fetched_at

    @property
    def digest(self) -> str:
        """Identifies what a reader sees (blocks only): a new digest is a new version."""
        printed = "\n".join(f"{block.kind}\t{block.text}" for block in self.blocks)
        return hashlib.sha256(printed.encode()).hexdigest()

"""The fields of the embedded index and how a document is written into them.

Articles and conferments are two collections in one index, so that one commit covers both: they share
only `kind` and `id`, the article's. `order` is the publication in seconds
with the article's id below it: one number sorts by date, breaks ties, and is the cursor.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import tantivy

from diembao.vietnamese.dates import midnight
from diembao.vietnamese.folding import fold
from diembao.vietnamese.marks import tokens
from search_api.index.document import CONFERMENT_FIELDS, KEYWORDS, TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from diembao.archived import Entity
    from search_api.index.document import Document, Stretch

SCHEMA = 3
"""Number of this schema; an index of another is rebuilt."""

CONFERMENT = "conferment_"
"""Beginning of the names of a conferment's fields."""

ID_BITS = 30
"""Bits of `order` that hold the article's id."""

SHARES = 16
"""Shares of about equal size into which articles are dealt out, for estimates."""

FARTHEST = (1 << 33) - (1 << 20)
"""Seconds before and after 1970 that `order` can tell: 272 years."""

DAY = 24 * 60 * 60


def folded_field(name: str) -> str:
    """Where a text's words stand without accents."""
    return f"{name}_folded"


def exact_field(name: str) -> str:
    """Where a text's words stand as `duong=đường`."""
    return f"{name}_exact"


def order_of(moment: datetime, article_id: int = 0) -> int:
    """The number that sorts articles by date, then id. Moments centuries away sort as the farthest."""
    seconds = max(-FARTHEST, min(int(moment.timestamp()), FARTHEST))
    return (seconds << ID_BITS) + article_id


def article_of(order: int) -> int:
    """The article whose number this is."""
    return order & ((1 << ID_BITS) - 1)


def orders_of(since: date | None, until: date | None) -> tuple[int | None, int | None]:
    """The least and the greatest `order` on these local days; None is open."""
    least = None if since is None else order_of(midnight(since))
    greatest = None if until is None else order_of(midnight(until)) + (DAY << ID_BITS) - 1
    return least, greatest


def build_schema() -> tantivy.Schema:
    """All fields."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    for number in ("id", "version", "order"):
        builder.add_integer_field(number, indexed=True, fast=True)
    builder.add_integer_field("story", fast=True)
    for name in [*TEXT_FIELDS, *(CONFERMENT + field for field in CONFERMENT_FIELDS)]:
        builder.add_text_field(folded_field(name), tokenizer_name="whitespace")
        builder.add_text_field(exact_field(name), tokenizer_name="whitespace")
    builder.add_text_field("compounds", tokenizer_name="whitespace", index_option="freq")
    for name in KEYWORDS:
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    builder.add_text_field(f"{CONFERMENT}level", tokenizer_name="raw", index_option="basic")
    for name in ("names", "share"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def rows(document: Document) -> Iterable[tantivy.Document]:
    """The article, then its conferments."""
    article = tantivy.Document()
    article.add_text("kind", "article")
    article.add_integer("id", document.article_id)
    article.add_integer("version", document.version)
    article.add_text("share", str(document.article_id % SHARES))
    article.add_integer("order", order_of(document.published_at, document.article_id))
    # without a story an article is its own, under a number that no story has
    article.add_integer(
        "story", -document.article_id if document.story_id is None else document.story_id
    )
    _add_texts(article, document.texts, "")
    article.add_text("compounds", " ".join(document.compounds))
    for field, values in document.keywords.items():
        for value in values:
            article.add_text(field, value)
    for entry in {entry for entity in document.entities for entry in name_entries(entity)}:
        article.add_text("names", entry)
    yield article
    for conferment in document.conferments:
        row = tantivy.Document()
        row.add_text("kind", "conferment")
        row.add_integer("id", document.article_id)
        if conferment.level:
            row.add_text(f"{CONFERMENT}level", conferment.level)
        _add_texts(row, conferment.texts, CONFERMENT)
        yield row


def _add_texts(
    row: tantivy.Document, texts: Mapping[str, tuple[Stretch, ...]], prefix: str
) -> None:
    for field, stretches in texts.items():
        for stretch in stretches:
            row.add_text(folded_field(prefix + field), stretch.folded)
            row.add_text(exact_field(prefix + field), stretch.exact)


@lru_cache(maxsize=65_536)  # most articles name who others name too
def name_entries(entity: Entity) -> tuple[str, ...]:
    """A name under each of its words, so that typing any of them offers it."""
    return tuple(
        "\t".join((fold(name)[token.start :], entity.label, entity.id, entity.name))
        for name in (entity.name, *entity.aliases)
        for token in tokens(name)
    )

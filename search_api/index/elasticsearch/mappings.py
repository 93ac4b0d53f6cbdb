"""The fields of the three collections, strict, and how a document is written into them.

*articles*, *conferments* (a document each) and *forms* (the marked written forms of words) together
are one generation. Texts come in the forms of `search_api.index.document`, so the server only parts
them at blanks. A conferment is joined to its article by `revision`, which is of one state of all
conferments of the article: rows that another state left behind belong to nothing.
"""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING, Any

from search_api.index.document import CONFERMENT_FIELDS, KEYWORDS, TEXT_FIELDS
from search_api.index.paging import WINDOW
from search_api.index.schema import exact_field, folded_field, name_entries, order_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from search_api.index.document import Document, Stretch

SCHEMA = 2
"""Number of this schema; an index of another is rebuilt."""

ARTICLES, CONFERMENTS, FORMS = "articles", "conferments", "forms"
COLLECTIONS = (ARTICLES, CONFERMENTS, FORMS)

LONGEST_FORM = 500
"""Bytes of a written form at most; the server takes no longer identifiers."""

_WORDS = {"type": "text", "analyzer": "whitespace"}
_KEYWORD = {"type": "keyword"}
_NUMBER = {"type": "long"}
_KEPT = ("conferments",)
"""All that is stored beside the index; everything else lies in the archive."""


def _fields(texts: Iterable[str]) -> dict[str, Any]:
    return {form(name): _WORDS for name in texts for form in (folded_field, exact_field)}


FIELDS: Mapping[str, Mapping[str, Any]] = {
    ARTICLES: {
        **_fields(TEXT_FIELDS),
        **dict.fromkeys((*KEYWORDS, "names", "revision"), _KEYWORD),
        "compounds": _WORDS | {"index_options": "freqs"},
        "order": _NUMBER,
        "story": _NUMBER,
        "conferments": {"type": "integer", "index": False},
    },
    CONFERMENTS: {**_fields(CONFERMENT_FIELDS), "level": _KEYWORD, "revision": _KEYWORD},
    FORMS: {"form": _KEYWORD},
}


def template(collection: str, pattern: str, shards: int) -> dict[str, Any]:
    """The index template of a collection."""
    settings = {
        "number_of_shards": shards if collection != FORMS else 1,
        "auto_expand_replicas": "0-1",
        "max_result_window": 2 * WINDOW,
        "max_terms_count": 1_000_000,
        "mapping.total_fields.limit": 200,
    }
    mappings = {
        "dynamic": "strict",
        "_source": {"includes": list(_KEPT)},
        "properties": dict(FIELDS[collection]),
    }
    return {"index_patterns": [pattern], "template": {"settings": settings, "mappings": mappings}}


def revision(document: Document) -> str:
    """What joins an article's conferments to it, as long as none of them changes."""
    state = blake2s(repr(document.conferments).encode(), digest_size=6)
    return f"{document.article_id}.{state.hexdigest()}"


def article(document: Document) -> dict[str, Any]:
    """The source of an article."""
    names = {entry for entity in document.entities for entry in name_entries(entity)}
    return {
        **_stretches(document.texts),
        **{field: list(values) for field, values in document.keywords.items()},
        "compounds": " ".join(document.compounds),
        "names": sorted(names),
        "revision": revision(document),
        "order": order_of(document.published_at, document.article_id),
        # without a story an article is its own, under a number that no story has
        "story": -document.article_id if document.story_id is None else document.story_id,
        "conferments": len(document.conferments),
    }


def conferments(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Identifier and source of each conferment."""
    for number, conferment in enumerate(document.conferments):
        source = {"level": conferment.level, "revision": revision(document)}
        key = conferment_id(document.article_id, number)
        yield key, _stretches(conferment.texts) | source


def conferment_id(article_id: int, number: int) -> str:
    """Identifier of an article's conferment."""
    return f"{article_id}-{number}"


def forms(documents: Iterable[Document]) -> set[str]:
    """The marked written forms of all words."""
    texts = [
        texts
        for document in documents
        for texts in (document.texts, *(one.texts for one in document.conferments))
    ]
    found = {
        form
        for fields in texts
        for stretches in fields.values()
        for stretch in stretches
        for form in stretch.exact.split(" ")
    }
    return {form for form in found if _is_marked(form) and len(form.encode()) <= LONGEST_FORM}


def _is_marked(form: str) -> bool:
    folded, _, exact = form.partition("=")
    return folded != exact


def _stretches(texts: Mapping[str, tuple[Stretch, ...]]) -> dict[str, Any]:
    return {
        name: words
        for field, stretches in texts.items()
        for name, words in (
            (folded_field(field), [stretch.folded for stretch in stretches]),
            (exact_field(field), [stretch.exact for stretch in stretches]),
        )
    }

"""Which saved queries have any business with a batch, found without running them.

A query is reduced, once, to the ways in which an article can match: terms that must all stand in
it, one way sufficing. Terms are folded words of a field and, for words side by side, pairs of them.
What a way cannot say (a value, a day, a NOT) it leaves open, so no match is ever lost.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from search_api.index.schema import CONFERMENT
from search_api.query import parse
from search_api.query.tree import And, Conferment, Node, Or, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from search_api.index.document import Document

Ways = tuple[frozenset[str], ...]

PARSED = 50_000
"""Saved queries that are kept parsed."""

MOST = 16
"""Ways that an AND of ORs may have before it leaves parts open."""

_OPEN: Ways = (frozenset(),)


@lru_cache(maxsize=PARSED)
def parsed(query: str) -> tuple[Node, Ways]:
    """A saved query and its ways. Raises BadInputError."""
    tree = parse(query).tree
    return tree, _ways(tree)


def holders(documents: Sequence[Document]) -> dict[str, int]:
    """The documents that hold a term, a bit each."""
    held: dict[str, int] = {}
    for number, document in enumerate(documents):
        for term in set(_terms(document)):
            held[term] = held.get(term, 0) | 1 << number
    return held


def may_match(ways: Ways, held: Mapping[str, int]) -> bool:
    """Whether one document holds all terms of one way."""
    return any(_share_one(way, held) for way in ways)


def _share_one(way: frozenset[str], held: Mapping[str, int]) -> bool:
    left = -1
    for term in way:
        left &= held.get(term, 0)
        if not left:
            return False
    return True


def _ways(node: Node, collection: str = "") -> Ways:
    match node:
        case Text(words, field):
            folded = [word.folded for word in words]
            return (frozenset(_named(collection + (field or "text"), folded)),)
        case And(nodes):
            ways = _OPEN
            for child in nodes:
                more = _ways(child, collection)
                if len(ways) * len(more) <= MOST:
                    ways = tuple(one | other for one in ways for other in more)
            return ways
        case Or(nodes):
            return tuple(way for child in nodes for way in _ways(child, collection))
        case Conferment(child):
            return _ways(child, CONFERMENT)
        case _:
            return _OPEN


def _terms(document: Document) -> Iterator[str]:
    for field, stretches in document.texts.items():
        for stretch in stretches:
            yield from _named(field, stretch.folded.split())
    for conferment in document.conferments:
        for field, stretches in conferment.texts.items():
            for stretch in stretches:
                yield from _named(CONFERMENT + field, stretch.folded.split())


def _named(field: str, words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield f"{field}:{word}"
    for one, other in pairwise(words):
        yield f"{field}:{one} {other}"

"""Which saved queries have any business with a batch, found without looking at the others.

A query is reduced, once, to the ways in which an article can match: terms that must all stand in
it, one way sufficing. What a way cannot say (a day, a NOT) it leaves open, so no match is ever lost.
Each way is filed under one of its terms, the one that the fewest ways require. A batch asks for the
ways that are filed under the terms it holds, and of those for the ones whose other terms stand in
the same article, or the same conferment; no other query is ever touched.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from search_api.alerts.batch import is_of_conferments, keyword_field
from search_api.index.schema import CONFERMENT
from search_api.query.tree import And, Conferment, Keyword, Node, Or, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from search_api.alerts.batch import Batch

Term = tuple[str, str]
"""Field and term, by the names of `search_api.alerts.batch`."""

Way = tuple[tuple[Term, ...], ...]
"""Terms that must stand in one row, a tuple for each kind of row."""

Ways = tuple[frozenset[Term], ...]

MOST = 16
"""Ways that an AND of ORs may have before it leaves parts open."""

_OPEN: Ways = (frozenset(),)


class Prefilter:
    """Queries, each filed under terms without which it cannot match."""

    def __init__(self, trees: Mapping[int, Node]) -> None:
        ways = {number: _ways(tree) for number, tree in trees.items()}
        required = Counter(term for each in ways.values() for way in each for term in way)
        self._open: set[int] = set()
        self._filed: dict[str, dict[str, list[tuple[int, Way]]]] = {}
        for number, each in ways.items():
            for way in each:
                if not way:
                    self._open.add(number)
                    continue
                terms = sorted(way, key=lambda one: (required[one], -len(one[1]), one))
                field, term = terms[0]
                filed = self._filed.setdefault(field, {}).setdefault(term, [])
                filed.append((number, _by_collection(terms)))

    def candidates(self, batch: Batch) -> set[int]:
        """The queries that may match something of the batch."""
        found = set(self._open)
        for field, filed in self._filed.items():
            for term in filed.keys() & batch.held[field].keys():
                found.update(number for number, way in filed[term] if _may_match(way, batch.held))
        return found


def _by_collection(terms: Sequence[Term]) -> Way:
    """The terms of articles, and those of conferments, which are rows of their own."""
    parts = (
        tuple(one for one in terms if is_of_conferments(one[0]) is of_conferments)
        for of_conferments in (False, True)
    )
    return tuple(filter(None, parts))


def _may_match(way: Way, held: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether one row of each kind holds all that the way requires of it."""
    for terms in way:
        left = -1
        for field, term in terms:
            left &= held[field].get(term, 0)
            if not left:
                return False
    return True


def _ways(node: Node, collection: str = "") -> Ways:
    match node:
        case Text(words, field):
            folded = [word.folded for word in words]
            return (frozenset(_named(collection + (field or "text"), folded)),)
        case Keyword(field, value):
            return (frozenset([(keyword_field(field, collection), value)]),)
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


def _named(field: str, words: Sequence[str]) -> Iterator[Term]:
    if len(words) == 1:
        yield field, words[0]
    for one, other in pairwise(words):
        yield field, f"{one} {other}"

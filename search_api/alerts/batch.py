"""A batch of articles as a small index in memory, and what a query finds in it.

A row is an article or a conferment, and a bit: for each field and term the index holds the rows in
which the term stands as one integer, so that AND, OR and NOT are single operations on integers.
Terms are folded words, folded words side by side, and the values of keyword fields. What finds a hit
here is what finds one on the page (`search_api.index`): a typed mark binds, a missing one is free,
words of a phrase stand side by side in one printed line, `conferment:(...)` speaks of one conferment.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, reduce
from itertools import pairwise
from operator import and_, or_
from typing import TYPE_CHECKING

from search_api.index.schema import CONFERMENT
from search_api.query.calendar import local_day
from search_api.query.tree import And, Conferment, Dates, Everything, Keyword, Not, Or, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from diembao.vietnamese.marks import Typed
    from search_api.index.document import Document, Stretch
    from search_api.query.tree import Node

VALUE = "="
"""Beginning of the names of keyword fields, which may be called as text fields are."""


class Rows:
    """Rows of one kind. `held`: by field and term, the rows that hold it, a bit each."""

    def __init__(
        self,
        texts: Sequence[Mapping[str, tuple[Stretch, ...]]],
        values: Sequence[Mapping[str, Iterable[str]]],
    ) -> None:
        self.all = (1 << len(texts)) - 1
        self.lines: dict[str, dict[Stretch, int]] = {}
        self.held: dict[str, dict[str, int]] = {}
        self._written: dict[str, dict[str, dict[str, int]]] = {}
        self._found: dict[tuple[str, str, bool], int] = {}
        for number, row in enumerate(texts):
            for field, stretches in row.items():
                lines = self.lines.setdefault(field, {})
                for stretch in stretches:
                    lines[stretch] = lines.get(stretch, 0) | 1 << number
        for number, valued in enumerate(values):
            for field, carried in valued.items():
                held = self.held.setdefault(VALUE + field, {})
                for value in carried:
                    held[value] = held.get(value, 0) | 1 << number
        for field, lines in self.lines.items():
            self.held[field] = _terms(lines)

    def find(self, field: str, words: Sequence[Typed]) -> int:
        """Rows in which the words stand side by side in one line of the field."""
        held = self.held.get(field, {})
        if len(words) == 1:
            word = words[0]
            return held.get(word.folded, 0) if word.is_plain else self._forms(field, word)
        pairs = (f"{one.folded} {other.folded}" for one, other in pairwise(words))
        near = reduce(and_, (held.get(pair, 0) for pair in pairs))
        if not near or (len(words) == 2 and words[0].is_plain and words[1].is_plain):
            return near
        found = 0
        for stretch, rows in self.lines[field].items():
            if rows & near & ~found and _stand(words, stretch):
                found |= rows
        return found

    def _forms(self, field: str, word: Typed) -> int:
        """Rows with a written form that the word finds."""
        if field not in self._written:
            self._written[field] = _written(self.lines.get(field, {}))
        known = (field, word.exact, word.only)
        found = self._found.get(known)
        if found is None:
            forms = self._written[field].get(word.folded, {})
            found = reduce(or_, (rows for form, rows in forms.items() if word.finds(form)), 0)
            self._found[known] = found
        return found


class Batch:
    """The index of a batch. Its rows of articles are in the order of the documents."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.articles = Rows(
            [document.texts for document in documents],
            [document.keywords for document in documents],
        )

    @cached_property
    def held(self) -> Mapping[str, Mapping[str, int]]:
        """By field, of articles or of conferments, its terms and the rows that hold them."""
        return defaultdict(dict, self.articles.held | self.conferments.held)

    @cached_property
    def conferments(self) -> Rows:
        """All conferments, one article's after the other's."""
        rows = [row for document in self.documents for row in document.conferments]
        return Rows(
            [{CONFERMENT + field: lines for field, lines in row.texts.items()} for row in rows],
            [{f"{CONFERMENT}level": [row.level] if row.level else []} for row in rows],
        )

    @cached_property
    def _owners(self) -> list[tuple[int, int]]:
        """By article with conferments: its bit, and the bits of its conferments."""
        owners, at = [], 0
        for number, document in enumerate(self.documents):
            size = len(document.conferments)
            if size:
                owners.append((1 << number, ((1 << size) - 1) << at))
            at += size
        return owners

    def ids(self, tree: Node) -> set[int]:
        """All articles that a query finds."""
        found = self._find(tree, self.articles, "")
        if not found:
            return set()
        return {one.article_id for n, one in enumerate(self.documents) if found >> n & 1}

    def _find(self, node: Node, rows: Rows, collection: str) -> int:
        match node:
            case Text(words, field):
                return rows.find(collection + (field or "text"), words)
            case And(nodes):
                found = rows.all
                for child in nodes:
                    found &= self._find(child, rows, collection)
                    if not found:
                        break
                return found
            case Or(nodes):
                return reduce(or_, (self._find(child, rows, collection) for child in nodes))
            case Not(child):
                return rows.all & ~self._find(child, rows, collection)
            case Keyword(field, value):
                return rows.held.get(keyword_field(field, collection), {}).get(value, 0)
            case Conferment(child):
                found = self._find(child, self.conferments, CONFERMENT)
                return sum(article for article, own in self._owners if found & own)
            case Dates():
                return self._on(node)
            case Everything():
                return rows.all

    def _on(self, asked: Dates) -> int:
        days = [local_day(document.published_at) for document in self.documents]
        return sum(
            1 << number
            for number, day in enumerate(days)
            if (not asked.since or day >= asked.since) and (not asked.until or day <= asked.until)
        )


def keyword_field(field: str, collection: str) -> str:
    """Under which name `Rows.held` has the values that a `Keyword` asks for."""
    if field == "level" and not collection:
        field = "award_level"
    return f"{VALUE}{collection}{field}"


def is_of_conferments(field: str) -> bool:
    """Whether the terms of that name in `Batch.held` are conferments'."""
    return field.removeprefix(VALUE).startswith(CONFERMENT)


def _terms(lines: Mapping[Stretch, int]) -> dict[str, int]:
    held: dict[str, int] = {}
    for stretch, rows in lines.items():
        words = stretch.folded.split()
        for word in words:
            held[word] = held.get(word, 0) | rows
        for one, other in pairwise(words):
            pair = f"{one} {other}"
            held[pair] = held.get(pair, 0) | rows
    return held


def _written(lines: Mapping[Stretch, int]) -> dict[str, dict[str, int]]:
    """By folded word, the forms in which it is written and the rows that hold them."""
    held: dict[str, int] = {}
    for stretch, rows in lines.items():
        for word in stretch.exact.split():
            held[word] = held.get(word, 0) | rows
    written: dict[str, dict[str, int]] = {}
    for word, rows in held.items():
        folded, _, form = word.partition("=")
        written.setdefault(folded, {})[form] = rows
    return written


def _stand(words: Sequence[Typed], stretch: Stretch) -> bool:
    """Whether the words stand in the line, side by side and in order."""
    written = [word.partition("=") for word in stretch.exact.split()]
    return any(
        all(
            word.folded == folded and (word.is_plain or word.finds(form))
            for word, (folded, _, form) in zip(words, written[start:], strict=False)
        )
        for start in range(len(written) - len(words) + 1)
    )

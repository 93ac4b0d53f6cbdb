"""The tree as a query of Elasticsearch: the same rules and weights as for the embedded engine.

Written forms and matching conferments must be known beforehand: `marked_words` and `conferments` say
which a tree needs, and the compiler is given the answers. What must hold but shall not rank scores 0.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from search_api.index.document import written
from search_api.index.schema import exact_field, folded_field, orders_of
from search_api.query.tree import And, Conferment, Dates, Everything, Keyword, Node, Not, Or, Text
from search_api.query.weights import (
    AS_TYPED,
    COMPOUND,
    LONGEST_COMPOUND,
    LONGEST_RUN,
    SIDE_BY_SIDE,
    TITLE,
    is_single_word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from diembao.vietnamese.marks import Typed

Query = dict[str, Any]

EVERYTHING: Query = {"constant_score": {"filter": {"match_all": {}}, "boost": 0.0}}
NOTHING: Query = {"match_none": {}}


def marked_words(node: Node) -> Iterator[Typed]:
    """The typed words whose written forms must be known."""
    match node:
        case Text(words):
            if not all(word.is_plain for word in words):
                yield from words
        case And(nodes):
            for run in runs(nodes):  # they are looked for side by side too
                yield from marked_words(Text(run))
            for child in nodes:
                yield from marked_words(child)
        case Or(nodes):
            for child in nodes:
                yield from marked_words(child)
        case Not(child) | Conferment(child):
            yield from marked_words(child)
        case Everything() | Keyword() | Dates():
            pass


def runs(nodes: Sequence[Node]) -> Iterator[tuple[Typed, ...]]:
    """Single words of the text that were typed one after the other."""
    for is_single, group in groupby(nodes, is_single_word):
        if is_single:
            yield tuple(text.words[0] for text in group if isinstance(text, Text))


def conferments(node: Node) -> Iterator[Conferment]:
    """The questions about one conferment, which are asked of their own collection first."""
    match node:
        case Conferment():
            yield node
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from conferments(child)
        case Not(child):
            yield from conferments(child)
        case Everything() | Keyword() | Dates() | Text():
            pass


class Compiler:
    """Compiles for articles, or for conferments with `is_conferment`.

    `vocabulary` holds the marked written forms by folded word; `revisions` those of the articles of
    which each question about a conferment holds.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, Sequence[str]],
        revisions: Mapping[Conferment, Sequence[str]] | None = None,
        *,
        is_conferment: bool = False,
    ) -> None:
        self.vocabulary = vocabulary
        self.revisions = revisions or {}
        self.is_conferment = is_conferment

    def compile(self, node: Node) -> Query:
        """The query that finds what the node asks for."""
        match node:
            case Everything():
                return EVERYTHING
            case Text():
                return (
                    self.default_text(node) if node.field is None else self.text(node, node.field)
                )
            case Keyword("level", value) if not self.is_conferment:
                return keyword("award_level", value)
            case Keyword(field, value):
                return keyword(field, value)
            case Dates(since, until):
                return days(since, until)
            case And(nodes):
                return self.all_of(nodes)
            case Or(nodes):
                return {"bool": {"should": [self.compile(child) for child in nodes]}}
            case Not():
                return self.all_of((node,))
            case Conferment():
                return unscored({"terms": {"revision": list(self.revisions[node])}})

    def all_of(self, nodes: Sequence[Node]) -> Query:
        """All of them; the negative ones excluded; what raises rank beside them."""
        excluded = [self.compile(node.node) for node in nodes if isinstance(node, Not)]
        required = [self.compile(node) for node in nodes if not isinstance(node, Not)]
        raising = [] if self.is_conferment else list(self.raising(nodes))
        return {
            "bool": {
                "must": required or [EVERYTHING],
                "must_not": excluded,
                "should": raising,
            }
        }

    def raising(self, nodes: Sequence[Node]) -> Iterator[Query]:
        """Queries for single words of the text that were typed one after the other."""
        for words in runs(nodes):
            for size in range(2, LONGEST_COMPOUND + 1):
                for start in range(len(words) - size + 1):
                    joined = "_".join(word.exact for word in words[start : start + size])
                    yield boosted(phrase("compounds", [joined]), COMPOUND)
            if 1 < len(words) <= LONGEST_RUN:
                yield boosted(self.text(Text(words), "text"), SIDE_BY_SIDE)

    def default_text(self, node: Text) -> Query:
        """The text, all the more if the title says so too."""
        found = self.text(node, "text")
        if self.is_conferment:
            return found
        return {"bool": {"must": [found], "should": [boosted(self.text(node, "title"), TITLE)]}}

    def text(self, node: Text, field: str) -> Query:
        """The words side by side in one field."""
        if all(word.is_plain for word in node.words):
            return phrase(folded_field(field), [word.folded for word in node.words])
        field = exact_field(field)
        alternatives = [self.forms(word) for word in node.words]
        if not all(alternatives):
            return NOTHING
        if len(node.words) == 1:
            return any_of(field, node.words[0], alternatives[0])
        if all(len(forms) == 1 for forms in alternatives):
            return phrase(field, [forms[0] for forms in alternatives])
        side_by_side = [one_of(field, forms) for forms in alternatives]
        found = {"span_near": {"clauses": side_by_side, "slop": 0, "in_order": True}}
        as_typed = phrase(field, [written(word.exact, word.folded) for word in node.words])
        return {"bool": {"must": [found], "should": [boosted(as_typed, AS_TYPED)]}}

    def forms(self, word: Typed) -> list[str]:
        """The written forms that the word finds; the unmarked one is in no vocabulary."""
        begin = f"{word.folded}="
        known = (*self.vocabulary.get(word.folded, ()), written(word.folded, word.folded))
        return [form for form in known if word.finds(form.removeprefix(begin))]


def keyword(field: str, value: str) -> Query:
    """Rows that carry the value, without score."""
    return unscored({"term": {field: value}})


def days(since: date | None, until: date | None) -> Query:
    """Articles of these local days."""
    least, greatest = orders_of(since, until)
    if least is None and greatest is None:
        return EVERYTHING
    return unscored({"range": {"order": {"gte": least, "lte": greatest}}})


def phrase(field: str, words: Sequence[str]) -> Query:
    """One word, or several side by side."""
    return {"match_phrase": {field: " ".join(words)}}


def any_of(field: str, word: Typed, forms: Sequence[str]) -> Query:
    """Any written form, the one that was typed first."""
    return {
        "bool": {
            "should": [
                {"term": {field: {"value": form, "boost": weight}}}
                for form in forms
                for weight in [AS_TYPED if form.endswith(f"={word.exact}") else 1.0]
            ]
        }
    }


def one_of(field: str, forms: Sequence[str]) -> Query:
    """A position of a phrase."""
    terms: list[Query] = [{"span_term": {field: form}} for form in forms]
    return terms[0] if len(terms) == 1 else {"span_or": {"clauses": terms}}


def boosted(query: Query, weight: float) -> Query:
    """The same hits with the score multiplied."""
    return {"bool": {"must": [query], "boost": weight}}


def unscored(query: Query) -> Query:
    """The same hits with score 0."""
    return {"constant_score": {"filter": query, "boost": 0.0}}

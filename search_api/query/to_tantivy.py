"""The tree as a query of Tantivy.

Plain words go to the folded field, words with marks to the exact one, as the written forms that the
index knows and the typed word finds: alternatives at a position of a phrase, never a product of
phrases. What raises rank only (title, the form as typed, compounds, typed words side by side) stands
beside what is required and adds no hit.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tantivy import FieldType, Occur, Query

from search_api.index.columns import article_ids
from search_api.index.document import written
from search_api.index.schema import CONFERMENT, exact_field, folded_field, orders_of
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
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from tantivy import Schema, Searcher

    from diembao.vietnamese.marks import Typed


class Compiler:
    """Compiles against one searcher, whose dictionary gives the written forms.

    `collection` is empty for articles, or the beginning of the field names of conferments.
    """

    def __init__(self, schema: Schema, searcher: Searcher, collection: str = "") -> None:
        self.schema = schema
        self.searcher = searcher
        self.collection = collection

    def compile(self, node: Node) -> Query:
        """The query that finds what the node asks for."""
        match node:
            case Everything():
                return self.everything()
            case Text():
                return (
                    self.default_text(node) if node.field is None else self.text(node, node.field)
                )
            case Keyword("level", value) if not self.collection:
                return self.keyword("award_level", value)
            case Keyword(field, value):
                return self.keyword(self.collection + field, value)
            case Dates(since, until):
                return self.days(since, until)
            case And(nodes):
                return self.all_of(nodes)
            case Or(nodes):
                return Query.boolean_query([(Occur.Should, self.compile(child)) for child in nodes])
            case Not():
                return self.all_of((node,))
            case Conferment(child):
                return self.conferment(child)

    def everything(self) -> Query:
        """The whole collection, without score."""
        kind = Query.term_query(self.schema, "kind", "conferment" if self.collection else "article")
        return Query.const_score_query(kind, 0.0)

    def keyword(self, field: str, value: str) -> Query:
        """Rows that carry the value, without score."""
        return Query.const_score_query(
            Query.term_query(self.schema, field, value, index_option="basic"), 0.0
        )

    def days(self, since: date | None, until: date | None) -> Query:
        """Articles of these local days."""
        least, greatest = orders_of(since, until)
        if least is None and greatest is None:
            return self.everything()
        found = Query.range_query(self.schema, "order", FieldType.Integer, least, greatest)
        return Query.const_score_query(found, 0.0)

    def all_of(self, nodes: Sequence[Node]) -> Query:
        """All of them; the negative ones excluded; what raises rank beside them."""
        clauses: list[tuple[Occur, Query]] = []
        for node in nodes:
            if isinstance(node, Not):
                clauses.append((Occur.MustNot, self.compile(node.node)))
            else:
                clauses.append((Occur.Must, self.compile(node)))
        if all(occur is Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, self.everything()))
        if not self.collection:
            clauses += [(Occur.Should, raising) for raising in self.raising(nodes)]
        return Query.boolean_query(clauses)

    def raising(self, nodes: Sequence[Node]) -> Iterator[Query]:
        """Queries for single words of the text that were typed one after the other."""
        for is_single, group in groupby(nodes, is_single_word):
            words = [text.words[0] for text in group if isinstance(text, Text)]
            if not is_single or len(words) < 2:
                continue
            for size in range(2, LONGEST_COMPOUND + 1):
                for start in range(len(words) - size + 1):
                    joined = "_".join(word.exact for word in words[start : start + size])
                    found = Query.term_query(self.schema, "compounds", joined, index_option="freq")
                    yield Query.boost_query(found, COMPOUND)
            if len(words) <= LONGEST_RUN:
                yield Query.boost_query(self.text(Text(tuple(words)), "text"), SIDE_BY_SIDE)

    def default_text(self, node: Text) -> Query:
        """The text, all the more if the title says so too."""
        found = self.text(node, "text")
        if self.collection:
            return found
        title = Query.boost_query(self.text(node, "title"), TITLE)
        return Query.boolean_query([(Occur.Must, found), (Occur.Should, title)])

    def text(self, node: Text, field: str) -> Query:
        """The words side by side in one field."""
        field = self.collection + field
        if all(word.is_plain for word in node.words):
            return self.phrase(folded_field(field), [word.folded for word in node.words])
        field = exact_field(field)
        alternatives = [self.forms(field, word) for word in node.words]
        if not all(alternatives):
            return Query.empty_query()
        if len(node.words) == 1:
            return self.any_of(field, node.words[0], alternatives[0])
        if all(len(forms) == 1 for forms in alternatives):
            return self.phrase(field, [forms[0] for forms in alternatives])
        # forms are letters, digits, marks and "=": none of them means anything to a regex
        found = Query.regex_phrase_query(self.schema, field, ["|".join(f) for f in alternatives])
        as_typed = self.phrase(field, [written(word.exact, word.folded) for word in node.words])
        raising = Query.boost_query(as_typed, AS_TYPED)
        return Query.boolean_query([(Occur.Must, found), (Occur.Should, raising)])

    def phrase(self, field: str, words: list[str]) -> Query:
        """One word, or several side by side."""
        if len(words) == 1:
            return Query.term_query(self.schema, field, words[0], index_option="freq")
        return Query.phrase_query(self.schema, field, list(words))

    def any_of(self, field: str, word: Typed, forms: Iterable[str]) -> Query:
        """Any written form, the one that was typed first."""
        clauses = []
        for form in forms:
            found = Query.term_query(self.schema, field, form, index_option="freq")
            weight = AS_TYPED if form.endswith(f"={word.exact}") else 1.0
            clauses.append((Occur.Should, Query.boost_query(found, weight)))
        return Query.boolean_query(clauses)

    def forms(self, field: str, word: Typed) -> list[str]:
        """The written forms in the field that the word finds."""
        begin = f"{word.folded}="
        known = self.searcher.terms_with_prefix(field, begin)
        return [form for form, _ in known if word.finds(form.removeprefix(begin))]

    def conferment(self, node: Node) -> Query:
        """Articles with a conferment of which all this holds."""
        query = Compiler(self.schema, self.searcher, CONFERMENT).compile(node)
        ids = article_ids(self.searcher, query)
        articles = Query.term_set_query(self.schema, "id", sorted(ids))
        return Query.const_score_query(
            Query.boolean_query([(Occur.Must, articles), (Occur.Must, self.everything())]), 0.0
        )

"""Why a search found an article: for each part of the query and each filter, what of the article answers it.

Words that were typed one after the other are one part. Parts that exclude, and those of an OR that the
article does not answer, give no reason.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from pydantic import BaseModel

from diembao.article import BlockKind
from diembao.vietnamese.dates import local
from diembao.vietnamese.highlight import find
from search_api.index.document import printed, printed_of
from search_api.query import parse
from search_api.query.tree import And, Conferment, Dates, Keyword, Node, Not, Or, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from diembao.archived import ArchivedArticle
    from diembao.vietnamese.marks import Typed

MOST = 8
"""Printed forms that a reason names at most."""

PLACES = {
    BlockKind.TITLE: "title", BlockKind.LEAD: "lead", BlockKind.CAPTION: "caption",
}  # fmt: skip
"""Where in the text something stands; everything else is the body."""


class Reason(BaseModel):
    """What answers a part of a search.

    `field`: `text`, a field of the query language, or a facet. `asked`: the part, as it was understood.
    `found`: what answers it, as printed. `places`: how often, in `title`, `lead`, `body` and `caption`.
    `record`: the record that answers it (`award-0` is the first of `extraction.awards`).
    """

    field: str
    asked: str
    found: list[str]
    places: dict[str, int] = {}
    record: str | None = None


def reasons(query: str, filters: Iterable[str], item: ArchivedArticle) -> list[Reason]:
    """All reasons, in the order of the query. Raises BadInputError for a query that cannot be answered."""
    found = list(_Article(item).answers(parse(query).tree))
    for pair in filters:
        field, _, value = pair.partition(":")
        if reason := _of_filter(field, value, item):
            found.append(reason)
    return found


class _Article:
    """Answers the parts of a query out of one article."""

    def __init__(self, item: ArchivedArticle) -> None:
        self.item = item
        self.lines = printed(item)

    def answers(self, node: Node) -> Iterator[Reason]:
        match node:
            case And(nodes):
                for is_run, group in groupby(nodes, _is_word):
                    if is_run:
                        yield from self.in_text(
                            [one.words for one in group if isinstance(one, Text)]
                        )
                    else:
                        for child in group:
                            yield from self.answers(child)
            case Or(nodes):
                for child in nodes:
                    yield from self.answers(child)
            case Text(words, None):
                yield from self.in_text([words])
            case Text(words, str(field)):
                yield from self.in_lines(words, field)
            case Keyword(field, value):
                if reason := _of_filter(
                    "award_level" if field == "level" else field, value, self.item
                ):
                    yield reason
            case Dates(since, until):
                day = local(self.item.article.date).date()
                if (since is None or since <= day) and (until is None or day <= until):
                    yield Reason(field="date", asked="", found=[f"{day:%d/%m/%Y}"])
            case Conferment(child):
                yield from self.in_conferments(child)

    def in_text(self, terms: Sequence[Sequence[Typed]]) -> Iterator[Reason]:
        forms: Counter[str] = Counter()
        places: Counter[str] = Counter()
        for block in self.item.article.blocks:
            if block.kind is BlockKind.BYLINE:
                continue
            for span in find(block.text, terms):
                forms[block.text[slice(*span)]] += 1
                places[PLACES.get(block.kind, "body")] += 1
        if forms:
            longest = sorted(forms, key=lambda form: (-len(form.split()), -forms[form], form))
            asked = " ".join(_typed(words) for words in terms)
            yield Reason(field="text", asked=asked, found=longest[:MOST], places=dict(places))

    def in_lines(self, words: Sequence[Typed], field: str) -> Iterator[Reason]:
        lines = dict.fromkeys(line for line in self.lines.get(field, ()) if find(line, [words]))
        if lines:
            yield Reason(field=field, asked=_typed(words), found=list(lines)[:MOST])

    def in_conferments(self, node: Node) -> Iterator[Reason]:
        awards = self.item.extraction.awards if self.item.extraction else ()
        for number, award in enumerate(awards):
            if _holds(node, printed_of(award), award.level):
                told = "; ".join(award.recipients[:MOST])
                found = [f"{award.award}: {told}" if told else award.award]
                yield Reason(field="conferment", asked="", found=found, record=f"award-{number}")


def _is_word(node: Node) -> bool:
    return isinstance(node, Text) and node.field is None and len(node.words) == 1


def _typed(words: Sequence[Typed]) -> str:
    said = " ".join(f"={word.exact}" if word.only else word.exact for word in words)
    return f"“{said}”" if len(words) > 1 else said


def _holds(node: Node, lines: dict[str, list[str]], level: str | None) -> bool:
    """Whether all this holds of one conferment."""
    match node:
        case And(nodes):
            return all(_holds(one, lines, level) for one in nodes)
        case Or(nodes):
            return any(_holds(one, lines, level) for one in nodes)
        case Not(child):
            return not _holds(child, lines, level)
        case Keyword(_, value):
            return level == value
        case Text(words, field):
            return any(find(line, [words]) for line in lines[field or "text"])
        case _:
            return True


def _of_filter(field: str, value: str, item: ArchivedArticle) -> Reason | None:
    """Why a whole value of a field is the article's."""
    found: list[str] = []
    record = None
    match field:
        case "source" if item.source.name == value:
            found = [item.source.title]
        case "source_level" if item.source.level == value:
            found = [item.source.title]
        case "source_province" if item.source.province == value:
            found = [item.source.title]
        case "month":
            found = [f"{local(item.article.date):%d/%m/%Y}"]
        case "province":
            found = [one.name for one in item.entities.values() if one.province == value]
            found = found or [item.source.title]
        case "award_level" if item.extraction:
            levels = [award.level for award in item.extraction.awards]
            if value in levels:
                number = [*levels].index(value)  # type: ignore[arg-type]
                found = [item.extraction.awards[number].award]
                record = f"award-{number}"
        case _ if value in item.entities:
            found = [item.entities[value].name]
    if not found:
        return None
    asked = found[0] if value in item.entities else value
    return Reason(field=field, asked=asked, found=found[:MOST], record=record)

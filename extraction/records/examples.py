"""Training examples: the pairs of annotated articles, with their answers.

A pair is a yes where the records say so. An award or model named several times takes its yes from
the mentions that stand closest to the name in question; the other matching pairs are left out of
training, since the text does not say there what the record says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from diembao.records import Label, Mention
from extraction.components import decide
from extraction.components.cluster import cluster
from extraction.records import Records, conferments, models
from extraction.records.forms import office
from extraction.records.page import PRONOUN, Name, Page
from extraction.records.relation import Pairs
from extraction.training.score import folded

if TYPE_CHECKING:
    from extraction.records.forest import Forest

Row = Mapping[str, Any]
"""An annotated article as the corpus keeps it: id, text, mentions and records."""


Couples = Iterator[tuple[Name, Name, list[object]]]
"""Anchors with candidates and the facts on record that each of the two matches."""
Formed = Mapping[str, set[str]]
"""The folded forms of each entity."""
Distance = tuple[bool, int, int]


@dataclass
class Examples:
    """Pairs of one ranker: features, answers and the article each belongs to."""

    rows: list[Mapping[str, float]] = field(default_factory=list)
    answers: list[bool] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)

    def without(self, fold: int, folds: int) -> Examples:
        """The pairs of all articles but those of one fold."""
        kept = [at for at, article in enumerate(self.articles) if article % folds != fold]
        return Examples(
            [self.rows[at] for at in kept],
            [self.answers[at] for at in kept],
            [self.articles[at] for at in kept],
        )

    def add(self, features: Mapping[str, float], answer: bool, article: int) -> None:
        """One more pair."""
        self.rows.append(features)
        self.answers.append(answer)
        self.articles.append(article)


def mentions_of(row: Row) -> tuple[Mention, ...]:
    """The annotated mentions, clustered."""
    spans = sorted(row["mentions"])
    return cluster(
        row["text"], [Mention(start, end, Label(label)) for start, end, label, *_ in spans]
    )


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _answered(pairs: Pairs, couples: Couples) -> Iterator[tuple[Name, Name, bool]]:
    """Each pair with its answer, given the record facts that it matches; unclear pairs are left out."""
    listed = list(couples)
    closest: dict[object, Distance] = {}
    for anchor, other, facts in listed:
        for fact in facts:
            near = _distance(pairs, anchor, other)
            closest[fact] = min(closest.get(fact, near), near)
    for anchor, other, facts in listed:
        near = _distance(pairs, anchor, other)
        yes = any(anchor.sentence == other.sentence or near == closest[fact] for fact in facts)
        if yes or not facts:
            yield anchor, other, yes


def _distance(pairs: Pairs, anchor: Name, other: Name) -> Distance:
    apart = anchor.sentence != other.sentence and not pairs.governs(anchor, other)
    return apart, abs(anchor.line - other.line), abs(anchor.start - other.start)


def collect(rows: Sequence[Row]) -> dict[str, Examples]:
    """The examples of the rankers that judge first: `recipients`, `conferrers`, `owners`."""
    out: dict[str, Examples] = defaultdict(Examples)
    for article, row in enumerate(rows):
        pairs = Pairs(Page.read(row["text"], mentions_of(row)))
        forms = _forms(pairs.page)
        for ranker, couples in (
            ("recipients", _recipients(pairs, row, forms)),
            ("conferrers", _conferrers(pairs, row, forms)),
            ("owners", _owners(pairs, row, forms)),
        ):
            for anchor, other, answer in _answered(pairs, couples):
                out[ranker].add(pairs.features(anchor, other), answer, article)
    return dict(out)


def collect_joint(rows: Sequence[Row], first: Callable[[int], Forest]) -> Examples:
    """The examples of the second judgement, after a first by a ranker that has not seen the article."""
    out = Examples()
    for article, row in enumerate(rows):
        pairs = Pairs(Page.read(row["text"], mentions_of(row)))
        told = _answered(pairs, _recipients(pairs, row, _forms(pairs.page)))
        answers = {(anchor.order, other.order): answer for anchor, other, answer in told}
        for couples, features in conferments.judged(pairs, first(article)):
            for (anchor, other), known in zip(couples, features, strict=True):
                if (anchor.order, other.order) in answers:
                    out.add(known, answers[anchor.order, other.order], article)
    return out


def _forms(page: Page) -> dict[str, set[str]]:
    forms: dict[str, set[str]] = defaultdict(set)
    for name in page.names:
        if name.label != PRONOUN:
            forms[name.entity].add(folded(name.text))
    return forms


def _recipients(pairs: Pairs, row: Row, forms: Formed) -> Couples:
    gold = [
        (folded(a["award"]), folded(who)) for a in row["awards"] for who in _listed(a["recipients"])
    ]
    for anchor in pairs.page.of(Label.AWARD):
        kinds = forms[anchor.entity]
        for other in pairs.candidates(anchor, conferments.RECIPIENTS):
            yield (
                anchor,
                other,
                [fact for fact in gold if fact[0] in kinds and fact[1] in forms[other.entity]],
            )


def _conferrers(pairs: Pairs, row: Row, forms: Formed) -> Couples:
    """Only anchors whose sentence names a recipient on record are asked for the conferrer."""
    for anchor in pairs.page.of(Label.AWARD):
        records = [a for a in row["awards"] if folded(a["award"]) in forms[anchor.entity]]
        near = {
            form
            for n in pairs.page.names
            if n.sentence == anchor.sentence
            for form in forms[n.entity]
        }
        told = [a for a in records if any(folded(who) in near for who in _listed(a["recipients"]))]
        for record in (told or records)[:1]:
            giver = folded(record.get("conferrer"))
            for other in pairs.candidates(anchor, conferments.CONFERRERS):
                named = folded(office(pairs.page, other))
                right = giver and (
                    named == giver or (other.label != Label.ROLE and giver in forms[other.entity])
                )
                yield anchor, other, [(anchor.order, giver)] if right else []


def _owners(pairs: Pairs, row: Row, forms: Formed) -> Couples:
    gold = {folded(model["name"]): folded(model.get("owner")) for model in row["models"]}
    for anchor in pairs.page.of(Label.MODEL):
        owner = gold.get(folded(anchor.text))
        if owner is None:
            continue
        for other in pairs.candidates(anchor, models.OWNERS):
            yield (
                anchor,
                other,
                [(folded(anchor.text), owner)] if owner and owner in forms[other.entity] else [],
            )


def decisions(rows: Sequence[Row], judged: Mapping[str, Records]) -> Examples:
    """The examples of the decision: one for each article, with the records read out of it."""
    out = Examples()
    for article, row in enumerate(rows):
        found = judged[row["id"]]
        mentions = mentions_of(row)
        features = decide.features(row["text"], mentions, found.conferments, found.certainty)
        out.add(features, bool(row["is_award_article"]), article)
    return out

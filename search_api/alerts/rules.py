"""Which facts of which articles a subscription is told.

- An **event** subscription is asked of each conferment separately, as if the article had been
  printed with that award alone: its conditions on records (`level:`, `recipient:`, `conferrer:`,
  `conferment:(...)`) then hold for the one conferment or not at all, and words are looked for in
  the whole article. One candidate for each award event that matches. An empty query matches every
  conferment.
- A **story** subscription is asked of the article. One candidate for the article's story. Of the
  article's conferments it is told those that match by themselves, or all if none does.
- The facts of a candidate are the award, recipients, conferrer, level, model and date of the
  conferments told, in matching form and whatever their order: a retouched sentence is no new fact.
- Only articles first seen after the subscription was made count.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diembao.errors import BadInputError
from diembao.records import Label
from diembao.vietnamese.folding import exact
from search_api.alerts.matcher import match, validate
from search_api.index import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from diembao.archive.alerts import Subscription
    from diembao.archived import ArchivedArticle
    from diembao.records import Conferment

SUBJECTS = ("event", "story")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject that a subscription might be told about, as one article has it."""

    subscription: Subscription
    archived: ArchivedArticle
    subject: str
    conferments: tuple[Conferment, ...]

    @property
    def facts(self) -> str:
        """Digest of the award facts."""
        told = sorted({_facts(conferment) for conferment in self.conferments})
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def check(query: str, subject: str) -> None:
    """Refuse what can be no subscription. Raises BadInputError with one sentence."""
    if subject not in SUBJECTS:
        raise BadInputError("Hãy chọn báo theo sự kiện khen thưởng (event) hoặc theo tin (story).")
    if query.strip():
        validate(query)
    elif subject == "story":
        raise BadInputError(
            "Hãy nhập điều kiện tìm; chỉ mục theo dõi sự kiện khen thưởng mới được để trống."
        )


def candidates(
    archived: Sequence[ArchivedArticle], subscriptions: Sequence[Subscription]
) -> list[Candidate]:
    """All that a batch of articles has for the subscriptions, in the order of the articles."""
    events = [one for one in subscriptions if one.subject == "event"]
    stories = [one for one in subscriptions if one.subject == "story"]
    found = [*_of_events(archived, events), *_of_stories(archived, stories)]
    place = {article.id: n for n, article in enumerate(archived)}
    fresh = [one for one in found if one.archived.first_seen_at >= one.subscription.created_at]
    return sorted(fresh, key=lambda one: place[one.archived.id])


@dataclass(frozen=True, slots=True)
class _Single:
    """One conferment of an article, and the article as if that were its only one."""

    archived: ArchivedArticle
    ordinal: int

    @property
    def conferment(self) -> Conferment:
        assert self.archived.extraction
        return self.archived.extraction.awards[self.ordinal]

    def alone(self, number: int) -> ArchivedArticle:
        extraction, conferment = self.archived.extraction, self.conferment
        assert extraction
        start, end = conferment.evidence
        mentions = tuple(
            mention
            for mention in extraction.mentions
            if mention.label is not Label.AWARD or start <= mention.start < end
        )
        linked = {mention.entity for mention in mentions}
        entities = {
            key: entity
            for key, entity in self.archived.entities.items()
            if entity.label is not Label.AWARD or key in linked
        }
        return replace(
            self.archived,
            id=number,
            entities=entities,
            extraction=extraction.model_copy(
                update={"awards": (conferment,), "mentions": mentions}
            ),
            event_ids=self.archived.event_ids[self.ordinal : self.ordinal + 1],
        )


def _singles(archived: Iterable[ArchivedArticle]) -> list[_Single]:
    return [
        _Single(article, ordinal)
        for article in archived
        if article.extraction
        for ordinal in range(len(article.event_ids))
    ]


def _matched(
    articles: Sequence[ArchivedArticle], subscriptions: Sequence[Subscription]
) -> Mapping[int, set[int]]:
    """By subscription, the identifiers of the articles that match."""
    everything = {
        one.id: {article.id for article in articles}
        for one in subscriptions
        if not one.query.strip()
    }
    queries = {one.id: one.query for one in subscriptions if one.query.strip()}
    if not articles or not queries:
        return everything
    return everything | match([document.build(article) for article in articles], queries)


def _of_events(
    archived: Sequence[ArchivedArticle], subscriptions: Sequence[Subscription]
) -> Iterable[Candidate]:
    singles = _singles(archived)
    matched = _matched([single.alone(n) for n, single in enumerate(singles)], subscriptions)
    for subscription in subscriptions:
        events: dict[tuple[int, int], list[_Single]] = {}
        for number in sorted(matched.get(subscription.id, ())):
            single = singles[number]
            event_id = single.archived.event_ids[single.ordinal]
            events.setdefault((single.archived.id, event_id), []).append(single)
        for (_, event_id), parts in events.items():
            told = tuple(single.conferment for single in parts)
            yield Candidate(subscription, parts[0].archived, f"event:{event_id}", told)


def _of_stories(
    archived: Sequence[ArchivedArticle], subscriptions: Sequence[Subscription]
) -> Iterable[Candidate]:
    matched = _matched(archived, subscriptions)
    hits = set().union(*matched.values())
    singles = _singles(article for article in archived if article.id in hits)
    asked = [one for one in subscriptions if matched.get(one.id)]
    alone = _matched([single.alone(n) for n, single in enumerate(singles)], asked)
    for subscription in asked:
        for article in archived:
            if article.id not in matched[subscription.id]:
                continue
            own = [n for n, single in enumerate(singles) if single.archived.id == article.id]
            told = [n for n in own if n in alone.get(subscription.id, ())] or own
            story = article.story_id
            yield Candidate(
                subscription,
                article,
                f"article:{article.id}" if story is None else f"story:{story}",
                tuple(singles[n].conferment for n in told),
            )


def _facts(conferment: Conferment) -> str:
    plain = conferment.model_dump(mode="json", exclude={"evidence"})
    plain["recipients"] = sorted(exact(name) for name in conferment.recipients)
    for key in ("award", "conferrer", "for_model"):
        plain[key] = exact(plain[key] or "")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)

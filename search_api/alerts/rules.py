"""Which facts of which articles a subscription is told.

- An **event** subscription is asked of each conferment separately (`singles`). One candidate for
  each award event that matches. An empty query matches every conferment.
- A **model** subscription is asked of each model or exemplar in the same way. One candidate for
  each; an empty query matches every one.
- A **story** subscription is asked of the article. One candidate for the article's story. Of the
  article's conferments it is told those that match by themselves, or all if none does.
- A **first** subscription is asked of the article, and is told one article, ever.
- **Surge** and **silence** are told by the clock and not by an article (`trends`).
- The facts of a candidate are those of the records told (award, recipients, conferrer, level, model
  and date; or name, owner and movement), in matching form and whatever their order: a retouched
  sentence is no new fact.
- Only articles first seen after the subscription was made count, of `first` all that are judged
  since.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diembao.errors import BadInputError
from diembao.records import Conferment
from diembao.vietnamese.folding import exact
from search_api.alerts.asking import asked_by
from search_api.alerts.matcher import match
from search_api.alerts.singles import AwardSingle, ModelSingle, awards_of, models_of
from search_api.index import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from diembao.archive.alerts import Rule
    from diembao.archived import ArchivedArticle
    from search_api.alerts.asking import Asked
    from search_api.alerts.singles import Record, Single

OF_RECORDS = ("event", "model")
OF_ARTICLES = ("story", "first")
OF_DAYS = ("surge", "silence")
SUBJECTS = (*OF_RECORDS, *OF_ARTICLES, *OF_DAYS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject that a subscription might be told about, as one article has it.

    `entity` is that of a model, where known.
    """

    rule: Rule
    archived: ArchivedArticle
    subject: str
    records: tuple[Record, ...]
    entity: str | None = None

    @property
    def facts(self) -> str:
        """Digest of the facts told."""
        told = sorted({_facts(record) for record in self.records})
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def check(asked: Asked, subject: str) -> None:
    """Refuse what can be no subscription. Raises BadInputError with one sentence."""
    if subject not in SUBJECTS:
        raise BadInputError(
            f"Không có cách báo “{subject}”; hãy chọn một trong: {', '.join(SUBJECTS)} (no such subject)."
        )
    if subject in OF_RECORDS and not asked.query.strip():
        asked.check_filters()
    elif not asked.is_everything:
        asked.check()
    else:
        raise BadInputError(
            "Hãy nhập điều kiện tìm; chỉ mục theo dõi sự kiện khen thưởng hoặc mô hình mới được để trống."
        )


def candidates(archived: Sequence[ArchivedArticle], rules: Sequence[Rule]) -> list[Candidate]:
    """All that a batch of articles has for the subscriptions, in the order of the articles."""
    asked = {rule.subject for rule in rules}
    awards = awards_of(archived) if asked & {"event", "story"} else []
    models = models_of(archived) if "model" in asked else []
    singles: list[Single] = [*awards, *models]
    matched = _matched([*archived, *(single.alone() for single in singles)], rules)
    places = range(len(archived))
    found: list[Candidate] = []
    for rule in rules:
        if not (hits := matched.get(rule.id)):
            continue
        told = [single for n, single in enumerate(singles, len(archived)) if n in hits]
        if rule.subject in OF_RECORDS:
            found += _of_records(rule, told)
        else:
            articles = [archived[n] for n in places if n in hits]
            found += (_of_article(rule, one, told, awards) for one in articles)
    place = {article.id: n for n, article in enumerate(archived)}
    return sorted(filter(_is_fresh, found), key=lambda one: place[one.archived.id])


def _is_fresh(candidate: Candidate) -> bool:
    seen, made = candidate.archived.first_seen_at, candidate.rule.created_at
    return candidate.rule.subject == "first" or seen >= made


def _matched(articles: Sequence[ArchivedArticle], rules: Sequence[Rule]) -> Mapping[int, set[int]]:
    """By subscription, the places of the articles that match."""
    asked = {rule.id: asked_by(rule) for rule in rules}
    everything = {one: set(range(len(articles))) for one in asked if asked[one].is_everything}
    searches = {one: asked[one] for one in asked if one not in everything}
    documents = [document.build(replace(article, id=n)) for n, article in enumerate(articles)]
    return everything | match(documents, searches)


def _of_records(rule: Rule, told: Sequence[Single]) -> Iterator[Candidate]:
    kind = AwardSingle if rule.subject == "event" else ModelSingle
    parts: dict[tuple[int, str], list[Single]] = {}
    for single in told:
        if isinstance(single, kind):
            parts.setdefault((single.archived.id, single.subject), []).append(single)
    for (_, subject), same in parts.items():
        entity = same[0].entity if isinstance(same[0], ModelSingle) else None
        records = tuple(single.record for single in same)
        yield Candidate(rule, same[0].archived, subject, records, entity)


def _of_article(
    rule: Rule, article: ArchivedArticle, told: Sequence[Single], awards: Sequence[AwardSingle]
) -> Candidate:
    own = [single for single in awards if single.archived.id == article.id]
    records = tuple(single.record for single in own if single in told)
    story = article.story_id
    subject = f"article:{article.id}" if story is None else f"story:{story}"
    return Candidate(
        rule,
        article,
        "first" if rule.subject == "first" else subject,
        records or tuple(single.record for single in own),
    )


def _facts(record: Record) -> str:
    plain = record.model_dump(mode="json", exclude={"evidence"})
    if isinstance(record, Conferment):
        plain["recipients"] = sorted(exact(name) for name in record.recipients)
        spelled = ("award", "conferrer", "for_model")
    else:
        spelled = ("name", "owner", "movement")
    for key in spelled:
        plain[key] = exact(plain[key] or "")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)

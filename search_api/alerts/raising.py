"""Raising alerts, inside the transaction that archives a batch of extractions.

- A subject (award event, story) that the subscription was not told is told, by whichever article
  comes first. Reprints and follow-ups find it told and stay silent.
- Told again, as a correction, only when the very article that told it has a new version with
  other award facts; if the edit turned the award into another event (another recipient, say),
  then about that event.
- Events and stories join and part as articles come. What was told follows the article that told
  it: a subject counts as told if it now holds that article's conferment, or that article.
- Where later articles show that what was told as one event are two of the same award and
  recipient, the one that parts from it stays silent until an article tells it anew.
- An article that told a story tells no other story.
- A model that the archive knew before the subscription was made is no news.
- An article older than `settings.alert_days` when it is first seen (an archive that is crawled back,
  old files) tells nothing. As the `first` to match it is told, in a digest.
- Another article that tells what was told goes to the next digest of a subscription that wants
  reprints.
- Each version of an article is judged once, in the transaction that first extracts it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from diembao.archive import alerts, judging
from diembao.archive.engine import RESOLUTION, lock
from diembao.records import EmulationModel
from diembao.vietnamese.folding import exact
from search_api.alerts.asking import brought_up
from search_api.alerts.filing import Filing
from search_api.alerts.message import Message, Printed, compose
from search_api.alerts.rules import OF_DAYS, candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.archive.alerts import Alert
    from diembao.archived import ArchivedArticle
    from diembao.settings import Settings
    from search_api.alerts.rules import Candidate

Identity = tuple[str, str]
"""Award and recipient, in matching form."""


def raise_alerts(
    connection: Connection, archived: Sequence[ArchivedArticle], settings: Settings, now: datetime
) -> int:
    """File the alerts and deliveries that a batch of articles gives rise to; the number of alerts."""
    lock(connection, RESOLUTION)
    versions = {one.id: one.version for one in archived if one.extraction}
    unjudged = judging.take_unjudged(connection, versions)
    rules = alerts.active_rules(connection, but=OF_DAYS) if unjudged else []
    if not rules:
        return 0
    asked = brought_up(connection, rules)
    found = candidates([one for one in archived if one.id in unjudged], asked)
    if not found:
        return 0
    telling = _Telling(connection, settings, now, found)
    return sum(telling.tell(candidate) for candidate in found)


class _History:
    """What the candidates' subscriptions have been told so far, this batch included."""

    def __init__(self, connection: Connection, found: Sequence[Candidate]) -> None:
        events = {int(one.subject[6:]) for one in found if one.subject.startswith("event:")}
        stories = {one.archived.story_id for one in found} - {None}
        self._said: dict[tuple[str, int], set[Identity]] = {}
        for event_id, article_id, conferment in judging.event_tellings(connection, events):
            said = self._said.setdefault((f"event:{event_id}", article_id), set())
            said |= _identities(conferment.award, conferment.recipients)
        members = judging.story_articles(connection, (one for one in stories if one is not None))
        self._stood = {(f"story:{story}", article) for story, article in members}
        self._told: dict[int, list[Alert]] = {}
        asked = sorted({one.rule.id for one in found})
        subjects = {one.subject for one in found}
        article_ids = {one.archived.id for one in found}
        article_ids |= {article for _, article in (*self._said, *self._stood)}
        for alert in alerts.told(connection, asked, subjects, article_ids):
            self.add(alert)

    def add(self, alert: Alert) -> None:
        self._told.setdefault(alert.subscription_id, []).append(alert)

    def last(self, candidate: Candidate) -> Alert | None:
        """The latest alert about the candidate's subject."""
        told = self._told.get(candidate.rule.id, [])
        return next((one for one in reversed(told) if self._is_about(one, candidate)), None)

    def withdrawn(self, candidate: Candidate) -> int:
        """The latest alert of the article on an event that its present version lacks, or 0."""
        told = self._told.get(candidate.rule.id, [])
        present = {f"event:{event_id}" for event_id in candidate.archived.event_ids}
        return max(
            (
                one.id
                for one in told
                if one.article_id == candidate.archived.id
                and one.is_event
                and one.subject not in present
            ),
            default=0,
        )

    def _is_about(self, alert: Alert, candidate: Candidate) -> bool:
        if alert.subject == candidate.subject:
            return True
        if candidate.rule.subject == "story":
            stood = (candidate.subject, alert.article_id) in self._stood
            return not alert.is_event and (stood or alert.article_id == candidate.archived.id)
        if candidate.rule.subject == "model":
            # with another owner it may have become another model
            names = {
                exact(one.name) for one in candidate.records if isinstance(one, EmulationModel)
            }
            told = {exact(model["name"]) for model in alert.message["models"]}
            return alert.article_id == candidate.archived.id and bool(names & told)
        said = self._said.get((candidate.subject, alert.article_id), set())
        awards = Message.model_validate(alert.message).awards if alert.is_event and said else ()
        return any(said & _identities(award.award, award.recipients) for award in awards)


def _identities(award: str, recipients: Iterable[str]) -> set[Identity]:
    return {(exact(award), exact(name)) for name in recipients} or {(exact(award), "")}


class _Telling:
    """Tells the candidates of a batch, one after the other."""

    def __init__(
        self,
        connection: Connection,
        settings: Settings,
        now: datetime,
        found: Sequence[Candidate],
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._now = now
        self._history = _History(connection, found)
        asked = sorted({one.rule.id for one in found})
        self._subscriptions = alerts.subscriptions_of(connection, asked)
        self._filing = Filing(connection, now)
        self._known = judging.first_seen(connection, {one.entity for one in found if one.entity})

    def tell(self, candidate: Candidate) -> bool:
        """Whether that raised an alert."""
        subscription, archived = self._subscriptions[candidate.rule.id], candidate.archived
        last, withdrawn = self._history.last(candidate), self._history.withdrawn(candidate)
        is_old = archived.article.date < archived.first_seen_at - self._age
        if last:
            if last.article_id != archived.id and not is_old:
                printed = Printed.of(archived, self._settings)
                self._filing.add_reprint(subscription, last, printed)
            is_known = last.facts == candidate.facts and last.id > withdrawn
            if is_known or last.article_id != archived.id or last.subject == "first":
                return False
        elif self._is_no_news(candidate, is_old=is_old):
            return False
        message = compose(
            archived,
            candidate.records,
            subscription.name,
            subscription.subject,
            self._settings,
            correction=last is not None or withdrawn > 0,
        )
        alert = alerts.insert_alert(
            self._connection,
            subscription.id,
            subject=last.subject if last else candidate.subject,
            revision=last.revision + 1 if last else 1,
            facts=candidate.facts,
            article_id=archived.id,
            message=message.model_dump(mode="json"),
            now=self._now,
        )
        if alert is None:
            return False
        self._history.add(alert)
        self._filing.file(subscription, alert, wait=is_old)
        return True

    @property
    def _age(self) -> timedelta:
        return timedelta(days=self._settings.alert_days)

    def _is_no_news(self, candidate: Candidate, *, is_old: bool) -> bool:
        if candidate.subject == "first":
            return False
        known = self._known.get(candidate.entity or "")
        return is_old or (known is not None and known < candidate.rule.created_at)

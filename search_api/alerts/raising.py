"""Raising alerts, inside the transaction that archives a batch of extractions.

- A subject (award event, story) that the subscription was not told is told, by whichever article
  comes first. Reprints and follow-ups find it told and stay silent.
- Told again, as a correction, only when the very article that told it has a new version with
  other award facts; if the edit turned the award into another event (another recipient, say),
  then about that event.
- Events and stories join and part as articles come. What was told follows the article that told
  it: a subject counts as told if it now holds that article's conferment, or that article.
- An article that told a story tells no other story.
- Each version of an article is judged once, in the transaction that first extracts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.archive import alerts, deliveries
from diembao.archive.engine import RESOLUTION, lock
from diembao.vietnamese.folding import exact
from search_api.alerts import rules
from search_api.alerts.channels import public_form
from search_api.alerts.message import Message, compose

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
    unjudged = alerts.take_unjudged(connection, versions)
    subscriptions = alerts.active_subscriptions(connection)
    if not unjudged or not subscriptions:
        return 0
    found = rules.candidates([one for one in archived if one.id in unjudged], subscriptions)
    if not found:
        return 0
    history = _History(connection, found)
    return sum(_tell(connection, candidate, history, settings, now) for candidate in found)


class _History:
    """What the candidates' subscriptions have been told so far, this batch included."""

    def __init__(self, connection: Connection, found: Sequence[Candidate]) -> None:
        events = {int(one.subject[6:]) for one in found if one.subject.startswith("event:")}
        stories = {one.archived.story_id for one in found} - {None}
        self._said: dict[tuple[str, int], set[Identity]] = {}
        for event_id, article_id, conferment in alerts.event_tellings(connection, events):
            said = self._said.setdefault((f"event:{event_id}", article_id), set())
            said |= _identities(conferment.award, conferment.recipients)
        members = alerts.story_articles(connection, (one for one in stories if one is not None))
        self._stood = {(f"story:{story}", article) for story, article in members}
        self._told: dict[int, list[Alert]] = {}
        asked = sorted({one.subscription.id for one in found})
        subjects = {one.subject for one in found}
        article_ids = {one.archived.id for one in found}
        article_ids |= {article for _, article in (*self._said, *self._stood)}
        for alert in alerts.told(connection, asked, subjects, article_ids):
            self.add(alert)

    def add(self, alert: Alert) -> None:
        self._told.setdefault(alert.subscription_id, []).append(alert)

    def last(self, candidate: Candidate) -> Alert | None:
        """The latest alert about the candidate's subject."""
        told = self._told.get(candidate.subscription.id, [])
        return next((one for one in reversed(told) if self._is_about(one, candidate)), None)

    def withdrawn(self, candidate: Candidate) -> int:
        """The latest alert of the article on an event that its present version lacks, or 0."""
        told = self._told.get(candidate.subscription.id, [])
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
        if candidate.subscription.subject == "story":
            stood = (candidate.subject, alert.article_id) in self._stood
            return not alert.is_event and (stood or alert.article_id == candidate.archived.id)
        said = self._said.get((candidate.subject, alert.article_id), set())
        awards = Message.model_validate(alert.message).awards if alert.is_event and said else ()
        return any(said & _identities(award.award, award.recipients) for award in awards)


def _identities(award: str, recipients: Iterable[str]) -> set[Identity]:
    return {(exact(award), exact(name)) for name in recipients} or {(exact(award), "")}


def _tell(
    connection: Connection,
    candidate: Candidate,
    history: _History,
    settings: Settings,
    now: datetime,
) -> bool:
    subscription, archived = candidate.subscription, candidate.archived
    last, withdrawn = history.last(candidate), history.withdrawn(candidate)
    if last:
        is_known = last.facts == candidate.facts and last.id > withdrawn
        if is_known or last.article_id != archived.id:
            return False
    message = compose(
        archived,
        candidate.conferments,
        subscription,
        settings,
        correction=last is not None or withdrawn > 0,
    )
    alert = alerts.insert_alert(
        connection,
        subscription.id,
        subject=last.subject if last else candidate.subject,
        revision=last.revision + 1 if last else 1,
        facts=candidate.facts,
        article_id=archived.id,
        message=message.model_dump(mode="json"),
        now=now,
    )
    if alert is None:
        return False
    history.add(alert)
    for channel in subscription.channels:
        deliveries.add(connection, alert.id, *public_form(channel), now)
    return True

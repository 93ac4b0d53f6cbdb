"""Raising alerts, inside the transaction that archives a batch of extractions.

- A subject (award event, story) that the subscription was not told is told, by whichever article
  comes first. Reprints and follow-ups find it told and stay silent.
- Told again, as a correction, only when the very article that told it has a new version with
  other award facts. If the edit turned the award into another event (another recipient), the new
  event is told as a correction; if that event is known already from elsewhere, silence.
- An article keeps the story subject that it was told under, whatever story it is counted to later.
- Each version of an article is judged once, in the transaction that first extracts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.archive import alerts, deliveries
from diembao.archive.engine import RESOLUTION, lock
from search_api.alerts import rules
from search_api.alerts.channels import public_form
from search_api.alerts.message import compose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.archive.alerts import Alert
    from diembao.archived import ArchivedArticle
    from diembao.settings import Settings
    from search_api.alerts.rules import Candidate


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
    history = _History(connection, found)
    return sum(_tell(connection, candidate, history, settings, now) for candidate in found)


class _History:
    """What the candidates' subscriptions have been told so far, this batch included."""

    def __init__(self, connection: Connection, found: Sequence[Candidate]) -> None:
        self.by_subject: dict[tuple[int, str], Alert] = {}
        self.by_article: dict[tuple[int, int], list[Alert]] = {}
        asked = sorted({one.subscription.id for one in found})
        subjects = {one.subject for one in found}
        article_ids = {one.archived.id for one in found}
        for alert in alerts.told(connection, asked, subjects, article_ids):
            self.add(alert)

    def add(self, alert: Alert) -> None:
        self.by_subject[alert.subscription_id, alert.subject] = alert
        self.by_article.setdefault((alert.subscription_id, alert.article_id), []).append(alert)

    def withdrawn(self, candidate: Candidate) -> int:
        """The latest alert of the article on an event that its present version lacks, or 0."""
        present = {f"event:{event_id}" for event_id in candidate.archived.event_ids}
        earlier = self.by_article.get((candidate.subscription.id, candidate.archived.id), [])
        return max(
            (one.id for one in earlier if one.is_event and one.subject not in present), default=0
        )

    def subject(self, candidate: Candidate) -> str:
        if candidate.subscription.subject == "event":
            return candidate.subject
        earlier = self.by_article.get((candidate.subscription.id, candidate.archived.id), [])
        return next((one.subject for one in earlier if not one.is_event), candidate.subject)


def _tell(
    connection: Connection,
    candidate: Candidate,
    history: _History,
    settings: Settings,
    now: datetime,
) -> bool:
    subscription, archived = candidate.subscription, candidate.archived
    subject = history.subject(candidate)
    last = history.by_subject.get((subscription.id, subject))
    withdrawn = history.withdrawn(candidate)
    if last:
        is_same = last.facts == candidate.facts and last.id > withdrawn
        if is_same or last.article_id != archived.id:
            return False
    message = compose(
        archived,
        candidate.conferments,
        subscription,
        settings,
        correction=last is not None or withdrawn > 0,
    )
    alert_id = alerts.insert_alert(
        connection,
        subscription.id,
        subject=subject,
        revision=last.revision + 1 if last else 1,
        facts=candidate.facts,
        article_id=archived.id,
        message=message.model_dump(mode="json"),
        now=now,
    )
    if alert_id is None:
        return False
    history.add(alerts.alert(connection, alert_id))
    for channel in subscription.channels:
        deliveries.add(connection, alert_id, *public_form(channel), now)
    return True

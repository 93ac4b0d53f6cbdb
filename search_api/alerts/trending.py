"""The daily look at trend subscriptions: counts outside any lock, then one short transaction each.

Each subscription is looked at once a local day, by whichever worker comes first; a worker that is
killed before it commits leaves the look to the next.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from diembao.archive import alerts, articles, collecting, judging
from diembao.vietnamese.dates import local, midnight
from search_api.alerts import trends
from search_api.alerts.asking import asked_by, brought_up
from search_api.alerts.filing import Filing
from search_api.alerts.message import Message, Printed
from search_api.alerts.rules import OF_DAYS
from search_api.alerts.schedule import Schedule

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from diembao.archive.alerts import Subscription
    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.alerts.trends import Counts, Silence, Surge
    from search_api.index.base import SearchIndex


def evaluate_due(archive: Archive, index: SearchIndex, settings: Settings, now: datetime) -> int:
    """Look at every trend whose hour has come; the number of alerts. Raises IndexUnavailableError."""
    today = local(now).date()
    with archive.read() as connection:
        waiting = brought_up(connection, alerts.unevaluated(connection, OF_DAYS, today))
    due = [one for one in waiting if _hour(one) <= local(now).hour]
    return sum(_evaluate(archive, index, settings, one, now) for one in due)


def _hour(subscription: Subscription) -> int:
    return Schedule.model_validate(subscription.schedule).hour


def _evaluate(
    archive: Archive,
    index: SearchIndex,
    settings: Settings,
    subscription: Subscription,
    now: datetime,
) -> int:
    today = local(now).date()
    counts = trends.count(index, asked_by(subscription), today)
    with archive.read() as connection:
        told = find(connection, subscription, counts, today)
    message = describe(archive, index, settings, subscription, told, today) if told else None
    with archive.write() as connection:
        if not judging.take_evaluation(connection, subscription.id, today) or not told:
            return 0
        return _tell(connection, subscription, told, message, now)


def find(
    connection: Connection, subscription: Subscription, counts: Counts, day: date
) -> Surge | Silence | None:
    """What the subscription would be told on that day."""
    trend = trends.read(subscription.trend)
    if subscription.subject == "surge":
        return trends.surge(counts, day, trend)
    silent = trends.silence(counts, day, trend)
    if silent is None:
        return None
    since, until = midnight(day - timedelta(days=silent.days)), midnight(day)
    is_collected = trends.is_collected(silent, collecting.unbroken(connection, since, until))
    return silent if is_collected else None


def describe(
    archive: Archive,
    index: SearchIndex,
    settings: Settings,
    subscription: Subscription,
    told: Surge | Silence,
    day: date,
) -> Message | None:
    """The message, about the latest article that matches; None if that was withdrawn meanwhile."""
    request = asked_by(subscription).request(
        until=day - timedelta(days=1), sort="date", limit=1, fold_stories=False
    )
    hits = index.search(request).hits
    with archive.read() as connection:
        found = articles.load(connection, [hit.article_id for hit in hits])
    if not found:
        return None
    name = subscription.name
    if isinstance(told, trends.Surge):
        times = f", gấp {_number(told.week / told.usual)} lần mức thường" if told.usual else ""
        title = f"“{name}”: {told.week} bài trong {trends.WEEK} ngày qua{times}"
        notes = (
            (f"{trends.WEEK} ngày qua", f"{told.week} bài"),
            ("Mức thường", f"{_number(told.usual)} bài mỗi {trends.WEEK} ngày"),
        )
    else:
        title = f"“{name}”: {told.days} ngày qua không có bài nào"
        notes = (
            ("Mức thường", f"{_number(told.usual * told.days)} bài mỗi {told.days} ngày"),
            ("Bài gần nhất", f"{told.last:%d/%m/%Y}"),
        )
    return Message(
        kind="trend",
        title=title,
        subscription=name,
        notes=notes,
        article=Printed.of(found[0], settings),
    )


def _tell(
    connection: Connection,
    subscription: Subscription,
    told: Surge | Silence,
    message: Message | None,
    now: datetime,
) -> int:
    today = local(now).date()
    if message is None or message.article is None:
        return 0
    if isinstance(told, trends.Surge):
        subject = f"surge:{today}"
        last = alerts.inbox(connection, subscription_id=subscription.id, limit=1)
        rested = today - timedelta(days=trends.WEEK)
        if last and last[0].subject.startswith("surge:") and _day(last[0].created_at) > rested:
            return 0
    else:
        subject = f"silence:{told.last}"
    alert = alerts.insert_alert(
        connection,
        subscription.id,
        subject=subject,
        revision=1,
        facts="",
        article_id=message.article.id,
        message=message.model_dump(mode="json"),
        now=now,
    )
    if alert is None:
        return 0
    # it was looked at by the hour of its schedule: nothing to wait for but the end of quiet hours
    at_once = replace(subscription, schedule={**subscription.schedule, "mode": "instant"})
    Filing(connection, now).file(at_once, alert)
    return 1


def _day(moment: datetime) -> date:
    return local(moment).date()


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")

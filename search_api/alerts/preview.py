"""What a subscription would have told in the last days, by the very rules that raise alerts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from diembao.archive import articles, judging
from diembao.archive.alerts import Rule, Subscription
from diembao.vietnamese.dates import local
from search_api.alerts import rules, trending, trends
from search_api.alerts.asking import asked_by
from search_api.alerts.message import compose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.alerts.asking import Asked
    from search_api.alerts.message import Message
    from search_api.alerts.rules import Candidate
    from search_api.index.base import SearchIndex

DAYS = 30
LOOKED_AT = 300
"""Articles found that are judged at most, latest first."""

_EVER = datetime.min.replace(tzinfo=UTC)


def preview(
    archive: Archive,
    index: SearchIndex,
    settings: Settings,
    now: datetime,
    asked: Asked,
    subject: str,
    trend: Mapping[str, Any] | None = None,
) -> list[Message]:
    """Messages of the last DAYS days, latest article first. Raises BadInputError."""
    rules.check(asked, subject)
    today = local(now).date()
    if subject in rules.OF_DAYS:
        query, filters = asked.query, asked.filters
        supposed = Subscription(
            0, query, query, subject, (), True, _EVER, trend=trend, filters=filters
        )
        return _of_days(archive, index, settings, supposed, today)
    since = today - timedelta(days=DAYS)
    if subject == "first" and met(index, asked, until=since - timedelta(days=1)):
        return []
    request = asked.request(since=since, sort="date", limit=LOOKED_AT, fold_stories=False)
    hits = index.search(request).hits
    with archive.read() as connection:
        archived = articles.load(connection, [hit.article_id for hit in reversed(hits)])
        found = rules.candidates(archived, [Rule(0, asked.query, subject, _EVER, asked.filters)])
        seen = judging.first_seen(connection, {one.entity for one in found if one.entity})
    first: dict[str, Candidate] = {}
    for candidate in found:
        if seen.get(candidate.entity or "", now) >= now - timedelta(days=DAYS):
            first.setdefault(candidate.subject, candidate)
    return [
        compose(one.archived, one.records, asked.query, subject, settings, correction=False)
        for one in reversed(first.values())
    ]


def met(index: SearchIndex, asked: Asked, until: date | None = None) -> int:
    """How many articles match already, up to a local day."""
    return index.search(asked.request(until=until, limit=1, fold_stories=False)).total


def _of_days(
    archive: Archive, index: SearchIndex, settings: Settings, supposed: Subscription, today: date
) -> list[Message]:
    counts = trends.count(index, asked_by(supposed), today, back=DAYS)
    told: dict[date, Message] = {}
    for back in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        with archive.read() as connection:
            found = trending.find(connection, supposed, counts, day)
        if found is None:
            continue
        # one alert a surge's week, one a silence
        key = found.last if isinstance(found, trends.Silence) else day
        is_told = key in told or (
            isinstance(found, trends.Surge) and any((day - one).days < trends.WEEK for one in told)
        )
        message = trending.describe(archive, index, settings, supposed, found, day)
        if message and not is_told:
            told[key] = message
    return list(told.values())[::-1]

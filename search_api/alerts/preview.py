"""What a subscription would have told in the last days, by the very rules that raise alerts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from diembao.archive import articles
from diembao.archive.alerts import Subscription
from search_api.alerts import rules
from search_api.alerts.message import compose
from search_api.index.base import SearchRequest

if TYPE_CHECKING:
    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.alerts.message import Message
    from search_api.index.base import SearchIndex

DAYS = 30
LOOKED_AT = 300
"""Articles found that are judged at most, latest first."""


def preview(
    archive: Archive,
    index: SearchIndex,
    settings: Settings,
    now: datetime,
    query: str,
    subject: str,
) -> list[Message]:
    """Messages of the last DAYS days, latest article first. Raises BadInputError."""
    rules.check(query, subject)
    since = now.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date() - timedelta(days=DAYS)
    request = SearchRequest(
        query=query, since=since, sort="date", limit=LOOKED_AT, fold_stories=False
    )
    hits = index.search(request).hits
    with archive.read() as connection:
        archived = articles.load(connection, [hit.article_id for hit in hits])
    supposed = Subscription(0, "", query, subject, (), True, datetime.min.replace(tzinfo=UTC))
    first: dict[str, Message] = {}
    for candidate in rules.candidates(archived, [supposed]):
        first.setdefault(
            candidate.subject,
            compose(
                candidate.archived, candidate.conferments, supposed, settings, correction=False
            ),
        )
    return list(first.values())

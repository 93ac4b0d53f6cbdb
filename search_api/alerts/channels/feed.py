"""The Atom feed of a subscription. Entries keep their ids for good."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from feedgen.feed import FeedGenerator

from search_api.alerts.message import Message
from search_api.alerts.wording import html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diembao.archive.alerts import Alert, Subscription

ENTRIES = 100
"""Entries of a feed at most, latest first."""

_IDENTIFIERS = uuid.UUID("0f6f2f0a-3b6d-5a53-8d0e-4a9d7b1c2e33")


def atom(subscription: Subscription, alerts: Sequence[Alert], address: str) -> bytes:
    """The feed as XML; it depends on nothing but its arguments. `alerts` are the latest first."""
    root = f"{subscription.id}/{subscription.created_at.isoformat()}"
    feed = FeedGenerator()
    feed.id(_urn(root))
    feed.title(f"Điểm báo: {subscription.name}")
    feed.author(name="Điểm báo")
    feed.language("vi")
    feed.link(href=address, rel="self")
    feed.updated(alerts[0].created_at if alerts else subscription.created_at)
    for alert in alerts:
        message = Message.model_validate(alert.message)
        entry = feed.add_entry(order="append")
        entry.id(_urn(f"{root}/{alert.id}"))
        entry.title(message.title)
        entry.published(alert.created_at)
        entry.updated(alert.created_at)
        entry.content(html(message), type="html")
        if message.article:
            entry.link(href=message.article.url, rel="alternate")
            entry.link(href=message.article.original_url, rel="via")
    xml: bytes = feed.atom_str(pretty=True)
    return xml


def _urn(name: str) -> str:
    return uuid.uuid5(_IDENTIFIERS, name).urn

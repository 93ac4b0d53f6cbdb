"""Webhooks: the message as JSON, signed.

`X-Diembao-Signature` is `v1=` and the hexadecimal HMAC-SHA256, under the channel's secret, of the
timestamp, a full stop and the body as sent. A 2xx ends the delivery and 410 ends the channel;
redirects are not followed; anything else, and silence, is tried again under the same
`X-Diembao-Delivery`. 429 and 503 may name a rest in `Retry-After`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING, Any

import httpx

from search_api.alerts import reach
from search_api.alerts.channels.posting import failure, post
from search_api.alerts.wording import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diembao.settings import Settings
    from search_api.alerts.channels.base import Parcel, Wire

RECORDS = {"awards", "models", "notes", "article", "items", "reprints"}
"""What of a message goes out as it is archived."""


class Webhook:
    """`{"kind": "webhook", "url", "secret"}`."""

    kind = "webhook"
    field = "url"
    secrets = frozenset({"secret"})

    async def check(self, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """An address that can be reached; the secret is made here."""
        url = str(given.get("url") or "").strip()
        await reach.check(url, settings)
        return {
            "kind": self.kind,
            "url": url,
            "secret": given.get("secret") or secrets.token_urlsafe(32),
        }

    def label(self, channel: Mapping[str, Any]) -> str:
        """The host: paths of webhooks often hold a key."""
        url = httpx.URL(channel["url"])
        return f"{url.scheme}://{url.netloc.decode()}" + ("/…" if url.path != "/" else "/")

    def endpoint(self, channel: Mapping[str, Any]) -> str:
        """The address."""
        return f"webhook:{channel['url']}"

    def is_open(self, settings: Settings) -> bool:  # noqa: ARG002
        """Always."""
        return True

    async def send(self, parcel: Parcel, channel: Mapping[str, Any], wire: Wire) -> None:
        """POST it."""
        body = payload(parcel)
        timestamp = str(int(wire.now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": parcel.id,
            "X-Diembao-Event": parcel.event,
            "X-Diembao-Delivery": parcel.id,
            "X-Diembao-Timestamp": timestamp,
            "X-Diembao-Signature": sign(channel["secret"], timestamp, body),
        }
        answer, said = await post(wire, channel["url"], body, headers)
        if not answer.is_success:
            raise failure(answer, said)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature header."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mac.hexdigest()}"


def payload(parcel: Parcel) -> bytes:
    """The body: the same bytes at every attempt."""
    message = parcel.message
    content = {
        "id": parcel.id,
        "type": parcel.event,
        "created_at": parcel.created_at.isoformat(),
        "subscription": {"id": parcel.subscription_id, "name": message.subscription},
        "alert": {"id": parcel.alert_id, "subject": parcel.subject, "revision": parcel.revision},
        "title": message.title,
        "text": text(message),
        "correction": message.correction,
        **message.model_dump(mode="json", include=RECORDS),
    }
    return json.dumps(content, ensure_ascii=False).encode()

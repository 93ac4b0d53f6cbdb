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

from diembao.errors import BadInputError, DeliverError
from search_api.alerts import reach
from search_api.alerts.channels.base import GoneError, RestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diembao.settings import Settings
    from search_api.alerts.channels.base import Parcel, Wire

EXCERPT = 300
"""Bytes of an answer that are kept to explain a failure."""

RESTS = (429, 503)


class Webhook:
    """`{"kind": "webhook", "url", "secret"}`."""

    kind = "webhook"
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
        try:
            async with wire.client.stream(
                "POST", channel["url"], content=body, headers=headers
            ) as answer:
                if answer.is_success:
                    return
                excerpt = await _excerpt(answer)
        except httpx.InvalidURL as error:
            raise BadInputError(f"Địa chỉ webhook không dùng được: {error}") from error
        except httpx.HTTPError as error:
            raise DeliverError(f"{_cause(error)} ({type(error).__name__})") from error
        raise _failure(answer, excerpt)


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
        "text": message.text(),
        "correction": message.correction,
        **message.model_dump(mode="json", include={"awards", "article"}),
    }
    return json.dumps(content, ensure_ascii=False).encode()


async def _excerpt(answer: httpx.Response) -> str:
    taken = b""
    async for part in answer.aiter_raw(EXCERPT):
        taken += part
        if len(taken) >= EXCERPT:
            break
    return " ".join(taken[:EXCERPT].decode(errors="replace").split())


def _cause(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "nơi nhận không trả lời kịp"
    if isinstance(error, httpx.ConnectError):
        return "không kết nối được tới nơi nhận"
    return "nơi nhận ngắt kết nối hoặc trả lời sai cách"


def _failure(answer: httpx.Response, excerpt: str) -> DeliverError:
    said = f"HTTP {answer.status_code}" + (f": {excerpt}" if excerpt else "")
    if answer.status_code == httpx.codes.GONE:
        return GoneError(said)
    rest = answer.headers.get("Retry-After", "")
    if answer.status_code in RESTS and rest.isdecimal():
        return RestError(said, float(rest))
    return DeliverError(said)

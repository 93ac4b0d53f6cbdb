"""Incoming webhooks of Slack, Mattermost, Rocket.Chat and others that take `{"text": ...}`.

The address is the secret. `&`, `<` and `>` are escaped and formatting is off, so printed text means
nothing but itself. 429 and 503 may name a rest in `Retry-After`; 404 and 410 are of an address that
was taken away and end the channel.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from search_api.alerts import reach
from search_api.alerts.channels.base import GoneError
from search_api.alerts.channels.posting import failure, post
from search_api.alerts.wording import brief

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diembao.settings import Settings
    from search_api.alerts.channels.base import Parcel, Wire

LONGEST = 3000
"""UTF-16 units of the text before escaping: the least of what such receivers show whole."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Slack:
    """`{"kind": "slack", "url"}`."""

    kind = "slack"
    field = "url"
    secrets: frozenset[str] = frozenset()

    async def check(self, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """An address that can be reached."""
        url = str(given.get("url") or "").strip()
        await reach.check(url, settings)
        return {"kind": self.kind, "url": url}

    def label(self, channel: Mapping[str, Any]) -> str:
        """The host."""
        return f"{httpx.URL(channel['url']).host}/…"

    def endpoint(self, channel: Mapping[str, Any]) -> str:
        """The address."""
        return f"slack:{channel['url']}"

    def is_open(self, settings: Settings) -> bool:  # noqa: ARG002
        """Always."""
        return True

    async def send(self, parcel: Parcel, channel: Mapping[str, Any], wire: Wire) -> None:
        """POST it."""
        text = brief(parcel.message, LONGEST, parcel.inbox(wire.settings))
        body = json.dumps({"text": text.translate(_ESCAPES), "mrkdwn": False}, ensure_ascii=False)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer, said = await post(wire, channel["url"], body.encode(), headers)
        if answer.is_success:
            return
        error = failure(answer, said)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise GoneError(str(error))
        raise error

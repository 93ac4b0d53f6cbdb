"""Telegram: messages of the office's bot to a chat, a group or a public channel.

The text goes without markup, its title marked bold by place, so nothing in it needs escaping. 429
names its rest in `parameters.retry_after`; 403 (the bot was blocked or put out) ends the channel. A
group that became a supergroup is written to under its new number. The token stands in the address
only, and in no error.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from diembao.errors import BadInputError, DeliverError
from search_api.alerts.channels.base import GoneError, RestError
from search_api.alerts.channels.posting import failure, post
from search_api.alerts.wording import brief, units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diembao.settings import Settings
    from search_api.alerts.channels.base import Parcel, Wire

LONGEST = 4096
"""UTF-16 units of a message."""


class Telegram:
    """`{"kind": "telegram", "to"}`: a chat's number or a public channel's `@name`."""

    kind = "telegram"
    field = "to"
    secrets: frozenset[str] = frozenset()

    async def check(self, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """A chat, and a bot to write to it."""
        to = str(given.get("to") or "").strip()
        is_name = to.startswith("@") and to[1:].isidentifier() and to.isascii()
        if not is_name and not (to.isascii() and to.removeprefix("-").isdigit()):
            raise BadInputError(
                f"“{to}” không phải mã cuộc trò chuyện Telegram; hãy nhập một số như -1001234567890 "
                "hoặc tên kênh như @tenkenh."
            )
        if not self.is_open(settings):
            raise BadInputError(
                "Chưa gửi được qua Telegram vì chưa có bot; người quản trị hãy đặt DIEMBAO_TELEGRAM_TOKEN."
            )
        return {"kind": self.kind, "to": to}

    def label(self, channel: Mapping[str, Any]) -> str:
        """The chat."""
        return str(channel["to"])

    def endpoint(self, channel: Mapping[str, Any]) -> str:
        """The chat."""
        return f"telegram:{channel['to']}"

    def is_open(self, settings: Settings) -> bool:
        """Whether there is a bot."""
        return settings.telegram_token is not None

    async def send(self, parcel: Parcel, channel: Mapping[str, Any], wire: Wire) -> None:
        """Send it, to the supergroup that the chat has become if it has."""
        text = brief(parcel.message, LONGEST, parcel.inbox(wire.settings))
        moved = await _send(text, str(channel["to"]), wire)
        if moved:
            await _send(text, moved, wire)


async def _send(text: str, chat: str, wire: Wire) -> str | None:
    """None when it was taken, or the number of the chat to which it should go instead."""
    token = wire.settings.telegram_token
    if token is None:
        raise DeliverError("chưa khai báo bot Telegram (DIEMBAO_TELEGRAM_TOKEN)")
    title = text.partition("\n")[0]
    content = {
        "chat_id": chat,
        "text": text,
        "entities": [{"type": "bold", "offset": 0, "length": units(title)}],
        "link_preview_options": {"is_disabled": True},
    }
    url = f"{wire.settings.telegram_api.rstrip('/')}/bot{token.get_secret_value()}/sendMessage"
    headers = {"Content-Type": "application/json"}
    answer, body = await post(wire, url, json.dumps(content).encode(), headers)
    if answer.is_success:
        return None
    parameters = _parameters(body)
    if moved := parameters.get("migrate_to_chat_id"):
        return str(moved)
    error = failure(answer, body)
    if rest := parameters.get("retry_after"):
        raise RestError(str(error), float(rest))
    if answer.status_code == httpx.codes.FORBIDDEN:
        raise GoneError(str(error))
    raise error


def _parameters(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    found = said.get("parameters") if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}

"""Zalo Official Account: messages of the office's account to a person who follows it.

Zalo answers 200 and tells the outcome in `error`: 0 is taken; a token that is no longer valid is
renewed once and the message sent again; a person who does not follow the account, or shut it out,
ends the channel; anything else is tried again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from diembao.errors import BadInputError, DeliverError
from search_api.alerts.channels.base import GoneError, RestError
from search_api.alerts.channels.posting import EXCERPT, failure, post
from search_api.alerts.channels.zalo_token import renewed_token, token
from search_api.alerts.wording import brief

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diembao.settings import Settings
    from search_api.alerts.channels.base import Parcel, Wire

LONGEST = 2000
"""UTF-16 units of a message."""

EXPIRED = (-216, -124)
"""The access token is no longer valid."""

UNREACHABLE = (-213, -227, -244)
"""The person does not follow the account, is gone, or wants no messages."""

TOO_MANY = (-32, -211)
"""Too many messages a minute or a day."""

PAUSE = 3600.0
"""Seconds to rest after TOO_MANY."""


class Zalo:
    """`{"kind": "zalo", "to"}`: the person's number with the account."""

    kind = "zalo"
    field = "to"
    secrets: frozenset[str] = frozenset()

    async def check(self, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """A person, and an account that writes."""
        to = str(given.get("to") or "").strip()
        if not (to.isascii() and to.isdigit()):
            raise BadInputError(
                f"“{to}” không phải mã người dùng Zalo; hãy nhập dãy số mà Official Account ghi cho "
                "người quan tâm (user_id)."
            )
        if not self.is_open(settings):
            raise BadInputError(
                "Chưa gửi được qua Zalo vì chưa khai báo Official Account; người quản trị hãy đặt "
                "DIEMBAO_ZALO_APP, DIEMBAO_ZALO_SECRET và DIEMBAO_ZALO_REFRESH_TOKEN."
            )
        return {"kind": self.kind, "to": to}

    def label(self, channel: Mapping[str, Any]) -> str:
        """The person's number."""
        return str(channel["to"])

    def endpoint(self, channel: Mapping[str, Any]) -> str:
        """The person."""
        return f"zalo:{channel['to']}"

    def is_open(self, settings: Settings) -> bool:
        """Whether app, secret and first token are set."""
        given = (settings.zalo_app, settings.zalo_secret, settings.zalo_refresh_token)
        return None not in given

    async def send(self, parcel: Parcel, channel: Mapping[str, Any], wire: Wire) -> None:
        """Send it, with a new token if the one at hand is refused."""
        if not self.is_open(wire.settings):
            raise DeliverError("chưa khai báo Zalo Official Account (DIEMBAO_ZALO_APP)")
        text = brief(parcel.message, LONGEST, parcel.inbox(wire.settings))
        access = await token(wire)
        error, said = await _send(text, channel["to"], access, wire)
        if error in EXPIRED:
            access = await renewed_token(wire, access)
            error, said = await _send(text, channel["to"], access, wire)
        if error == 0:
            return
        cause = f"Zalo báo lỗi {error}: {said}"[:EXCERPT]
        if error in UNREACHABLE:
            raise GoneError(cause)
        if error in TOO_MANY:
            raise RestError(cause, PAUSE)
        raise DeliverError(cause)


async def _send(text: str, to: str, access: str, wire: Wire) -> tuple[int, str]:
    """Zalo's error number, 0 if none, and its message."""
    content = {"recipient": {"user_id": to}, "message": {"text": text}}
    headers = {"Content-Type": "application/json", "access_token": access}
    url = f"{wire.settings.zalo_api.rstrip('/')}/v3.0/oa/message/cs"
    answer, body = await post(wire, url, json.dumps(content).encode(), headers)
    if not answer.is_success:
        raise failure(answer, body)
    try:
        said = json.loads(body)
        return int(said["error"]), str(said.get("message", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DeliverError("Zalo trả lời không đúng dạng (the answer is no JSON)") from error

"""E-mail by SMTP: plain text and HTML, a Message-ID that is the same at every attempt.

A receiver that gets a message twice shows it once by its Message-ID. `List-Unsubscribe` takes the
address out of the subscription, by one click of the mail program (RFC 8058).
"""

from __future__ import annotations

import secrets
from email import policy
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Any

from diembao.errors import BadInputError
from search_api import mail
from search_api.alerts.wording import html, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.policy import Policy

    from diembao.settings import Settings
    from search_api.alerts.channels.base import Parcel, Wire


class _Whole(UnstructuredHeader, BaseHeader):
    """A header on one line: folding encodes an address that is longer than a line, and spoils it."""

    def fold(self, *, policy: Policy) -> str:
        """The header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = policy.default.clone(header_factory=_HEADERS)


class Email:
    """`{"kind": "email", "to", "way_out"}`; those that an older release made have no `way_out`."""

    kind = "email"
    field = "to"
    secrets: frozenset[str] = frozenset()

    async def check(self, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """One address, and a mail server to send through."""
        to = mail.address(str(given.get("to") or ""))
        if not self.is_open(settings):
            raise BadInputError(mail.NO_SERVER)
        return {"kind": self.kind, "to": to, "way_out": secrets.token_urlsafe(24)}

    def label(self, channel: Mapping[str, Any]) -> str:
        """The address."""
        return str(channel["to"])

    def endpoint(self, channel: Mapping[str, Any]) -> str:
        """The address."""
        return f"email:{channel['to'].lower()}"

    def is_open(self, settings: Settings) -> bool:
        """Whether there is a mail server."""
        return settings.smtp_host is not None

    async def send(self, parcel: Parcel, channel: Mapping[str, Any], wire: Wire) -> None:
        """Hand it to the mail server."""
        await mail.post(compose(parcel, channel, wire.settings), wire.settings)


def compose(parcel: Parcel, channel: Mapping[str, Any], settings: Settings) -> EmailMessage:
    """The mail: the same at every attempt."""
    letter = EmailMessage(_POLICY)
    sender = parseaddr(settings.smtp_from)[1]
    letter["From"] = settings.smtp_from
    letter["To"] = channel["to"]
    letter["Subject"] = parcel.message.title
    letter["Date"] = format_datetime(parcel.created_at)
    letter["Message-ID"] = f"<{parcel.id}@{sender.rpartition('@')[2] or 'diembao'}>"
    if token := channel.get("way_out"):
        page = f"{settings.public_url}/thoi-nhan/{parcel.subscription_id}/{token}"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        page = f"{settings.public_url}/theo-doi/{parcel.subscription_id}"
    letter["List-Unsubscribe"] = f"<{page}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text(parcel.message))
    letter.add_alternative(html(parcel.message), subtype="html")
    return letter

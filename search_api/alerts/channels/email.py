"""E-mail by SMTP: plain text and HTML, a Message-ID that is the same at every attempt.

A receiver that gets a message twice shows it once by its Message-ID. `List-Unsubscribe` leads to
the subscription's page.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Any

import aiosmtplib

from diembao.errors import BadInputError, DeliverError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diembao.settings import Settings
    from search_api.alerts.channels.base import Parcel, Wire


class Email:
    """`{"kind": "email", "to"}`."""

    kind = "email"
    secrets: frozenset[str] = frozenset()

    async def check(self, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """One address, and a mail server to send through."""
        to = str(given.get("to") or "").strip()
        local, _, domain = parseaddr(to)[1].rpartition("@")
        if not local or not domain or parseaddr(to)[1] != to or not to.isprintable() or " " in to:
            raise BadInputError(
                f"“{to}” không phải địa chỉ thư; hãy nhập một địa chỉ như ten@donvi.vn."
            )
        if settings.smtp_host is None:
            raise BadInputError(
                "Chưa gửi được thư vì chưa khai báo máy chủ thư; người quản trị hãy đặt DIEMBAO_SMTP_HOST."
            )
        return {"kind": self.kind, "to": to}

    def label(self, channel: Mapping[str, Any]) -> str:
        """The address."""
        return str(channel["to"])

    def endpoint(self, channel: Mapping[str, Any]) -> str:
        """The address."""
        return f"email:{channel['to'].lower()}"

    async def send(self, parcel: Parcel, channel: Mapping[str, Any], wire: Wire) -> None:
        """Hand it to the mail server."""
        settings = wire.settings
        if settings.smtp_host is None:
            raise DeliverError("chưa khai báo máy chủ thư (DIEMBAO_SMTP_HOST)")
        secret = settings.smtp_password
        try:
            await aiosmtplib.send(
                compose(parcel, channel["to"], settings),
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                username=settings.smtp_user,
                password=secret.get_secret_value() if secret else None,
                timeout=settings.delivery_timeout,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise DeliverError(f"máy chủ thư không nhận: {error}") from error


def compose(parcel: Parcel, to: str, settings: Settings) -> EmailMessage:
    """The mail: the same at every attempt."""
    mail = EmailMessage()
    sender = parseaddr(settings.smtp_from)[1]
    mail["From"] = settings.smtp_from
    mail["To"] = to
    mail["Subject"] = parcel.message.title
    mail["Date"] = format_datetime(parcel.created_at)
    mail["Message-ID"] = f"<{parcel.id}@{sender.rpartition('@')[2] or 'diembao'}>"
    page = f"{settings.public_url}/theo-doi/{parcel.subscription_id}"
    mail["List-Unsubscribe"] = f"<{page}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(parcel.message.text())
    mail.add_alternative(parcel.message.html(), subtype="html")
    return mail

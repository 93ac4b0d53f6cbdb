"""Handing a mail to the office's mail server (`DIEMBAO_SMTP_*`)."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

import aiosmtplib

from diembao.errors import BadInputError, DeliverError

if TYPE_CHECKING:
    from email.message import EmailMessage

    from diembao.settings import Settings

NO_SERVER = (
    "Chưa gửi được thư vì chưa khai báo máy chủ thư; người quản trị hãy đặt DIEMBAO_SMTP_HOST."
)


def address(given: str) -> str:
    """One bare address. Raises BadInputError where it is none."""
    to = given.strip()
    local, _, domain = parseaddr(to)[1].rpartition("@")
    if not local or not domain or parseaddr(to)[1] != to or not to.isprintable() or " " in to:
        raise BadInputError(
            f"“{to}” không phải địa chỉ thư; hãy nhập một địa chỉ như ten@donvi.vn."
        )
    return to


async def post(mail: EmailMessage, settings: Settings) -> None:
    """Hand it over. Raises DeliverError where no server is declared or it does not take the mail."""
    if settings.smtp_host is None:
        raise DeliverError(NO_SERVER)
    secret = settings.smtp_password
    try:
        await aiosmtplib.send(
            mail,
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

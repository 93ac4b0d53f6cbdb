"""The access token of the Zalo account: good for a day, and renewed by a token that is good once.

Each renewal gives the next renewing token, which is kept in the archive before anything else is done:
whoever loses it must be given a new one by hand. So one worker renews at a time (a lease on the row;
the others try again later), and the chain begins anew when the setting is changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from diembao.archive import tokens
from diembao.errors import DeliverError
from search_api.alerts.channels.base import RestError
from search_api.alerts.channels.posting import EXCERPT, failure, post

if TYPE_CHECKING:
    from diembao.archive.tokens import Token
    from search_api.alerts.channels.base import Wire

NAME = "zalo"
EARLY = timedelta(minutes=10)
"""A token is renewed so long before it ends."""


async def token(wire: Wire) -> str:
    """A token that is good for now. Raises DeliverError."""
    held = await asyncio.to_thread(_held, wire)
    is_good = held.expires_at is not None and held.expires_at - EARLY > wire.now
    return held.access if held.access and is_good else await _renew(wire, held.access)


async def renewed_token(wire: Wire, refused: str) -> str:
    """A token other than the one that Zalo refused. Raises DeliverError."""
    held = await asyncio.to_thread(_held, wire)
    return held.access if held.access and held.access != refused else await _renew(wire, refused)


def _held(wire: Wire) -> Token:
    secret = wire.settings.zalo_refresh_token
    assert secret is not None, "asked for only where the channel is open"
    first = secret.get_secret_value()
    given = hashlib.sha256(first.encode()).hexdigest()
    with wire.archive.read() as connection:
        held = tokens.find(connection, NAME, given)
    if held is None:
        with wire.archive.write() as connection:
            held = tokens.begin(connection, NAME, given, first)
    return held


def _lease(wire: Wire) -> Token | None:
    seconds = 2 * wire.settings.delivery_timeout
    with wire.archive.write() as connection:
        return tokens.lease(connection, NAME, wire.now, seconds)


def _release(wire: Wire) -> None:
    with wire.archive.write() as connection:
        tokens.release(connection, NAME)


def _keep(wire: Wire, access: str, refresh: str, seconds: float) -> None:
    until = wire.now + timedelta(seconds=seconds)
    with wire.archive.write() as connection:
        tokens.keep(connection, NAME, access, refresh, until)


async def _renew(wire: Wire, useless: str | None) -> str:
    """A token in place of the useless one, which another worker may have renewed meanwhile."""
    held = await asyncio.to_thread(_lease, wire)
    if held is None:
        raise RestError("đang lấy mã truy cập Zalo mới, sẽ gửi lại ngay", 2.0)
    if held.access and held.access != useless:
        await asyncio.to_thread(_release, wire)
        return held.access
    settings = wire.settings
    assert settings.zalo_secret is not None
    form = {"refresh_token": held.refresh, "app_id": settings.zalo_app or ""}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "secret_key": settings.zalo_secret.get_secret_value(),
    }
    url = f"{settings.zalo_oauth.rstrip('/')}/v4/oa/access_token"
    body = urlencode(form | {"grant_type": "refresh_token"}).encode()
    answer, said = await post(wire, url, body, headers)
    if not answer.is_success:
        raise failure(answer, said)
    try:
        given = json.loads(said)
        access, refresh = str(given["access_token"]), str(given["refresh_token"])
        seconds = float(given["expires_in"])
    except (ValueError, KeyError, TypeError) as error:
        cause = " ".join(said.decode(errors="replace").split())[:EXCERPT]
        raise DeliverError(
            f"Zalo không cấp mã truy cập mới ({cause}); nếu mã làm mới đã hết hạn, người quản trị hãy "
            "đặt lại DIEMBAO_ZALO_REFRESH_TOKEN"
        ) from error
    await asyncio.to_thread(_keep, wire, access, refresh, seconds)
    return access

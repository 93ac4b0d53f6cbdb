"""Who sends a request, and what they may do.

Where there is neither an account nor `settings.admin_token`, everybody is the office and may do everything.
Else a user is known by the cookie of a session, by `Authorization: Bearer TOKEN` or by Basic name and
password; who carries the administrator's token, as a bearer token or in the cookie that signing in with it
sets (a keyed digest, never the token), is the administrator. Anybody else is nobody, who reads and changes
nothing.

After TRIES wrong passwords for a name from one address, nobody gets in there by that name for a while.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException

from diembao.archive import own, users
from diembao.archive.users import Role, User
from search_api.page.rendering import translated

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from diembao.settings import Settings
    from search_api.routes.context import Context

TOKEN_COOKIE = "admin"
SESSION_COOKIE = "session"

TRIES, MINUTES = 10, 5
WRONG = RateLimitItemPerMinute(TRIES, MINUTES)


@dataclass(frozen=True, slots=True)
class Asker:
    """`name` goes on record; `role` is None for nobody; `owner` is whose tags, notes and dossiers are theirs."""

    name: str
    role: Role | None
    owner: int
    user: User | None = None

    def may(self, needed: Role) -> bool:
        """Whether they may do what takes this role."""
        return self.role is not None and self.role.covers(needed)


OFFICE = Asker("văn phòng", Role.ADMIN, own.OFFICE)
ADMINISTRATOR = Asker("quản trị viên", Role.ADMIN, own.OFFICE)
NOBODY = Asker("", None, -1)


class Doorkeeper:
    """Checks passwords, and counts the wrong ones."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(
        self, request: Request, connection: Connection, name: str, password: str
    ) -> User | None:
        """Whose name and password these are. Raises HTTPException (429) after too many wrong ones."""
        place = (own.key_of(name), request.client.host if request.client else "")
        if not self._limiter.test(WRONG, *place):
            reset, _ = self._limiter.get_window_stats(WRONG, *place)
            seconds = max(1, math.ceil(reset - time.time()))
            said = translated(request, "too_many_passwords", minutes=math.ceil(seconds / 60))
            raise HTTPException(429, said, {"Retry-After": str(seconds)})
        user = users.by_password(connection, name, password)
        if user is None:
            self._limiter.hit(WRONG, *place)
        return user


def cookie_value(token: str) -> str:
    """What the cookie of the administrator's sign-in holds for a token."""
    return hmac.new(token.encode(), b"diembao page", hashlib.sha256).hexdigest()


def asker(request: Request) -> Asker:
    """Who sends the request; looked up once. Raises HTTPException (429) after too many wrong passwords."""
    if not hasattr(request.state, "asker"):
        request.state.asker = _identify(request, request.app.state.context)
    known: Asker = request.state.asker
    return known


def shows_identity(request: Request) -> bool:
    """Whether the request carries anything to know somebody by."""
    return "authorization" in request.headers or SESSION_COOKIE in request.cookies


def _identify(request: Request, context: Context) -> Asker:
    if _carries_token(request, context.settings):
        return ADMINISTRATOR
    with context.archive.read() as connection:
        if user := _user(request, context, connection):
            return Asker(user.name, user.role, user.id, user)
        is_open = context.settings.admin_token is None and not users.exist(connection)
        return OFFICE if is_open else NOBODY


def _user(request: Request, context: Context, connection: Connection) -> User | None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "bearer":
            return users.by_token(connection, given.strip())
        case "basic":
            try:
                name, _, password = (
                    base64.b64decode(given.strip(), validate=True).decode().partition(":")
                )
            except (binascii.Error, UnicodeDecodeError):
                return None
            keeper: Doorkeeper = request.app.state.doorkeeper
            return keeper.check(request, connection, name, password)
    token = request.cookies.get(SESSION_COOKIE)
    return users.by_session(connection, token, context.now()) if token else None


def _carries_token(request: Request, settings: Settings) -> bool:
    if settings.admin_token is None:
        return False
    token = settings.admin_token.get_secret_value()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    cookie = request.cookies.get(TOKEN_COOKIE, "")
    return hmac.compare_digest(cookie.encode(), cookie_value(token).encode())


def _somebody(request: Request) -> Asker:
    known = asker(request)
    if known.role is None:
        raise HTTPException(
            401, translated(request, "sign_in_needed"), {"WWW-Authenticate": "Bearer"}
        )
    return known


Somebody = Annotated[Asker, Depends(_somebody)]
"""The type of a route's parameter that receives who asks; nobody is answered with 401."""

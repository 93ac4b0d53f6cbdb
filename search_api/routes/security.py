"""What stands before every route: headers, size of bodies, and who may change anything.

A changing request (not GET, HEAD or OPTIONS) must come from this very site or from no browser at all:
`Sec-Fetch-Site` of a browser says so, else `Origin` must name the host that was asked. With
`settings.admin_token` it must also carry the token, as a bearer token or as the cookie that signing in
sets. The cookie holds a keyed digest, never the token. A body must state its length. Pages load nothing from elsewhere and run no
inline script.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from search_api.page.rendering import translated
from search_api.routes.errors import answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from diembao.settings import Settings

BODY_LIMIT = 2_000_000
"""Bytes of a request's body at most: the longest pasted text, percent-encoded, fits."""

TOKEN_COOKIE = "admin"
SIGN_IN = "/dang-nhap"
ADMINISTRATOR = "quản trị viên"
OFFICE = "văn phòng"
"""Who changed something, where nobody has to sign in."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def cookie_value(token: str) -> str:
    """What the sign-in cookie holds for a token."""
    return hmac.new(token.encode(), b"diembao page", hashlib.sha256).hexdigest()


def may_change(request: Request, settings: Settings) -> bool:
    """Whether the request carries the administrator's token, or none is asked for."""
    if settings.admin_token is None:
        return True
    token = settings.admin_token.get_secret_value()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    cookie = request.cookies.get(TOKEN_COOKIE, "")
    return hmac.compare_digest(cookie.encode(), cookie_value(token).encode())


def actor(request: Request, settings: Settings) -> str:
    """Who makes a change, for the audit trail; a change by nobody in particular is the office's."""
    return ADMINISTRATOR if settings.admin_token and may_change(request, settings) else OFFICE


def _is_same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _refusal(request: Request, settings: Settings) -> Response | None:
    if request.method in SAFE:
        return None
    if not _is_same_origin(request):
        return answer(request, 403, translated(request, "foreign_origin"))
    if request.url.path != SIGN_IN and not may_change(request, settings):
        missing = translated(request, "token_missing")
        return answer(request, 401, missing, {"WWW-Authenticate": "Bearer"})
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal():
        return answer(request, 411, translated(request, "http_411"))
    if int(length) > BODY_LIMIT:
        return answer(request, 413, translated(request, "http_413"))
    return None


def install(app: FastAPI, settings: Settings) -> None:
    """Put the checks before all routes."""

    @app.middleware("http")
    async def guard(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = _refusal(request, settings) or await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

"""What stands before every route: headers, size of bodies, and who may change anything.

A changing request (not GET, HEAD or OPTIONS) must come from this very site or from no browser at all:
`Sec-Fetch-Site` of a browser says so, else `Origin` must name the host that was asked. It takes a role
(`needed`), which whoever sends it (`identity`) must have. A body must state its length. Pages load nothing
from elsewhere and run no inline script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from diembao.archive.users import Role
from search_api.page.rendering import translated
from search_api.routes.errors import answer, unreachable
from search_api.routes.identity import Doorkeeper, asker, shows_identity

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

BODY_LIMIT = 2_000_000
"""Bytes of a request's body at most: the longest pasted text, percent-encoded, fits."""

SIGN_IN, SIGN_OUT = "/dang-nhap", "/dang-xuat"
OF_ANYBODY = (SIGN_IN, SIGN_OUT, "/thoi-nhan/")
"""Beginnings of addresses that need no account: their forms or their keys say who may."""

OF_READERS = ("/ho-so", "/tai-khoan", "/api/v1/own/", "/api/v1/account/")
"""Beginnings of addresses where whoever has an account changes what is their own."""

OF_ADMINISTRATORS = ("/bao/", "/api/v1/sources/")
"""Beginnings of addresses where what is collected is changed."""

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


def needed(path: str) -> Role:
    """The role that a change at an address takes: an editor's, where nothing else is said."""
    if path.startswith(OF_READERS):
        return Role.READER
    return Role.ADMIN if path.startswith(OF_ADMINISTRATORS) else Role.EDITOR


def may_change(request: Request) -> bool:
    """Whether who asks may correct, merge, add and follow."""
    return asker(request).may(Role.EDITOR)


def actor(request: Request) -> str:
    """Who makes a change, for the audit trail."""
    return asker(request).name


def is_same_origin(request: Request) -> bool:
    """Whether the request comes from this very site or from no browser at all."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _refusal(request: Request) -> Response | None:
    if request.method in SAFE:
        return None
    if not is_same_origin(request):
        return answer(request, 403, translated(request, "foreign_origin"), hint="hint_origin")
    if not request.url.path.startswith(OF_ANYBODY):
        role = needed(request.url.path)
        if asker(request).role is None:
            missing = translated(request, "sign_in_needed")
            return answer(request, 401, missing, {"WWW-Authenticate": "Bearer"})
        if not asker(request).may(role):
            named = translated(request, f"role.{role}")
            return answer(request, 403, translated(request, "role_missing", role=named))
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal():
        return answer(request, 411, translated(request, "http_411"))
    if int(length) > BODY_LIMIT:
        return answer(request, 413, translated(request, "http_413"))
    return None


def _checked(request: Request) -> Response | None:
    """What a request is refused with. Who sends it is looked up here, where that is shown at all."""
    try:
        if shows_identity(request):
            asker(request)
        return _refusal(request)
    except HTTPException as error:
        return answer(request, error.status_code, error.detail, error.headers)
    except OperationalError as error:
        return unreachable(request, error)


def install(app: FastAPI) -> None:
    """Put the checks before all routes."""
    app.state.doorkeeper = Doorkeeper()

    @app.middleware("http")
    async def guard(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = None
        if request.method not in SAFE or shows_identity(request):
            response = await run_in_threadpool(_checked, request)
        response = response or await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if shows_identity(request):  # what is one's own is kept for nobody else
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

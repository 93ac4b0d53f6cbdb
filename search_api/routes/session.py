"""Signing in and out on the page: `/dang-nhap`, `/dang-xuat`; with an account or the administrator's token."""

import hmac
import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from diembao.archive import users
from search_api.page.rendering import render, translated
from search_api.routes.context import Context, Here
from search_api.routes.identity import (
    SESSION_COOKIE,
    TOKEN_COOKIE,
    Doorkeeper,
    asker,
    cookie_value,
)
from search_api.routes.security import SIGN_IN, SIGN_OUT

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=1000)]

_OWN_PAGE = re.compile(r"/(?![/\\])[\x21-\x7e]*")


@router.get(SIGN_IN)
def sign_in_page(context: Here, request: Request, back: str = "/") -> Response:
    """The forms, or that nobody has to sign in."""
    return _form(context, request, back)


@router.post(SIGN_IN)
def sign_in(
    context: Here,
    request: Request,
    name: Text = "",
    password: Text = "",
    token: Text = "",
    back: Text = "/",
) -> Response:
    """Check what was typed and remember it in a cookie of this browser."""
    if token:
        return _by_token(context, request, token, back)
    keeper: Doorkeeper = request.app.state.doorkeeper
    with context.archive.read() as connection:
        user = keeper.check(request, connection, name, password)
    if user is None:
        return _form(context, request, back, "password_wrong")
    with context.archive.write() as connection:
        session = users.open_session(connection, user, context.now())
    response = RedirectResponse(_own_page(back), 303)
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=int(users.SESSION.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


@router.post(SIGN_OUT)
def sign_out(context: Here, request: Request) -> Response:
    """End the session of this browser."""
    if session := request.cookies.get(SESSION_COOKIE):
        with context.archive.write() as connection:
            users.close_session(connection, session)
    response = RedirectResponse("/", 303)
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(TOKEN_COOKIE)
    return response


def _by_token(context: Context, request: Request, token: str, back: str) -> Response:
    asked = context.settings.admin_token
    if asked is None:
        return RedirectResponse("/", 303)
    known = asked.get_secret_value()
    if not hmac.compare_digest(token.strip().encode(), known.encode()):
        return _form(context, request, back, "token_wrong")
    response = RedirectResponse(_own_page(back), 303)
    secure = request.url.scheme == "https"
    response.set_cookie(
        TOKEN_COOKIE, cookie_value(known), httponly=True, samesite="strict", secure=secure
    )
    return response


def _form(context: Context, request: Request, back: str, fault: str | None = None) -> Response:
    with context.archive.read() as connection:
        has_accounts = users.exist(connection)
    return render(
        request,
        "account/sign_in.html",
        401 if fault else 200,
        has_accounts=has_accounts,
        takes_token=context.settings.admin_token is not None,
        known=asker(request),
        back=_own_page(back),
        fault=translated(request, fault) if fault else None,
    )


def _own_page(back: str) -> str:
    """An address of this site; the search where something else is asked for."""
    return back if _OWN_PAGE.fullmatch(back) else "/"

"""Signing in on the page with the administrator's token: `/dang-nhap`."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from search_api.page.rendering import render, translated
from search_api.routes.context import Here
from search_api.routes.security import SIGN_IN, TOKEN_COOKIE, cookie_value, may_change

router = APIRouter(include_in_schema=False)


@router.get(SIGN_IN)
def sign_in_page(context: Here, request: Request) -> Response:
    """The form, or that no token is needed."""
    settings = context.settings
    return render(
        request,
        "sign_in.html",
        needs_token=settings.admin_token is not None,
        is_signed_in=may_change(request, settings),
        fault=None,
    )


@router.post(SIGN_IN)
def sign_in(context: Here, request: Request, token: Annotated[str, Form()] = "") -> Response:
    """Check the token and remember it in a cookie of this session."""
    asked = context.settings.admin_token
    if asked is None:
        return RedirectResponse("/", 303)
    known = asked.get_secret_value()
    if not hmac.compare_digest(token.strip().encode(), known.encode()):
        fault = translated(request, "token_wrong")
        return render(
            request, "sign_in.html", 401, needs_token=True, is_signed_in=False, fault=fault
        )
    response = RedirectResponse("/", 303)
    secure = request.url.scheme == "https"
    response.set_cookie(
        TOKEN_COOKIE, cookie_value(known), httponly=True, samesite="strict", secure=secure
    )
    return response

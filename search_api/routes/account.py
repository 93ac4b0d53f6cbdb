"""One's own account: `/tai-khoan`, and in the API. Accounts are made and ended by `diembao user`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from diembao.archive import users
from diembao.archive.users import User
from diembao.errors import ConflictError, DiembaoError
from search_api.page.rendering import render, translated
from search_api.routes.context import Context, Here
from search_api.routes.errors import answers
from search_api.routes.identity import OFFICE, Asker, Doorkeeper, Somebody, asker
from search_api.routes.security import SIGN_IN

router = APIRouter(tags=["account"])

ACCOUNT = "/tai-khoan"
Password = Annotated[str, Field(max_length=1000)]


class AccountAnswer(BaseModel):
    """Who asks. `has_account` is false for the office, where nobody signs in, and for the administrator's token."""

    name: str
    role: Literal["reader", "editor", "admin"]
    has_account: bool


class PasswordAsked(BaseModel):
    """The present password, and the one that is to hold."""

    present: Password
    new: Password


class TokenAnswer(BaseModel):
    """The token for programs, shown once."""

    token: str


def _own(known: Asker) -> User:
    if known.user is None:
        raise ConflictError(
            "Ở đây không ai đăng nhập bằng tài khoản; hãy tạo: diembao user add TÊN (no account is signed in)."
        )
    return known.user


def _change_password(context: Context, request: Request, present: str, new: str) -> None:
    """Raises DiembaoError, and HTTPException for a wrong password."""
    user = _own(asker(request))
    keeper: Doorkeeper = request.app.state.doorkeeper
    with context.archive.read() as connection:
        is_known = keeper.check(request, connection, user.name, present) is not None
    if not is_known:
        raise HTTPException(
            401, translated(request, "password_wrong"), {"WWW-Authenticate": "Bearer"}
        )
    with context.archive.write() as connection:
        users.set_password(connection, user, new, user.name, context.now())


@router.get("/api/v1/account", responses=answers(401, 503))
def account(known: Somebody) -> AccountAnswer:
    """Who asks, and with which role."""
    assert known.role is not None
    return AccountAnswer(name=known.name, role=known.role.value, has_account=known.user is not None)


@router.post(
    "/api/v1/account/password", status_code=204, responses=answers(401, 409, 422, 429, 503)
)
def new_password(context: Here, request: Request, asked: PasswordAsked) -> None:
    """Change one's password; all sessions end."""
    _change_password(context, request, asked.present, asked.new)


@router.post("/api/v1/account/token", status_code=201, responses=answers(401, 409, 503))
def new_token(context: Here, known: Somebody) -> TokenAnswer:
    """A new token for one's programs; the one before ends."""
    user = _own(known)
    with context.archive.write() as connection:
        return TokenAnswer(token=users.new_token(connection, user, user.name, context.now()))


@router.get(ACCOUNT, include_in_schema=False)
def account_page(request: Request) -> Response:
    """Who is signed in, and what they can change; the sign-in for nobody."""
    known = asker(request)
    if known.role is None:
        return RedirectResponse(f"{SIGN_IN}?back={ACCOUNT}", 303)
    return _page(request, known)


@router.post(f"{ACCOUNT}/mat-khau", include_in_schema=False)
def new_password_page(
    context: Here,
    request: Request,
    present: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Change the password, then sign in again with it."""
    try:
        _change_password(context, request, present, new)
    except DiembaoError as error:
        return _page(request, asker(request), fault=str(error), status=error.status)
    except HTTPException as error:
        return _page(request, asker(request), fault=error.detail, status=error.status_code)
    return RedirectResponse(f"{SIGN_IN}?back={ACCOUNT}", 303)


@router.post(f"{ACCOUNT}/ma", include_in_schema=False)
def new_token_page(context: Here, request: Request, known: Somebody) -> Response:
    """Show a new token, once."""
    page = _page(request, known, token=new_token(context, known).token)
    page.headers["Cache-Control"] = "no-store"
    return page


def _page(
    request: Request,
    known: Asker,
    *,
    token: str | None = None,
    fault: str | None = None,
    status: int = 200,
) -> Response:
    return render(
        request, "account/page.html", status,
        known=known, token=token, fault=fault, can_leave=known != OFFICE,
    )  # fmt: skip

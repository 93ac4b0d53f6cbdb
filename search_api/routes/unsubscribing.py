"""`/thoi-nhan/{subscription}/{token}`: the way out of a mail, without an account (RFC 8058).

Mail programs send the POST themselves when a reader presses their button; a person who opens the
address is asked first, since programs that look for viruses open every address. The token in the
address, which only the mail holds, is all that guards it. Asking again, or for what never was, gives
the same answer.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse

from search_api.alerts import subscribing
from search_api.page.rendering import render
from search_api.routes.context import Here, RowId

router = APIRouter(include_in_schema=False)

Token = Annotated[str, Path(max_length=64)]


@router.get("/thoi-nhan/{subscription_id}/{token}")
def asked(context: Here, request: Request, subscription_id: RowId, token: Token) -> HTMLResponse:
    """Ask whether mails are to end."""
    address = subscribing.mail_address(context.archive, subscription_id, token)
    return _page(request, address)


@router.post("/thoi-nhan/{subscription_id}/{token}")
def ended(context: Here, request: Request, subscription_id: RowId, token: Token) -> HTMLResponse:
    """End the mails of a subscription to the address that the token belongs to."""
    subscribing.end_mails(context.archive, subscription_id, token)
    return _page(request, None)


def _page(request: Request, address: str | None) -> HTMLResponse:
    page = render(request, "alerts/unsubscribe.html", address_asked=address)
    page.headers["Cache-Control"] = "no-store"
    return page

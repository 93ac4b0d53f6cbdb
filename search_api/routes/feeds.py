"""`/feeds/{token}.atom`: a subscription's alerts for a feed reader. The token is all that guards it."""

import hashlib

from fastapi import APIRouter, Request
from starlette.responses import Response

from diembao.archive import alerts
from search_api.alerts.channels import feed
from search_api.alerts.subscribing import feed_url
from search_api.routes.context import Here
from search_api.routes.errors import answers

router = APIRouter(tags=["alerts"])

ATOM = "application/atom+xml"


@router.get(
    "/feeds/{token}.atom",
    response_class=Response,
    responses={200: {"content": {ATOM: {}}}, 304: {"description": "unchanged"}, **answers(404)},
)
def atom_feed(context: Here, request: Request, token: str) -> Response:
    """The latest alerts as Atom; 304 if the reader has them."""
    with context.archive.read() as connection:
        subscription = alerts.subscription_of_feed(connection, token)
        latest = alerts.inbox(connection, subscription_id=subscription.id, limit=feed.ENTRIES)
    body = feed.atom(subscription, latest, feed_url(context.settings, token))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = request.headers.get("if-none-match", "")
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{ATOM}; charset=utf-8", headers=headers)

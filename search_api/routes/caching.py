"""ETags: what a program asked for again and has not changed is answered with 304 and no body.

Of the API's JSON answers to GET. The tag is a digest of the body, so it holds whatever server made it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import StreamingResponse

CACHING = "private, no-cache"
"""A reader's program may keep an answer and asks each time whether it still holds."""


def matches(given: str, tag: str) -> bool:
    """Whether an `If-None-Match` header names the tag (RFC 9110, 13.1.2: weakly compared)."""
    tags = {one.strip().removeprefix("W/") for one in given.split(",")}
    return given.strip() == "*" or tag in tags


def install(app: FastAPI) -> None:
    """Tag the answers."""

    @app.middleware("http")
    async def tagged(
        request: Request, call_next: Callable[[Request], Awaitable[StreamingResponse]]
    ) -> Response:
        response = await call_next(request)
        is_tagged = (
            request.method == "GET"
            and request.url.path.startswith("/api/")
            and response.status_code == 200
            and response.headers.get("content-type") == "application/json"
        )
        if not is_tagged:
            return response
        body = b"".join([bytes(piece) async for piece in response.body_iterator])  # type: ignore[arg-type]
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": CACHING}
        if matches(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        return Response(body, 200, dict(response.headers) | headers)

"""One shape for every error: problem details (RFC 9457), or the same sentence as a page.

The member `error` (`code`, `message`, `hint`) tells the same to programs that know nothing of the RFC.

What lies under `/api/`, health and feeds answer in JSON; everything else in HTML. Unexpected faults are
logged in full and answered with one sentence that tells nothing of the inside.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from diembao.errors import DiembaoError
from search_api.page.rendering import render, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger("search_api")

CODES = {
    400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found",
    405: "method_not_allowed", 409: "conflict", 411: "length_required", 413: "too_large", 415: "unsupported_media_type", 422: "bad_input",
    429: "too_many_requests", 500: "internal", 502: "fetch_failed", 503: "unavailable",
}  # fmt: skip
"""The codes that `error.code` may hold, by status."""

PROBLEM = "application/problem+json"


class Fault(BaseModel):
    """What went wrong: `code` for machines, `message` one sentence for people."""

    code: str
    message: str
    hint: str | None = None


class ErrorAnswer(BaseModel):
    """The body of every error, of type `application/problem+json`."""

    type: str = Field(description="Names the kind of problem; the same for the same `error.code`.")
    title: str = Field(description="The kind of problem in English words.")
    status: int
    detail: str = Field(description="One sentence for people, as in `error.message`.")
    error: Fault


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The entry of a route's `responses` for the errors that it may give."""
    return {status: {"model": ErrorAnswer, "description": CODES[status]} for status in statuses}


HINTS = {401: "hint_token", 404: "hint_missing", 405: "hint_method", 503: "hint_wait"}


def answer(
    request: Request,
    status: int,
    message: str,
    headers: Mapping[str, str] | None = None,
    hint: str | None = None,
) -> Response:
    """An error as JSON or as a page, as the address asks. `hint` is the key of a wording."""
    key = hint or HINTS.get(status)
    hint = translated(request, key) if key else None
    if request.url.path.startswith(("/api/", "/feeds/", "/healthz")):
        code = CODES.get(status, "error")
        body = ErrorAnswer(
            type=f"urn:diembao:problem:{code}",
            title=code.replace("_", " "),
            status=status,
            detail=message,
            error=Fault(code=code, message=message, hint=hint),
        )
        return JSONResponse(
            body.model_dump(exclude_none=True), status, dict(headers or {}), media_type=PROBLEM
        )
    query = request.query_params.get("q", "")
    is_refused = status == 401
    page = render(
        request,
        "error.html",
        status,
        message=message,
        hint=hint,
        query=query,
        is_refused=is_refused,
        back=request.url.path if request.method == "GET" else "/",
    )
    page.headers.update(headers or {})
    return page


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, DiembaoError)
    return answer(request, error.status, str(error))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    key = f"http_{error.status_code}"
    known = {404, 405}
    message = translated(request, key) if error.status_code in known else str(error.detail)
    return answer(request, error.status_code, message, error.headers)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc'][1:]) or fault['loc'][0]}: {fault['msg']}"
        for fault in error.errors()
    )
    return answer(request, 422, translated(request, "invalid", faults=faults))


def unreachable(request: Request, error: Exception) -> Response:
    """The answer where the archive does not answer."""
    log.error("the archive does not answer", exc_info=error)
    return answer(request, 503, translated(request, "archive_unavailable"))


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return answer(request, 500, translated(request, "unexpected"))


EVERYWHERE = ("405", "429")
CHANGING = ("401", "403", "411", "413")
"""What the checks before the routes may answer to any request, and to one that changes something."""


def described(app: FastAPI) -> dict[str, Any]:
    """The description of the API (OpenAPI 3.1) with its errors as they are sent."""
    if app.openapi_schema is None:
        made = FastAPI.openapi(app)
        schema = {"$ref": "#/components/schemas/ErrorAnswer"}
        for path, methods in made["paths"].items():
            for method, operation in methods.items():
                given = operation["responses"]
                more: tuple[str, ...] = EVERYWHERE if path.startswith("/api/") else ()
                more += CHANGING if method.upper() not in ("GET", "HEAD") else ()
                for status in {*more, *(one for one in given if one >= "400")}:
                    said = given.get(status, {}).get("description") or CODES[int(status)]
                    given[status] = {
                        "description": said, "content": {PROBLEM: {"schema": schema}},
                    }  # fmt: skip
    return app.openapi_schema or {}


def install(app: FastAPI) -> None:
    """Make the application answer every error in the one shape, and its description say so."""
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    app.add_exception_handler(DiembaoError, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, unreachable)
    app.add_exception_handler(Exception, _unexpected)

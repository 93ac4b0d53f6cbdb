"""Adding a newspaper by its address: `/bao/them`, `/api/v1/sources/requests`.

The request becomes an `add_source` job of the archive, which a worker runs: it looks at the
newspaper, writes its declaration and takes in the first articles. Its key is the origin of the
address; under it the status is asked for until the newspaper is there or the job has failed.
"""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import RedirectResponse, Response

from diembao.archive import jobs, sources
from diembao.errors import BadInputError
from diembao.source import Source
from search_api.page.rendering import render
from search_api.routes import newspapers
from search_api.routes.context import Context, Here
from search_api.routes.errors import answers
from search_api.routes.requesting import Progress, patience, progress

router = APIRouter(tags=["newspapers"])

URL_LIMIT = 2_000
REFRESH = 3
"""Seconds between two looks of the status page."""

LONG_WAIT = timedelta(minutes=5)
"""After so long the status page asks whether the workers run."""

SHOWN = 5
"""Articles that the status page shows of the new newspaper."""


class NewspaperRequest(BaseModel):
    """The newspaper's address; that of any of its pages will do."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": "https://bao.example"}]})

    url: str


class NewspaperStatus(Progress):
    """`waiting`, `done` (with the newspaper), `failed` (with its cause), `unknown`."""

    newspaper: Source | None = None


def _origin(url: str) -> str:
    """The origin of an address, typed with or without its scheme. Raises BadInputError."""
    typed = url.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        is_host = "." in (parts.hostname or "") and not set(typed) & set(" \t\r\n\\")
    except ValueError:
        is_host = False
    if not is_host or parts.scheme not in ("http", "https") or len(typed) > URL_LIMIT:
        raise BadInputError(
            "Đây không phải địa chỉ của một báo; hãy dán địa chỉ trang chủ, như https://baomau.vn."
        )
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def request_newspaper(context: Context, wanted: NewspaperRequest) -> NewspaperStatus:
    """File the job, unless the newspaper is there. Raises BadInputError."""
    key = _origin(wanted.url)
    with context.archive.write() as connection:
        if sources.at_host(connection, urlsplit(key).netloc) is None:
            jobs.add(connection, "add_source", key, {"url": key}, context.now())
    return status_of(context, key)


def status_of(context: Context, key: str) -> NewspaperStatus:
    """How far the adding of a newspaper is."""
    address = f"/bao/them/tinh-trang?{urlencode({'key': key})}"
    with context.archive.read() as connection:
        known = sources.at_host(connection, urlsplit(key).netloc)
        told = progress(connection, "add_source", key, address, is_there=known is not None)
    return NewspaperStatus(**told, newspaper=known if told["state"] == "done" else None)


@router.post(
    "/api/v1/sources/requests", status_code=202, responses=answers(401, 403, 413, 422, 503)
)
def request_source(context: Here, wanted: NewspaperRequest) -> NewspaperStatus:
    """Ask for a newspaper to be looked at and declared."""
    return request_newspaper(context, wanted)


@router.get("/api/v1/sources/requests", responses=answers(422, 503))
def request_status(
    context: Here, key: Annotated[str, Query(max_length=URL_LIMIT)]
) -> NewspaperStatus:
    """How far a requested newspaper is; `key` is the one that the request answered."""
    return status_of(context, key)


@router.post("/bao/them", include_in_schema=False)
def add(context: Here, request: Request, url: Annotated[str, Form()] = "") -> Response:
    """Take the form; a mistake is told beside what was typed."""
    try:
        status = request_newspaper(context, NewspaperRequest(url=url))
    except BadInputError as error:
        return newspapers.show(context, request, given=url, fault=error)
    return RedirectResponse(status.status, 303)


@router.get("/bao/them/tinh-trang", include_in_schema=False)
def status_page(
    context: Here, request: Request, key: Annotated[str, Query(max_length=URL_LIMIT)]
) -> Response:
    """Wait for the newspaper, then show what was read of it."""
    status = status_of(context, key)
    read: list[sources.Headline] = []
    if status.newspaper:
        with context.archive.read() as connection:
            read = sources.newest(connection, status.newspaper.name, SHOWN)
    return render(
        request,
        "newspaper_status.html",
        adding=status,
        read=read,
        **patience(status, context.now(), REFRESH, LONG_WAIT),
    )

"""Adding an article by address or by pasting its text: `/them`, `/api/v1/articles/requests`.

The request becomes a `read` job of the archive, which a worker runs. Its key is the address, or
`text:` and the SHA-256 of the pasted text in NFC; under that key the status is asked for until the
article is there or the job has failed with its cause.
"""

import hashlib
import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from diembao.archive import articles, crawl, jobs
from diembao.errors import BadInputError
from diembao.vietnamese.folding import nfc
from search_api.page.rendering import render
from search_api.routes.context import Context, Here
from search_api.routes.errors import answers
from search_api.routes.requesting import Progress, patience, progress

router = APIRouter(tags=["articles"])

TEXT_LIMIT = 200_000
"""Characters of a pasted text at most."""

URL_LIMIT = 2_000
LONG_WAIT = timedelta(seconds=45)
"""After so long the status page asks whether the workers run."""

REFRESH = 2
"""Seconds between two looks of the status page."""


class ReadRequest(BaseModel):
    """What to read: an address, or a text with the address that it came from where that is known."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://bao.example/bai-viet-12.html"}]}
    )

    url: str = ""
    text: str = ""


class ReadStatus(Progress):
    """`waiting`, `done` (with the article where it is known), `failed` (with its cause), `unknown`."""

    article_id: int | None = None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url)


def _checked_url(url: str) -> str:
    if not _is_address(url):
        raise BadInputError(
            "Địa chỉ phải bắt đầu bằng http:// hoặc https:// và có tên miền; hãy dán lại địa chỉ của bài."
        )
    if len(url) > URL_LIMIT:
        raise BadInputError(f"Địa chỉ dài quá {URL_LIMIT} ký tự; hãy dán địa chỉ gốc của bài.")
    return url


def request_reading(context: Context, wanted: ReadRequest) -> ReadStatus:
    """File the job, unless the article is there. Raises BadInputError."""
    url = wanted.url.strip()
    text = nfc(wanted.text.replace("\r\n", "\n").replace("\x00", "")).strip()
    if not url and not text:
        raise BadInputError("Chưa có gì để đọc; hãy dán địa chỉ hoặc văn bản của bài báo.")
    if len(text) > TEXT_LIMIT:
        raise BadInputError(
            f"Văn bản dài {len(text):,} ký tự, quá mức {TEXT_LIMIT:,}; hãy dán từng bài một."
        )
    payload = {"url": _checked_url(url)} if url else {}
    if text:
        payload["text"] = text
        key = f"text:{hashlib.sha256(text.encode()).hexdigest()}"
    else:
        key = url
    with context.archive.write() as connection:
        if _article_of(connection, key) is None:
            jobs.add(connection, "read", key, payload, context.now())
    return status_of(context, key)


def _article_of(connection: Connection, key: str) -> int | None:
    found = articles.find(connection, key)
    if found is not None:
        return found
    visit = crawl.get(connection, key)
    return visit.article_id if visit else None


def status_of(context: Context, key: str) -> ReadStatus:
    """How far the reading of an address or a text is."""
    address = f"/them/tinh-trang?{urlencode({'key': key})}"
    with context.archive.read() as connection:
        found = _article_of(connection, key)
        told = progress(connection, "read", key, address, is_there=found is not None)
    return ReadStatus(**told, article_id=found if told["state"] == "done" else None)


@router.post(
    "/api/v1/articles/requests", status_code=202, responses=answers(401, 403, 413, 422, 503)
)
def request_article(context: Here, wanted: ReadRequest) -> ReadStatus:
    """Ask for an article to be read from its address or its text."""
    return request_reading(context, wanted)


@router.get("/api/v1/articles/requests", responses=answers(422, 503))
def request_status(context: Here, key: Annotated[str, Query(max_length=URL_LIMIT)]) -> ReadStatus:
    """How far a requested reading is."""
    return status_of(context, key)


@router.get("/them", include_in_schema=False)
def form_page(request: Request) -> Response:
    """The form."""
    return render(request, "add.html", given=ReadRequest(), fault=None)


@router.post("/them", include_in_schema=False)
def add(
    context: Here,
    request: Request,
    url: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Take the form; its mistakes are told beside what was typed."""
    given = ReadRequest(url=url, text=text)
    try:
        status = request_reading(context, given)
    except BadInputError as error:
        return render(request, "add.html", error.status, given=given, fault=str(error))
    return RedirectResponse(status.status, 303)


@router.get("/them/tinh-trang", include_in_schema=False)
def status_page(
    context: Here, request: Request, key: Annotated[str, Query(max_length=URL_LIMIT)]
) -> Response:
    """Wait for the article, then lead to it."""
    status = status_of(context, key)
    if status.state == "done":
        return RedirectResponse(f"/bai/{status.article_id}", 303)
    return render(
        request,
        "add_status.html",
        reading=status,
        **patience(status, context.now(), REFRESH, LONG_WAIT),
    )

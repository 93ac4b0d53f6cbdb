"""The newspapers and how their collection goes: `/bao`, `/api/v1/sources`."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse

from diembao.archive import crawl, sources
from diembao.archive.sources import SourceHealth
from diembao.errors import BadInputError
from diembao.source import SourceLevel
from search_api.page.rendering import render
from search_api.routes.context import Context, Here
from search_api.routes.errors import answers

router = APIRouter(tags=["newspapers"])

STALE = timedelta(days=1)
"""A newspaper not looked at for so long is late."""


class FaultAnswer(BaseModel):
    """`count` addresses of a kind fail for one cause; `url` is one of them."""

    kind: Literal["feed", "sitemap", "listing", "article"]
    cause: str
    count: int
    url: str


class NewspaperAnswer(BaseModel):
    """A newspaper with its health.

    `state`: `ok`, `failing` (the last crawl failed), `late` (not looked at for a day), `new` (never yet),
    `manual` (articles added by hand).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "bao",
                    "title": "Báo Ví Dụ",
                    "domain": "bao.example",
                    "owner": "Thành ủy",
                    "level": "city",
                    "province": "ha-noi",
                    "articles": 120,
                    "state": "ok",
                    "failures": 0,
                    "last_error": "",
                    "last_crawl_at": "2024-12-11T08:30:00Z",
                    "last_article_at": "2024-12-11T08:00:00Z",
                    "next_crawl_at": "2024-12-11T08:45:00Z",
                    "faults": [
                        {
                            "kind": "feed",
                            "cause": "trang không còn (gone, HTTP 404)",
                            "count": 1,
                            "url": "https://bao.example/rss",
                        }
                    ],
                }
            ]
        }
    )

    name: str
    title: str
    domain: str
    owner: str | None
    level: SourceLevel | None
    province: str | None
    articles: int
    state: Literal["ok", "failing", "late", "new", "manual"]
    failures: int
    last_error: str | None
    last_crawl_at: datetime | None
    last_article_at: datetime | None
    next_crawl_at: datetime | None
    faults: list[FaultAnswer]


def _state(
    health: SourceHealth, now: datetime
) -> Literal["ok", "failing", "late", "new", "manual"]:
    if not health.source.domain:
        return "manual"
    if health.failures:
        return "failing"
    if health.last_crawl_at is None:
        return "new"
    return "late" if now - health.last_crawl_at > STALE else "ok"


def find(context: Context) -> list[NewspaperAnswer]:
    """All newspapers, those with trouble first, then by title."""
    with context.archive.read() as connection:
        known = sources.health(connection)
        faults = crawl.faults(connection)
    now = context.now()
    found = [
        NewspaperAnswer(
            **health.source.model_dump(),
            articles=health.articles,
            state=_state(health, now),
            failures=health.failures,
            last_error=health.last_error,
            last_crawl_at=health.last_crawl_at,
            last_article_at=health.last_article_at,
            next_crawl_at=health.next_crawl_at,
            faults=[
                FaultAnswer.model_validate(asdict(fault))
                for fault in faults.get(health.source.name, ())
            ],
        )
        for health in known
    ]
    return sorted(found, key=lambda one: (one.state != "failing", -one.articles, one.title))


@router.get("/api/v1/sources", responses=answers(503))
def newspapers(context: Here) -> list[NewspaperAnswer]:
    """All newspapers with their health."""
    return find(context)


@router.get("/bao", include_in_schema=False)
def newspapers_page(context: Here, request: Request) -> HTMLResponse:
    """The newspapers as people read them."""
    return show(context, request)


def show(
    context: Context, request: Request, given: str = "", fault: BadInputError | None = None
) -> HTMLResponse:
    """The page of newspapers, with what was typed into its form and what is wrong with it."""
    status = fault.status if fault else 200
    return render(
        request,
        "newspapers.html",
        status,
        newspapers=find(context),
        given=given,
        fault=fault and str(fault),
    )

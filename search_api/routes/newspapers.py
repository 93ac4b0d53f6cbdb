"""The newspapers and how their collection goes: `/bao`, `/api/v1/sources`."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse

from diembao.archive import condition, crawl, sources
from diembao.archive.condition import Condition
from diembao.archive.sources import SourceHealth
from diembao.errors import BadInputError
from diembao.source import SourceLevel
from search_api.page.rendering import render
from search_api.routes.context import Context, Here
from search_api.routes.errors import answers

router = APIRouter(tags=["newspapers"])

State = Literal["ok", "failing", "broken", "late", "new", "manual"]

STALE = timedelta(days=1)
"""A newspaper not looked at for so long is late."""


class FaultAnswer(BaseModel):
    """`count` addresses of a kind fail for one cause; `url` is one of them."""

    kind: Literal["feed", "sitemap", "listing", "article"]
    cause: str
    count: int
    url: str


class GapAnswer(BaseModel):
    """A time in which a newspaper was not collected; without `until` it lasts."""

    since: datetime
    until: datetime | None


class QuarantineAnswer(BaseModel):
    """A layout that broke: its last day (empty: the present one), since when, and what is wrong."""

    layout: str
    since: datetime
    fault: str


class NewspaperAnswer(BaseModel):
    """A newspaper with its health.

    `state`: `ok`, `failing` (the last crawl failed), `broken` (a layout is in quarantine), `late` (not
    looked at for a day), `new` (never yet), `manual` (articles added by hand). `last_day` are the articles
    of the last 24 hours, `usual_day` those of a usual day; `dated` and `signed` are shares from 0 to 1.
    `gaps` are times without collection in the last 30 days; one without `until` lasts.
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
                    "last_success_at": "2024-12-11T08:30:00Z",
                    "last_day": 31,
                    "usual_day": 28.4,
                    "dated": 1.0,
                    "signed": 0.94,
                    "gaps": [{"since": "2024-12-08T02:00:00Z", "until": "2024-12-08T07:00:00Z"}],
                    "quarantine": [],
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
    state: State
    failures: int
    last_error: str | None
    last_crawl_at: datetime | None
    last_article_at: datetime | None
    next_crawl_at: datetime | None
    last_success_at: datetime | None
    last_day: int
    usual_day: float | None
    dated: float | None
    signed: float | None
    gaps: list[GapAnswer]
    quarantine: list[QuarantineAnswer]
    faults: list[FaultAnswer]


def _state(health: SourceHealth, found: Condition, now: datetime) -> State:
    if not health.source.domain:
        return "manual"
    if health.failures:
        return "failing"
    if found.quarantine:
        return "broken"
    if health.last_crawl_at is None:
        return "new"
    return "late" if now - health.last_crawl_at > STALE else "ok"


def find(context: Context) -> list[NewspaperAnswer]:
    """All newspapers, those with trouble first, then by title."""
    now = context.now()
    with context.archive.read() as connection:
        known = sources.health(connection)
        faults = crawl.faults(connection)
        conditions = condition.conditions(connection, now)
    found = [
        NewspaperAnswer(
            **health.source.model_dump(),
            articles=health.articles,
            state=_state(health, conditions[health.source.name], now),
            **_told(conditions[health.source.name]),
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
    return sorted(
        found, key=lambda one: (one.state not in ("failing", "broken"), -one.articles, one.title)
    )


def _told(found: Condition) -> dict[str, Any]:
    return {
        "last_success_at": found.last_success_at,
        "last_day": found.last_day,
        "usual_day": found.usual_day,
        "dated": found.dated,
        "signed": found.signed,
        "gaps": [GapAnswer(since=gap.since, until=gap.until) for gap in found.gaps],
        "quarantine": [QuarantineAnswer.model_validate(one._asdict()) for one in found.quarantine],
    }


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

"""The register of awards: `/khen-thuong`, `/api/v1/awards`.

A row is an award event: what the newspapers that tell of it say together.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import HTMLResponse

from diembao.archive import registers
from diembao.archive.registers import AwardRow
from diembao.records import Level
from diembao.vietnamese.dates import local
from search_api.page.rendering import render
from search_api.routes.context import Context, Here
from search_api.routes.errors import answers
from search_api.routes.state import Day, in_order, none_if_empty

router = APIRouter(tags=["awards"])


class AwardParams(BaseModel):
    """Filters of the register."""

    q: str = Field(
        default="", max_length=500, description="Words of award, recipients, conferrer or model."
    )
    level: Annotated[Level | None, BeforeValidator(none_if_empty)] = None
    since: Day = Field(default=None, description="First local day.")
    until: Day = Field(default=None, description="Last local day.")
    sort: Annotated[
        Literal["latest", "earliest"], BeforeValidator(lambda given: given or "latest")
    ] = Field(default="latest", description="Latest or earliest day first.")

    def rows(self, context: Context, limit: int, cursor: str | None) -> registers.Listing[AwardRow]:
        """One page of the register. Raises BadInputError."""
        in_order(self.since, self.until)
        with context.archive.read() as connection:
            return registers.awards(
                connection,
                text=self.q,
                level=self.level,
                since=self.since,
                until=self.until,
                is_ascending=self.sort == "earliest",
                limit=limit,
                cursor=cursor,
            )

    def address(self, path: str, **more: str) -> str:
        """An address with these filters."""
        given = {name: value for name, value in self.model_dump(mode="json").items() if value}
        if self.sort == "latest":
            del given["sort"]
        asked = {name: given[name] for name in AwardParams.model_fields if name in given} | more
        return f"{path}?{urlencode(asked)}" if asked else path


class AwardPage(AwardParams):
    """Filters and place in the list."""

    limit: int = Field(default=50, ge=1, le=500)
    cursor: Annotated[str | None, BeforeValidator(none_if_empty)] = Field(
        default=None, max_length=200
    )


class ReportAnswer(BaseModel):
    """A newspaper's article about the event; `evidence` is the sentence that proves it."""

    article_id: int
    page: str
    title: str
    url: str
    newspaper: str
    date: datetime
    evidence: str


class AwardAnswer(BaseModel):
    """An award event. `date` is the local day of the conferment, or of the first report."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": 3,
                    "date": "2024-12-11",
                    "award": "Bằng khen",
                    "level": "ministry_province",
                    "recipients": ["Trần Thị Mận"],
                    "conferrer": "UBND thành phố",
                    "for_model": "Tổ dân phố không rác",
                    "reports": [],
                }
            ]
        }
    )

    event_id: int
    date: date
    award: str
    level: Level | None
    recipients: list[str]
    conferrer: str | None
    for_model: str | None
    reports: list[ReportAnswer]


class AwardsAnswer(BaseModel):
    """One page of the register, latest first; `total` counts all pages, `cursor` leads to the next."""

    total: int
    awards: list[AwardAnswer]
    cursor: str | None


def award_answer(row: AwardRow) -> AwardAnswer:
    """A row of the register as the API answers it."""
    return AwardAnswer(
        event_id=row.event_id,
        date=local(row.date).date(),
        award=row.award,
        level=row.level,
        recipients=list(row.recipients),
        conferrer=row.conferrer,
        for_model=row.for_model,
        reports=[
            ReportAnswer(
                article_id=one.article_id,
                page=f"/bai/{one.article_id}",
                title=one.title,
                url=one.url,
                newspaper=one.newspaper,
                date=one.date,
                evidence=one.evidence,
            )
            for one in row.reports
        ],
    )


def find(context: Context, params: AwardPage) -> AwardsAnswer:
    """The page of the register that the parameters ask for."""
    listing = params.rows(context, params.limit, params.cursor)
    return AwardsAnswer(
        total=listing.total,
        awards=[award_answer(row) for row in listing.rows],
        cursor=listing.cursor,
    )


@router.get("/api/v1/awards", responses=answers(422, 503))
def awards(context: Here, params: Annotated[AwardPage, Query()]) -> AwardsAnswer:
    """Award events, latest first."""
    return find(context, params)


@router.get("/khen-thuong", include_in_schema=False)
def awards_page(
    context: Here, request: Request, params: Annotated[AwardPage, Query()]
) -> HTMLResponse:
    """The register as people read it."""
    answer = find(context, params)
    return render(request, "awards.html", params=params, answer=answer, levels=list(Level))

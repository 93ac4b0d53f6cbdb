"""The registers of people (`/nguoi`) and units (`/to-chuc`), in the API and as files.

A person's row holds the positions that the articles tell of, each from the first to the last of them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import HTMLResponse, StreamingResponse

from diembao.archive.entity_lists import EntityRow
from diembao.entities.history import Span, positions
from diembao.errors import BadInputError
from diembao.records import Label
from diembao.vietnamese.dates import local
from diembao.vietnamese.provinces import present_provinces, province_name
from search_api.page.rendering import language_of, render
from search_api.reports.tables import Column, Row
from search_api.routes import exports
from search_api.routes.context import Context, Here
from search_api.routes.entities import ListFilter, ListParams
from search_api.routes.errors import answers
from search_api.routes.exports import FILES, Form, Table, as_file, every
from search_api.routes.histories import SpanAnswer, span_answer
from search_api.routes.state import none_if_empty

router = APIRouter(tags=["people and units"])

PEOPLE = Table(
    "nguoi",
    (
        Column("name"), Column("positions"), Column("articles", "whole"),
        Column("first_told", "moment"), Column("last_told", "moment"), Column("entity_id"),
    ),
)  # fmt: skip
UNITS = Table(
    "to-chuc",
    (
        Column("name"), Column("aliases"), Column("province"), Column("articles", "whole"),
        Column("first_told", "moment"), Column("last_told", "moment"), Column("entity_id"),
    ),
)  # fmt: skip


class UnitFilter(ListFilter):
    """The same, and where the unit is."""

    province: Annotated[str | None, BeforeValidator(none_if_empty)] = Field(
        default=None, max_length=50, description="Slug of one of the 34 provinces."
    )


class UnitParams(UnitFilter, ListParams):
    """Filters and place in the list."""


class PersonAnswer(BaseModel):
    """A person with positions over time."""

    id: str
    page: str
    name: str
    positions: list[SpanAnswer]
    articles: int
    first_date: datetime
    last_date: datetime


class PeopleAnswer(BaseModel):
    """One page of the register; `total` counts all pages."""

    total: int
    people: list[PersonAnswer]
    cursor: str | None


class UnitAnswer(BaseModel):
    """A unit; `province` is the slug of the present province that it lies in, where known."""

    id: str
    page: str
    name: str
    aliases: list[str]
    province: str | None
    articles: int
    first_date: datetime
    last_date: datetime


class UnitsAnswer(BaseModel):
    """One page of the register; `total` counts all pages."""

    total: int
    units: list[UnitAnswer]
    cursor: str | None


def find_people(context: Context, params: ListParams) -> PeopleAnswer:
    """The page of the register that the parameters ask for."""
    listing = params.rows(context, Label.PERSON, params.limit, params.cursor)
    with context.archive.read() as connection:
        held = positions(connection, [row.entity.id for row in listing.rows])
    return PeopleAnswer(
        total=listing.total,
        people=[_person(row, held[row.entity.id]) for row in listing.rows],
        cursor=listing.cursor,
    )


def _person(row: EntityRow, held: list[Span]) -> PersonAnswer:
    return PersonAnswer(
        id=row.entity.id,
        page=f"/thuc-the/{row.entity.id}",
        name=row.entity.name,
        positions=[span_answer(one) for one in held],
        articles=row.articles,
        first_date=row.first_date,
        last_date=row.last_date,
    )


def find_units(context: Context, params: UnitParams) -> UnitsAnswer:
    """The page of the register that the parameters ask for. Raises BadInputError."""
    if params.province and params.province not in present_provinces():
        raise BadInputError(
            f"Không có tỉnh, thành “{params.province}”; hãy chọn một trong 34 (no such province)."
        )
    listing = params.rows(context, Label.UNIT, params.limit, params.cursor, params.province)
    return UnitsAnswer(
        total=listing.total,
        units=[
            UnitAnswer(
                id=row.entity.id,
                page=f"/thuc-the/{row.entity.id}",
                name=row.entity.name,
                aliases=list(row.entity.aliases),
                province=row.entity.province,
                articles=row.articles,
                first_date=row.first_date,
                last_date=row.last_date,
            )
            for row in listing.rows
        ],
        cursor=listing.cursor,
    )


@router.get("/api/v1/people", responses=answers(422, 503))
def people(context: Here, params: Annotated[ListParams, Query()]) -> PeopleAnswer:
    """People with their positions over time, those in most articles first unless sorted otherwise."""
    return find_people(context, params)


@router.get("/api/v1/units", responses=answers(422, 503))
def units(context: Here, params: Annotated[UnitParams, Query()]) -> UnitsAnswer:
    """Units, those in most articles first unless sorted otherwise."""
    return find_units(context, params)


@router.get("/api/v1/people.{form}", responses=FILES, response_class=StreamingResponse)
def people_file(
    context: Here, request: Request, form: Form, params: Annotated[ListFilter, Query()]
) -> StreamingResponse:
    """All people that the filters leave."""
    return as_file(form, PEOPLE, people_rows(context, params), language_of(request))


@router.get("/api/v1/units.{form}", responses=FILES, response_class=StreamingResponse)
def units_file(
    context: Here, request: Request, form: Form, params: Annotated[UnitFilter, Query()]
) -> StreamingResponse:
    """All units that the filters leave."""
    return as_file(form, UNITS, unit_rows(context, params), language_of(request))


def people_rows(context: Context, params: ListFilter) -> Iterator[Row]:
    """The people that the filters leave."""
    asked = params.model_dump()

    def page(cursor: str | None) -> PeopleAnswer:
        return find_people(context, ListParams(**asked, limit=exports.PAGE, cursor=cursor))

    for found in every(page):
        for row in found.people:
            held = "; ".join(map(_printed, row.positions))
            cells = (row.name, held, row.articles, row.first_date, row.last_date, row.id)
            yield Row(cells, row)


def _printed(one: SpanAnswer) -> str:
    what = ", ".join(filter(None, (one.role, one.what.name if one.what else None)))
    first, last = (f"{local(proof.date):%d/%m/%Y}" for proof in (one.first, one.last))
    return f"{what} ({first if first == last else f'{first} – {last}'})"


def unit_rows(context: Context, params: UnitFilter) -> Iterator[Row]:
    """The units that the filters leave."""
    asked = params.model_dump()

    def page(cursor: str | None) -> UnitsAnswer:
        return find_units(context, UnitParams(**asked, limit=exports.PAGE, cursor=cursor))

    for found in every(page):
        for row in found.units:
            cells = (
                row.name,
                "; ".join(row.aliases),
                province_name(row.province) if row.province else None,
                row.articles,
                row.first_date,
                row.last_date,
                row.id,
            )
            yield Row(cells, row)


@router.get("/nguoi", include_in_schema=False)
def people_page(
    context: Here, request: Request, params: Annotated[ListParams, Query()]
) -> HTMLResponse:
    """The register of people as people read it."""
    return render(request, "people.html", params=params, answer=find_people(context, params))


@router.get("/to-chuc", include_in_schema=False)
def units_page(
    context: Here, request: Request, params: Annotated[UnitParams, Query()]
) -> HTMLResponse:
    """The register of units as people read it."""
    return render(
        request,
        "units.html",
        params=params,
        answer=find_units(context, params),
        provinces=sorted(present_provinces(), key=province_name),
    )

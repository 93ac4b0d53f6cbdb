"""Mentions over time: `/phan-tich`, `/api/v1/analysis`, its pictures and its numbers as files.

The address is the whole state: up to eight searches (`q`) and entities (`entity`), filters that hold for all of them,
the period, and how it is drawn. Without a search or an entity all coverage is drawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import HTMLResponse, Response, StreamingResponse

from diembao.archive import registers, silences
from diembao.errors import BadInputError
from search_api.analysis.analysing import LINES, Analyst, Question
from search_api.analysis.counting import Subject
from search_api.analysis.shapes import Analysis, Counted, Point, Scale, Split
from search_api.index.base import Interval
from search_api.page.article_body import LABELS
from search_api.page.rendering import language_of, render
from search_api.page.texts import Language, word
from search_api.pictures import PICTURES, picture, png
from search_api.query.calendar import local_day
from search_api.reports.tables import Column, Row
from search_api.routes.context import Context, Here
from search_api.routes.errors import answers
from search_api.routes.exports import FILES, Form, Table, as_file
from search_api.routes.facets import names_of
from search_api.routes.state import Day, FacetValue, grouped, none_if_empty

router = APIRouter(tags=["analysis"])

WIDTHS = {"wide": 920, "narrow": 380}
"""Widths of the pictures on a desk and on a phone, in units of the drawing."""

PNG_ZOOM = 2.0

Words = Annotated[str, Field(max_length=2000)]
EntityId = Annotated[str, Field(max_length=200)]


def _filled(value: Any) -> Any:
    """Forms send empty fields; they ask for nothing."""
    if isinstance(value, list):
        return [one for one in value if not isinstance(one, str) or one.strip()]
    return value


class AnalysisParams(BaseModel):
    """The state of the analysis page."""

    model_config = ConfigDict(frozen=True)

    q: Annotated[list[Words], BeforeValidator(_filled)] = Field(
        default=[],
        max_length=LINES,
        description="Searches that are compared.",
        examples=[["dan van kheo"]],
    )
    entity: Annotated[list[EntityId], BeforeValidator(_filled)] = Field(
        default=[], max_length=LINES, description="Entities that are compared."
    )
    filter: list[FacetValue] = Field(
        default=[], description="FIELD:VALUE that must hold for everything, all coverage included."
    )
    exclude: list[FacetValue] = Field(default=[], description="FIELD:VALUE that must not hold.")
    since: Day = Field(default=None, description="First local day.")
    until: Day = Field(default=None, description="Last local day.")
    interval: Annotated[Interval | None, BeforeValidator(none_if_empty)] = Field(
        default=None, description="Empty: what suits the period."
    )
    count: Counted = Field(default="articles", description="Articles, or stories: reprints once.")
    scale: Scale = Field(default="absolute", description="Numbers, or shares of all coverage.")
    by: Annotated[Split | None, BeforeValidator(none_if_empty)] = Field(
        default=None,
        description="One subject is split into lines by this; several are counted by it.",
    )
    map: int = Field(default=0, ge=0, lt=LINES, description="The subject on the map, from 0.")

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The parameters after some changes that differ from their defaults."""
        given = self.model_dump(mode="json") | changes
        found: list[tuple[str, str]] = []
        for name, field in AnalysisParams.model_fields.items():
            value = given[name]
            if value != field.default:
                found += [
                    (name, str(one)) for one in (value if isinstance(value, list) else [value])
                ]
        return found

    def address(self, path: str = "/phan-tich", **changes: Any) -> str:
        """The address of the state after some changes."""
        pairs = self.pairs(**changes)
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def without(self, name: Literal["q", "entity", "filter", "exclude"], value: str) -> str:
        """The page without one search, entity or filter."""
        changes: dict[str, Any] = {name: [one for one in getattr(self, name) if one != value]}
        return self.address("/phan-tich", **changes, map=0)


def question_of(context: Context, params: AnalysisParams, language: Language) -> Question:
    """What the parameters ask. Raises BadInputError for more than LINES subjects, NotFoundError."""
    if len(params.q) + len(params.entity) > LINES:
        raise BadInputError(
            f"So sánh nhiều nhất {LINES} thực thể hoặc câu tìm; hãy bớt đi (at most {LINES} lines)."
        )
    scope = Subject(
        word(language, "analysis_everything"),
        filters=grouped(params.filter),
        excluded=grouped(params.exclude),
    )
    subjects = [
        Subject(query.strip(), query.strip(), scope.filters, scope.excluded) for query in params.q
    ]
    with context.archive.read() as connection:
        for entity_id in params.entity:
            entity = registers.entity(connection, entity_id)
            if entity.label not in LABELS or entity.label == "ROLE":
                raise BadInputError("Không phân tích được loại thực thể này (no such kind).")
            subjects.append(scope.within(LABELS[entity.label], entity.id, entity.name))
    return Question(
        scope=scope,
        subjects=tuple(subjects) or (scope,),
        since=params.since,
        until=params.until,
        interval=params.interval,
        count=params.count,
        scale=params.scale,
        by=params.by,
    )


def find(context: Context, params: AnalysisParams, language: Language) -> Analysis:
    """The analysis that page, API, files and pictures give."""
    question = question_of(context, params, language)
    now = context.now()
    with context.archive.read() as connection:

        def named(facet: str, values: Sequence[str]) -> Mapping[str, str]:
            names = names_of(connection, {facet: set(values)}, language)
            return {value: names[facet, value] for value in values}

        analyst = Analyst(
            context.index,
            connection,
            question,
            named,
            local_day(now),
            silences.collected(connection, now),
        )
        return analyst.analyse()


@router.get("/api/v1/analysis", responses=answers(404, 422, 503))
def analysis(
    context: Here, request: Request, params: Annotated[AnalysisParams, Query()]
) -> Analysis:
    """Mentions over time of up to eight searches and entities, with gaps in collection and bursts."""
    return find(context, params, language_of(request))


NUMBERS = Table(
    "phan-tich",
    (
        Column("line"), Column("stretch"), Column("from_day", "day"), Column("until_day", "day"),
        Column("articles", "whole"), Column("stories", "whole"), Column("share", "real"),
        Column("everything", "whole"), Column("missing", "real"),
    ),
)  # fmt: skip


class Number(Point):
    """A stretch of a line, with the line's name."""

    line: str


def number_rows(found: Analysis) -> Iterator[Row]:
    """Every stretch of every line."""
    for line in found.lines:
        for point in line.points:
            cells = (
                line.name, point.key, point.since, point.until, point.articles, point.stories,
                point.share, point.everything, point.missing,
            )  # fmt: skip
            record = Number(**point.model_dump(), line=line.name)
            yield Row(cells, record)


@router.get("/api/v1/analysis.{form}", responses=FILES, response_class=StreamingResponse)
def analysis_file(
    context: Here, request: Request, form: Form, params: Annotated[AnalysisParams, Query()]
) -> StreamingResponse:
    """The numbers of an analysis, a row for each stretch of each line; shares from 0 to 1."""
    language = language_of(request)
    return as_file(form, NUMBERS, number_rows(find(context, params, language)), language)


PICTURE_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/svg+xml": {}, "image/png": {}}},
    **answers(404, 422, 503),
}


@router.get("/api/v1/analysis/{name}.{form}", responses=PICTURE_FILES, response_class=Response)
def analysis_picture(
    context: Here,
    request: Request,
    name: Annotated[Literal["timeline", "parts", "provinces"], Path()],
    form: Annotated[Literal["svg", "png"], Path()],
    params: Annotated[AnalysisParams, Query()],
) -> Response:
    """A picture of the analysis: the timeline, the counts by newspaper, level or province, or the map."""
    language = language_of(request)
    found = find(context, params, language)
    drawn = picture(name, found, language, WIDTHS["wide"], params.map)
    body, media = (
        (drawn.encode(), "image/svg+xml") if form == "svg" else (png(drawn, PNG_ZOOM), "image/png")
    )
    return Response(
        body,
        media_type=media,
        headers={"Content-Disposition": f'attachment; filename="phan-tich-{name}.{form}"'},
    )


@router.get("/phan-tich", include_in_schema=False)
def analysis_page(
    context: Here, request: Request, params: Annotated[AnalysisParams, Query()]
) -> HTMLResponse:
    """The analysis as people read it."""
    language = language_of(request)
    found = find(context, params, language)
    with context.archive.read() as connection:
        names = registers.entity_names(connection, params.entity)
        given = {
            name: set(values) for name, values in grouped([*params.filter, *params.exclude]).items()
        }
        filters = names_of(connection, given, language)
    pictures = {
        (name, size): picture(name, found, language, width, params.map)
        for name in PICTURES
        for size, width in WIDTHS.items()
        if name != "parts" or found.parts
    }
    return render(
        request,
        "analysis/page.html",
        params=params,
        found=found,
        entities=names,
        filters={f"{field}:{value}": name for (field, value), name in filters.items()},
        pictures=pictures,
        most=LINES,
    )

"""Whole results as files: `/api/v1/search.csv`, `.xlsx`, `.ndjson`, `.parquet`, and the registers likewise.

Rows are read page by page while the file is sent; a search is exported newest first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import IO, Annotated, Any, Protocol, TypeVar

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import StreamingResponse

from diembao.archive import articles
from diembao.archived import ArchivedArticle
from diembao.errors import NotFoundError
from search_api.page.rendering import language_of
from search_api.page.texts import Language, word
from search_api.reports.parquet import parquet_file
from search_api.reports.tables import Cell, Column, Row, csv_stream, ndjson_stream, xlsx_file
from search_api.routes.awards import AwardParams, award_answer
from search_api.routes.cards import card
from search_api.routes.context import Context, Here
from search_api.routes.entities import ListFilter, ListParams, ModelsAnswer, find_models
from search_api.routes.errors import answers
from search_api.routes.state import SearchParams

router = APIRouter(tags=["exports"])

PAGE = 500
"""Rows that are read at once."""

CHUNK = 64 * 1024
"""Bytes of a finished file that are sent at once."""

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
Form = Annotated[
    str, Path(description="Kind of the file.", json_schema_extra={"enum": list(MEDIA)})
]
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.partition(";")[0]: {} for media in MEDIA.values()}},
    **answers(404, 422, 503),
}


@dataclass(frozen=True, slots=True)
class Table:
    """What is exported: the name of its files and its columns."""

    name: str
    columns: tuple[Column, ...]


ARTICLES = Table(
    "diem-bao",
    (
        Column("published", "moment"), Column("newspaper"), Column("title"), Column("lead"),
        Column("section"), Column("award_article"), Column("awards"), Column("original"),
        Column("article_id", "whole"), Column("version", "whole"),
    ),
)  # fmt: skip
AWARDS = Table(
    "khen-thuong",
    (
        Column("day", "day"), Column("award"), Column("award_level"), Column("recipients"),
        Column("conferrer"), Column("for_model"), Column("newspapers"), Column("addresses"), Column("proofs"),
    ),
)  # fmt: skip
MODELS = Table(
    "mo-hinh",
    (
        Column("name"), Column("owner"), Column("articles", "whole"),
        Column("first_told", "moment"), Column("last_told", "moment"), Column("entity_id"),
    ),
)  # fmt: skip


@router.get("/api/v1/search.{form}", responses=FILES, response_class=StreamingResponse)
def search_file(
    context: Here, request: Request, form: Form, params: Annotated[SearchParams, Query()]
) -> StreamingResponse:
    """All articles that answer a query, newest first. `sort`, `fold`, `limit` and `cursor` change nothing."""
    language = language_of(request)
    return as_file(form, ARTICLES, article_rows(context, params, language), language)


@router.get("/api/v1/awards.{form}", responses=FILES, response_class=StreamingResponse)
def awards_file(
    context: Here, request: Request, form: Form, params: Annotated[AwardParams, Query()]
) -> StreamingResponse:
    """All award events that the filters leave, latest first."""
    language = language_of(request)
    return as_file(form, AWARDS, award_rows(context, params, language), language)


@router.get("/api/v1/models.{form}", responses=FILES, response_class=StreamingResponse)
def models_file(
    context: Here, request: Request, form: Form, params: Annotated[ListFilter, Query()]
) -> StreamingResponse:
    """All models and exemplars that the filters leave."""
    return as_file(form, MODELS, model_rows(context, params), language_of(request))


class _Page(Protocol):
    @property
    def cursor(self) -> str | None: ...


P = TypeVar("P", bound=_Page)


def every(page: Callable[[str | None], P]) -> Iterator[P]:
    """All pages of a list, from the one without a cursor to the one that gives none."""
    cursor: str | None = None
    while True:
        found = page(cursor)
        yield found
        cursor = found.cursor
        if cursor is None:
            return


def article_rows(context: Context, params: SearchParams, language: Language) -> Iterator[Row]:
    """The articles of a search, newest first. Raises BadInputError with the first row."""
    wanted = replace(
        params.request(),
        sort="date",
        fold_stories=False,
        facets=(),
        timeline=None,
        limit=PAGE,
    )
    for result in every(lambda cursor: context.index.search(replace(wanted, cursor=cursor))):
        with context.archive.read() as connection:
            loaded = articles.load(connection, [hit.article_id for hit in result.hits])
        yield from (Row(article_cells(item, language), card(item)) for item in loaded)


def article_cells(item: ArchivedArticle, language: Language) -> tuple[Cell, ...]:
    """An article in the columns of ARTICLES."""
    article, short = item.article, card(item)
    return (
        article.date,
        item.source.title,
        article.title,
        article.lead,
        article.section,
        word(language, "award_article") if short.is_award_article else "",
        "; ".join(short.awards),
        article.url,
        item.id,
        item.version,
    )


def award_rows(context: Context, params: AwardParams, language: Language) -> Iterator[Row]:
    """The award events that the filters leave, latest first."""
    for listing in every(lambda cursor: params.rows(context, PAGE, cursor)):
        for row in map(award_answer, listing.rows):
            cells = (
                row.date,
                row.award,
                word(language, f"award_level.{row.level}") if row.level else "",
                "; ".join(row.recipients),
                row.conferrer,
                row.for_model,
                "; ".join(dict.fromkeys(one.newspaper for one in row.reports)),
                " ".join(one.url for one in row.reports),
                " | ".join(dict.fromkeys(one.evidence for one in row.reports if one.evidence)),
            )
            yield Row(cells, row)


def model_rows(context: Context, params: ListFilter) -> Iterator[Row]:
    """The models that the filters leave."""
    asked = params.model_dump()

    def page(cursor: str | None) -> ModelsAnswer:
        return find_models(context, ListParams(**asked, limit=PAGE, cursor=cursor))

    for found in every(page):
        for row in found.models:
            cells = (row.name, row.owner, row.articles, row.first_date, row.last_date, row.id)
            yield Row(cells, row)


def written(form: str, table: Table, rows: Iterator[Row], language: Language) -> Iterator[bytes]:
    """The file of a table, piece by piece. Raises NotFoundError for a kind that is none of MEDIA."""
    if form not in MEDIA:
        raise NotFoundError(
            f"Không có tệp loại {form}; các loại là {', '.join(MEDIA)} (no such kind of file)."
        )
    titles = [word(language, f"column.{column.name}") for column in table.columns]
    match form:
        case "csv":
            return csv_stream(titles, rows)
        case "ndjson":
            return ndjson_stream(rows)
        case "xlsx":
            return _sent(xlsx_file(titles, rows))
        case _:
            return _sent(parquet_file(table.columns, rows))


def as_file(form: str, table: Table, rows: Iterator[Row], language: Language) -> StreamingResponse:
    """The answer that carries the file of a table. Raises what the first row raises."""
    # the first row is read before the answer begins, so that a mistake is answered as one
    rows = chain(list(islice(rows, 1)), rows)
    return StreamingResponse(
        written(form, table, rows, language),
        media_type=MEDIA[form],
        headers={"Content-Disposition": f'attachment; filename="{table.name}.{form}"'},
    )


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk

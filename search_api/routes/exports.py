"""Whole results as files: `/api/v1/search.csv`, `.xlsx`, `.ndjson`, and the same of the register of awards.

Rows are read page by page while the file is sent; a search is exported newest first.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import IO, Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import StreamingResponse

from diembao.archive import articles
from diembao.archived import ArchivedArticle
from diembao.errors import NotFoundError
from search_api.page.rendering import language_of
from search_api.page.texts import Language, word
from search_api.reports.tables import Row, csv_stream, ndjson_stream, xlsx_file
from search_api.routes.awards import AwardParams, award_answer
from search_api.routes.cards import card
from search_api.routes.context import Context, Here
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
}
Form = Annotated[
    str, Path(description="Kind of the file.", json_schema_extra={"enum": list(MEDIA)})
]
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.partition(";")[0]: {} for media in MEDIA.values()}},
    **answers(404, 422, 503),
}

ARTICLE_COLUMNS = ("published", "newspaper", "title", "lead", "section", "award_article", "awards", "original", "article_id", "version")  # fmt: skip
AWARD_COLUMNS = ("day", "award", "award_level", "recipients", "conferrer", "for_model", "newspapers", "addresses")  # fmt: skip


@router.get("/api/v1/search.{form}", responses=FILES, response_class=StreamingResponse)
def search_file(
    context: Here, request: Request, form: Form, params: Annotated[SearchParams, Query()]
) -> StreamingResponse:
    """All articles that answer a query, newest first. `sort`, `fold`, `limit` and `cursor` change nothing."""
    language = language_of(request)
    rows = _article_rows(context, params, language)
    return _file(form, "diem-bao", ARTICLE_COLUMNS, rows, language)


@router.get("/api/v1/awards.{form}", responses=FILES, response_class=StreamingResponse)
def awards_file(
    context: Here, request: Request, form: Form, params: Annotated[AwardParams, Query()]
) -> StreamingResponse:
    """All award events that the filters leave, latest first."""
    language = language_of(request)
    rows = _award_rows(context, params, language)
    return _file(form, "khen-thuong", AWARD_COLUMNS, rows, language)


def _article_rows(context: Context, params: SearchParams, language: Language) -> Iterator[Row]:
    wanted = replace(
        params.request(),
        sort="date",
        fold_stories=False,
        facets=(),
        timeline=None,
        limit=PAGE,
        cursor=None,
    )
    while True:
        result = context.index.search(wanted)
        with context.archive.read() as connection:
            loaded = articles.load(connection, [hit.article_id for hit in result.hits])
        yield from (_article_row(item, language) for item in loaded)
        if result.cursor is None:
            return
        wanted = replace(wanted, cursor=result.cursor)


def _article_row(item: ArchivedArticle, language: Language) -> Row:
    article, short = item.article, card(item)
    cells = (
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
    return Row(cells, short)


def _award_rows(context: Context, params: AwardParams, language: Language) -> Iterator[Row]:
    cursor: str | None = None
    while True:
        listing = params.rows(context, PAGE, cursor)
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
            )
            yield Row(cells, row)
        cursor = listing.cursor
        if cursor is None:
            return


def _file(
    form: str, name: str, columns: tuple[str, ...], rows: Iterator[Row], language: Language
) -> StreamingResponse:
    if form not in MEDIA:
        raise NotFoundError(
            f"Không có tệp loại {form}; các loại là {', '.join(MEDIA)} (no such kind of file)."
        )
    # the first row is read before the answer begins, so that a mistake is answered as one
    rows = chain(list(islice(rows, 1)), rows)
    titles = [word(language, f"column.{column}") for column in columns]
    if form == "xlsx":
        body = _sent(xlsx_file(titles, rows))
    else:
        body = csv_stream(titles, rows) if form == "csv" else ndjson_stream(rows)
    return StreamingResponse(
        body,
        media_type=MEDIA[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk

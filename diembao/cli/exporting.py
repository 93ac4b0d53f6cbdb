"""`diembao export`: whole results and registers as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diembao.cli.output import console, progress
from diembao.errors import BadInputError
from diembao.language import is_vietnamese, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search_api.page.texts import Language
    from search_api.reports.tables import Row

TABLES = ("articles", "awards", "models", "people", "units")


def export(
    path: Annotated[
        Path,
        typer.Argument(
            help=say(
                "Tệp .csv, .xlsx, .ndjson hoặc .parquet.",
                "A .csv, .xlsx, .ndjson or .parquet file.",
            )
        ),
    ],
    query: Annotated[
        str,
        typer.Argument(help=say("Câu tìm; để trống là tất cả.", "The query; empty is everything.")),
    ] = "",
    table: Annotated[
        str, typer.Option(help=say(f"Xuất gì: {', '.join(TABLES)}.", f"What: {', '.join(TABLES)}."))
    ] = "articles",
    since: Annotated[str, typer.Option(help=say("Từ ngày.", "First day."))] = "",
    until: Annotated[str, typer.Option(help=say("Đến ngày.", "Last day."))] = "",
) -> None:
    """Write a whole result to a file; the file appears only when it is complete."""
    from pydantic import ValidationError

    from diembao import settings
    from diembao.archive.migration import open_archive
    from search_api.index import open_index
    from search_api.routes import exports, people_and_units
    from search_api.routes.awards import AwardParams
    from search_api.routes.context import Context
    from search_api.routes.entities import ListFilter
    from search_api.routes.state import SearchParams

    form = path.suffix.lower().lstrip(".")
    if form not in exports.MEDIA:
        kinds = ", ".join(f".{one}" for one in exports.MEDIA)
        raise BadInputError(
            say(f"Tên tệp phải có đuôi {kinds}.", f"The file's name must end in {kinds}.")
        )
    if table not in TABLES:
        raise BadInputError(
            say(f"--table là {', '.join(TABLES)}.", f"--table is {', '.join(TABLES)}.")
        )
    language: Language = "vi" if is_vietnamese() else "en"
    chosen = settings.load()
    context = Context(open_archive(chosen.archive_url), open_index(chosen), chosen)
    try:
        days = {"since": since, "until": until}
        if table == "articles":
            search = SearchParams.model_validate({"q": query, **days})
            shape, rows = exports.ARTICLES, exports.article_rows(context, search, language)
        elif table == "awards":
            register = AwardParams.model_validate({"q": query, **days})
            shape, rows = exports.AWARDS, exports.award_rows(context, register, language)
        elif table == "models":
            models = ListFilter.model_validate({"q": query, **days})
            shape, rows = exports.MODELS, exports.model_rows(context, models)
        elif table == "people":
            people = ListFilter.model_validate({"q": query, **days})
            shape, rows = people_and_units.PEOPLE, people_and_units.people_rows(context, people)
        else:
            units = people_and_units.UnitFilter.model_validate({"q": query, **days})
            shape, rows = people_and_units.UNITS, people_and_units.unit_rows(context, units)
    except ValidationError as error:
        raise BadInputError(
            say(f"Ngày không đọc được: {error.errors()[0]['msg']}; gõ như 24/11/2026.",
                f"Not a day: {error.errors()[0]['msg']}; write it as 2026-11-24.")
        ) from error  # fmt: skip
    count = 0

    def counted(read: Iterator[Row]) -> Iterator[Row]:
        nonlocal count
        for row in read:
            count += 1
            bar.update(task, completed=count)
            yield row

    part = path.with_name(f"{path.name}.part")
    try:
        with progress() as bar, part.open("wb") as file:
            task = bar.add_task(say("Xuất", "Exporting"), total=None)
            file.writelines(exports.written(form, shape, counted(rows), language))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    console.print(say(f"Đã ghi {count} dòng vào {path}.", f"{count} rows written to {path}."))

"""A table of any length as CSV, XLSX or NDJSON, in constant memory and complete by contract.

The number of rows stands at the end, so that a file cut short is known for one: in the last record of
a CSV (`#rows,12`), in the last line of an NDJSON (`{"rows": 12}`), in the property `rows` of an XLSX.
CSV begins with a byte order mark, and no cell of it is a formula; in an XLSX texts are texts and
days are days. Lines of an NDJSON are what the API answers.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Literal, NamedTuple

import xlsxwriter

from diembao.vietnamese.dates import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import BaseModel
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | datetime | None

AT_ONCE = 200
"""Rows in a piece of a stream."""

SHEET_ROWS = 1_000_000
"""Rows of a sheet at most; further ones stand in further sheets."""

LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet holds."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet; an apostrophe before it makes it text."""


class Column(NamedTuple):
    """A column by its English name, and what its cells are; any cell may be None."""

    name: str
    kind: Literal["text", "whole", "real", "day", "moment"] = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells for a spreadsheet, and the same for a program."""

    cells: tuple[Cell, ...]
    record: BaseModel


def csv_stream(titles: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """The table as CSV (UTF-8), piece by piece."""
    yield "\ufeff".encode() + _csv([titles])
    count, left = 0, iter(rows)
    while piece := list(islice(left, AT_ONCE)):
        count += len(piece)
        yield _csv([defused(_printed(cell)) for cell in row.cells] for row in piece)
    yield _csv([("#rows", str(count))])


def ndjson_stream(rows: Iterable[Row]) -> Iterator[bytes]:
    """A JSON object a line, piece by piece."""
    count, left = 0, iter(rows)
    while piece := list(islice(left, AT_ONCE)):
        count += len(piece)
        yield "".join(f"{row.record.model_dump_json()}\n" for row in piece).encode()
    yield f"{json.dumps({'rows': count})}\n".encode()


def xlsx_file(titles: Sequence[str], rows: Iterable[Row]) -> IO[bytes]:
    """The table as a workbook: an open temporary file that is gone when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the one who sends it
    with xlsxwriter.Workbook(
        file, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    ) as book:
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        count = 0
        sheet = _sheet(book, titles, bold)
        for row in rows:
            if count and count % SHEET_ROWS == 0:
                sheet = _sheet(book, titles, bold)
            for column, cell in enumerate(row.cells):
                _write(sheet, count % SHEET_ROWS + 1, column, cell, moment)
            count += 1
        book.set_custom_property("rows", count)
    file.seek(0)
    return file


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    is_formula = cell.startswith(FORMULA_SIGNS) or cell.lstrip().startswith(FORMULA_SIGNS)
    return f"'{cell}" if is_formula else cell


def _csv(records: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(records)
    return buffer.getvalue().encode()


def _printed(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return local(cell).strftime("%d/%m/%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return "" if cell is None else str(cell)


def _sheet(book: xlsxwriter.Workbook, titles: Sequence[str], bold: Format) -> Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(titles) - 1, 24)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    return sheet


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, moment: Format) -> None:
    if isinstance(cell, datetime) and cell.year > 1900:
        sheet.write_datetime(row, column, local(cell).replace(tzinfo=None), moment)
    elif isinstance(cell, date) and cell.year > 1900:
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, _printed(cell)[:LONGEST_CELL])

"""Tables as files: nothing is lost, whatever a cell holds."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from contextlib import closing
from datetime import UTC, date, datetime
from typing import IO, TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from search_api.reports import parquet, tables
from search_api.reports.parquet import parquet_file
from search_api.reports.tables import Column, Row, csv_stream, defused, ndjson_stream, xlsx_file

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator


class Named(BaseModel):
    name: str


def named(name: str) -> Row:
    return Row((name,), Named(name=name))


@given(st.text())
def test_no_cell_is_a_formula_and_its_words_stay(cell: str) -> None:
    safe = defused(cell)
    assert safe in (cell, f"'{cell}")
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=6))
def test_streams_hold_every_row_and_end_with_their_number(names: list[str]) -> None:
    rows = [named(name) for name in names]
    told = b"".join(ndjson_stream(rows)).decode().split("\n")
    assert [json.loads(line)["name"] for line in told[:-2]] == names
    assert json.loads(told[-2]) == {"rows": len(names)}
    text = b"".join(csv_stream(["Tên"], rows)).decode("utf-8-sig")
    printed = list(csv.reader(io.StringIO(text, newline="")))
    assert printed == [["Tên"], *([defused(name)] for name in names), ["#rows", str(len(names))]]


def test_rows_are_drawn_while_the_file_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "AT_ONCE", 2)
    drawn = []
    rows = (drawn.append(number) or named(str(number)) for number in range(100))
    stream = ndjson_stream(rows)
    next(stream)
    assert len(drawn) == 2


def test_a_workbook_holds_texts_numbers_and_local_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SHEET_ROWS", 2)
    late = datetime(2024, 12, 11, 20, 30, tzinfo=UTC)
    cells = ("=1+1", 7, late, date(2024, 12, 11), None, "https://bao.example/a")
    row = Row(cells, Named(name=""))
    with xlsx_file(list("abcdef"), [row] * 5) as file:
        book = openpyxl.load_workbook(file)
    assert [sheet.max_row for sheet in book] == [3, 3, 2]
    assert book.custom_doc_props["rows"].value == 5
    [read] = book.worksheets[2].iter_rows(min_row=2)
    assert [cell.value for cell in read] == [
        "=1+1", 7, datetime(2024, 12, 12, 3, 30), datetime(2024, 12, 11), None, "https://bao.example/a",
    ]  # fmt: skip
    assert read[0].data_type == "s"
    assert read[5].hyperlink is None


FORMS: dict[str, Callable[[Iterator[Row]], Generator[bytes] | IO[bytes]]] = {
    "csv": lambda rows: csv_stream(["Tên"], rows),
    "ndjson": ndjson_stream,
    "xlsx": lambda rows: xlsx_file(["Tên"], rows),
    "parquet": lambda rows: parquet_file([Column("name")], rows),
}


@pytest.mark.parametrize("form", FORMS)
def test_six_times_the_rows_take_no_more_memory(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP", 500)

    def peak(count: int) -> int:
        rows = (named(f"Bài số {number} " + "x" * 500) for number in range(count))
        tracemalloc.start()
        with closing(FORMS[form](rows)) as written:
            for _ in written:
                pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(600)  # what is loaded once
    assert peak(6000) < 1.25 * peak(1000)

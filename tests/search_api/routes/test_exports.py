"""Whole results as files: complete, in order, harmless, and the same in every form."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from search_api.routes import exports
from tests.search_api.engines import on_both

if TYPE_CHECKING:
    from openpyxl import Workbook

    from tests.search_api.conftest import Shelf


@pytest.fixture(autouse=True)
def many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows a page, so that every export goes over several."""
    monkeypatch.setattr(exports, "PAGE", 3)


def get(shelf: Shelf, address: str) -> bytes:
    with shelf.client() as client:
        answer = client.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def records(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def lines(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.decode().splitlines()]


def workbook(body: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(body))


def parquet(body: bytes) -> Any:
    return pq.read_table(io.BytesIO(body))


@on_both("shelf")
@pytest.mark.parametrize("asked", ["", "?q=dan van kheo", "?filter=source:trungdu&sort=relevance"])
def test_a_search_is_exported_whole_newest_first_in_each_form(shelf: Shelf, asked: str) -> None:
    with shelf.client() as client:
        found = client.get(f"/api/v1/search{asked}&fold=0" if asked else "/api/v1/search?fold=0")
    total = found.json()["total"]
    ids = {hit["article"]["id"] for hit in found.json()["hits"]}
    told = lines(get(shelf, f"/api/v1/search.ndjson{asked}"))
    assert told[-1] == {"rows": total}
    assert len(told) == total + 1
    assert {one["id"] for one in told[:-1]} == ids
    days = [one["published_at"] for one in told[:-1]]
    assert days == sorted(days, reverse=True)

    rows = records(get(shelf, f"/api/v1/search.csv{asked}"))
    assert rows[0][:3] == ["Ngày đăng", "Báo", "Tiêu đề"]
    assert [int(row[8]) for row in rows[1:-1]] == [one["id"] for one in told[:-1]]
    assert rows[-1] == ["#rows", str(total)]

    book = workbook(get(shelf, f"/api/v1/search.xlsx{asked}"))
    cells = list(book.active.iter_rows(min_row=2, values_only=True))
    assert [row[8] for row in cells] == [one["id"] for one in told[:-1]]
    assert all(isinstance(row[0], datetime) for row in cells)
    assert book.custom_doc_props["rows"].value == total

    body = get(shelf, f"/api/v1/search.parquet{asked}")
    columns = parquet(body)
    assert columns.column("article_id").to_pylist() == [one["id"] for one in told[:-1]]
    published = [moment.isoformat() for moment in columns.column("published").to_pylist()]
    assert published == [one["published_at"].replace("Z", "+00:00") for one in told[:-1]]
    assert pq.read_metadata(io.BytesIO(body)).metadata[b"rows"] == str(total).encode()


def test_the_register_is_exported_whole_and_no_cell_is_a_formula(shelf: Shelf) -> None:
    body = get(shelf, "/api/v1/awards.csv")
    assert body.startswith("\ufeff".encode())
    rows = records(body)
    assert rows[0][:3] == ["Ngày", "Hình thức", "Cấp"]
    assert [row[0] for row in rows[1:-1]] == ["16/12/2024", "11/12/2024"]
    assert rows[-1] == ["#rows", "2"]
    told = lines(get(shelf, "/api/v1/awards.ndjson?level=grassroots"))
    assert told[0]["recipients"] == ["Công ty Điện lực Bãi Sậy", "=HYPERLINK"]
    assert told[-1] == {"rows": 1}
    sheet = workbook(get(shelf, "/api/v1/awards.xlsx?level=grassroots")).active
    assert [cell.data_type for cell in sheet[2]][1:3] == ["s", "s"]
    assert sheet.max_row == 2


@on_both("shelf")
@pytest.mark.parametrize("form", list(exports.MEDIA))
def test_nothing_found_is_a_file_without_rows(shelf: Shelf, form: str) -> None:
    body = get(shelf, f"/api/v1/search.{form}?q=khongcotunay")
    if form == "csv":
        assert records(body)[1:] == [["#rows", "0"]]
    elif form == "ndjson":
        assert lines(body) == [{"rows": 0}]
    elif form == "parquet":
        table = parquet(body)
        assert table.num_rows == 0
        assert "title" in table.column_names
    else:
        assert workbook(body).active.max_row == 1


def test_the_models_are_exported_with_typed_columns(shelf: Shelf) -> None:
    with shelf.client() as client:
        listed = client.get("/api/v1/models").json()["models"]
    table = parquet(get(shelf, "/api/v1/models.parquet"))
    assert listed
    assert table.column("name").to_pylist() == [one["name"] for one in listed]
    assert table.column("articles").to_pylist() == [one["articles"] for one in listed]
    rows = records(get(shelf, "/api/v1/models.csv"))
    assert [row[0] for row in rows[1:-1]] == [one["name"] for one in listed]


@on_both("shelf")
@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/search.csv?q=date:homqua",
        "/api/v1/search.ndjson?since=2024-12-02&until=2024-12-01",
        "/api/v1/awards.xlsx?since=2024-12-02&until=2024-12-01",
    ],
)
def test_a_mistake_is_told_before_the_file_begins(shelf: Shelf, address: str) -> None:
    with shelf.client() as client:
        refused = client.get(address)
    assert refused.status_code == 422
    assert refused.json()["error"]["message"]


def test_another_kind_of_file_does_not_exist(shelf: Shelf) -> None:
    with shelf.client() as client:
        refused = client.get("/api/v1/search.pdf")
    assert refused.status_code == 404
    assert "csv, xlsx, ndjson" in refused.json()["error"]["message"]


@on_both("shelf")
def test_the_page_links_the_files_of_the_very_search(shelf: Shelf) -> None:
    with shelf.client() as client:
        page = client.get("/?q=khen&filter=source:thudo&sort=date&limit=5").text
        register = client.get("/khen-thuong?level=grassroots").text
    assert 'href="/api/v1/search.xlsx?q=khen&amp;filter=source%3Athudo" download' in page
    assert 'href="/api/v1/awards.ndjson?level=grassroots" download' in register

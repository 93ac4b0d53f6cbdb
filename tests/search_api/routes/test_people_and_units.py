"""The registers of people and units: filters, order, totals, positions over time, files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from search_api.routes import exports
from search_api.routes.exports import MEDIA

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def ask(shelf: Shelf, address: str) -> dict[str, Any]:
    answer = shelf.client().get(address)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_person_comes_with_positions_from_the_first_to_the_last_article(shelf: Shelf) -> None:
    [man] = ask(shelf, "/api/v1/people?q=luong dinh khoat")["people"]
    assert man["articles"] == 2
    [held] = man["positions"]
    assert held["role"] == "Trưởng ban công tác mặt trận tổ dân phố số 7"
    assert held["articles"] == 1
    assert held["first"]["newspaper"] == held["last"]["newspaper"] == "Báo Thủ Đô Mới"
    assert held["first"]["page"].endswith("#person-0")
    page = shelf.client().get("/nguoi?q=luong").text
    assert "Trưởng ban công tác mặt trận" in page
    assert f'/phan-tich?entity={man["id"]}"' in page


@pytest.mark.parametrize("kind", ["people", "units", "models"])
@pytest.mark.parametrize("sort", ["articles", "name", "first", "last"])
def test_every_row_comes_once_in_the_order_asked_for(shelf: Shelf, kind: str, sort: str) -> None:
    seen: list[dict[str, Any]] = []
    cursor, total = "", 0
    while True:
        found = ask(shelf, f"/api/v1/{kind}?sort={sort}&limit=1&cursor={cursor}")
        seen += found[kind]
        total, cursor = found["total"], (found["cursor"] or "").replace("+", "%2B")
        if not cursor:
            break
    assert len(seen) == len({row["id"] for row in seen}) == total
    whole = ask(shelf, f"/api/v1/{kind}?sort={sort}")[kind]
    assert [row["id"] for row in seen] == [row["id"] for row in whole]
    if sort == "articles":
        assert [-row["articles"] for row in seen] == sorted(-row["articles"] for row in seen)
    elif sort != "name":
        days = [row[f"{sort}_date"] for row in seen]
        assert days == sorted(days, reverse=True)


def test_units_are_filtered_by_province_and_days(shelf: Shelf) -> None:
    everything = ask(shelf, "/api/v1/units")
    in_hanoi = ask(shelf, "/api/v1/units?province=ha-noi")
    assert 0 < in_hanoi["total"] < everything["total"]
    assert {row["province"] for row in in_hanoi["units"]} == {"ha-noi"}
    december = ask(shelf, "/api/v1/units?since=2024-12-01&until=2024-12-31")
    names = {row["name"] for row in december["units"]}
    assert "Sở Công Thương Hà Nội" in names
    assert not any("Đồi Chè" in name for name in names)


def test_awards_have_a_total_and_both_orders(shelf: Shelf) -> None:
    latest = ask(shelf, "/api/v1/awards")
    assert latest["total"] == 2
    earliest: list[int] = []
    cursor = ""
    for _ in range(2):
        page = ask(shelf, f"/api/v1/awards?sort=earliest&limit=1&cursor={cursor}")
        earliest += [row["event_id"] for row in page["awards"]]
        cursor = (page["cursor"] or "").replace("+", "%2B")
    assert earliest == [row["event_id"] for row in latest["awards"]][::-1]
    assert "2 dòng" in shelf.client().get("/khen-thuong").text


@pytest.mark.parametrize("form", list(MEDIA))
@pytest.mark.parametrize("kind", ["people", "units"])
def test_a_register_is_exported_whole_in_every_form(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, kind: str, form: str
) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)
    listed = ask(shelf, f"/api/v1/{kind}?sort=name")[kind]
    body = shelf.client().get(f"/api/v1/{kind}.{form}?sort=name")
    assert body.status_code == 200
    names = [row["name"] for row in listed]
    if form == "csv":
        rows = list(csv.reader(io.StringIO(body.content.decode("utf-8-sig"))))
        assert [row[0] for row in rows[1:-1]] == names
        assert rows[-1] == ["#rows", str(len(names))]
    elif form == "parquet":
        assert pq.read_table(io.BytesIO(body.content)).column("name").to_pylist() == names
    elif form == "ndjson":
        assert body.text.count("\n") == len(names) + 1


@pytest.mark.parametrize(
    "address",
    ["units?province=atlantis", "people?since=2024-12-02&until=2024-12-01", "people?sort=age",
     "units?sort=last&cursor=x|y"],
)  # fmt: skip
def test_a_mistake_is_told(shelf: Shelf, address: str) -> None:
    assert shelf.client().get(f"/api/v1/{address}").status_code == 422


def test_filters_stay_in_the_links_of_the_files(shelf: Shelf) -> None:
    page = shelf.client().get("/to-chuc?q=ha noi&province=ha-noi&sort=name&limit=1").text
    assert 'href="/api/v1/units.csv?q=ha+noi&amp;sort=name&amp;province=ha-noi" download' in page

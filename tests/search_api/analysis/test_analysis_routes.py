"""The analysis as page, API, files and pictures, over a year of three newspapers."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from tests.search_api.engines import on_both

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

YEAR = "since=2024-01-01&until=2024-12-31"
PNG = b"\x89PNG\r\n\x1a\n"


def ask(shelf: Shelf, query: str) -> dict[str, Any]:
    answer = shelf.client().get(f"/api/v1/analysis?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@on_both("year")
def test_articles_and_stories_are_counted_apart(year: Shelf) -> None:
    [line] = ask(year, f"q=lien gia&{YEAR}")["lines"]
    assert line["articles"] == 24
    assert line["stories"] == 22
    [articles] = ask(year, f"q=lien gia&interval=month&{YEAR}")["lines"]
    [stories] = ask(year, f"q=lien gia&interval=month&count=stories&{YEAR}")["lines"]
    assert [point["articles"] for point in articles["points"]] == [1] * 9 + [13, 1, 1]
    assert [point["stories"] for point in stories["points"]] == [1] * 9 + [11, 1, 1]
    assert articles["points"][0]["stories"] is None


@on_both("year")
@pytest.mark.parametrize("interval", ["day", "week", "month", "quarter"])
def test_every_interval_holds_the_same_articles(year: Shelf, interval: str) -> None:
    found = ask(year, f"q=lien gia&interval={interval}&{YEAR}")
    [line] = found["lines"]
    assert sum(point["articles"] for point in line["points"]) == line["articles"]
    assert len(line["points"]) == len(found["everything"]) == len(found["missing"])


@on_both("year")
def test_a_share_is_of_all_coverage_of_the_stretch(year: Shelf) -> None:
    found = ask(year, f"q=lien gia&interval=quarter&scale=share&{YEAR}")
    [line] = found["lines"]
    for point, everything in zip(line["points"], found["everything"], strict=True):
        assert point["share"] == point["articles"] / everything


@on_both("year")
def test_gaps_are_told_and_nothing_is_said_of_days_without_collection(year: Shelf) -> None:
    found = ask(year, f"q=lien gia&interval=week&{YEAR}")
    weeks = {point["key"]: point for point in found["lines"][0]["points"]}
    assert weeks["2024-W32"]["missing"] == 1
    assert weeks["2024-W32"]["share"] is None
    assert 0 < weeks["2024-W24"]["missing"] < 0.5
    assert weeks["2024-W40"]["missing"] == 0
    union = ask(year, f"q=lien gia&interval=week&filter=source:congdoan&{YEAR}")
    june = {point["key"]: point["missing"] for point in union["lines"][0]["points"]}
    assert june["2024-W24"] == 1
    assert union["silent"] == ["Tạp chí Công Đoàn Trẻ"]
    page = year.client().get(f"/phan-tich?q=lien gia&{YEAR}").text
    assert 'class="grey"' in page
    assert "không có nghĩa là báo chí im lặng" in page


@on_both("year")
def test_the_burst_is_found_with_the_award_and_the_story_behind_it(year: Shelf) -> None:
    [line] = ask(year, f"q=lien gia&interval=week&{YEAR}")["lines"]
    [burst] = line["bursts"]
    assert (burst["since"], burst["until"]) == ("2024-10-14", "2024-10-27")
    award, story = burst["causes"]
    assert award["title"] == "Bằng khen – Hội Phụ nữ phường Bến Gót"
    assert award["articles"] == story["articles"] == 3
    assert year.client().get(award["page"]).status_code == 200
    assert "lien+gia" in burst["search"]
    page = year.client().get(f"/phan-tich?q=lien gia&interval=week&{YEAR}").text
    assert "Kleinberg (2002)" in page


@on_both("year")
def test_growth_and_the_first_and_last_article(year: Shelf) -> None:
    [line] = ask(year, "q=lien gia&since=2024-10-01&until=2024-10-31")["lines"]
    assert (line["articles"], line["before"], line["growth"]) == (13, 1, 12.0)
    assert line["first"]["date"] == "2024-01-20"
    assert line["last"]["date"] == "2024-12-20"
    [whole] = ask(year, f"q=lien gia&{YEAR}")["lines"]
    assert whole["growth"] is None, "nothing was collected before"


@on_both("year")
def test_entities_and_searches_stand_side_by_side(year: Shelf) -> None:
    model, *_ = year.client().get("/api/v1/models").json()["models"]
    found = ask(year, f"q=cho que&entity={model['id']}&{YEAR}")
    assert [line["name"] for line in found["lines"]] == ["cho que", model["name"]]
    assert found["lines"][1]["articles"] == model["articles"]
    assert "filter=model" in found["lines"][1]["search"]


@on_both("year")
def test_one_subject_is_split_and_several_are_counted_by_newspaper(year: Shelf) -> None:
    split = ask(year, f"q=lien gia&by=source&{YEAR}")
    assert {line["name"] for line in split["lines"]} == {
        "Báo Thủ Đô Mới",
        "Báo Trung Du",
        "Tạp chí Công Đoàn Trẻ",
    }
    assert sum(line["articles"] for line in split["lines"]) == 24
    several = ask(year, f"q=lien gia&q=cho&by=source_level&{YEAR}")
    assert len(several["lines"]) == 2
    assert sum(part["articles"][0] for part in several["parts"]) == 24


@on_both("year")
def test_provinces_are_those_that_the_articles_are_about(year: Shelf) -> None:
    found = ask(year, f"q=lien gia&{YEAR}")
    counts = {part["value"]: part["articles"] for part in found["provinces"]}
    assert counts["da-nang"] == [3]
    svg = year.client().get(f"/api/v1/analysis/provinces.svg?q=lien gia&{YEAR}").text
    for name in ("Hoàng Sa", "Trường Sa", "(thuộc Đà Nẵng)", "(thuộc Khánh Hòa)", "Biển Đông"):
        assert name in svg


@pytest.mark.parametrize("name", ["timeline", "parts", "provinces"])
def test_each_picture_is_svg_and_png(year: Shelf, name: str) -> None:
    address = f"/api/v1/analysis/{name}.{{}}?q=lien gia&q=cho&by=source&{YEAR}"
    svg = year.client().get(address.format("svg"))
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert ElementTree.fromstring(svg.text).tag == "{http://www.w3.org/2000/svg}svg"
    png = year.client().get(address.format("png"))
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(PNG)
    width = int.from_bytes(png.content[16:20])
    assert width == 2 * int(ElementTree.fromstring(svg.text).attrib["width"])


def test_a_name_is_never_markup_in_a_picture(year: Shelf) -> None:
    svg = year.client().get(f'/api/v1/analysis/timeline.svg?q="<script>" lien gia&{YEAR}').text
    assert "<script>" not in svg
    ElementTree.fromstring(svg)


@on_both("year")
def test_the_numbers_are_a_table_with_a_row_a_stretch(year: Shelf) -> None:
    body = year.client().get(f"/api/v1/analysis.csv?q=lien gia&q=cho&interval=month&{YEAR}").text
    rows = list(csv.reader(io.StringIO(body.lstrip("\ufeff"))))
    assert rows[0][:3] == ["Đối tượng", "Kỳ", "Từ ngày"]
    assert len(rows) == 1 + 24 + 1
    assert rows[-1] == ["#rows", "24"]
    assert sum(int(row[4]) for row in rows[1:13]) == 24


@pytest.mark.parametrize("form", ["xlsx", "ndjson", "parquet"])
def test_the_numbers_come_in_every_form(year: Shelf, form: str) -> None:
    answer = year.client().get(f"/api/v1/analysis.{form}?q=lien gia&{YEAR}")
    assert answer.status_code == 200
    assert answer.content


@on_both("year")
@pytest.mark.parametrize(
    "query",
    [
        "&".join(["q=x"] * 9),
        "&".join(["q=x"] * 5 + ["entity=y"] * 4),
        "since=2024-12-02&until=2024-12-01",
        "since=1900-01-01&until=2024-12-01",
        "q=date:homqua",
        "by=colour",
        "filter=colour:red",
    ],
)
def test_a_mistake_is_told_in_one_sentence(year: Shelf, query: str) -> None:
    for path in ("/api/v1/analysis", "/phan-tich", "/api/v1/analysis.csv"):
        assert year.client().get(f"{path}?{query}").status_code == 422


def test_an_entity_that_is_not_there_is_not_found(year: Shelf) -> None:
    assert year.client().get("/api/v1/analysis?entity=nobody").status_code == 404


def test_an_empty_archive_has_an_analysis_too(bare: Shelf) -> None:
    assert bare.client().get("/phan-tich").status_code == 200
    assert "không có bài nào" in bare.client().get("/phan-tich?q=x").text


def test_the_address_is_the_whole_state(year: Shelf) -> None:
    asked = "/phan-tich?q=lien gia&q=&since=01/10/2024&until=2024-12-31&interval=week&by="
    page = year.client().get(asked).text
    assert 'value="01/10/2024"' in page
    assert '<option value="week" selected>' in page
    assert "/api/v1/analysis.csv?q=lien+gia&amp;since=2024-10-01&amp;until=2024-12-31" in page
    english = year.client().get(asked + "&lang=en").text
    assert "Bursts" in english
    assert "Kleinberg" in english

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from diembao.archive import articles
from diembao.article import Block, BlockKind
from tests.search_api.conftest import CITY, NOW

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def test_an_award_in_two_newspapers_is_one_row(shelf: Shelf) -> None:
    rows = shelf.client().get("/api/v1/awards").json()["awards"]
    assert [(row["date"], row["award"], row["level"]) for row in rows] == [
        ("2024-12-16", "Giấy khen", "grassroots"),
        ("2024-12-11", "Bằng khen", "ministry_province"),
    ]
    assert [one["newspaper"] for one in rows[1]["reports"]] == ["Báo Thủ Đô Mới", "Báo Trung Du"]
    for report in rows[1]["reports"]:
        assert report["evidence"].startswith("Tại hội nghị, UBND thành phố Hà Nội tặng Bằng khen")
        assert report["evidence"].endswith("“Ngõ nhà mình, mình cùng giữ”.")


@pytest.mark.parametrize(
    ("asked", "awards_left"),
    [
        ("q=khoat", ["Bằng khen"]),
        ("q=KHOÁT bang", ["Bằng khen"]),
        ("level=grassroots", ["Giấy khen"]),
        ("since=2024-12-12", ["Giấy khen"]),
        ("until=2024-12-11", ["Bằng khen"]),
        ("q=khong co ai", []),
        ("q=&level=&since=&until=", ["Giấy khen", "Bằng khen"]),
    ],
)
def test_the_register_is_filtered_alike_on_page_api_and_file(
    shelf: Shelf, asked: str, awards_left: list[str]
) -> None:
    client = shelf.client()
    assert [
        row["award"] for row in client.get(f"/api/v1/awards?{asked}").json()["awards"]
    ] == awards_left
    page = client.get(f"/khen-thuong?{asked}").text
    assert page.count('<td class="nowrap" data-label="Ngày">') == len(awards_left)
    rows = list(csv.reader(io.StringIO(client.get(f"/api/v1/awards.csv?{asked}").text)))
    assert [row[1] for row in rows[1:-1]] == awards_left


def test_paging_leads_through_the_whole_register(shelf: Shelf) -> None:
    client = shelf.client()
    first = client.get("/api/v1/awards?limit=1").json()
    second = client.get("/api/v1/awards", params={"limit": 1, "cursor": first["cursor"]}).json()
    assert [first["awards"][0]["award"], second["awards"][0]["award"]] == ["Giấy khen", "Bằng khen"]
    assert second["cursor"] is None
    assert 'rel="next"' in client.get("/khen-thuong?limit=1").text


def test_the_sentences_stand_as_proof_on_the_page_and_in_files(shelf: Shelf) -> None:
    client = shelf.client()
    page = client.get("/khen-thuong").text
    assert page.count("“Tại hội nghị, UBND thành phố Hà Nội tặng Bằng khen cho ông") == 2
    text = client.get("/api/v1/awards.csv?q=khoat").content.decode("utf-8-sig")
    head, row, _ = csv.reader(io.StringIO(text))
    proof = dict(zip(head, row, strict=True))["Câu làm chứng"]
    assert proof.count("Tại hội nghị") == 1, "the same sentence in two newspapers is one proof"


def test_a_proof_waits_until_a_new_version_is_read(own_shelf: Shelf) -> None:
    article = own_shelf.ids["giay-khen"]
    with own_shelf.archive.write() as connection:
        before = articles.load_version(connection, article, 1)
        edited = before.model_copy(
            update={"blocks": (Block(kind=BlockKind.TITLE, text="Tin ngắn"), *before.blocks[1:])}
        )
        articles.save(connection, CITY, edited, None, NOW)
    [row] = own_shelf.client().get("/api/v1/awards?level=grassroots").json()["awards"]
    assert [one["evidence"] for one in row["reports"]] == [""]
    assert "Câu làm chứng" not in own_shelf.client().get("/khen-thuong?level=grassroots").text

"""The press review: drafted from topics, put in order, and given as a document."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from docx.shared import Pt

if TYPE_CHECKING:
    from docx.document import Document as Written

    from tests.search_api.conftest import Shelf

PERIOD = {"since": "01/12/2024", "until": "31/12/2024"}
FILE = "/api/v1/press-review.docx"


def document(shelf: Shelf, **asked: Any) -> Written:
    with shelf.client() as client:
        answer = client.get(FILE, params=PERIOD | asked)
    assert answer.status_code == 200
    return Document(io.BytesIO(answer.content))


def lines(written: Written) -> list[str]:
    return [paragraph.text for paragraph in written.paragraphs]


def edited(shelf: Shelf, *rows: tuple[str, str, int, str]) -> dict[str, Any]:
    """Slug, section, order and comment of each article, as the form sends them."""
    return {
        "article": [shelf.ids[row[0]] for row in rows],
        "section": [row[1] for row in rows],
        "order": [row[2] for row in rows],
        "comment": [row[3] for row in rows],
    }


def test_without_topics_the_award_articles_of_the_period_are_drafted(shelf: Shelf) -> None:
    told = lines(document(shelf))
    assert told[:2] == ["ĐIỂM BÁO", "01/12/2024 – 31/12/2024"]
    assert told[2] == "I. Tin khen thưởng"
    assert told[3] == "1. Trao Giấy khen cho 3 tập thể có sáng kiến tiết kiệm điện"
    assert told[4] == "Báo Thủ Đô Mới, 16/12/2024"
    assert (
        "- Giấy khen: Công ty Điện lực Bãi Sậy; =HYPERLINK. Nơi tặng: Sở Công Thương Hà Nội" in told
    )
    assert sum(bool(re.match(r"\d+\. ", line)) for line in told) == 2, "a reprint stands once"


def test_each_saved_search_is_a_section_and_an_article_stands_in_one(own_shelf: Shelf) -> None:
    with own_shelf.client() as client:
        for name, query in (("Phường Bến Gót", "bến gót"), ("Mọi khen thưởng", "khen")):
            made = client.post("/api/v1/subscriptions", json={"name": name, "query": query})
            assert made.status_code == 201
        page = client.get("/diem-bao").text
    topics = re.findall(r'name="topic" value="(\d+)"', page)
    told = lines(document(own_shelf, topic=topics))
    sections = [line for line in told if re.match(r"[IVX]+\. ", line)]
    assert sorted(sections) == sections
    assert {line.partition(" ")[2] for line in sections} == {"Phường Bến Gót", "Mọi khen thưởng"}
    entries = [line.partition(" ")[2] for line in told if re.match(r"\d+\. ", line)]
    assert len(entries) == len(set(entries)) == 2


def test_the_order_comments_and_what_was_dropped_are_kept(shelf: Shelf) -> None:
    asked = edited(
        shelf,
        ("giay-khen", "Điện", 2, "Cần theo dõi tiếp"),
        ("san-khau", "Điện", 1, ""),
        ("tuyen-duong-bang-khen", "Dân vận", 1, ""),
    )
    asked["drop"] = [shelf.ids["tuyen-duong-bang-khen"]]
    told = lines(document(shelf, **asked, title="Điểm báo tháng 12"))
    assert told[0] == "ĐIỂM BÁO THÁNG 12"
    numbered = [line for line in told if re.match(r"([IVX]+|\d+)\. ", line)]
    assert [line.split(" ")[0] for line in numbered] == ["I.", "1.", "2."]
    assert numbered[1].startswith("1. Công nhân <b>Nhà máy Sợi</b>")
    assert "Nhận xét: Cần theo dõi tiếp" in told
    with shelf.client() as client:
        page = client.get("/diem-bao", params=PERIOD | asked).text
        printed = client.get("/diem-bao/ban-in", params=PERIOD | asked).text
    assert 'value="Cần theo dõi tiếp"' in page
    assert "Nhận xét: Cần theo dõi tiếp" in printed
    assert "&lt;b&gt;Nhà máy Sợi&lt;/b&gt;" in printed


def test_the_document_is_in_times_new_roman_14_with_the_national_header(shelf: Shelf) -> None:
    written = document(shelf, header="true", agency="Ban Dân vận", parent="Thành ủy")
    normal = written.styles["Normal"].font
    assert (normal.name, normal.size) == ("Times New Roman", Pt(14))
    [[left, right]] = [row.cells for row in written.tables[0].rows]
    assert left.text == "THÀNH ỦY\nBAN DÂN VẬN"
    assert right.text.endswith("Độc lập - Tự do - Hạnh phúc")
    assert "PAGE" in written.sections[0].header._element.xml
    assert not document(shelf).tables


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 422),
        ({"since": "02/12/2024", "until": "01/12/2024"}, 422),
        (PERIOD | {"article": [1], "order": [1]}, 422),
        (PERIOD | {"topic": [999]}, 404),
        (PERIOD | {"q": "date:homqua"}, 422),
    ],
)
def test_a_mistake_is_told(shelf: Shelf, asked: dict[str, Any], status: int) -> None:
    with shelf.client() as client:
        refused = client.get(FILE, params=asked)
    assert refused.status_code == status
    assert refused.json()["error"]["message"]


def test_days_without_articles_say_so(shelf: Shelf) -> None:
    with shelf.client() as client:
        page = client.get("/diem-bao", params={"since": "01/01/2020"}).text
    assert "Không có bài nào trong những ngày này" in page

"""The press review: drafted from topics, put in order, and given as a document."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from docx.shared import Pt
from starlette.testclient import TestClient

from search_api.app import create_app
from tests.search_api.engines import on_both

if TYPE_CHECKING:
    from docx.document import Document as Written

    from tests.search_api.conftest import Shelf
    from tests.search_api.postbox import Postbox

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


@on_both("shelf")
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


@on_both("shelf")
def test_days_without_articles_say_so(shelf: Shelf) -> None:
    with shelf.client() as client:
        page = client.get("/diem-bao", params={"since": "01/01/2020"}).text
    assert "Không có bài nào trong những ngày này" in page


def with_mail(shelf: Shelf, port: int) -> Any:
    """The application of an office whose mail server is the postbox."""
    settings = shelf.settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    )
    return TestClient(create_app(shelf.archive, shelf.index, settings))


def test_the_review_is_mailed_with_its_word_document(
    shelf: Shelf, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    to = ["lanhdao@example.org", "vanphong@example.org"]
    with with_mail(shelf, port) as client:
        answer = client.post("/api/v1/press-review/mail", json=PERIOD | {"to": to})
        downloaded = client.get(FILE, params=PERIOD).content
    assert answer.json() == {"sent": to}
    assert [mail["To"] for mail in box.mails] == to
    assert len({mail["Message-ID"] for mail in box.mails}) == 2
    for mail in box.mails:
        assert mail["Subject"] == "Điểm báo 01/12/2024 – 31/12/2024"
        body = mail.get_body()
        assert body
        assert "1. Trao Giấy khen cho 3 tập thể có sáng kiến tiết kiệm điện" in body.get_content()
        [attached] = mail.iter_attachments()
        assert attached.get_filename() == "Điểm-báo.docx"
        assert lines(Document(io.BytesIO(attached.get_content()))) == lines(
            Document(io.BytesIO(downloaded))
        )


def test_the_page_mails_what_was_edited_and_says_so(
    shelf: Shelf, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    rows = edited(
        shelf, *[(slug, "Mục riêng", 1, "Nhận xét riêng") for slug in list(shelf.ids)[:3]]
    )
    with with_mail(shelf, port) as client:
        form = client.get("/diem-bao", params=PERIOD).text
        assert 'formaction="/diem-bao/gui-thu"' in form
        sent = PERIOD | rows | {"to": "lanhdao@example.org; vanphong@example.org"}
        page = client.post("/diem-bao/gui-thu", data=sent)
    assert page.status_code == 200
    assert "Đã gửi tới lanhdao@example.org, vanphong@example.org." in page.text
    body = box.mails[1].get_body()
    assert body
    assert body.get_content().count("Nhận xét riêng") == 3


@pytest.mark.parametrize("to", [["khong phai dia chi"], [""], ["a@b.vn\nBcc: c@d.vn"], []])
def test_what_is_no_address_is_refused_before_anything_is_sent(
    shelf: Shelf, postbox: tuple[Postbox, int], to: list[str]
) -> None:
    box, port = postbox
    with with_mail(shelf, port) as client:
        given = ["lanhdao@example.org", *to] if to != [""] and to else to
        answer = client.post("/api/v1/press-review/mail", json=PERIOD | {"to": given})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
    assert box.mails == []


def test_a_mail_server_that_refuses_is_told_as_that(
    shelf: Shelf, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    box.refusals = 1
    with with_mail(shelf, port) as client:
        answer = client.post(
            "/api/v1/press-review/mail", json=PERIOD | {"to": ["lanhdao@example.org"]}
        )
    assert answer.status_code == 502
    assert "máy chủ thư không nhận" in answer.json()["error"]["message"]


def test_without_a_mail_server_the_page_offers_no_mail_and_the_api_says_why(shelf: Shelf) -> None:
    with shelf.client() as client:
        page = client.get("/diem-bao", params=PERIOD).text
        answer = client.post(
            "/api/v1/press-review/mail", json=PERIOD | {"to": ["lanhdao@example.org"]}
        )
    assert "gui-thu" not in page
    assert answer.status_code == 422
    assert "DIEMBAO_SMTP_HOST" in answer.json()["error"]["message"]

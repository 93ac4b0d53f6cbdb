"""Bytes become text: BOM, HTTP charset, declaration, detection; repairs only where they are certain."""

from __future__ import annotations

import codecs

import pytest

from crawler.fetching import encoding

TEXT = "Ủy ban nhân dân Thành phố tặng Bằng khen cho đồng chí, vì sự nghiệp đại đoàn kết"


def page(text: str, declared: str = "") -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}</head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (codecs.BOM_UTF8 + page(TEXT, "iso-8859-1").encode(), "text/html; charset=iso-8859-1"),
        (page(TEXT).encode("utf-16"), "text/html"),
        (page(TEXT, "iso-8859-1").encode(), "text/html; charset=utf-8"),
        (page(TEXT, "utf-8").encode(), "text/html"),
        (page(TEXT).encode(), ""),
        (page(TEXT, "windows-1252").encode(), "text/html; charset=iso-8859-1"),
        (page(TEXT.encode().decode("latin-1")).encode(), "text/html; charset=utf-8"),
    ],
    ids=["bom", "utf-16", "http", "declared", "detected", "both wrong", "twice"],
)
def test_the_text_comes_out_as_written(body: bytes, content_type: str) -> None:
    assert TEXT in encoding.decode(body, content_type)


def test_windows_1258_writes_tone_marks_apart() -> None:
    written = "Bằng khen".replace("ằ", "ă\u0300")
    found = encoding.decode(written.encode("cp1258"), "text/html; charset=windows-1258")
    assert found == written


@pytest.mark.parametrize("text", [TEXT, "Ã là một chữ hoa", "SÃO PAULO", "Giá: 5 €, 10 £"])
def test_good_text_is_left_alone(text: str) -> None:
    assert encoding.repair(text) == text


def test_text_that_lost_bytes_is_flagged() -> None:
    assert encoding.is_garbled("B\ufffdng khen c\ufffda th\ufffdnh ph\ufffd")
    assert not encoding.is_garbled(TEXT)


def test_an_xml_declaration_and_an_empty_page_are_no_obstacle() -> None:
    assert (
        encoding.parse_html('<?xml version="1.0" encoding="utf-8"?><p>Bài</p>').text_content()
        == "Bài"
    )
    assert encoding.parse_html("").text_content() == ""


IN_TCVN3 = "Con ®\u00adêng vµo th«n ®· cã ®Ìn s¸ng, bµ con kh«ng cßn ph¶i ®i trong bãng tèi nh\u00ad tr\u00adíc."
IN_VNI = "Con ñöôøng vaøo thoân ñaõ coù ñeøn saùng, baø con khoâng coøn phaûi ñi trong boùng toái nhö tröôùc."
MEANT = "Con đường vào thôn đã có đèn sáng, bà con không còn phải đi trong bóng tối như trước."


@pytest.mark.parametrize("written", [IN_TCVN3, IN_VNI], ids=["TCVN3", "VNI"])
@pytest.mark.parametrize("declared", ["", "windows-1252", "iso-8859-1", "windows-1258"])
def test_fonts_of_before_unicode_are_read_by_their_tables(written: str, declared: str) -> None:
    content_type = f"text/html; charset={declared}" if declared else "text/html"
    assert MEANT in encoding.decode(page(written, declared).encode("latin-1"), content_type)
    assert MEANT in encoding.decode(page(written, "utf-8").encode(), "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "text",
    ["Le ministère a déjà reçu les propositions: où, quand, à quelle échéance?", "São três cidadãos: João e Inês"],
)  # fmt: skip
def test_other_languages_are_no_old_fonts(text: str) -> None:
    assert encoding.decode(page(text).encode("cp1252"), "text/html; charset=windows-1252") == page(
        text
    )

"""Pasted and saved text: the article comes out, the page's noise does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import reading
from diembao.article import Article, BlockKind
from diembao.errors import ReadError

NOW = datetime(2024, 12, 12, 3, 0, tzinfo=UTC)
TITLE = "Phường Bến Mới: Lan tỏa mô hình “Tổ tự quản bốn không”"
LEAD = "(BMT) Sau ba năm triển khai, mô hình “Tổ tự quản bốn không” đã có mặt ở 24 tổ dân phố của phường Bến Mới."
GLUED = "Bến Mới khen thưởng gương tốt Nhân rộng cách làm hay Phường bên trao Giấy khen cho “Người tốt, việc tốt”"
FIRST = "Ngày 11/12, Đảng ủy phường Bến Mới tổ chức hội nghị tổng kết ba năm thực hiện mô hình."
CAPTION = "Trao Giấy khen cho các tập thể có thành tích xuất sắc."
SECOND = "Bà Lường Thị Thử, Bí thư Đảng ủy phường, ghi nhận nỗ lực của các tổ dân phố trong thời gian qua."
OTHER = "Phường bên khai mạc hội xuân"

PASTED = f"""-->

{TITLE}
Thứ tư, 11/12/2024 | 15:30

{LEAD}
{GLUED}

{FIRST}

{TITLE}
{CAPTION}

{SECOND}

L.Thử

Có thể bạn quan tâm

Nên xem

{OTHER}

{OTHER}

(BMT) Sáng 12/12, phường bên khai mạc hội xuân.
Tin khác

Giá rau xanh giảm

Giá rau xanh giảm
Xem thêm
Phiên bản di động"""


def read(text: str, url: str | None = None) -> Article:
    return reading.read_text(text, url=url, fetched_at=NOW)


def test_the_article_comes_out_whole() -> None:
    found = read(PASTED)
    assert [(block.kind.value, block.text) for block in found.blocks] == [
        ("title", TITLE),
        ("lead", LEAD),
        ("paragraph", FIRST),
        ("caption", CAPTION),
        ("paragraph", SECOND),
        ("byline", "L.Thử"),
    ]
    assert found.published_at == datetime(2024, 12, 11, 8, 30, tzinfo=UTC)


def test_what_surrounds_it_is_related() -> None:
    assert read(PASTED).related == (GLUED, OTHER, "Giá rau xanh giảm")


def test_the_same_text_is_the_same_article_and_an_address_makes_it_the_newspapers() -> None:
    assert read(PASTED).canonical_url == read(PASTED).canonical_url
    assert (
        read(PASTED, "https://baomau.vn/a-1.html?utm_source=x").canonical_url
        == "https://baomau.vn/a-1.html"
    )


def test_windows_line_ends_and_decomposed_letters_change_nothing() -> None:
    import unicodedata

    nasty = unicodedata.normalize("NFD", PASTED).replace("\n", "\r\n")
    assert read(nasty).digest == read(PASTED).digest


def test_a_text_without_blank_lines_keeps_its_lead_and_subheads() -> None:
    found = read(f"{TITLE}\n{LEAD}\nCách làm riêng\n{FIRST}\n{SECOND}")
    assert [block.kind for block in found.blocks] == [
        BlockKind.TITLE,
        BlockKind.LEAD,
        BlockKind.SUBHEAD,
        BlockKind.PARAGRAPH,
        BlockKind.PARAGRAPH,
    ]


@pytest.mark.parametrize("text", ["", "  \n \n", "-->", TITLE, f"{TITLE}\nXem thêm"])
def test_what_holds_no_article_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        read(text)


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    try:
        found = read(text)
    except ReadError:
        return
    assert found.title


@pytest.mark.needs_shared
def test_the_seed_article(shared: Path) -> None:
    found = reading.read_file(shared / "seed" / "000_0a257f28c5a34cb8.txt", {}, NOW)
    by_kind = {kind: [b.text for b in found.blocks if b.kind is kind] for kind in BlockKind}
    assert found.title.startswith("Quận Tây Hồ: ")
    assert found.lead.startswith("(LĐTĐ) Trong 15 năm qua")
    assert found.lead.endswith("trong cộng đồng.")
    assert found.byline == "N.Hoa"
    assert len(by_kind[BlockKind.CAPTION]) == 3
    assert len(by_kind[BlockKind.PARAGRAPH]) == 13
    assert not by_kind[BlockKind.SUBHEAD]
    assert found.text.count(found.title) == 1
    for noise in ("Nên xem", "Chương Mỹ", "iHanoi", "Tiktoker", "Xem thêm", "Đông Anh", "di động"):
        assert noise not in found.text
    assert len(found.related) == 17
    assert not any(headline.startswith("(LĐTĐ)") for headline in found.related)


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("name", "byline", "minute"),
    [
        ("baodautu/meth04_baodautu_article", "Nguyên Minh", "2026-03-07 01:47"),
        ("cafef/meth04_cafef_article", "Dương Ngọc", "2026-03-06 17:01"),
        ("dantri/meth04_dantri_article", "Tri Túc", "2026-03-07 01:07"),
        ("nld/meth04_nld_article", "Minh Chiến", "2026-03-07 01:06"),
        ("tuoitre/meth04_tuoitre_article", "NHẬT XUÂN, NGHI VŨ", "2026-03-07 01:01"),
        ("vietnamnet/meth04_vietnamnet_article", "Duy Anh", "2026-03-07 01:52"),
        ("vnexpress/meth04_vnexpress_article", "Hà Thu (tổng hợp)", "2026-03-06 17:05"),
        ("plo/vpeopleonatank_plo_chinh_tri", "THUẬN VĂN - LÊ ÁNH", "2025-10-11 03:02"),
    ],
)
def test_real_pages_without_a_declaration(
    shared: Path, name: str, byline: str, minute: str
) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    found = reading.read_file(shared / "data" / "html" / f"{name}.html.gz", {}, now)
    assert found.byline == byline
    assert found.published_at
    assert found.published_at.strftime("%Y-%m-%d %H:%M") == minute
    assert found.lead
    assert not {found.title} & set(found.related)


@pytest.mark.needs_shared
def test_real_section_pages_are_no_articles(shared: Path) -> None:
    pages = sorted((shared / "data" / "html").glob("*/*_list.html.gz"))
    assert len(pages) == 8
    for page in pages:
        with pytest.raises(ReadError):
            reading.read_file(page, {}, NOW)

"""The general rules of reading a page, each on the smallest page that needs it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import reading
from crawler.declarations import Declaration, Layout, Listing, Selectors
from crawler.fetching import FetchedPage
from diembao.article import Article, ArticleKind, BlockKind, DateDoubt, DateSource
from diembao.errors import ReadError

NOW = datetime(2024, 12, 12, 3, 0, tzinfo=UTC)
URL = "https://baomau.vn/khen-thuong-lan-toa-102.html"
TITLE = "Xã Đồng Tâm khen thưởng mười hai gương “Dân vận khéo”"
LEAD = "Sáng 11/12, UBND xã Đồng Tâm tổ chức hội nghị biểu dương mười hai gương “Dân vận khéo” năm 2024."
FIRST = "Hội nghị đánh giá phong trào đã đi vào chiều sâu, nhiều cách làm mới được nhân dân đồng tình hưởng ứng."
SECOND = "Ông Lò Văn Thử, Chủ tịch UBND xã, trao Giấy khen cho các tập thể và cá nhân có thành tích xuất sắc."
THIRD = (
    "Phát biểu tại hội nghị, ông đề nghị các thôn tiếp tục nhân rộng những mô hình đã có hiệu quả."
)


def declaration(**changed: object) -> Declaration:
    fields: dict[str, object] = {
        "name": "mau",
        "title": "Báo Mẫu",
        "domain": "baomau.vn",
        "article_urls": [r"-\d+\.html$"],
    }
    return Declaration.model_validate({**fields, **changed})


def page(body: str, head: str = "", url: str = URL) -> FetchedPage:
    text = f"<html><head>{head}</head><body>{body}</body></html>"
    return FetchedPage(url, NOW, {"content-type": "text/html; charset=utf-8"}, text.encode())


def article(
    inside: str = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>",
    *,
    around: str = "",
    after: str = "",
    head: str = "",
    declared: Declaration | None = None,
) -> Article:
    body = (
        f"<div class='trang'><h1>{TITLE}</h1>{around}<div class='sapo'>{LEAD}</div>"
        f"<div class='article-content'>{inside}</div>{after}</div>"
    )
    return reading.read_page(page(body, head), declared or declaration(), NOW)


def texts(found: Article, kind: BlockKind) -> list[str]:
    return [block.text for block in found.blocks if block.kind is kind]


def test_title_lead_and_paragraphs_in_printed_order() -> None:
    found = article()
    assert [block.text for block in found.blocks] == [TITLE, LEAD, FIRST, SECOND, THIRD]
    assert found.source == "mau"
    assert found.free_access


@pytest.mark.parametrize("css", ["teaser", "article-lead", "detail-sapo", "desc", "sabo"])
def test_a_lead_is_found_whatever_it_calls_itself(css: str) -> None:
    body = f"<h1>{TITLE}</h1><p class='{css}'>{LEAD}</p><div class='article-body'><p>{FIRST}</p><p>{SECOND}</p></div>"
    assert reading.read_page(page(body), declaration(), NOW).lead == LEAD


@pytest.mark.parametrize(
    ("box", "headline"),
    [
        ("<div class='related-news'><a href='/x-1.html'>{}</a></div>", "Thôn Trại Mới hiến đất làm đường"),
        ("<p><a href='/x-1.html'>{}</a></p>", "Thôn Trại Mới hiến đất làm đường"),
        ("<p>&gt;&gt; Xem thêm: {}</p>", "Thôn Trại Mới hiến đất làm đường"),
        ("<div><b>Tin liên quan</b></div><p>{}</p>", "Thôn Trại Mới hiến đất làm đường"),
        ("<div type='RelatedOneNews'><a href='/x-1.html'>{}</a><p>Tóm tắt.</p></div>", "Thôn Trại Mới hiến đất"),
    ],
)  # fmt: skip
def test_boxes_of_other_articles_are_related_never_text(box: str, headline: str) -> None:
    found = article(f"<p>{FIRST}</p>{box.format(headline)}<p>{SECOND}</p><p>{THIRD}</p>")
    assert headline not in found.text
    assert any(headline in related for related in found.related)
    assert texts(found, BlockKind.PARAGRAPH) == [FIRST, SECOND, THIRD]


def test_after_a_heading_of_other_news_nothing_belongs_to_the_article() -> None:
    tail = "<h3>Tin khác</h3><p>Huyện bên mở hội</p><p>Huyện bên khai mạc hội xuân sáng nay.</p>"
    found = article(f"<p>{FIRST}</p><p>{SECOND}</p>{tail}")
    assert texts(found, BlockKind.PARAGRAPH) == [FIRST, SECOND]
    assert "Huyện bên mở hội" in found.related


def test_a_headline_printed_again_above_a_caption_is_dropped() -> None:
    photo = (
        f"<table><tr><td><img src='/a.jpg'><div class='img-name'>{TITLE}</div></td></tr>"
        "<tr><td><em>Trao Giấy khen cho các cá nhân. Ảnh: Bàn Thị Mẫu</em></td></tr></table>"
    )
    found = article(f"<p>{FIRST}</p>{photo}<p>{SECOND}</p>")
    assert texts(found, BlockKind.CAPTION) == ["Trao Giấy khen cho các cá nhân. Ảnh: Bàn Thị Mẫu"]
    assert found.text.count(TITLE) == 1
    assert "https://baomau.vn/a.jpg" in found.images


@pytest.mark.parametrize(
    "photo",
    [
        "<figure><img src='/a.jpg'><figcaption>{}</figcaption></figure>",
        "<p style='text-align:center'><img src='/a.jpg'></p><p style='text-align:center'>{}</p>",
        "<p><img src='/a.jpg'></p><p><em>{}</em></p>",
        "<center><img src='/a.jpg'><br><i>{}</i></center>",
        "<div class='photo-caption'>{}</div>",
    ],
)
def test_captions_are_apart(photo: str) -> None:
    found = article(f"<p>{FIRST}</p>{photo.format('Quang cảnh hội nghị.')}<p>{SECOND}</p>")
    assert texts(found, BlockKind.CAPTION) == ["Quang cảnh hội nghị."]
    assert texts(found, BlockKind.PARAGRAPH) == [FIRST, SECOND]


def test_subheads_items_and_rows_keep_their_kind() -> None:
    found = article(
        f"<p>{FIRST}</p><h3>Nhiều cách làm hay</h3><p><strong>Từ thôn đến xã</strong></p><ul><li>Thôn Một;</li>"
        "<li>Thôn Hai.</li></ul><table><tr><td>TT</td><td>Họ và tên</td></tr>"
        f"<tr><td>1</td><td>Lường Thị Thử</td></tr></table><p>{SECOND}</p>"
    )
    assert texts(found, BlockKind.SUBHEAD) == ["Nhiều cách làm hay", "Từ thôn đến xã"]
    assert texts(found, BlockKind.ITEM) == ["Thôn Một;", "Thôn Hai."]
    assert texts(found, BlockKind.ROW) == ["TT | Họ và tên", "1 | Lường Thị Thử"]


def test_a_coloured_box_of_the_article_is_text() -> None:
    box = f"<div style='background:#eef' class='notebox'><h4>Số liệu</h4><p>{THIRD}</p></div>"
    found = article(f"<p>{FIRST}</p>{box}<p>{SECOND}</p>")
    assert texts(found, BlockKind.PARAGRAPH) == [FIRST, THIRD, SECOND]
    assert texts(found, BlockKind.SUBHEAD) == ["Số liệu"]


def test_line_breaks_part_lines_and_source_line_feeds_do_not() -> None:
    found = article(f"{FIRST}<br><br>{SECOND[:30]}\n   {SECOND[30:].strip()}<br/>{THIRD}")
    assert texts(found, BlockKind.PARAGRAPH)[0] == FIRST
    assert texts(found, BlockKind.PARAGRAPH)[2] == THIRD
    assert len(texts(found, BlockKind.PARAGRAPH)) == 3


@pytest.mark.parametrize(
    ("signature", "byline"),
    [
        ("<p style='text-align:right'><b>B.Thử</b></p>", "B.Thử"),
        ("<p><strong>Lò Văn Mẫu</strong></p>", "Lò Văn Mẫu"),
        ("<div class='author'>Bàn Thị Thử - Lò Mẫu</div>", "Bàn Thị Thử - Lò Mẫu"),
        ("<p>Theo TTXVN</p>", "Theo TTXVN"),
        ("<p style='text-align:right'><b>Ảnh: Bàn Thị Thử</b></p>", "Ảnh: Bàn Thị Thử"),
        ("<p align='right'>Bài và ảnh: LÒ MẪU</p>", "Bài và ảnh: LÒ MẪU"),
        ("<p><em>Lò Văn Mẫu thực hiện</em></p>", "Lò Văn Mẫu thực hiện"),
        ("<p><strong>Bàn Thử (lược ghi)</strong></p>", "Bàn Thử (lược ghi)"),
        ("<div class='author'>Ban Thời sự</div>", "Ban Thời sự"),
    ],
)
def test_the_authors_last_line_is_the_byline(signature: str, byline: str) -> None:
    found = article(f"<p>{FIRST}</p><p>{SECOND}</p>{signature}")
    assert found.byline == byline
    assert found.blocks[-1].kind is BlockKind.BYLINE
    assert texts(found, BlockKind.PARAGRAPH) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "wrapped", ["{} | Báo Mẫu", "{} - Báo Mẫu", "{} – baomau.vn", "Báo Mẫu | {}"]
)
def test_the_newspapers_name_around_a_headline_is_no_part_of_it(wrapped: str) -> None:
    head = f"<meta property='og:title' content='{wrapped.format(TITLE)}'>"
    body = f"<h1>{wrapped.format(TITLE)}</h1><div class='article-body'><p>{FIRST}</p><p>{SECOND}</p></div>"
    assert reading.read_page(page(body, head), declaration(), NOW).title == TITLE


def test_a_page_without_a_main_heading_has_the_element_that_repeats_its_headline() -> None:
    head = f"<meta property='og:title' content='{TITLE}'>"
    body = (
        f"<div class='t'>{TITLE}</div><div class='article-body'><p>{FIRST}</p><p>{SECOND}</p></div>"
    )
    assert reading.read_page(page(body, head), declaration(), NOW).title == TITLE


STATED = '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{0}","datePublished":"{1}"{2}}}</script>'


@pytest.mark.parametrize(
    ("stated", "printed", "source", "hour"),
    [
        ("2024-12-11T15:30:00+07:00", "", DateSource.STRUCTURED, "08:30"),
        ("", "Thứ tư, 11/12/2024 | 15:30", DateSource.PRINTED, "08:30"),
        ("2024-12-11", "11/12/2024 15:30", DateSource.PRINTED, "08:30"),
        ("2024-12-11T15:30:00Z", "11/12/2024 15:30", DateSource.PRINTED, "08:30"),
        ("2024-12-11T15:29:41+07:00", "11/12/2024 15:30", DateSource.STRUCTURED, "08:29"),
        ("2031-01-01T00:00:00+07:00", "11/12/2024 15:30", DateSource.PRINTED, "08:30"),
    ],
)
def test_the_minute_of_publication(
    stated: str, printed: str, source: DateSource, hour: str
) -> None:
    head = STATED.format("Khen", stated, "") if stated else ""
    found = article(head=head, around=f"<div class='ngay'>{printed}</div>")
    assert found.published_at
    assert found.published_at.strftime("%Y-%m-%d %H:%M") == f"2024-12-11 {hour}"
    assert found.date_source is source


@pytest.mark.parametrize("printed", ["", "12/12/2029 10:00", "99/99/2024"])
def test_without_a_believable_date_the_fetch_time_stands_for_it(printed: str) -> None:
    found = article(around=f"<div class='ngay'>{printed}</div>")
    assert found.published_at is None
    assert found.date_source is DateSource.FETCHED
    assert found.date == NOW


def test_a_newspaper_may_live_in_another_zone() -> None:
    found = article(
        around="<div class='ngay'>11/12/2024 15:30</div>", declared=declaration(timezone="UTC")
    )
    assert found.published_at == datetime(2024, 12, 11, 15, 30, tzinfo=UTC)


def test_a_teaser_before_a_paywall_is_marked() -> None:
    found = article(head=STATED.format(TITLE, "", ',"isAccessibleForFree":false'))
    assert not found.free_access


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("https://m.baomau.vn/khen-thuong-lan-toa-102.html?utm_source=a", URL),
        ("https://baomau.vn/khen-thuong-102.html", "https://baomau.vn/khen-thuong-102.html"),
        ("https://baomau.vn/", URL),
        ("https://baokhac.vn/khen-1.html", URL),
    ],
)
def test_the_canonical_address_is_believed_only_on_the_newspapers_hosts(
    link: str, wanted: str
) -> None:
    assert article(head=f"<link rel='canonical' href='{link}'>").canonical_url == wanted


def test_an_address_that_is_no_article_is_never_read_as_one() -> None:
    listed = page(f"<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>", url="https://baomau.vn/thoi-su")
    with pytest.raises(ReadError, match="no article"):
        reading.read_page(listed, declaration(), NOW)


@pytest.mark.parametrize("body", ["", "<h1>Lỗi</h1>", f"<h1>{TITLE}</h1><p>Đang cập nhật.</p>"])
def test_a_page_without_text_is_no_article(body: str) -> None:
    with pytest.raises(ReadError):
        reading.read_page(page(body), declaration(), NOW)


def test_selectors_come_first_and_layouts_hold_until_their_date() -> None:
    declared = declaration(
        selectors=Selectors(lead=".moi", remove=".bo"),
        layouts=[Layout(valid_until=datetime(2020, 12, 31, tzinfo=UTC).date(), lead=".cu")],
        listings=[Listing(url="https://baomau.vn/thoi-su")],
    )
    around = f"<p class='moi'>{SECOND}</p><p class='cu'>{THIRD}</p>"
    inside = f"<p>{FIRST}</p><div class='bo'>Mời theo dõi kênh của báo.</div><p>{FIRST} Hết.</p>"
    now = article(
        inside, around=around, declared=declared, head=STATED.format("", "2024-12-11T15:30:00", "")
    )
    assert now.lead == SECOND
    assert "Mời theo dõi" not in now.text
    then = article(
        inside, around=around, declared=declared, head=STATED.format("", "2019-12-11T15:30:00", "")
    )
    assert then.lead == THIRD


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        (f"<p>PV: Thưa ông?</p><p>{FIRST}</p><p>PV: Còn nữa?</p><p>{SECOND}</p>", ArticleKind.INTERVIEW),
        ("".join(f"<figure><img src='/{n}.jpg'><figcaption>Ảnh thứ {n} của hội xuân.</figcaption></figure>" for n in range(6)), ArticleKind.PHOTO_STORY),
        (f"<p>{FIRST}</p><p>{SECOND}</p>", ArticleKind.NEWS),
    ],
)  # fmt: skip
def test_the_form_of_the_article(inside: str, kind: ArticleKind) -> None:
    assert article(inside).kind is kind


def test_a_saved_page_is_read_by_its_content(tmp_path: Path) -> None:
    saved = tmp_path / "trang.txt"
    head = f"<meta charset='utf-8'><link rel='canonical' href='{URL}'>"
    saved.write_bytes(
        page(
            f"<h1>{TITLE}</h1><div class='article-body'><p>{FIRST}</p><p>{SECOND}</p></div>", head
        ).body
    )
    found = reading.read_file(saved, {"mau": declaration()}, NOW)
    assert (found.title, found.source, found.canonical_url) == (TITLE, "mau", URL)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                f"<p>{FIRST}</p>",
                "<div>",
                "</div>",
                "<table>",
                "</p>",
                "<a href=/x>",
                f"<b>{SECOND}",
                "<br>",
                "\u0301",
                "<li>",
                "]]>",
                "<!--",
                "<script>",
            ]
        ),
        max_size=14,
    )
)
def test_broken_markup_gives_an_article_or_a_read_error(parts: list[str]) -> None:
    try:
        found = article("".join(parts))
    except ReadError:
        return
    assert found.title == TITLE


def test_a_picture_between_lead_and_text_keeps_its_caption_apart() -> None:
    photo = "<figure><img src='/a.jpg'><figcaption>Quang cảnh hội nghị.</figcaption></figure>"
    body = f"<h1>{TITLE}</h1><p class='sapo'>{LEAD}</p>{photo}<div class='article-body'><p>{FIRST}</p><p>{SECOND}</p></div>"
    found = reading.read_page(page(body), declaration(), NOW)
    assert texts(found, BlockKind.CAPTION) == ["Quang cảnh hội nghị."]
    assert texts(found, BlockKind.PARAGRAPH) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "opening", [f"<p><b>{LEAD}</b></p>", f"<strong>{LEAD}</strong><br><br>", f"<div><b>{LEAD}</b></div>"]
)  # fmt: skip
def test_a_bold_first_sentence_of_the_body_is_the_lead(opening: str) -> None:
    body = f"<h1>{TITLE}</h1><div class='article-body'>{opening}<p>{FIRST}</p><p>{SECOND}</p></div>"
    found = reading.read_page(page(body), declaration(), NOW)
    assert found.lead == LEAD
    assert texts(found, BlockKind.PARAGRAPH) == [FIRST, SECOND]


def test_a_bold_question_is_a_subhead_unless_somebody_asks_it() -> None:
    found = article(
        f"<p>{FIRST}</p><p><b>Ai được khen?</b></p><p>{SECOND}</p><p><b>PV: Vì sao vậy?</b></p><p>{THIRD}</p>"
    )
    assert texts(found, BlockKind.SUBHEAD) == ["Ai được khen?"]
    assert "PV: Vì sao vậy?" in texts(found, BlockKind.PARAGRAPH)


@pytest.mark.parametrize(
    ("printed", "doubt"),
    [
        ("Thứ tư, 11/12/2024 | 15:30", None),
        ("Thứ sáu, 11/12/2024 | 15:30", DateDoubt.WEEKDAY),
        ("11/12/2024 | 15:30", None),
    ],
)
def test_a_weekday_that_disagrees_is_told_and_changes_nothing(
    printed: str, doubt: DateDoubt | None
) -> None:
    found = article(around=f"<div class='ngay'>{printed}</div>")
    assert found.published_at == datetime(2024, 12, 11, 8, 30, tzinfo=UTC)
    assert found.date_doubt is doubt


def test_a_date_that_cannot_be_is_told() -> None:
    found = article(head=STATED.format("Khen", "2031-01-01T00:00:00+07:00", ""))
    assert found.published_at is None
    assert found.date_doubt is DateDoubt.UNBELIEVABLE


def test_a_table_in_a_wrapper_of_its_own_is_kept() -> None:
    table = "<table><tr><td>1</td><td>Lường Thị Thử</td></tr></table>"
    found = article(
        f"<p>{FIRST}</p><div class='VCSortableInPreviewMode' type='Table'><div>{table}</div></div><p>{SECOND}</p>"
    )
    assert texts(found, BlockKind.ROW) == ["1 | Lường Thị Thử"]

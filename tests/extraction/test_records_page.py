"""What the record rules see: sentences, lists, counted groups, pronouns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diembao.records import Label, Mention
from diembao.vietnamese.folding import exact
from extraction.records import groups
from extraction.records.lists import Lists
from extraction.records.page import PRONOUN, Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    Read = Callable[[str], Doc]


def page(doc: Doc) -> Page:
    return Page.read(doc.text, doc._.mentions)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tặng giấy khen cho 22 tập thể và 31 cá nhân.", ["22 tập thể", "31 cá nhân"]),
        ("cho 47 tập thể, cá nhân được khen", ["47 tập thể, cá nhân"]),
        ("cho 133 tổ chức và cá nhân.", ["133 tổ chức và cá nhân"]),
        ("cho hai học sinh và 5 cá nhân khác", ["hai học sinh", "5 cá nhân khác"]),
        ("cho 15 cá nhân xuất sắc", ["15 cá nhân"]),
        ("trao 1.204 triệu đồng năm 2024", []),
    ],
)
def test_counted_groups_are_found(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in groups.find(exact(text))] == found


def test_two_groups_of_running_text_are_one_recipient() -> None:
    text = "Buổi lễ kéo dài đến trưa. " * 12 + "Tỉnh tặng bằng khen cho 22 tập thể và 31 cá nhân."
    assert [text[start:end] for start, end in groups.find(exact(text))] == [
        "22 tập thể và 31 cá nhân"
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Sáng nay mưa. Chiều nắng.", 2),
        ("Tại TP. Sơn Lâm có mưa.", 1),
        ("Cả thôn cùng làm.Đường đã xong.", 2),
        ("Dòng một\nDòng hai", 2),
    ],
    ids=["two", "abbreviation", "glued", "lines"],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: int) -> None:
    assert len([s for s, e in Page(text, ()).sentences if text[s:e].strip()]) == sentences


def test_lines_and_sentences_cover_the_text() -> None:
    text = "Một. Hai.\n\nBa... (Bốn!) năm?\n"
    for spans in (Page(text, ()).lines, Page(text, ()).sentences):
        assert "".join(text[start:end] for start, end in spans) == text


def test_inside_of_a_name_is_hidden() -> None:
    text = "Hội đồng Thi đua - Khen thưởng họp"
    assert "khen" not in Page(text, (Mention(0, 30, Label.UNIT),)).mask


@pytest.mark.parametrize(
    ("marked", "meant"),
    [
        ("[P|Lê Văn Vui] trồng rừng. Ông được tặng [A|Giấy khen].", ["PERSON:lê văn vui"]),
        (
            "Bà [P|Hà Thị Tơ] và ông [P|Lê Văn Vui] trồng rừng. Bà được tặng [A|Giấy khen].",
            ["PERSON:hà thị tơ"],
        ),
        ("[U|Hợp tác xã Hạ] lãi to. Đơn vị vinh dự nhận [A|Cờ thi đua].", ["UNIT:hợp tác xã hạ"]),
        ("[U|Hợp tác xã Hạ] họp. Nhiều đơn vị được tặng [A|Giấy khen].", []),
        ("Ông được tặng [A|Giấy khen].", []),
    ],
    ids=["he", "she", "body", "a plural is no pronoun", "nobody before"],
)
def test_pronoun_means_the_right_name(annotated: Read, marked: str, meant: list[str]) -> None:
    assert [name.entity for name in page(annotated(marked)).of(PRONOUN)] == meant


LIST = """Hội nghị tổng kết
Danh sách được tặng [A|Bằng khen]:
* Cá nhân:
- Ông [P|Lê Văn Vui], [R|Trưởng thôn]
- Bà [P|Hà Thị Tơ] ([U|Hội Phụ nữ xã])
Hội nghị diễn ra trong không khí vui tươi, phấn khởi, đông đủ các đại biểu của xã tham dự từ sáng sớm."""


def test_award_of_an_announcement_governs_the_items(annotated: Read) -> None:
    read = page(annotated(LIST))
    governed = [name is not None for name in Lists(read).governor]
    assert governed == [False, False, True, True, True, False]


def test_item_is_about_its_first_name(annotated: Read) -> None:
    read = page(annotated(LIST))
    lists = Lists(read)
    assert [n.text for n in read.of(Label.PERSON, Label.UNIT) if lists.listed(n)] == [
        "Lê Văn Vui",
        "Hà Thị Tơ",
    ]


def test_person_of_a_heading_bears_the_awards_below(annotated: Read) -> None:
    read = page(
        annotated(
            "Tin buồn\nÔng [P|Lê Văn Vui]\nĐã được tặng thưởng:\n- [A|Huân chương Lao động];\n"
        )
    )
    bearer = Lists(read).bearer[3]
    assert bearer is not None
    assert bearer.text == "Lê Văn Vui"

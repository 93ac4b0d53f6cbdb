"""Who was awarded what, by whom: one made-up article for each form."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from diembao.records import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    Read = Callable[[str], Doc]

HEAD = "Hội nghị tổng kết phong trào thi đua năm 2024\n"

FORMS = {
    "active": (
        "Dịp này, [U|UBND huyện Sơn Lâm] tặng [A|Giấy khen] cho ông [P|Đặng Quốc Thụy].",
        {("Giấy khen", "Đặng Quốc Thụy", "UBND huyện Sơn Lâm")},
    ),
    "passive": (
        "Bà [P|Lương Thị Hảo] được [R|Chủ tịch] [U|UBND tỉnh] tặng [A|Bằng khen].",
        {("Bằng khen", "Lương Thị Hảo", "Chủ tịch UBND tỉnh")},
    ),
    "honour to receive": (
        "[U|Hội Nông dân xã Đồng Lâm] vinh dự được [U|Ủy ban nhân dân tỉnh] tặng [A|Bằng khen].",
        {("Bằng khen", "Hội Nông dân xã Đồng Lâm", "Ủy ban nhân dân tỉnh")},
    ),
    "counted groups": (
        "Tại hội nghị, [U|Hội Nông dân tỉnh] tặng [A|Bằng khen] cho 15 tập thể và 20 cá nhân.",
        {
            ("Bằng khen", "15 tập thể", "Hội Nông dân tỉnh"),
            ("Bằng khen", "20 cá nhân", "Hội Nông dân tỉnh"),
        },
    ),
    "several awards in one sentence": (
        "Nhân dịp này, [R|Chủ tịch] [U|UBND tỉnh] tặng [A|Bằng khen] cho 7 tập thể; "
        "[U|Sở Nội vụ] tặng [A|Giấy khen] cho 12 cá nhân.",
        {
            ("Bằng khen", "7 tập thể", "Chủ tịch UBND tỉnh"),
            ("Giấy khen", "12 cá nhân", "Sở Nội vụ"),
        },
    ),
    "heading that governs a list": (
        "I. [A|BẰNG KHEN] CỦA [R|CHỦ TỊCH] [U|UBND TỈNH]\n"
        "1. Ông [P|Đặng Quốc Thụy], [R|Trưởng thôn]\n"
        "2. Bà [P|Lương Thị Hảo], [R|Bí thư Chi bộ]\n"
        "II. [A|GIẤY KHEN] CỦA [R|GIÁM ĐỐC] [U|SỞ NỘI VỤ]\n"
        "1. Anh [P|Mạc Văn Tựu], [R|Tổ trưởng]\n",
        {
            ("BẰNG KHEN", "Đặng Quốc Thụy", "CHỦ TỊCH UBND TỈNH"),
            ("BẰNG KHEN", "Lương Thị Hảo", "CHỦ TỊCH UBND TỈNH"),
            ("GIẤY KHEN", "Mạc Văn Tựu", "GIÁM ĐỐC SỞ NỘI VỤ"),
        },
    ),
}


def conferred(doc: Doc) -> set[tuple[str, str, str | None]]:
    return {(c.award, who, c.conferrer) for c in doc._.conferments for who in c.recipients}


@pytest.mark.parametrize("form", FORMS)
def test_form_of_conferment_is_read(annotated: Read, form: str) -> None:
    marked, expected = FORMS[form]
    assert conferred(annotated(HEAD + marked)) == expected


@pytest.mark.parametrize(
    "marked",
    [
        "[U|UBND xã] đã lập hồ sơ đề nghị [R|Chủ tịch] [U|UBND tỉnh] tặng [A|Bằng khen] cho ông [P|Đặng Quốc Thụy].",
        "Theo quy định, hình thức [A|Giấy khen] do [R|Chủ tịch] [U|UBND cấp huyện] xét, quyết định.",
        "Các đơn vị phấn đấu đạt danh hiệu [A|Chiến sĩ thi đua cơ sở] trong năm tới.",
    ],
    ids=["proposal", "rule", "plan"],
)
def test_award_not_conferred_is_left_out(annotated: Read, marked: str) -> None:
    assert annotated(HEAD + marked)._.conferments == ()


def test_long_list_gives_every_recipient(annotated: Read) -> None:
    names = [f"{family} Văn {given}" for family in ("Đỗ", "Hà", "Tô", "Lã", "Mạc") for given in
             ("Bách", "Cảnh", "Đoan", "Hiển", "Khiêm")]  # fmt: skip
    marked = ", ".join(f"[P|{name}]" for name in names)
    doc = annotated(f"{HEAD}[U|Công đoàn tỉnh] tặng [A|Bằng khen] cho các ông: {marked}.")
    assert {who for _, who, _ in conferred(doc)} == set(names)


def test_recipient_is_called_by_its_fullest_form(annotated: Read) -> None:
    doc = annotated(
        "Ông [P|Đặng Quốc Thụy] là người đi đầu hiến đất.\n"
        "Năm 2023, ông [P|Thụy] được [U|UBND huyện Sơn Lâm] tặng [A|Giấy khen]."
    )
    assert conferred(doc) == {("Giấy khen", "Đặng Quốc Thụy", "UBND huyện Sơn Lâm")}


def test_pronoun_stands_for_the_person_named_before(annotated: Read) -> None:
    doc = annotated(
        "Ông [P|Đặng Quốc Thụy] là người đi đầu hiến đất mở đường.\n"
        "Năm 2023, ông được [U|UBND huyện Sơn Lâm] tặng [A|Giấy khen]."
    )
    assert conferred(doc) == {("Giấy khen", "Đặng Quốc Thụy", "UBND huyện Sơn Lâm")}


def test_repeated_news_is_one_conferment(annotated: Read) -> None:
    doc = annotated(
        "[U|Hội Nông dân xã Đồng Lâm] nhận [A|Bằng khen] của [U|UBND tỉnh]\n"
        "Sáng 5/6, [U|Hội Nông dân xã Đồng Lâm] vinh dự đón nhận [A|Bằng khen] của [U|UBND tỉnh]."
    )
    assert len(doc._.conferments) == 1


def test_date_in_full_is_kept(annotated: Read) -> None:
    doc = annotated(
        f"{HEAD}Ngày 12/11/2024, [U|UBND huyện Sơn Lâm] tặng [A|Giấy khen] cho bà [P|Lương Thị Hảo]."
    )
    assert [c.date for c in doc._.conferments] == [date(2024, 11, 12)]


def test_model_of_the_sentence_is_what_it_was_for(annotated: Read) -> None:
    doc = annotated(
        f"{HEAD}[U|UBND huyện Sơn Lâm] tặng [A|Giấy khen] cho [U|Hội Phụ nữ xã Đồng Lâm] "
        "với mô hình “[M|Chợ không rác]”."
    )
    assert [c.for_model for c in doc._.conferments] == ["Chợ không rác"]


@pytest.mark.parametrize(
    ("award", "conferrer", "level"),
    [
        ("Huân chương Lao động hạng Ba", "Chủ tịch nước", Level.STATE),
        ("Nghệ nhân Ưu tú", "UBND tỉnh", Level.STATE),
        ("Bằng khen", "Thủ tướng Chính phủ", Level.PRIME_MINISTER),
        ("Bằng khen", "Chủ tịch UBND tỉnh", Level.MINISTRY_PROVINCE),
        ("Bằng khen", "Ủy ban nhân dân Thành phố", Level.MINISTRY_PROVINCE),
        ("Kỷ niệm chương “Vì sự nghiệp Dân vận”", None, Level.MINISTRY_PROVINCE),
        ("Giấy khen", "UBND huyện Sơn Lâm", Level.GRASSROOTS),
        ("giải Nhất", None, None),
    ],
)
def test_level_follows_kind_and_conferrer(
    award: str, conferrer: str | None, level: Level | None
) -> None:
    from extraction.records import levels

    assert levels.level(award, conferrer) == level


def test_honorific_title_before_a_name_confers_nothing(annotated: Read) -> None:
    doc = annotated("Vở diễn do [A|NSND] [P|Mạc Văn Tựu] dàn dựng, [A|NSƯT] [P|Lò Thị Pành] đóng.")
    assert not doc._.conferments


def test_unit_whose_award_it_is_is_no_recipient(annotated: Read) -> None:
    doc = annotated("[U|Trường Tiểu học Bãi Mơ] được tặng [A|Cờ thi đua] của [U|Chính phủ].")
    assert all("Chính phủ" not in conferment.recipients for conferment in doc._.conferments)

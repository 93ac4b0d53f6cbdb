"""Persons and the offices they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    Read = Callable[[str], Doc]


@pytest.mark.parametrize(
    ("marked", "role", "unit"),
    [
        (
            "[R|Phó Chủ tịch] [U|UBND tỉnh] [P|Mạc Văn Tựu] phát biểu.",
            "Phó Chủ tịch UBND tỉnh",
            "UBND tỉnh",
        ),
        (
            "Ông [P|Mạc Văn Tựu], [R|Phó Chủ tịch] [U|UBND tỉnh] dự.",
            "Phó Chủ tịch UBND tỉnh",
            "UBND tỉnh",
        ),
        (
            "Ông [P|Mạc Văn Tựu] - [R|Phó Chủ tịch] [U|UBND tỉnh] dự.",
            "Phó Chủ tịch UBND tỉnh",
            "UBND tỉnh",
        ),
        (
            "[R|Bí thư] [U|Đảng ủy], [R|Chủ tịch] [U|UBND xã Đồng Lâm] [P|Mạc Văn Tựu] dự.",
            "Bí thư Đảng ủy, Chủ tịch UBND xã Đồng Lâm",
            "UBND xã Đồng Lâm",
        ),
        (
            "[R|Giám đốc] [U|Sở Nội vụ], đồng chí [P|Mạc Văn Tựu] dự.",
            "Giám đốc Sở Nội vụ",
            "Sở Nội vụ",
        ),
        ("Ông [P|Mạc Văn Tựu], nguyên [R|Bí thư] [U|Tỉnh ủy].", "nguyên Bí thư Tỉnh ủy", "Tỉnh ủy"),
        ("Ông [P|Mạc Văn Tựu], [R|Trưởng thôn], cho biết.", "Trưởng thôn", None),
        (
            "Bác sĩ [P|Mạc Văn Tựu], [R|Trưởng] [U|phòng Nghiệp vụ], [U|Sở Y tế] dự.",
            "Trưởng phòng Nghiệp vụ, Sở Y tế",
            "phòng Nghiệp vụ",
        ),
        (
            "Ông [P|Mạc Văn Tựu], [R|Cục trưởng] [U|Cục Đò ngang] ([U|Bộ Sông nước]) dự.",
            "Cục trưởng Cục Đò ngang (Bộ Sông nước)",
            "Cục Đò ngang",
        ),
        (
            "[R|Cục trưởng] [U|Cục Đò ngang] ([U|Bộ Sông nước]) [P|Mạc Văn Tựu] dự.",
            "Cục trưởng Cục Đò ngang",
            "Cục Đò ngang",
        ),
        ("[R|Chủ tịch] [U|UBND tỉnh], [P|Mạc Văn Tựu] ký.", "Chủ tịch UBND tỉnh", "UBND tỉnh"),
        (
            "Ông [P|Mạc Văn Tựu] ([L|thôn Hạ]) - [R|Giám đốc] [U|Công ty Tựu An].",
            "Giám đốc Công ty Tựu An",
            "Công ty Tựu An",
        ),
        ("Ông [P|Mạc Văn Tựu] cho biết.", None, None),
    ],
    ids=[
        "before",
        "behind",
        "dash",
        "two offices",
        "comma",
        "former",
        "no unit",
        "higher unit",
        "higher unit in brackets",
        "brackets before",
        "appositive",
        "address",
        "none",
    ],
)
def test_office_is_read(annotated: Read, marked: str, role: str | None, unit: str | None) -> None:
    assert [(p.role, p.unit) for p in annotated(marked)._.positions] == [(role, unit)]


def test_new_office_counts_after_an_appointment(annotated: Read) -> None:
    doc = annotated(
        "Ông [P|Mạc Văn Tựu], [R|Phó Giám đốc] [U|Sở Nội vụ], được bổ nhiệm giữ chức "
        "[R|Giám đốc] [U|Sở Y tế]."
    )
    assert [p.role for p in doc._.positions] == ["Giám đốc Sở Y tế"]


def test_office_of_the_neighbour_is_not_taken(annotated: Read) -> None:
    doc = annotated("[R|Chủ tịch] [U|UBND xã] [P|Mạc Văn Tựu] và bà [P|Lương Thị Hảo] cùng dự.")
    assert {p.name: p.role for p in doc._.positions} == {
        "Mạc Văn Tựu": "Chủ tịch UBND xã",
        "Lương Thị Hảo": None,
    }


def test_person_is_one_record_under_the_fullest_form(annotated: Read) -> None:
    doc = annotated("Bà [P|Hảo] cười. Bà [P|Lương Thị Hảo], [R|Tổ trưởng], kể tiếp. Bà [P|Hảo] về.")
    assert [(p.name, p.role) for p in doc._.positions] == [("Lương Thị Hảo", "Tổ trưởng")]


@pytest.mark.parametrize(
    "marked",
    [
        "Đồng chí [P|Mạc Văn Tựu], [P|Lò Thị Pành], [R|Phó Bí thư] [U|Tỉnh ủy] chủ trì.",
        "Hai [R|Phó Bí thư] [U|Tỉnh ủy] là ông [P|Mạc Văn Tựu] và [P|Lò Thị Pành].",
    ],
    ids=["behind", "before"],
)
def test_office_in_common_belongs_to_every_person_of_the_list(annotated: Read, marked: str) -> None:
    held = {position.name: position.role for position in annotated(marked)._.positions}
    assert held == dict.fromkeys(("Mạc Văn Tựu", "Lò Thị Pành"), "Phó Bí thư Tỉnh ủy")


def test_office_between_two_persons_is_not_handed_on(annotated: Read) -> None:
    doc = annotated("Ông [P|Mạc Văn Tựu], [R|Bí thư] [U|Tỉnh ủy], [P|Lò Thị Pành] cùng dự.")
    held = {position.name: position.role for position in doc._.positions}
    assert held == {"Mạc Văn Tựu": "Bí thư Tỉnh ủy", "Lò Thị Pành": None}


def test_office_of_the_past_counts_less_than_the_one_held(annotated: Read) -> None:
    doc = annotated(
        "[R|Bí thư] [U|Đảng ủy] [P|Mạc Văn Tựu], nguyên [R|Phó Chủ tịch Thường trực] "
        "[U|HĐND huyện Sơn Lâm]."
    )
    assert [p.role for p in doc._.positions] == ["Bí thư Đảng ủy"]


@pytest.mark.parametrize("mark", [";", ",", ", và"])
def test_office_of_the_next_person_ends_the_run(annotated: Read, mark: str) -> None:
    doc = annotated(
        f"Bà [P|Lò Thị Pành], [R|Giám đốc] [U|Sở Nội vụ]{mark} [R|Chủ tịch] [U|UBND xã] "
        "[P|Mạc Văn Tựu] cùng dự."
    )
    assert {p.name: p.role for p in doc._.positions} == {
        "Lò Thị Pành": "Giám đốc Sở Nội vụ",
        "Mạc Văn Tựu": "Chủ tịch UBND xã",
    }


@pytest.mark.parametrize("gap", ["\n", " | "], ids=["lines", "cells"])
def test_office_is_read_from_a_table(annotated: Read, gap: str) -> None:
    doc = annotated(
        f"Danh sách khen thưởng\n1. [P|Mạc Văn Tựu]{gap}[R|Trưởng] [U|Công an xã Đồng Lâm]\n"
        f"2. [P|Lò Thị Pành]{gap}[R|Hiệu trưởng] [U|Trường Tiểu học Bãi Mơ]"
    )
    assert [p.role for p in doc._.positions] == [
        "Trưởng Công an xã Đồng Lâm",
        "Hiệu trưởng Trường Tiểu học Bãi Mơ",
    ]


def test_general_word_for_the_body_may_stand_between(annotated: Read) -> None:
    doc = annotated("Theo [R|Hiệu trưởng] nhà trường [P|Lò Thị Pành], lớp học mở từ tháng 9.")
    assert [(p.name, p.role) for p in doc._.positions] == [("Lò Thị Pành", "Hiệu trưởng")]

"""Mentions of one article that mean the same share a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diembao.vietnamese.folding import exact

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    Read = Callable[[str], Doc]


def keys(doc: Doc) -> list[str]:
    return [mention.entity for mention in doc._.mentions]


@pytest.mark.parametrize(
    ("marked", "key"),
    [
        ("[U|Quận ủy Tây Hồ] họp. [U|Quận ủy] yêu cầu.", "UNIT:Quận ủy Tây Hồ"),
        ("[U|Quận ủy] họp. [U|Quận ủy Tây Hồ] yêu cầu.", "UNIT:Quận ủy Tây Hồ"),
        (
            "[U|Liên đoàn Lao động (LĐLĐ) huyện Sơn Lâm] họp. [U|LĐLĐ huyện] yêu cầu.",
            "UNIT:Liên đoàn Lao động huyện Sơn Lâm",
        ),
        (
            "[U|Ủy ban nhân dân xã Đồng Lâm] và [U|UBND xã Đồng Lâm]",
            "UNIT:Ủy ban nhân dân xã Đồng Lâm",
        ),
        (
            "[U|Tổng công ty Vận tải Bình Minh] ([U|VTBM]) nói. [U|VTBM] nói.",
            "UNIT:Tổng công ty Vận tải Bình Minh",
        ),
        ("Ông [P|Lê Văn Vui] cười. Ông [P|Vui] kể.", "PERSON:Lê Văn Vui"),
        ("[P|LÊ VĂN VUI] và [P|Lê Văn Vui]", "PERSON:Lê Văn Vui"),
        ("[U|Hội Khỏe] và [U|Hội Khoẻ]", "UNIT:Hội Khỏe"),
        ("[L|quận Tây Hồ] đẹp. [L|Tây Hồ] xanh.", "PLACE:quận Tây Hồ"),
        (
            '[A|Kỷ niệm chương “Vì trẻ thơ”] và [A|Kỷ niệm chương "Vì trẻ thơ"]',
            "AWARD:Kỷ niệm chương Vì trẻ thơ",
        ),
    ],
)
def test_forms_of_one_name_share_the_key_of_the_fullest(
    annotated: Read, marked: str, key: str
) -> None:
    label, form = key.split(":")
    assert set(keys(annotated(marked))) == {f"{label}:{exact(form)}"}


@pytest.mark.parametrize(
    "marked",
    [
        "[P|Lê Văn Vui] gặp [P|Trần Văn Vui]",
        "[U|UBND xã Đồng Lâm] và [U|UBND xã Đồng Hà]",
        "[L|Tây Hồ] và [V|Tây Hồ]",
        "[U|Chi bộ 1] và [U|Chi bộ 11]",
    ],
)
def test_different_names_stay_apart(annotated: Read, marked: str) -> None:
    assert len(set(keys(annotated(marked)))) == 2


def test_short_form_means_the_last_name_before_it(annotated: Read) -> None:
    found = keys(annotated("[P|Lê Văn Vui], [P|Vui], [P|Trần Đình Vui], [P|Vui]"))
    assert found[1] == found[0]
    assert found[3] == found[2]

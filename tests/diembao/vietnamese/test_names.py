"""Spellings of names that compare as one, and names that must not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.vietnamese.names import award_key, counted, expanded, key_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Bình", "Hoà Bình"),
        ("Ðoàn Thị Bưởi", "Đoàn Thị Bưởi"),
        ("Nguyễn Thị Lý", "Nguyễn Thị Lí"),
        ("“Dân vận khéo”", "dân vận khéo"),
        ("Giáo dục và Đào tạo", "Giáo dục - Đào tạo"),
        ("xanh - sạch - đẹp", "Xanh, sạch, đẹp"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert key_text(one) == key_text(other)
    assert key_text(unicodedata.normalize("NFD", one)) == key_text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tân Lập", "Tân Lạp"), ("đường", "dương"), ("Thúy", "Thụy"), ("Hoa", "Hòa")],
)
def test_accents_count(one: str, other: str) -> None:
    assert key_text(one) != key_text(other)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("UBND TP. Hà Nội", "Ủy ban nhân dân thành phố Hà Nội"),
        ("UBND P.5, Q.3, TP.HCM", "UBND phường 5, quận 3, thành phố Hồ Chí Minh"),
        ("LĐLĐ", "Liên đoàn Lao động"),
        ("Liên đoàn Lao động (LĐLĐ) huyện Ba Vì", "LĐLĐ huyện Ba Vì"),
        ("Phòng GD&ĐT", "Phòng Giáo dục và Đào tạo"),
        ("Sở LĐ-TB&XH", "Sở Lao động, Thương binh và Xã hội"),
        ("Sở VH-TT&DL", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Hội LHPN", "Hội Phụ nữ"),
        ("Đoàn TNCS Hồ Chí Minh huyện Ba Vì", "Huyện đoàn Ba Vì"),
        ("UBMTTQ Việt Nam xã Đa Phúc", "Mặt trận Tổ quốc xã Đa Phúc"),
        ("Chi hội số 08", "Chi hội số 8"),
        ("Ban Dân vận T.Ư", "Ban Dân vận Trung ương"),
    ],
)
def test_abbreviations_are_written_out(short: str, full: str) -> None:
    assert expanded(short) == expanded(full)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Huân chương Lao động hạng Ba", "huân chương lao động hạng III", True),
        ("giải Nhất", "Giải 1", True),
        ("Huân chương Lao động hạng Ba", "Huân chương Lao động hạng Nhì", False),
        ("Bằng khen", "Giấy khen", False),
        ("Huy hiệu 75 năm tuổi Đảng", "Huy hiệu 50 năm tuổi Đảng", False),
    ],
)
def test_kinds_of_award_with_their_grades(one: str, other: str, same: bool) -> None:
    assert (award_key(one) == award_key(other)) is same


@pytest.mark.parametrize(
    ("recipient", "is_count"),
    [
        ("15 tập thể", True),
        ("22 tập thể và 31 cá nhân", True),
        ("Lò Thị Mẩy", False),
        ("C06", False),
    ],
)
def test_counted_groups_name_nobody(recipient: str, is_count: bool) -> None:
    assert counted(recipient) is is_count


@given(st.text(max_size=40))
def test_any_text_has_a_stable_key(text: str) -> None:
    key = key_text(text)
    assert key == key.strip()
    assert key_text(key) == key
    assert expanded(unicodedata.normalize("NFD", text)) == expanded(text)

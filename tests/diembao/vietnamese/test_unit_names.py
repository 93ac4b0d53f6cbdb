"""Names of units taken apart into head and place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.vietnamese.names import key_text
from diembao.vietnamese.unit_names import Place, place_of, unit_name


def parts(printed: str) -> tuple[str, str] | None:
    name = unit_name(printed)
    return None if name is None else (name.head, str(name.place or ""))


@pytest.mark.parametrize(
    ("printed", "head", "place"),
    [
        ("UBND TP. Hà Nội", "ủy ban nhân dân", "ha-noi"),
        ("UBND Hà Nội", "ủy ban nhân dân", "ha-noi"),
        ("UBND Thành phố", "ủy ban nhân dân", "thành phố "),
        ("Quận ủy Tây Hồ", "cấp ủy", "quận tây hồ"),
        ("Ban Dân vận Quận ủy", "ban dân vận cấp ủy", "quận "),
        ("Thành đoàn Hà Nội", "đoàn thanh niên", "ha-noi"),
        ("UBND xã Tân Lập, huyện Đan Phượng", "ủy ban nhân dân", "xã tân lập"),
        ("LĐLĐ Chương Mỹ", "liên đoàn lao động", " chương mỹ"),
        ("Bảo hiểm xã hội huyện Ba Vì", "bảo hiểm xã hội", "huyện ba vì"),
        ("HTX nông nghiệp Đại Hưng", "hợp tác xã nông nghiệp đại hưng", ""),
        ("Công ty Cấp nước Hải Phòng", "công ty cấp nước hải phòng", ""),
        ("Hội Nông dân Việt Nam", "hội nông dân việt nam", ""),
        ("Hội CCB Việt Nam huyện Ba Vì", "hội cựu chiến binh", "huyện ba vì"),
        ("Bộ CHQS tỉnh Sơn La", "bộ chỉ huy quân sự", "son-la"),
        ("Bộ Y tế", "bộ y tế", ""),
        ("VNPT", "vnpt", ""),
        ("Thông tấn xã Việt Nam", "thông tấn xã việt nam", ""),
        ("Phòng GD&ĐT thị xã Thái Hòa", "phòng giáo dục và đào tạo", "thị xã thái hoà"),
        ("Sở Y tế tỉnh Savannakhet", "sở y tế tỉnh savannakhet", ""),
    ],
)
def test_head_and_place(printed: str, head: str, place: str) -> None:
    assert parts(printed) == (key_text(head), place.replace("mỹ", "mĩ"))


def test_the_chain_of_places_is_kept() -> None:
    name = unit_name("UBND xã Tân Lập, huyện Đan Phượng, TP Hà Nội")
    assert name is not None
    assert name.chain == (Place("huyện", "đan phượng"), Place("tỉnh", "ha-noi"))


@pytest.mark.parametrize("printed", ["Công ty", "Ban Tổ chức", "Trường", "", "“”"])
def test_a_head_alone_names_nobody(printed: str) -> None:
    assert unit_name(printed) is None


@pytest.mark.parametrize(
    ("printed", "place"),
    [
        ("Hà Nội", Place("tỉnh", "ha-noi")),
        ("TP Vinh", Place("thành phố", "vinh")),
        ("Tây Hồ", Place("", "tây hồ")),
        ("phường 9", Place("phường", "9")),
        ("thôn Đoài", None),
        ("Lào", None),
    ],
)
def test_administrative_places(printed: str, place: Place | None) -> None:
    assert place_of(printed) == place


@given(st.text(alphabet="UBND xãphường tỉnhỦy ,().-Hà Nội9", max_size=60))
def test_any_text_is_taken_apart(printed: str) -> None:
    name = unit_name(printed)
    assert name is None or name.head

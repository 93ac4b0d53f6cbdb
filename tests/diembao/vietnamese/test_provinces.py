"""Administrative units before and after July 2025."""

from __future__ import annotations

import pytest

from diembao.vietnamese.names import key_text
from diembao.vietnamese.provinces import (
    present_provinces,
    present_slug,
    province_name,
    province_slug,
    units_named,
)


def test_there_are_34_provinces() -> None:
    assert len(present_provinces()) == 34
    assert all(present_slug(slug) == slug for slug in present_provinces())


@pytest.mark.parametrize(
    ("name", "slug", "present"),
    [
        ("Hà Nội", "ha-noi", "ha-noi"),
        ("TP. Hà Nội", "ha-noi", "ha-noi"),
        ("TP.HCM", "ho-chi-minh", "ho-chi-minh"),
        ("tỉnh Bắc Giang", "bac-giang", "bac-ninh"),
        ("Thừa Thiên - Huế", "hue", "hue"),
        ("Bà Rịa - Vũng Tàu", "ba-ria-vung-tau", "ho-chi-minh"),
        ("ĐẮC LẮC", "dak-lak", "dak-lak"),
        ("Hà Giang", "ha-giang", "tuyen-quang"),
        ("Hòa Bình", "hoa-binh", "phu-tho"),
    ],
)
def test_old_and_present_names_lead_to_the_present_province(
    name: str, slug: str, present: str
) -> None:
    assert province_slug(name) == slug
    assert present_slug(slug) == present


@pytest.mark.parametrize("name", ["Tây Hồ", "Lào", "", "tỉnh Savannakhet"])
def test_what_is_no_province_has_no_slug(name: str) -> None:
    assert province_slug(name) is None


def test_a_slug_has_a_printed_name() -> None:
    assert province_name("ha-giang") == "Hà Giang"


def test_communes_of_one_name_are_told_apart_by_district() -> None:
    found = {unit.district: unit.province for unit in units_named("tân lập", "xã")}
    assert found["huyện đan phượng"] == "ha-noi"
    assert found["huyện lục ngạn"] == "bac-ninh"
    assert None in found


def test_a_ward_has_no_district_since_the_reform() -> None:
    (old,) = units_named(key_text("Tứ Liên"))
    assert (old.level, old.district, old.province) == ("phường", key_text("quận Tây Hồ"), "ha-noi")
    new = [unit for unit in units_named(key_text("Tây Hồ")) if unit.level == "phường"]
    assert [(unit.district, unit.province) for unit in new] == [(None, "ha-noi")]

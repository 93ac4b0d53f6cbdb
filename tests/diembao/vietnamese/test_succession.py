"""Communes before and after 1 July 2025."""

from __future__ import annotations

from diembao.vietnamese.names import key_text
from diembao.vietnamese.provinces import provinces_before
from diembao.vietnamese.succession import (
    communes_before,
    communes_now,
    predecessors,
    successors,
)


def test_a_ward_went_into_those_of_today() -> None:
    [tu_lien] = communes_before(key_text("phường Tứ Liên"), "ha-noi", "")
    assert tu_lien.district == "Quận Tây Hồ"
    assert {one.name for one in successors(tu_lien)} == {"Phường Hồng Hà", "Phường Tây Hồ"}


def test_a_ward_of_today_knows_what_it_was_made_of() -> None:
    [hong_ha] = communes_now(key_text("phường Hồng Hà"), "ha-noi")
    assert hong_ha.district is None
    made_of = predecessors(hong_ha)
    assert {"Phường Tứ Liên", "Phường Phúc Xá"} <= {one.name for one in made_of}
    assert all(hong_ha in successors(one) for one in made_of)


def test_the_district_chooses_among_communes_of_one_name() -> None:
    key = key_text("xã Tân Lập")
    [one] = communes_before(key, "ha-noi", key_text("huyện Đan Phượng"))
    assert one.province == "ha-noi"
    assert communes_before(key, "ha-noi", key_text("huyện Gia Lâm")) == ()


def test_provinces_know_what_they_were_made_of() -> None:
    assert provinces_before("tuyen-quang") == ("ha-giang", "tuyen-quang")
    assert provinces_before("ha-noi") == ("ha-noi",)

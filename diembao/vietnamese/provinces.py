"""Administrative units of Viet Nam before and after the reform of 1 July 2025.

The lists come from the library `vietnamadminunits`. A province's slug is its folded name with
hyphens (`ha-noi`, `ho-chi-minh`). 63 provinces became 34; the 34 keep the slug of their name, so a
slug may name an old province or a present one, and `present_slug` leads from the one to the other.
Names of units are compared in the form of `diembao.vietnamese.names.key_text`.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from diembao.vietnamese.folding import fold
from diembao.vietnamese.names import expanded, key_text

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS = ("tỉnh", "thành phố", "quận", "huyện", "thị xã", "phường", "xã", "thị trấn", "đặc khu")
"""The words of administrative levels, as `key_text` writes them."""

_LEVEL = re.compile(rf"^({'|'.join(LEVELS)}) ")


_ALIASES = {
    key_text(form): key_text(name)
    for form, name in (
        ("thừa thiên huế", "huế"),
        ("sài gòn", "hồ chí minh"),
        ("hcm", "hồ chí minh"),
        ("đăk lăk", "đắk lắk"),
        ("đắc lắc", "đắk lắk"),
        ("đăk nông", "đắk nông"),
        ("đắc nông", "đắk nông"),
        ("bắc cạn", "bắc kạn"),
        ("vũng tàu", "bà rịa vũng tàu"),
    )
}


@dataclass(frozen=True, slots=True)
class AdminUnit:
    """A district or commune.

    `level` and `name` as `key_text` writes them (`quận`, `tây hồ`), `district` the level and name
    of a commune's district, None since the reform; `former` and `province` are the slugs of its
    province before and after the reform.
    """

    level: str
    name: str
    district: str | None
    former: str
    province: str


@dataclass(frozen=True, slots=True)
class _Atlas:
    names: Mapping[str, str]
    former: Mapping[str, str]
    present: Mapping[str, str]
    units: Mapping[str, tuple[AdminUnit, ...]]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")


def _bare(name: str) -> str:
    return _LEVEL.sub("", key_text(name))


def _level(name: str) -> str:
    found = _LEVEL.match(key_text(name))
    return found.group(1) if found else ""


@lru_cache(maxsize=1)
def _atlas() -> _Atlas:
    from vietnamadminunits import convert_address
    from vietnamadminunits.database import query

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves its database open
        old = query(
            "SELECT DISTINCT provinceShort, province, district, ward FROM admin_units_legacy"
        )
        new = query("SELECT DISTINCT provinceShort, ward FROM admin_units")
    short = {row["provinceShort"]: row["province"] for row in old}
    present = {
        _slug(name): _slug(convert_address(full).short_province) for name, full in short.items()
    }
    units: dict[str, set[AdminUnit]] = {}

    def add(full: str, district: str | None, former: str, province: str) -> None:
        unit = AdminUnit(_level(full), _bare(full), district, former, province)
        units.setdefault(unit.name, set()).add(unit)

    for row in old:
        former = _slug(row["provinceShort"])
        add(row["district"], None, former, present[former])
        if row["ward"]:
            add(row["ward"], key_text(row["district"]), former, present[former])
    for row in new:
        add(row["ward"], None, _slug(row["provinceShort"]), _slug(row["provinceShort"]))
    return _Atlas(
        names={_slug(name): name for name in short},
        former={key_text(name): _slug(name) for name in short},
        present=present,
        units={name: tuple(sorted(found, key=repr)) for name, found in units.items()},
    )


@lru_cache(maxsize=65536)
def province_slug(name: str) -> str | None:
    """The slug of a province, old or present, named with or without `tỉnh` or `thành phố`."""
    former = _atlas().former
    bare = _LEVEL.sub("", expanded(name))
    return former.get(bare) or former.get(_ALIASES.get(bare, ""))


def present_slug(slug: str) -> str:
    """The present province (of 34) in which a province, old or present, lies."""
    return _atlas().present[slug]


def province_name(slug: str) -> str:
    """The printed name of a province, old or present: `ha-noi` is `Hà Nội`."""
    return _atlas().names[slug]


def present_provinces() -> tuple[str, ...]:
    """The slugs of the 34 present provinces, in alphabetical order."""
    return tuple(sorted(set(_atlas().present.values())))


def provinces_before(slug: str) -> tuple[str, ...]:
    """The slugs of the provinces that became a present one, itself among them, in order."""
    return tuple(sorted(old for old, new in _atlas().present.items() if new == slug))


def units_named(name: str, level: str | None = None) -> tuple[AdminUnit, ...]:
    """Districts and communes, old and present, of that name (in the form of `key_text`)."""
    found = _atlas().units.get(name, ())
    return found if level is None else tuple(unit for unit in found if unit.level == level)

"""What became of provinces and communes on 1 July 2025, and what present ones were made of.

The lists come from the library `vietnamadminunits`. A commune of before may have been divided among
several; a district was dissolved and has no successor.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from diembao.vietnamese.names import key_text
from diembao.vietnamese.provinces import present_slug, province_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Commune:
    """A ward, commune or township: printed name, printed district (None since the reform), province.

    `province` is the slug of its province at its time.
    """

    name: str
    district: str | None
    province: str

    @property
    def key(self) -> str:
        """Level and name in the form of `key_text`: `phường tứ liên`."""
        return key_text(self.name)


@dataclass(frozen=True, slots=True)
class _Reform:
    after: Mapping[Commune, tuple[Commune, ...]]
    before: Mapping[Commune, tuple[Commune, ...]]
    former: Mapping[str, tuple[Commune, ...]]
    present: Mapping[str, tuple[Commune, ...]]


@lru_cache(maxsize=1)
def _reform() -> _Reform:
    from vietnamadminunits.converter import converter_2025 as converter
    from vietnamadminunits.database import get_data

    old: dict[str, Commune] = {}
    columns = ["provinceKey", "districtKey", "wardKey", "provinceShort", "district", "ward"]
    for row in get_data(columns, "admin_units_legacy"):
        if row["ward"]:
            place = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey']}"
            old[place] = Commune(row["ward"], row["district"], _slug(row))
    new: dict[tuple[str, str], Commune] = {}
    for row in get_data(["provinceKey", "wardKey", "provinceShort", "ward"], "admin_units"):
        new[row["provinceKey"], row["wardKey"]] = Commune(row["ward"], None, _slug(row))
    after: dict[Commune, list[Commune]] = defaultdict(list)
    before: dict[Commune, list[Commune]] = defaultdict(list)

    def became(former: str, province: str, ward: str) -> None:
        if former in old and (province, ward) in new:
            after[old[former]].append(new[province, ward])
            before[new[province, ward]].append(old[former])

    for province, whole in converter.DICT_PROVINCE_WARD_NO_DIVIDED.items():
        for ward, formers in whole.items():
            for former in formers:
                became(former, province, ward)
    for province, divided in converter.DICT_PROVINCE_WARD_DIVIDED.items():
        for former, parts in divided.items():
            for part in parts:
                became(former, province, part["newWardKey"])
    return _Reform(_frozen(after), _frozen(before), _by_key(old.values()), _by_key(new.values()))


def _slug(row: Mapping[str, Any]) -> str:
    slug = province_slug(row["provinceShort"])
    assert slug is not None
    return slug


def _frozen(found: Mapping[Commune, list[Commune]]) -> dict[Commune, tuple[Commune, ...]]:
    return {one: tuple(dict.fromkeys(others)) for one, others in found.items()}


def _by_key(communes: Iterable[Commune]) -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = defaultdict(list)
    for commune in dict.fromkeys(communes):
        found[commune.key].append(commune)
    return {key: tuple(ones) for key, ones in found.items()}


def communes_before(key: str, province: str, district: str) -> tuple[Commune, ...]:
    """The communes of before the reform with that key, in that present province and district.

    A district that is not known is empty.
    """
    return tuple(
        one
        for one in _reform().former.get(key, ())
        if present_slug(one.province) == province
        and (not district or key_text(one.district or "") == district)
    )


def communes_now(key: str, province: str) -> tuple[Commune, ...]:
    """The present communes with that key in that province."""
    return tuple(one for one in _reform().present.get(key, ()) if one.province == province)


def successors(commune: Commune) -> tuple[Commune, ...]:
    """The present communes that a commune of before went into."""
    return _reform().after.get(commune, ())


def predecessors(commune: Commune) -> tuple[Commune, ...]:
    """The communes of before that a present one was made of."""
    return _reform().before.get(commune, ())

"""Where things in one article are: its places, and what they tell about a name that lacks one.

A name is located by the places printed right after it (`phường Tứ Liên, quận Tây Hồ`), else by the
provinces and districts that the article names, else by the newspaper's own province. The lists of
administrative units before and after July 2025 (by the article's date) leave out what does not exist.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from diembao.records import Label
from diembao.vietnamese.provinces import AdminUnit, present_slug, units_named
from diembao.vietnamese.unit_names import (
    COMMUNE_LEVELS,
    DISTRICT_LEVELS,
    Place,
    place_of,
    unit_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diembao.records import Extraction

REFORM = datetime(2025, 6, 30, 17, tzinfo=UTC)
"""1 July 2025 in Viet Nam: districts end, 63 provinces become 34."""

MUNICIPALITIES = frozenset({"ha-noi", "ho-chi-minh", "da-nang", "hai-phong", "can-tho", "hue"})

_LINK = re.compile(r"[\s,(–-]*(?:(?:thuộc|ở|tại|của|trú tại|quê|địa bàn)\s+)?")


@dataclass(frozen=True, slots=True)
class Location:
    """Slugs of the province before and after the reform, level and name of district and commune.

    What is not known is empty.
    """

    former: str = ""
    province: str = ""
    district: str = ""
    commune: str = ""


class Context:
    """The places of one article. `home` is the present province of the newspaper."""

    def __init__(self, extraction: Extraction, home: str | None, date: datetime) -> None:
        self._text = extraction.text
        self._places = sorted(
            (mention.start, mention.end, place)
            for mention in extraction.mentions
            if mention.label is Label.PLACE
            and (place := place_of(self._text[mention.start : mention.end]))
        )
        self._reformed = date >= REFORM
        self._home = home or ""
        named = [place for _, _, place in self._places] + _unit_places(extraction)
        self._provinces = Counter(place.name for place in named if place.level == "tỉnh")
        for place in named:
            if place.level in DISTRICT_LEVELS or not place.level:
                formers = {unit.former for unit in self._known(place)}
                if len(formers) == 1:
                    self._provinces[formers.pop()] += 1
        self._districts = _distinct(p for p in named if p.level in DISTRICT_LEVELS and p.name)
        self._communes = _distinct(p for p in named if p.level in COMMUNE_LEVELS and p.name)

    def chain_after(self, end: int) -> tuple[Place, ...]:
        """The places printed directly after a position, `phường ..., quận ..., tỉnh ...`."""
        chain: list[Place] = []
        for start, stop, place in self._places:
            if start < end:
                continue
            if not _LINK.fullmatch(self._text, end, start):
                break
            chain.append(place)
            end = stop
        return tuple(chain)

    def locate(self, place: Place, chain: Sequence[Place]) -> Location:
        """Where a place of that name lies, given the places printed after it."""
        if place.level == "tỉnh" and place.name:
            return Location(place.name, present_slug(place.name))
        if not place.name:
            return self._bare(place)
        return self._among(place, chain)

    def _known(self, place: Place) -> list[AdminUnit]:
        level = place.level or None
        units = [
            unit
            for unit in units_named(place.name, level)
            if level or unit.level in DISTRICT_LEVELS
        ]
        if place.level in COMMUNE_LEVELS:
            of_the_day = [unit for unit in units if (unit.district is None) == self._reformed]
            return of_the_day or units
        return units

    def _among(self, place: Place, chain: Sequence[Place]) -> Location:
        units = self._known(place)
        above = [str(p) for p in chain if p.level in DISTRICT_LEVELS]
        formers = [p.name for p in chain if p.level == "tỉnh"]
        formers += [
            unit.former for p in chain if p.level in DISTRICT_LEVELS for unit in self._known(p)
        ]
        for keep in (
            lambda unit: unit.former in formers or unit.province in formers,
            lambda unit: unit.district in above,
            lambda unit: unit.former in self._provinces or unit.province in self._provinces,
            lambda unit: unit.district in {str(p) for p in self._districts},
            lambda unit: unit.province == self._home,
        ):
            units = [unit for unit in units if keep(unit)] or units
        located = {(unit.former, unit.province) for unit in units}
        if len({province for _, province in located}) == 1 and units:
            former, province = min(located)
            districts = {unit.district for unit in units}
        else:
            around = self.province(formers[0] if formers else None)
            former, province, districts = around.former, around.province, set()
            if units and not formers:  # several provinces have it and nothing chooses
                former, province = "", ""
        district = districts.pop() if len(districts) == 1 else None
        level = units[0].level if units and not place.level else place.level
        full = f"{level} {place.name}"
        if level in COMMUNE_LEVELS:
            return Location(former, province, district or (above[0] if above else ""), full)
        return Location(former, province, full)

    def province(self, former: str | None = None) -> Location:
        """The province of the article, or the one given."""
        if former is None:
            if len(self._provinces) == 1 or (self._provinces and not self._home):
                ranked = self._provinces.most_common(2)
                if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
                    return Location()
                former = ranked[0][0]
            elif self._home:
                at_home = [slug for slug in self._provinces if present_slug(slug) == self._home]
                former = max(at_home, key=lambda slug: self._provinces[slug], default=self._home)
        return Location(former, present_slug(former)) if former else Location()

    def only_province(self) -> str:
        """The present province of the article; empty where it names several."""
        named = {present_slug(slug) for slug in self._provinces}
        return "" if len(named) > 1 else self.province().province

    def _bare(self, place: Place) -> Location:
        around = self.province()
        is_city = around.former in MUNICIPALITIES
        if place.level == "tỉnh":
            return Location() if is_city and around.former != "hue" else around
        if place.level == "thành phố" and (is_city or not around.former):
            return around
        named = self._communes if place.level in COMMUNE_LEVELS else self._districts
        fitting = [p for p in named if p.level == place.level]
        if len(fitting) != 1:
            return Location()
        return self._among(fitting[0], ())

    def surroundings(self) -> Location:
        """Where the article plays: its only commune, else its only district, else its province."""
        if len(self._communes) == 1:
            return self._among(self._communes[0], ())
        if not self._communes and len(self._districts) == 1:
            return self._among(self._districts[0], ())
        return self.province()


def _unit_places(extraction: Extraction) -> list[Place]:
    places: list[Place] = []
    for mention in extraction.mentions:
        if mention.label is Label.UNIT:
            name = unit_name(extraction.text[mention.start : mention.end])
            if name is not None:
                places += [p for p in (name.place, *name.chain) if p is not None and p.name]
    return places


def _distinct(places: Iterable[Place]) -> list[Place]:
    return list(dict.fromkeys(places))

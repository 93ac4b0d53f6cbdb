"""A cluster of mentions read as a sense: a name, and what the article tells of its bearer.

`key` is the name in the form in which spellings are equal, with the place that is part of the name.
`bearer` tells bearers of one name apart; what the article does not tell is empty:

- units and places: present province, district, commune, as far as the key does not hold them already
- people: present province (or `trung-uong`), then where they serve: a unit, commune or district
- models: present province, the owner's key
- award kinds and movements: nothing

Where an editor has decided that it means somebody else than other bearers, `split` is that decision.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diembao.records import Label
from diembao.vietnamese.names import award_key, key_text
from diembao.vietnamese.unit_names import place_of, unit_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from diembao.entities.context import Context, Location
    from diembao.records import Extraction, Mention

CENTRE = "trung-uong"
UPPER = "*"
"""Serves a whole province, or the country."""

_LOCATED = tuple(
    f"{key_text(word)} "
    for word in (
        "thôn", "làng", "xóm", "ấp", "bản", "buôn", "khu phố", "tổ dân phố", "tổ", "phố", "đường", "ngõ",
        "chùa", "đình", "đền", "nhà thờ", "chợ", "cầu", "hồ", "công viên", "nghĩa trang", "khu dân cư",
    )
)  # fmt: skip
_UNCLE_HO = frozenset(map(key_text, ("Hồ Chí Minh", "Bác Hồ", "Nguyễn Ái Quốc")))
_CENTRAL_ROLES = ("thủ tướng", "chủ tịch nước", "tổng bí thư", "bộ trưởng", "thứ trưởng")
_CENTRAL_HEADS = ("chính phủ", "quốc hội", "trung ương", "bộ ", "việt nam", "uỷ ban thường vụ")


@dataclass(frozen=True, slots=True)
class Sense:
    """A name with what one article tells of its bearer."""

    label: Label
    key: str
    bearer: tuple[str, ...] = ()
    split: str | None = None

    @property
    def id(self) -> str:
        """The same for the same sense, in every archive."""
        parts = (self.label, self.key, *self.bearer, *filter(None, (self.split,)))
        told = "\x1f".join(parts)
        return f"{self.label.lower()}-{hashlib.blake2b(told.encode(), digest_size=8).hexdigest()}"


@dataclass(frozen=True, slots=True)
class _Unit:
    sense: Sense
    serves: tuple[str, str]  # what a person who holds an office there is told apart by


class Reader:
    """Reads the clusters of one article."""

    def __init__(self, extraction: Extraction, context: Context) -> None:
        self._extraction = extraction
        self._context = context
        self._positions: dict[str, list[tuple[str, str | None]]] = {}
        for person in extraction.people:
            held = self._positions.setdefault(key_text(person.name), [])
            held.append((key_text(person.role or ""), person.unit))
        self._owners = {key_text(m.name): m.owner for m in extraction.models if m.owner}
        self._units: dict[str, _Unit] = {}
        for mention in extraction.mentions:
            if mention.label is Label.UNIT:
                unit = self._unit(mention)
                if unit is not None:
                    self._units.setdefault(self._form(mention), unit)

    def read(self, label: Label, mentions: Iterable[Mention]) -> Sense | None:
        """The sense of a cluster; None where it names nobody in particular."""
        sense = self._read(label, mentions)
        return sense if sense is not None and sense.key else None

    def _read(self, label: Label, mentions: Iterable[Mention]) -> Sense | None:
        fullest = sorted(mentions, key=lambda m: (-len(key_text(self._form(m)).split()), m.start))
        match label:
            case Label.UNIT:
                read = [unit.sense for m in fullest if (unit := self._unit(m)) is not None]
                return max(read, key=lambda sense: sum(map(bool, sense.bearer)), default=None)
            case Label.PERSON:
                return self._person(fullest)
            case Label.PLACE:
                return self._place(fullest[0])
            case Label.MODEL:
                return self._model(fullest[0])
            case Label.AWARD:
                return Sense(label, award_key(self._form(fullest[0])))
            case Label.MOVEMENT:
                return Sense(label, key_text(self._form(fullest[0])))
        return None

    def _form(self, mention: Mention) -> str:
        return self._extraction.text[mention.start : mention.end]

    def _unit(self, mention: Mention) -> _Unit | None:
        name = unit_name(self._form(mention))
        if name is None:
            return None
        if name.reach == "national":
            sense = Sense(Label.UNIT, name.head, ("", "", ""))
            is_central = any(word in f"{name.head} " for word in _CENTRAL_HEADS)
            here = self._context.province().province
            return _Unit(sense, (CENTRE, UPPER) if is_central else (here, name.head))
        chain = (*name.chain, *self._context.chain_after(mention.end))
        if name.place is not None:
            where = self._context.locate(name.place, chain)
        elif name.reach == "province":
            where = self._context.province()
        elif chain:
            where = self._context.locate(chain[0], chain[1:])
        else:
            where = self._context.surroundings()
        if name.place is None and name.has_own_name and name.reach != "province":
            told = where if chain else self._context.province()
            bearer = (told.province, told.district, told.commune)
            return _Unit(Sense(Label.UNIT, name.head, bearer), (told.province, name.head))
        if name.reach == "commune" and not (where.commune or where.district):
            return None
        return _named_by_place(name.head, where)

    def _person(self, mentions: list[Mention]) -> Sense | None:
        key = key_text(self._form(mentions[0]))
        if len(key.split()) < 2:
            return None
        if key in _UNCLE_HO:
            return Sense(Label.PERSON, key_text("Hồ Chí Minh"), (CENTRE, UPPER))
        serves = {
            served for mention in mentions for served in self._serves(key_text(self._form(mention)))
        }
        if not serves:
            for mention in mentions:
                if chain := self._context.chain_after(mention.end):
                    where = self._context.locate(chain[0], chain[1:])
                    serves = {(where.province, where.commune or where.district or UPPER)}
                    break
        provinces = {province for province, _ in serves if province and province != CENTRE}
        if len(provinces) == 1:
            province = provinces.pop()
        elif any(province == CENTRE for province, _ in serves):
            province = CENTRE
        else:  # nothing tells whose, and an article of several provinces has people of each
            province = self._context.only_province()
        local = sorted({at for _, at in serves if at != UPPER}) or ([UPPER] if serves else [])
        return Sense(Label.PERSON, key, (province, *local))

    def _serves(self, key: str) -> Iterable[tuple[str, str]]:
        for role, unit in self._positions.get(key, ()):
            if unit is not None and unit in self._units:
                yield self._units[unit].serves
            elif unit is None and role.startswith(_CENTRAL_ROLES):
                yield (CENTRE, UPPER)

    def _place(self, mention: Mention) -> Sense:
        form = self._form(mention)
        place = place_of(form)
        chain = self._context.chain_after(mention.end)
        if place is not None:
            where = self._context.locate(place, chain)
            if named := _named_by_place("", where):
                return Sense(Label.PLACE, named.sense.key, named.sense.bearer)
        key = key_text(form)
        if not key.startswith(_LOCATED):
            return Sense(Label.PLACE, key, ("", "", ""))
        where = self._context.locate(chain[0], chain[1:]) if chain else self._context.province()
        return Sense(Label.PLACE, key, (where.province, where.district, where.commune))

    def _model(self, mention: Mention) -> Sense:
        key = key_text(self._form(mention))
        owner = self._owners.get(key)
        province = self._context.province().province
        if owner is None:
            return Sense(Label.MODEL, key, (province, ""))
        unit = self._units.get(owner)
        return Sense(
            Label.MODEL,
            key,
            (unit.sense.bearer[0] or province, unit.sense.key)
            if unit
            else (province, key_text(owner)),
        )


def _named_by_place(head: str, where: Location) -> _Unit | None:
    """A name that its place completes: `uỷ ban nhân dân|quận tây hồ`."""
    if where.commune:
        sense = Sense(Label.UNIT, f"{head}|{where.commune}", (where.province, where.district, ""))
        return _Unit(sense, (where.province, where.commune))
    if where.district:
        sense = Sense(Label.UNIT, f"{head}|{where.district}", (where.province, "", ""))
        return _Unit(sense, (where.province, where.district))
    if where.former:
        sense = Sense(Label.UNIT, f"{head}|{where.former}", (where.province, "", ""))
        return _Unit(sense, (where.province, UPPER))
    return None


def clusters(mentions: Iterable[Mention]) -> Mapping[tuple[Label, str], list[Mention]]:
    """The mentions by label and the extractor's key; one without a key stands alone."""
    found: dict[tuple[Label, str], list[Mention]] = {}
    for mention in mentions:
        key = mention.entity if mention.entity is not None else f"\x1f{mention.start}"
        found.setdefault((mention.label, key), []).append(mention)
    return found


def province_of(sense: Sense) -> str | None:
    """The slug of the present province that a sense tells of a unit, place, person or model."""
    province = sense.bearer[0] if sense.bearer else ""
    return province if province not in ("", CENTRE) else None

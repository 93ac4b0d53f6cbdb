"""What a unit or place was before the reform of 1 July 2025, and what became of it.

Units that are named by their place (`UBND phường Tứ Liên`, `Hội Nông dân xã Đồi Chè`) follow the place:
the same body of the communes that its commune went into or was made of, and of the province that its
province became. Districts and their bodies were dissolved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from diembao.archive import registers
from diembao.archive.schema import senses
from diembao.records import Label
from diembao.vietnamese.names import key_text
from diembao.vietnamese.provinces import present_slug, province_name, provinces_before
from diembao.vietnamese.succession import (
    Commune,
    communes_before,
    communes_now,
    predecessors,
    successors,
)
from diembao.vietnamese.unit_names import DISTRICT_LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from diembao.archived import Entity

Relation = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Kin:
    """What a unit or place was made of (`before`) or went into (`after`): the place as printed.

    `entity` is the unit or place of that name, where an article mentions it.
    """

    relation: Relation
    place: str
    entity: Entity | None


@dataclass(frozen=True, slots=True)
class Lineage:
    """`dissolved`: its level of administration ended on 1 July 2025."""

    kin: tuple[Kin, ...] = ()
    dissolved: bool = False


@dataclass(frozen=True, slots=True)
class _Wanted:
    relation: Relation
    place: str
    key: str
    province: str
    district: str


def lineage(connection: Connection, entity_id: str) -> Lineage:
    """The kin of a unit or place, those before first; empty for all else."""
    wanted: dict[tuple[Relation, str], _Wanted] = {}
    dissolved = False
    own = select(senses).where(
        senses.c.entity_id == entity_id, senses.c.label.in_((Label.UNIT, Label.PLACE))
    )
    for row in connection.execute(own.order_by(senses.c.id)):
        head, bar, place = row.key.partition("|")
        if bar and place:
            province, district, *_ = row.bearer
            dissolved |= " " in place and place.startswith(tuple(f"{w} " for w in DISTRICT_LEVELS))
            for one in _kin_of(head, place, province, district):
                wanted[one.relation, one.place] = one
    ids = _entities(connection, list(wanted.values()))
    named = registers.entity_names(connection, ids.values())
    kin = tuple(
        Kin(one.relation, one.place, named.get(ids.get(one, "")))
        for one in wanted.values()
        if ids.get(one) != entity_id
    )
    return Lineage(tuple(sorted(kin, key=lambda one: one.relation != "before")), dissolved)


def _kin_of(head: str, place: str, province: str, district: str) -> Iterator[_Wanted]:
    if " " not in place:
        present = present_slug(place)
        if present != place:
            yield _province("after", head, present)
        else:
            for former in provinces_before(place):
                if former != place:
                    yield _province("before", head, former)
        return
    then = communes_before(place, province, district)
    became = successors(then[0]) if len(then) == 1 else ()
    for commune in became:
        if commune.key != place:
            yield _commune("after", head, commune, province)
    for now in communes_now(place, province):
        if not district or now in became:
            for commune in predecessors(now):
                if commune.key != place:
                    yield _commune("before", head, commune, province)


def _province(relation: Relation, head: str, slug: str) -> _Wanted:
    return _Wanted(relation, province_name(slug), f"{head}|{slug}", present_slug(slug), "")


def _commune(relation: Relation, head: str, commune: Commune, province: str) -> _Wanted:
    where = (commune.name, commune.district, province_name(commune.province))
    district = key_text(commune.district or "")
    printed = ", ".join(filter(None, where))
    return _Wanted(relation, printed, f"{head}|{commune.key}", province, district)


def _entities(connection: Connection, wanted: list[_Wanted]) -> dict[_Wanted, str]:
    """The entity of each, where there is one."""
    rows = connection.execute(
        select(senses)
        .where(senses.c.key.in_({one.key for one in wanted}), senses.c.split.is_(None))
        .order_by(senses.c.id)
    ).all()
    found = {}
    for one in wanted:
        for row in rows:
            province, district, *_ = row.bearer or ("", "")
            if (
                row.key == one.key
                and province == one.province
                and (not district or district == one.district)
            ):
                found[one] = row.entity_id
    return found

"""Which senses of one name mean the same: a function of the set of senses, in whatever order.

A sense that tells less joins the only one that tells more and does not contradict it; where two do,
it stays alone, for nobody could say which. Nothing joins across provinces, and a unit, place or model
without a province joins none. People are the same when they serve in one place of one province; one
of whom no place is told joins the only bearer of the name there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.entities.senses import CENTRE, UPPER
from diembao.records import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Bearer = tuple[str, ...]


def group(label: Label, bearers: Iterable[Bearer]) -> Mapping[Bearer, Bearer]:
    """For each bearer of one name the one that stands for the same entity."""
    told = sorted(set(bearers))
    return _people(told) if label is Label.PERSON else _paths(told)


def _tells_less(less: Bearer, more: Bearer) -> bool:
    return less != more and all(not a or a == b for a, b in zip(less, more, strict=True))


def _paths(told: list[Bearer]) -> dict[Bearer, Bearer]:
    full = [bearer for bearer in told if not any(_tells_less(bearer, other) for other in told)]
    found = {}
    for bearer in told:
        above = [other for other in full if _tells_less(bearer, other)]
        found[bearer] = above[0] if len(above) == 1 and bearer[0] else bearer
    return found


def _people(told: list[Bearer]) -> dict[Bearer, Bearer]:
    found: dict[Bearer, Bearer] = {}
    heads: list[Bearer] = []
    for province in sorted({bearer[0] for bearer in told}):
        here = [bearer for bearer in told if bearer[0] == province]
        placed = _by_shared_place([bearer for bearer in here if len(bearer) > 1])
        found |= placed
        own = sorted(set(placed.values()))
        if province:
            heads += own or ([(province,)] if (province,) in here else [])
        if (province,) in here:
            found[(province,)] = own[0] if len(own) == 1 else (province,)
    if (CENTRE, UPPER) in found:
        upper = [head for head in heads if head[0] != CENTRE and UPPER in head]
        if len(upper) == 1:
            found[(CENTRE, UPPER)] = upper[0]
            heads.remove((CENTRE, UPPER))
    if ("",) in found and len(heads) == 1 and len({b[0] for b in told}) > 1:
        found[("",)] = heads[0]
    return found


def _by_shared_place(bearers: list[Bearer]) -> dict[Bearer, Bearer]:
    groups: list[tuple[set[str], list[Bearer]]] = []
    for bearer in bearers:
        places, members = set(bearer[1:]), [bearer]
        apart = []
        for other in groups:
            if other[0] & places:
                places |= other[0]
                members += other[1]
            else:
                apart.append(other)
        groups = [*apart, (places, members)]
    return {bearer: min(members) for _, members in groups for bearer in members}

"""Senses into entities under the decisions of editors: a function of their sets, in whatever order.

Senses that no editor touched are grouped name by name (`grouping`). All senses that one split took
out are one entity. Then merges join groups, oldest first; one that would join what a split holds apart
is left out. A sense that a merge names takes part even where no article has it any more, so that what
was said of it holds for what has come into its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diembao.entities.grouping import group
from diembao.entities.senses import province_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from diembao.entities.senses import Sense
    from diembao.records import Label


@dataclass(frozen=True, slots=True)
class Partition:
    """`entities`: each living sense and the one that stands for its entity, which is living too.

    `provinces` of these; `refused`: the places of the merges that a split forbids.
    """

    entities: Mapping[Sense, Sense]
    provinces: Mapping[Sense, str | None]
    refused: frozenset[int]


def partition(
    living: Collection[Sense],
    merges: Sequence[tuple[Sense, Sense]] = (),
    apart: Iterable[tuple[Sense, str]] = (),
) -> Partition:
    """Group living senses. `apart`: a sense and the split that took somebody else out of its entity."""
    senses = {*living, *(sense for merge in merges for sense in merge)}
    parted = list(apart)
    senses |= {sense for sense, _ in parted}
    heads = _heads(senses)
    root = {head: head for head in heads.values()}

    def find(sense: Sense) -> Sense:
        at = heads[sense]
        while root[at] != at:
            at = root[at]
        return at

    taken_out = {sense.split: sense for sense in sorted(senses, key=_told) if sense.split}
    walls = [(stays, taken_out[split]) for stays, split in parted if split in taken_out]
    refused = set()
    for number, (one, other) in enumerate(merges):
        joined = {find(one), find(other)}
        if any({find(stays), find(goes)} == joined for stays, goes in walls) and len(joined) == 2:
            refused.add(number)
        else:
            low, high = sorted((find(one), find(other)), key=_told)
            root[high] = low
    members: dict[Sense, list[Sense]] = {}
    for sense in living:
        members.setdefault(find(sense), []).append(sense)
    entities: dict[Sense, Sense] = {}
    provinces: dict[Sense, str | None] = {}
    for found in members.values():
        own = {heads[sense] for sense in found}
        chosen = min(own & set(found) or found, key=_told)
        entities |= dict.fromkeys(found, chosen)
        told = {province for head in own if (province := province_of(head))}
        provinces[chosen] = province_of(chosen) or (told.pop() if len(told) == 1 else None)
    return Partition(entities, provinces, frozenset(refused))


def _told(sense: Sense) -> tuple[int, str]:
    """Those that tell most come first."""
    return -sum(map(bool, sense.bearer)), sense.id


def _heads(senses: Iterable[Sense]) -> dict[Sense, Sense]:
    """For each sense the one that stands for its group, before any merge."""
    by_name: dict[tuple[Label, str], dict[tuple[str, ...], Sense]] = {}
    by_split: dict[str, list[Sense]] = {}
    for sense in senses:
        if sense.split:
            by_split.setdefault(sense.split, []).append(sense)
        else:
            by_name.setdefault((sense.label, sense.key), {})[sense.bearer] = sense
    heads: dict[Sense, Sense] = {}
    for (label, _), bearers in by_name.items():
        chosen = group(label, bearers)
        heads |= {sense: bearers[chosen[bearer]] for bearer, sense in bearers.items()}
    for found in by_split.values():
        heads |= dict.fromkeys(found, min(found, key=_told))
    return heads

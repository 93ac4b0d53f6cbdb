"""Groups that grow as articles come: stories of near-duplicates, events of conferments.

Members that are linked, directly or through others, are one group. Linking is a function of the
members alone, so the groups do not depend on the order in which they came. A group keeps the lowest
identifier that a member had; where a group falls apart, the part with the lowest member keeps it.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

M = TypeVar("M", int, tuple[int, int])


def linked_groups(members: Iterable[M], are_linked: Callable[[M, M], bool]) -> list[list[M]]:
    """The members in groups, each in ascending order, groups by their lowest member."""
    ordered = sorted(set(members))
    root = {member: member for member in ordered}

    def find(member: M) -> M:
        while root[member] != member:
            root[member] = root[root[member]]
            member = root[member]
        return member

    for one, other in combinations(ordered, 2):
        low, high = sorted((find(one), find(other)))
        if low != high and are_linked(one, other):
            root[high] = low
    groups: dict[M, list[M]] = {}
    for member in ordered:
        groups.setdefault(find(member), []).append(member)
    return list(groups.values())


def identify(
    groups: Iterable[list[M]], before: Mapping[M, int | None], make: Callable[[], int]
) -> dict[M, int]:
    """An identifier for every member: the lowest its group had, unless an earlier group took it."""
    taken: set[int] = set()
    found: dict[M, int] = {}
    for group in groups:
        had = sorted(
            {known for member in group if (known := before.get(member)) is not None} - taken
        )
        chosen = had[0] if had else make()
        taken.add(chosen)
        found |= dict.fromkeys(group, chosen)
    return found

"""Bursts in a series of counts, by the two-state automaton of Kleinberg (2002), for batches.

J. Kleinberg, "Bursty and Hierarchical Structure in Streams", KDD 2002, the part on enumerating bursts
of batched arrivals. Of `all[t]` articles in stretch t, `found[t]` are about the subject. In the quiet
state an article is about it with probability p0, the part over the whole series; in the busy state
with p1 = SCALE * p0. A state costs the negative log-likelihood of what was found in the stretch, going
from quiet to busy costs GAMMA * ln(n) for n stretches, going back nothing. The cheapest walk through
the states (Viterbi) gives the bursts; the weight of one is what the busy state saves in it. Among equal
walks the quieter is taken.

Because each stretch is set against all coverage of the same stretch, days without collection and
holidays make no burst and end none by themselves: a stretch in which nothing at all was collected costs
the same in both states.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SCALE = 2.0
GAMMA = 1.0
LIKELIEST = 0.9999
"""The greatest p1."""


@dataclass(frozen=True, slots=True)
class Run:
    """Stretches `first` to `last`, both included, and what the busy state saves in them."""

    first: int
    last: int
    weight: float


def bursts(found: Sequence[int], of_all: Sequence[int]) -> list[Run]:
    """The bursts in order. Each count of `of_all` is at least that of `found`."""
    costs = state_costs(found, of_all)
    if not costs:
        return []
    states = cheapest(costs, GAMMA * log(len(costs)))
    runs = []
    for is_busy, group in groupby(range(len(states)), key=lambda at: states[at] == 1):
        at = [*group]
        if is_busy:
            runs.append(Run(at[0], at[-1], sum(costs[t][0] - costs[t][1] for t in at)))
    return [run for run in runs if run.weight > 0]


def state_costs(found: Sequence[int], of_all: Sequence[int]) -> list[tuple[float, float]]:
    """Cost of the quiet and of the busy state in each stretch; none where nothing tells them apart."""
    total, everything = sum(found), sum(of_all)
    if not 0 < total < everything:
        return []
    quiet = total / everything
    busy = min(SCALE * quiet, LIKELIEST)
    if busy <= quiet:
        return []
    # the binomial coefficient is the same in both states and is left out
    return [
        (_cost(hits, among, quiet), _cost(hits, among, busy))
        for hits, among in zip(found, of_all, strict=True)
    ]


def cheapest(costs: Sequence[tuple[float, float]], rise: float) -> list[int]:
    """The state (0 quiet, 1 busy) of each stretch on the cheapest walk, which begins quiet."""
    quiet, busy = 0.0, float("inf")
    came: list[tuple[int, int]] = []
    for cost_quiet, cost_busy in costs:
        came.append((int(busy < quiet), int(busy < quiet + rise)))
        quiet, busy = min(quiet, busy) + cost_quiet, min(quiet + rise, busy) + cost_busy
    state = int(busy < quiet)
    states = []
    for before in reversed(came):
        states.append(state)
        state = before[state]
    return states[::-1]


def _cost(hits: int, among: int, chance: float) -> float:
    return -(hits * log(chance) + (among - hits) * log(1 - chance))

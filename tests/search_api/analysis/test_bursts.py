from __future__ import annotations

from itertools import pairwise, product
from math import log

from hypothesis import given
from hypothesis import strategies as st

from search_api.analysis.bursts import GAMMA, bursts, cheapest, state_costs

SERIES = st.lists(
    st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=9
)


def price(states: tuple[int, ...] | list[int], costs: list[tuple[float, float]]) -> float:
    rises = sum(1 for before, state in zip((0, *states), states, strict=False) if state > before)
    rise = GAMMA * log(len(costs))
    return rises * rise + sum(cost[state] for cost, state in zip(costs, states, strict=True))


def test_a_fortnight_full_of_the_subject_is_one_burst() -> None:
    found = [1, 0, 1, 1, 9, 8, 1, 0, 1, 1]
    [run] = bursts(found, [20] * 10)
    assert (run.first, run.last) == (4, 5)
    assert run.weight > log(10)


def test_more_of_everything_is_no_burst() -> None:
    assert bursts([1, 1, 5, 1, 1], [20, 20, 100, 20, 20]) == []


def test_days_without_collection_neither_make_a_burst_nor_end_one() -> None:
    quiet, busy = [1, 1, 1, 1], [9, 0, 9]
    [run] = bursts([*quiet, *busy, *quiet], [20, 20, 20, 20, 20, 0, 20, 20, 20, 20, 20])
    assert (run.first, run.last) == (4, 6)


@given(SERIES)
def test_no_other_walk_through_the_states_is_cheaper(series: list[tuple[int, int]]) -> None:
    costs = state_costs([hits for hits, _ in series], [among for _, among in series])
    if not costs:
        return
    walk = cheapest(costs, GAMMA * log(len(costs)))
    least = min(price(states, costs) for states in product((0, 1), repeat=len(costs)))
    assert abs(price(walk, costs) - least) < 1e-9


@given(SERIES)
def test_bursts_are_apart_in_order_and_hold_more_than_the_usual_share(
    series: list[tuple[int, int]],
) -> None:
    found, among = [hits for hits, _ in series], [all_ for _, all_ in series]
    runs = bursts(found, among)
    for run, after in pairwise(runs):
        assert run.last + 1 < after.first
    for run in runs:
        inside = slice(run.first, run.last + 1)
        assert run.weight > 0
        assert sum(found[inside]) / sum(among[inside]) > sum(found) / sum(among)


@given(st.integers(0, 20), st.integers(1, 12))
def test_an_even_series_has_no_burst(hits: int, length: int) -> None:
    assert bursts([hits] * length, [20] * length) == []


def test_nothing_found_and_nothing_else_found_have_no_burst() -> None:
    assert bursts([], []) == []
    assert bursts([0, 0], [5, 5]) == []
    assert bursts([5, 5], [5, 5]) == []

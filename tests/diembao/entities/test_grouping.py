"""Which senses of one name are one, as a function of their set."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.entities.grouping import group
from diembao.records import Label

part = st.sampled_from(["", "a", "b"])
paths = st.lists(st.tuples(part, part, part), max_size=8)
people = st.lists(
    st.tuples(
        st.sampled_from(["", "ha-noi", "hue", "trung-uong"]), st.sampled_from(["*", "x", "y"])
    )
    | st.sampled_from([("",), ("ha-noi",), ("hue",)])
    | st.just(("ha-noi", "x", "y")),
    max_size=8,
)


@given(paths, st.randoms())
def test_paths_do_not_depend_on_order(told: list[tuple[str, ...]], rng: random.Random) -> None:
    shuffled = rng.sample(told, len(told))
    assert group(Label.UNIT, told) == group(Label.UNIT, shuffled + shuffled)


@given(people, st.randoms())
def test_people_do_not_depend_on_order(told: list[tuple[str, ...]], rng: random.Random) -> None:
    assert group(Label.PERSON, told) == group(Label.PERSON, rng.sample(told, len(told)))


@given(st.sampled_from([Label.UNIT, Label.PLACE]), paths)
def test_what_stands_for_another_stands_for_itself(
    label: Label, told: list[tuple[str, ...]]
) -> None:
    found = group(label, told)
    assert found.keys() == set(told)
    assert all(found[chosen] == chosen for chosen in found.values())


@given(people)
def test_people_of_two_provinces_stay_apart(told: list[tuple[str, ...]]) -> None:
    for bearer, chosen in group(Label.PERSON, told).items():
        if {bearer[0], chosen[0]} == {"ha-noi", "hue"}:
            pytest.fail(f"{bearer} became {chosen}")


@pytest.mark.parametrize(
    ("told", "bearer", "chosen"),
    [
        ([("hn", "", ""), ("hn", "tay ho", "")], ("hn", "", ""), ("hn", "tay ho", "")),
        ([("hn", "", ""), ("hn", "a", ""), ("hn", "b", "")], ("hn", "", ""), ("hn", "", "")),
        ([("", "", ""), ("hn", "a", "")], ("", "", ""), ("", "", "")),
        ([("hn", "", ""), ("hue", "", "")], ("hn", "", ""), ("hn", "", "")),
    ],
)
def test_less_told_joins_the_only_one_that_tells_more(
    told: list[tuple[str, ...]], bearer: tuple[str, ...], chosen: tuple[str, ...]
) -> None:
    assert group(Label.UNIT, told)[bearer] == chosen


def test_offices_in_common_make_one_person() -> None:
    told = [("hn", "xã a"), ("hn", "xã a", "xã b"), ("hn", "xã b"), ("hn", "xã c")]
    found = group(Label.PERSON, told)
    assert len({found[bearer] for bearer in told[:3]}) == 1
    assert found["hn", "xã c"] != found["hn", "xã a"]

"""Boosted trees: the file says the same as the library that grew it."""

from __future__ import annotations

import numpy as np
import pytest

from extraction.records import fitting
from extraction.records.examples import Examples
from extraction.records.forest import Forest, tabulate


@pytest.fixture(scope="module")
def examples() -> Examples:
    chance = np.random.default_rng(3)
    found = Examples()
    for article in range(300):
        row = {name: float(chance.integers(0, 3)) for name in ("near", "verb", "list")}
        found.add(row, bool(row["near"] + row["verb"] > 2 or row["list"] == 1), article)
    return found


def test_forest_gives_the_probabilities_of_the_library(examples: Examples) -> None:
    forest = Forest(fitting.grow(examples, 0.5, trees=20, depth=3))
    values = tabulate(examples.rows, {name: i for i, name in enumerate(forest.features)})
    library = fitting.booster(trees=20, depth=3).fit(values, examples.answers)
    expected = library.predict_proba(values)[:, 1]
    assert np.allclose(forest.probabilities(examples.rows), expected, atol=1e-3)


def test_training_twice_gives_the_same(examples: Examples) -> None:
    first, second = (fitting.grow(examples, 0.5, trees=5) for _ in range(2))
    assert first == second


def test_unknown_features_are_left_out_and_no_rows_give_nothing(examples: Examples) -> None:
    forest = Forest(fitting.grow(examples, 0.5, trees=5))
    assert forest.probabilities([{"near": 1.0, "strange": 9.0}]) == forest.probabilities(
        [{"near": 1.0}]
    )
    assert forest.probabilities([]) == []


def test_articles_of_one_fold_can_be_left_out(examples: Examples) -> None:
    others = examples.without(1, 3)
    assert {article % 3 for article in others.articles} == {0, 2}
    assert len(others.rows) == len(others.answers) == len(others.articles) == 200

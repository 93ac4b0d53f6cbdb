"""Boosted trees: the file says the same as the library that grew it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier

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
    library = GradientBoostingClassifier(
        n_estimators=20, max_depth=3, learning_rate=0.1, subsample=0.7, max_features=0.2,
        min_samples_leaf=4, random_state=0,
    ).fit(values, examples.answers)  # fmt: skip
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

"""Training of the rankers and of the decision: boosted trees, kept as JSON.

The result depends on nothing but the rows: seeds are fixed and articles are taken in the order of
their identifiers. The decision learns from records that were read by rankers which had not seen
the article, as it will in use.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier

from extraction.records import Rankers, Records, examples, read
from extraction.records.forest import WEIGHTS, Forest, tabulate
from extraction.records.relation import CLAUSE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extraction.records.examples import Examples, Row

DEPTH = 4
TREES = 120
RARE = 8
"""A feature that fewer pairs show is left out."""
FOLDS = 5
DECIDED = 0.65
"""The probability from which on an article is an award article: the best of 0.4 to 0.85 by folds."""
THRESHOLDS = {"recipients": 0.35, "conferrers": 0.15, "owners": 0.15}

LEFT_OUT = {"conferrers": CLAUSE}
"""Features that made a ranker worse by cross-validation."""


def fit(rows: Sequence[Row]) -> None:
    """Train everything on annotated articles and keep it."""
    rows = sorted(rows, key=lambda row: str(row["id"]))
    judged: dict[str, Records] = {}
    for fold in range(FOLDS):
        judges = train([row for at, row in enumerate(rows) if at % FOLDS != fold])
        for row in rows[fold::FOLDS]:
            judged[row["id"]] = read(row["text"], examples.mentions_of(row), judges)
    for name, pairs in examples.collect(rows).items():
        save(name, rank(name, pairs))
    save("decision", grow(examples.decisions(rows, judged), DECIDED, trees=60, depth=3))


def train(rows: Sequence[Row]) -> Rankers:
    """Rankers that have seen these articles."""
    pairs = examples.collect(rows)
    return Rankers(*(Forest(rank(name, pairs[name])) for name in Rankers._fields))


def rank(name: str, pairs: Examples) -> dict[str, Any]:
    """The forest of one ranker."""
    return grow(pairs, THRESHOLDS[name], without=LEFT_OUT.get(name, frozenset()))


def grow(
    pairs: Examples,
    threshold: float,
    trees: int = TREES,
    depth: int = DEPTH,
    without: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """A forest in the form of its file."""
    seen: dict[str, int] = defaultdict(int)
    for row in pairs.rows:
        for name, value in row.items():
            seen[name] += bool(value)
    features = sorted(name for name, times in seen.items() if times >= RARE and name not in without)
    values = tabulate(pairs.rows, {name: i for i, name in enumerate(features)})
    model = GradientBoostingClassifier(
        n_estimators=trees, max_depth=depth, learning_rate=0.1, subsample=0.7, max_features=0.2,
        min_samples_leaf=4, random_state=0,
    )  # fmt: skip
    model.fit(values, np.asarray(pairs.answers))
    grown = [_complete(tree.tree_, model.learning_rate, depth) for tree in model.estimators_[:, 0]]
    return {
        "features": features,
        "bias": round(float(model._raw_predict_init(values[:1])[0, 0]), 6),
        "threshold": threshold,
        "feature": [tree[0] for tree in grown],
        "cut": [tree[1] for tree in grown],
        "leaf": [tree[2] for tree in grown],
    }


def _complete(tree: Any, rate: float, depth: int) -> tuple[list[int], list[float], list[float]]:
    """A tree with every branch at full depth; a node that does not split sends all to the left."""
    feature, cut, leaf = [], [], []
    level = [0]
    for _ in range(depth):
        below = []
        for node in level:
            splits = tree.children_left[node] >= 0
            feature.append(int(tree.feature[node]) if splits else 0)
            cut.append(round(float(tree.threshold[node]), 4) if splits else 1e9)
            below += (
                [int(tree.children_left[node]), int(tree.children_right[node])]
                if splits
                else [node, node]
            )
        level = below
    leaf = [round(float(tree.value[node, 0, 0]) * rate, 5) for node in level]
    return feature, cut, leaf


def save(name: str, data: Mapping[str, Any]) -> None:
    """Keep a forest under this name."""
    WEIGHTS.mkdir(exist_ok=True)
    (WEIGHTS / f"{name}.json").write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")

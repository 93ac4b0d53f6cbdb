"""Training of the rankers and of the decision: boosted trees, kept as JSON.

The result depends on nothing but the rows: seeds are fixed and articles are taken in the order of
their identifiers. The second judgement learns from scores, and the decision from records, that
were given by rankers which had not seen the article, as they will be in use.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from extraction.records import Rankers, Records, examples, read
from extraction.records.forest import WEIGHTS, Forest, tabulate
from extraction.records.relation import CLAUSE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extraction.records.examples import Examples, Row

DEPTH = 5
TREES = 100
RATE = 0.1
RARE = 8
"""A feature that fewer pairs show is left out."""
FOLDS = 5
DECIDED = 0.6
"""The probability from which on an article is an award article: the best of 0.4 to 0.85 by folds."""
THRESHOLDS = {"recipients": 0.35, "joint": 0.38, "conferrers": 0.15, "owners": 0.2}

LEFT_OUT = {"conferrers": CLAUSE}
"""Features that made a ranker worse by cross-validation."""


def fit(rows: Sequence[Row]) -> None:
    """Train everything on annotated articles and keep it."""
    rows = sorted(rows, key=lambda row: str(row["id"]))
    grown, judges = train(rows)
    judged: dict[str, Records] = {}
    for fold, judge in enumerate(judges):
        for row in rows[fold::FOLDS]:
            judged[row["id"]] = read(row["text"], examples.mentions_of(row), judge)
    for name, forest in grown.items():
        save(name, forest)
    save("decision", grow(examples.decisions(rows, judged), DECIDED, trees=60, depth=3))


def train(rows: Sequence[Row]) -> tuple[dict[str, dict[str, Any]], list[Rankers]]:
    """The forests in the form of their files, and for each fold judges of recipients that have
    not seen its articles."""
    pairs = examples.collect(rows)
    first = _by_fold("recipients", pairs["recipients"])
    pairs["joint"] = examples.collect_joint(rows, lambda article: first[article % FOLDS])
    second = _by_fold("joint", pairs["joint"])
    grown = {name: rank(name, pairs[name]) for name in Rankers._fields}
    whole = Rankers(*(Forest(grown[name]) for name in Rankers._fields))
    judges = [
        whole._replace(recipients=one, joint=other)
        for one, other in zip(first, second, strict=True)
    ]
    return grown, judges


def _by_fold(name: str, pairs: Examples) -> list[Forest]:
    """For each fold a ranker that has not seen its articles."""
    return [Forest(rank(name, pairs.without(fold, FOLDS))) for fold in range(FOLDS)]


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
    model = booster(trees, depth)
    model.fit(values, np.asarray(pairs.answers))
    grown = [_complete(predictors[0].nodes, depth) for predictors in model._predictors]
    return {
        "features": features,
        "bias": round(float(model._baseline_prediction[0, 0]), 6),
        "threshold": threshold,
        "feature": [tree[0] for tree in grown],
        "cut": [tree[1] for tree in grown],
        "leaf": [tree[2] for tree in grown],
    }


def booster(trees: int, depth: int) -> HistGradientBoostingClassifier:
    """The library's learner, not yet trained."""
    return HistGradientBoostingClassifier(
        max_iter=trees, max_depth=depth, max_leaf_nodes=None, learning_rate=RATE,
        l2_regularization=5, min_samples_leaf=10, max_features=0.2, early_stopping=False,
        random_state=0,
    )  # fmt: skip


def _complete(nodes: Any, depth: int) -> tuple[list[int], list[float], list[float]]:
    """A tree with every branch at full depth; a node that does not split sends all to the left."""
    feature, cut = [], []
    level = [0]
    for _ in range(depth):
        below = []
        for at in level:
            node = nodes[at]
            splits = not node["is_leaf"]
            feature.append(int(node["feature_idx"]) if splits else 0)
            cut.append(round(float(node["num_threshold"]), 4) if splits else 1e9)
            below += [int(node["left"]), int(node["right"])] if splits else [at, at]
        level = below
    return feature, cut, [round(float(nodes[at]["value"]), 5) for at in level]


def save(name: str, data: Mapping[str, Any]) -> None:
    """Keep a forest under this name."""
    WEIGHTS.mkdir(exist_ok=True)
    (WEIGHTS / f"{name}.json").write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")

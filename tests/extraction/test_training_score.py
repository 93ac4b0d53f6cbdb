"""Our figures are those of the corpus' own scorer."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from extraction.training.score import folded, intervals, score

if TYPE_CHECKING:
    from pathlib import Path


def spoilt(row: dict[str, Any], chance: np.random.Generator) -> dict[str, Any]:
    """A prediction: the gold row with parts lost, moved and swapped."""
    mentions = [
        [start, end + int(chance.integers(3) == 0), label]
        for start, end, label in row["mentions"]
        if chance.random() > 0.2
    ]
    return {
        **row,
        "mentions": mentions,
        "awards": [
            {**award, "conferrer": award.get("conferrer") if chance.random() > 0.3 else None}
            for award in row["awards"][: int(chance.integers(4))]
        ],
        "models": [{**model, "owner": "UBND xã"} for model in row["models"][1:]],
        "people": [{**who, "role": who.get("role") or "Chủ tịch"} for who in row["people"][:-1]],
        "is_award_article": bool(chance.random() > 0.4),
    }


@pytest.mark.needs_shared
@pytest.mark.parametrize("name", ["dev.jsonl", "real-dev.jsonl"])
def test_the_table_equals_the_one_of_the_corpus(shared: Path, name: str) -> None:
    spec = importlib.util.spec_from_file_location("corpus_score", shared / "corpus" / "score.py")
    assert spec
    assert spec.loader
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    gold = theirs.load(shared / "corpus" / name)
    chance = np.random.default_rng(3)
    predicted = {key: spoilt(row, chance) for key, row in list(gold.items())[2:]}
    expected, _ = theirs.score(gold, predicted)
    assert score(gold, predicted) == expected


def gold_row() -> dict[str, Any]:
    return {
        "id": "one",
        "text": "UBND xã Kim Sơn tặng Giấy khen",
        "mentions": [[0, 15, "UNIT"], [21, 30, "AWARD"]],
        "awards": [{"award": "Giấy khen", "recipients": ["Tổ 4", "Tổ 5"], "conferrer": "UBND xã"}],
        "models": [],
        "people": [{"name": "Lê Văn Bách", "role": "Chủ tịch"}],
        "is_award_article": True,
    }


def test_a_perfect_prediction_scores_one() -> None:
    table = score({"one": gold_row()}, {"one": json.loads(json.dumps(gold_row()))})
    assert table["micro"]["f1"] == 1
    assert table["awards"] == {
        "precision": 1, "recall": 1, "f1": 1, "gold": 2, "predicted": 2, "conferrer_accuracy": 1,
    }  # fmt: skip


def test_a_missing_prediction_counts_as_empty() -> None:
    table = score({"one": gold_row()}, {})
    assert (table["micro"]["recall"], table["article"]["recall"]) == (0, 0)


def test_names_compare_without_quotes_case_and_spacing() -> None:
    assert folded("  Mô hình “Camera\nan ninh”. ") == folded("mô hình camera an ninh")


def test_intervals_hold_the_figure() -> None:
    rows = {str(i): gold_row() for i in range(8)}
    predicted: dict[str, Any] = {str(i): gold_row() | {"mentions": []} for i in range(3)}
    predicted |= {str(i): gold_row() for i in range(3, 8)}
    low, high = intervals(rows, predicted, draws=200)["micro"]
    assert low < score(rows, predicted)["micro"]["f1"] < high

"""The figures of an extraction against annotated articles.

Rows are paired by `id`. A mention counts when start, end and label are right. Records compare by
folded strings (case, quote marks and white space do not matter): `awards` as pairs of award and
recipient, `models` and `people` by name; of those found, `conferrer_accuracy`, `owner_accuracy`
and `role_accuracy` say how many have the right one. `article` is F1 of award articles. A row that
is not predicted counts as empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from diembao.records import Label

Row = Mapping[str, Any]
Figures = dict[str, dict[str, float]]

LABELS = tuple(str(label) for label in Label)
_RECORDS = (("awards", "conferrer"), ("models", "owner"), ("people", "role"))
_COUNTED = ("hits", "predicted", "gold", "right")


def folded(text: str | None) -> str:
    """A name for comparison."""
    bare = re.sub("[“”\"'‘’]", "", text or "")
    return " ".join(bare.split()).strip(" ,.;:").casefold()


def _award_pairs(row: Row) -> dict[Any, str]:
    pairs: dict[Any, str] = {}
    for award in row.get("awards", ()):
        recipients = award["recipients"]
        names = [recipients] if isinstance(recipients, str) else list(recipients) or [""]
        for name in names:
            pairs[folded(award["award"]), folded(name)] = folded(award.get("conferrer"))
    return pairs


def _names(kind: str, detail: str) -> Callable[[Row], dict[Any, str]]:
    return lambda row: {folded(i["name"]): folded(i.get(detail)) for i in row.get(kind, ())}


_READERS: dict[str, Callable[[Row], dict[Any, str]]] = {
    "awards": _award_pairs,
    "models": _names("models", "owner"),
    "people": _names("people", "role"),
}


def count(gold: Row, predicted: Row | None) -> dict[str, dict[str, int]]:
    """What one article adds to each figure: hits, predicted, gold and right details."""
    got = predicted if predicted is not None else {"mentions": ()}
    wanted, found = ({tuple(m[:3]) for m in row["mentions"]} for row in (gold, got))
    counts = {}
    for label in LABELS:
        ours, theirs = ({m for m in side if m[2] == label} for side in (found, wanted))
        counts[label] = dict(
            zip(_COUNTED, (len(ours & theirs), len(ours), len(theirs), 0), strict=True)
        )
    for kind, reader in _READERS.items():
        have, want = reader(got), reader(gold)
        both = have.keys() & want.keys()
        right = sum(have[key] == want[key] for key in both)
        counts[kind] = dict(zip(_COUNTED, (len(both), len(have), len(want), right), strict=True))
    yes, said = bool(gold["is_award_article"]), bool(got.get("is_award_article"))
    counts["article"] = {
        "hits": yes and said,
        "predicted": said,
        "gold": yes,
        "right": 0,
    }
    return counts


def _figures(hits: int, predicted: int, gold: int) -> dict[str, float]:
    precision = hits / predicted if predicted else 0.0
    recall = hits / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    rounded = {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
    }
    return {**rounded, "gold": gold, "predicted": predicted}


def figures(counts: Iterable[Mapping[str, Mapping[str, int]]]) -> Figures:
    """The table of figures of counted articles: labels, `micro`, records, `article`."""
    total = {kind: dict.fromkeys(_COUNTED, 0) for kind in (*LABELS, *_READERS, "article")}
    for article in counts:
        for kind, numbers in article.items():
            for name, number in numbers.items():
                total[kind][name] += int(number)
    three = {kind: [numbers[name] for name in _COUNTED[:3]] for kind, numbers in total.items()}
    table = {label: _figures(*three[label]) for label in LABELS}
    table["micro"] = _figures(*(sum(three[label][i] for label in LABELS) for i in range(3)))
    for kind, detail in _RECORDS:
        table[kind] = _figures(*three[kind])
        hits = total[kind]["hits"]
        table[kind][f"{detail}_accuracy"] = round(total[kind]["right"] / hits, 4) if hits else 0.0
    table["article"] = _figures(*three["article"])
    return table


def score(gold: Mapping[str, Row], predicted: Mapping[str, Row]) -> Figures:
    """The table of figures of predicted rows against gold rows, both by identifier."""
    return figures(count(row, predicted.get(key)) for key, row in gold.items())


def intervals(
    gold: Mapping[str, Row],
    predicted: Mapping[str, Row],
    draws: int = 1000,
    seed: int = 1,
) -> dict[str, tuple[float, float]]:
    """For each figure the middle 95 % of its F1 over articles drawn anew with replacement."""
    counts = [count(row, predicted.get(key)) for key, row in gold.items()]
    chance = np.random.default_rng(seed)
    f1: dict[str, list[float]] = {}
    for _ in range(draws):
        drawn = figures(counts[i] for i in chance.integers(len(counts), size=len(counts)))
        for name, row in drawn.items():
            f1.setdefault(name, []).append(row["f1"])
    return {
        name: (
            round(float(np.quantile(v, 0.025)), 4),
            round(float(np.quantile(v, 0.975)), 4),
        )
        for name, v in f1.items()
    }

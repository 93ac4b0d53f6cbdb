"""A model named once is a model wherever its words stand in the article.

Of the names of models in `train`, every further occurrence is that model again, quoted or not,
whatever the sentence around it. Names of one syllable are too short for this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.tagging.echo import runs
from extraction.tagging.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST = 3
"""Tokens of a name that is looked for again."""


def repeated(lines: Sequence[tuple[Sequence[str], Sequence[str]]], labels: list[str]) -> list[str]:
    """The labels, by token, with each model marked wherever it stands again.

    What overlaps a found name gives way, unless it is a model with a longer name.
    """
    starts = [0]
    for words, _ in lines:
        starts.append(starts[-1] + len(words))
    names = {
        tuple(words[begin:end]): kind
        for (words, _), at in zip(lines, starts, strict=False)
        for begin, end, kind in runs(labels[at : at + len(words)])
        if kind == "MODEL" and end - begin >= SHORTEST
    }
    if not names:
        return labels
    phrases, out = Phrases(names.items()), [*labels, "O"]
    for (words, _), at in zip(lines, starts, strict=False):
        for begin, end, kind in phrases.match(words):
            _mark(out, at + begin, at + end, kind)
    return out[:-1]


def _mark(labels: list[str], begin: int, end: int, kind: str) -> None:
    inside = f"I-{kind}"
    if inside in (labels[begin], labels[end]):
        return
    first, last = begin, end
    while labels[first].startswith("I-"):
        first -= 1
    while labels[last].startswith("I-"):
        last += 1
    labels[first:last] = ["O"] * (last - first)
    labels[begin:end] = [f"B-{kind}", *[inside] * (end - begin - 1)]

"""Annotated articles: JSON lines with `id`, `text` and `mentions` ([start, end, label], ...)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from diembao.records import Label, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class Annotated(NamedTuple):
    """One annotated article; `row` is the line as read, with its records."""

    id: str
    text: str
    mentions: tuple[Mention, ...]
    row: dict[str, object]


def read(paths: Iterable[Path]) -> list[Annotated]:
    """The articles of the files, in their order."""
    articles = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                mentions = tuple(Mention(m[0], m[1], Label(m[2])) for m in row["mentions"])
                articles.append(Annotated(row["id"], row["text"], mentions, row))
    return articles


def labels_of(spans: Sequence[tuple[int, int]], mentions: Iterable[Mention]) -> list[str]:
    """`O`, `B-X` or `I-X` for each token; a token counts when any part of it lies in the mention."""
    labels = ["O"] * len(spans)
    at = 0
    for mention in sorted(mentions):
        while at < len(spans) and spans[at][1] <= mention.start:
            at += 1
        prefix = "B-"
        while at < len(spans) and spans[at][0] < mention.end:
            labels[at] = prefix + mention.label
            prefix = "I-"
            at += 1
    return labels

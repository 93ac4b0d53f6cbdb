"""Annotated articles: JSON lines with `id`, `text` and `mentions` ([start, end, label], ...), or
tagged text files (`.txt`): a JSON head, the text with `[U|...]` around each mention and the records,
parted by lines of `=====`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from diembao.errors import ExtractError
from diembao.records import Label, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_CODES = {
    "U": "UNIT",
    "P": "PERSON",
    "R": "ROLE",
    "M": "MODEL",
    "A": "AWARD",
    "V": "MOVEMENT",
    "L": "PLACE",
}
_TAGGED = re.compile(r"\[([UPRMAVL])\|([^\[\]\n]+)\]")


class Annotated(NamedTuple):
    """One annotated article; `row` is the line as read, with its records."""

    id: str
    text: str
    mentions: tuple[Mention, ...]
    row: dict[str, Any]


def read(paths: Iterable[Path]) -> list[Annotated]:
    """The articles of the files, in their order."""
    return [annotated(row) for path in paths for row in _rows(path)]


def annotated(row: dict[str, Any]) -> Annotated:
    """The article of a row."""
    mentions = tuple(Mention(m[0], m[1], Label(m[2])) for m in row["mentions"])
    return Annotated(row["id"], row["text"], mentions, row)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        yield parse(content, path.name)
        return
    for line in content.splitlines():
        if line.strip():
            yield json.loads(line)


def parse(content: str, name: str = "") -> dict[str, Any]:
    """The row of a tagged text file. Raises ExtractError where its three parts are not there."""
    parts = re.split(r"^=====\s*$", content, flags=re.MULTILINE)
    if len(parts) != 3:
        raise ExtractError(
            f"Tệp chú giải {name} phải có ba phần cách nhau bằng ===== (three parts parted by =====)"
        )
    marked = "\n".join(line.strip() for line in parts[1].splitlines() if line.strip())
    text, mentions, at = "", [], 0
    for match in _TAGGED.finditer(marked):
        text += marked[at : match.start()]
        mentions.append([len(text), len(text) + len(match[2]), _CODES[match[1]]])
        text += match[2]
        at = match.end()
    text += marked[at:]
    return {
        **json.loads(parts[0]),
        "text": text,
        "mentions": mentions,
        **json.loads(parts[2]),
    }


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

"""Annotations that live without their text: offsets into press articles named by identifier.

The articles themselves are third-party text outside the repository (`../shared/data/news`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diembao.errors import ExtractError
from extraction.training.unlabelled import read_news

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFSETS = Path(__file__).parent / "offsets" / "press.jsonl"


def rows(shared: Path) -> Iterator[dict[str, Any]]:
    """Annotated articles in the form of the corpus. Raises ExtractError where a text is missing."""
    lines = OFFSETS.read_text(encoding="utf-8").splitlines()
    annotated = {row["id"]: row for row in map(json.loads, lines)}
    texts = {article.id: article.text for article in read_news(shared) if article.id in annotated}
    if missing := sorted(annotated.keys() - texts.keys()):
        raise ExtractError(
            f"Thiếu bài báo {missing[0]} trong {shared / 'data' / 'news'} "
            f"({len(missing)} annotated articles are not there)."
        )
    for name, row in annotated.items():
        text = "\n".join(line.strip() for line in texts[name].splitlines() if line.strip())
        yield {**_with_words(row, text), "text": text}


def _with_words(row: dict[str, Any], text: str) -> dict[str, Any]:
    def words(value: Any) -> Any:
        if isinstance(value, list) and value and isinstance(value[0], int):
            pairs = zip(value[::2], value[1::2], strict=True)
            return " ".join(text[start:end] for start, end in pairs)
        return [words(one) for one in value] if isinstance(value, list) else value

    kept = {"mentions", "id", "genre", "is_award_article"}
    return {
        key: value if key in kept else [{k: words(v) for k, v in one.items()} for one in value]
        for key, value in row.items()
    }

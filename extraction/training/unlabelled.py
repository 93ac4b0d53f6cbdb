"""The unlabelled press articles of ../shared/data/news, for statistics only: no text is kept.

An article's identifier is `FOLDER-ID` with every mark of the id turned into `_`. Articles kept for
measuring (`reserved.txt`, and both development sets) are left out, and so is any article that
repeats the headline of one of them.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from typing import TYPE_CHECKING, NamedTuple

from diembao.vietnamese.folding import fold, nfc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MARKUP = re.compile(r"<[^>]+>")


class Unlabelled(NamedTuple):
    """One unlabelled article: title, lead and body, a line each."""

    id: str
    text: str


def identifier(folder: str, raw: str) -> str:
    """The identifier that the corpus gives to an article of `data/news/FOLDER`."""
    return f"{folder}-{re.sub(r'[^0-9A-Za-z]+', '_', raw)}"


def measured_ids(shared: Path) -> set[str]:
    """Identifiers that must take no part in training: reserved and development articles."""
    corpus = shared / "corpus"
    ids = set((corpus / "reserved.txt").read_text(encoding="utf-8").split())
    for name in ("dev.jsonl", "real-dev.jsonl"):
        lines = (corpus / name).read_text(encoding="utf-8").splitlines()
        ids |= {json.loads(line)["id"] for line in lines if line.strip()}
    return ids


def read_news(shared: Path) -> Iterator[Unlabelled]:
    """Every article that may be used, once, in the order of the files."""
    barred = measured_ids(shared)
    rows = list(_rows(shared / "data" / "news"))
    seen = {_headline(row) for name, row in rows if name in barred} - {""}
    for name, row in rows:
        headline = _headline(row)
        if name in barred or (headline and headline in seen):
            continue
        seen.add(headline)
        parts = (str(row.get(key) or "") for key in ("title", "lead", "body"))
        text = "\n".join(html.unescape(_MARKUP.sub("\n", part)) for part in parts if part)
        yield Unlabelled(name, nfc(text))


def _headline(row: dict[str, object]) -> str:
    return re.sub(r"\W+", " ", fold(str(row.get("title") or ""))).strip()


def _rows(news: Path) -> Iterator[tuple[str, dict[str, object]]]:
    for path in sorted(news.glob("*/*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                yield identifier(path.parent.name, str(row["id"])), row

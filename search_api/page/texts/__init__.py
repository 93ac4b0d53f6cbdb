"""The page's words in Vietnamese and English: every `*.toml` of this folder, `key = {vi, en}`.

A file holds one part of the page. Keys are unique over all files. `{name}` in a wording is filled in.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

Language = Literal["vi", "en"]


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """All wordings by key and language."""
    words: dict[str, dict[str, str]] = {}
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        words |= tomllib.loads(file.read_text(encoding="utf-8"))
    return words


def word(language: Language, key: str, **values: object) -> str:
    """One wording. Raises KeyError for a key that no file holds."""
    wording = catalogue()[key][language]
    return wording.format(**values) if values else wording

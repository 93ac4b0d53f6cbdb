"""Known phrases in a run of tokens, longest first.

A lexicon is a TSV of phrase and kind. Phrases are compared by `word_of`, so case, tone placement
and quote style do not matter; matches of one lexicon never overlap.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from extraction.tagging.attributes import LEXICONS, word_of
from extraction.tagging.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Phrases:
    """The phrases of one lexicon."""

    def __init__(self, entries: Sequence[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, kind in entries:
            words = tuple(word_of(phrase[start:end]) for start, end in tokenize(phrase))
            self._by_first.setdefault(words[0], []).append((words[1:], kind))
        for options in self._by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    def match(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Half-open token ranges with their kind, left to right."""
        at, free = self._by_first.get, 0
        for i, word in enumerate(words):
            if i < free or (options := at(word)) is None:
                continue
            for rest, kind in options:
                free = i + 1 + len(rest)
                if tuple(words[i + 1 : free]) == rest:
                    yield i, free, kind
                    break
            else:
                free = 0


@cache
def lexicon(name: str) -> Phrases:
    """The lexicon `lexicons/NAME.tsv`."""
    lines = (LEXICONS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return Phrases(
        [(phrase, kind) for phrase, kind in (line.split("\t") for line in lines if line)]
    )

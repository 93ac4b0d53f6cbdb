"""Known phrases in a run of tokens, longest first.

A lexicon is a TSV of phrase and kind. Phrases are compared by `word_of`, so case, tone placement
and quote style do not matter; matches of one lexicon never overlap.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from extraction.tagging.attributes import LEXICONS, read_table, word_of
from extraction.tagging.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Phrases:
    """The phrases of one lexicon: their words, and the kind of each."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], str]]) -> None:
        self._kinds: dict[tuple[str, ...], str] = {}
        lengths: dict[str, set[int]] = {}
        for words, kind in entries:
            self._kinds.setdefault(words, kind)
            lengths.setdefault(words[0], set()).add(len(words))
        self._lengths = {word: sorted(sizes, reverse=True) for word, sizes in lengths.items()}

    def match(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Half-open token ranges with their kind, left to right."""
        lengths, kinds, free = self._lengths, self._kinds, 0
        for i, word in enumerate(words):
            if word in lengths and i >= free:
                for length in lengths[word]:
                    end = i + length
                    kind = kinds.get(tuple(words[i:end])) if end <= len(words) else None
                    if kind is not None:
                        yield i, end, kind
                        free = end
                        break


@cache
def lexicon(name: str) -> Phrases:
    """The lexicon `lexicons/NAME.tsv`, or `NAME.tsv.gz`."""
    plain = LEXICONS / f"{name}.tsv"
    if plain.is_file():
        rows = [line.split("\t") for line in plain.read_text(encoding="utf-8").splitlines()]
    else:
        rows = read_table(name)
    return Phrases((words_of(phrase), kind) for phrase, kind in rows)


def words_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase in the form in which they are compared."""
    return tuple(word_of(phrase[start:end]) for start, end in tokenize(phrase))

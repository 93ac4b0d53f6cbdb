"""Segment: the words of two or more syllables (`dân vận`), as offsets of the printed text.

needs: nothing. gives: doc._.compounds.

Each line is cut once, as underthesea cuts it. It may rewrite a word (a misplaced tone mark) or drop a
code point; its words are therefore looked for in the text one after another, and a word that is not
found there is left out. Nothing joined by `_` leaves this part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

from diembao.records import Span
from extraction.components.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

WINDOW = 2_000
"""Code points that are cut at once; a longer line is cut in pieces at white space."""
LOST = 60
"""How far ahead of the last word the next one is looked for."""


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Lines, and pieces of long lines, that hold anything."""
    at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        while end - at > WINDOW:
            cut = max(text.rfind(" ", at + WINDOW // 2, at + WINDOW), at + WINDOW // 2)
            yield at, cut
            at = cut
        yield at, end
        at = end


def compounds(words: Words, text: str) -> tuple[Span, ...]:
    """Spans of the words that hold a space, in order."""
    found: list[Span] = []
    places = [(at, end) for at, end in _windows(text) if " " in text[at:end].strip()]
    cut = words.cut(text[at:end] for at, end in places)
    for (at, end), line in zip(places, cut, strict=True):
        for word in line:
            place = text.find(word, at, min(end, at + len(word) + LOST))
            if place < 0:
                continue
            at = place + len(word)
            if " " in word and word.replace(" ", "").isalnum():
                found.append(Span(place, at))
    return tuple(found)


@Language.factory("segment", assigns=["doc._.compounds"])
class Segment:
    """The component of a pipeline."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002  spaCy passes both by name
        self.name = name
        self._words = Words()

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.compounds`."""
        doc._.compounds = compounds(self._words, doc._.printed)
        return doc

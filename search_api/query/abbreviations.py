"""Names that newspapers abbreviate: `UBND` finds `ủy ban nhân dân` too, and the other way round.

Abbreviations of three letters and more, in any case, with or without marks; shorter ones are words
too. `=UBND` finds only itself. A phrase finds either what was typed or the same with each of its
names in the other form; in words that were typed one after the other, each name has both forms.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from diembao.vietnamese.marks import typed
from diembao.vietnamese.names import ABBREVIATIONS
from search_api.query.tree import And, Node, Or, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from diembao.vietnamese.marks import Typed

    Words = tuple[Typed, ...]

SHORTEST = 3
"""Letters of an abbreviation at least."""


def _by_first_word() -> dict[str, list[tuple[Words, Words]]]:
    """Names, the longest first, under the first word of either form: that form, and the other."""
    pairs: list[tuple[Words, Words]] = []
    for short, full in ABBREVIATIONS.items():
        if len(short) >= SHORTEST:
            pairs += [(typed(short), typed(full)), (typed(full), typed(short))]
    filed: dict[str, list[tuple[Words, Words]]] = {}
    for one, other in sorted(pairs, key=lambda pair: -len(pair[0])):
        filed.setdefault(one[0].folded, []).append((one, other))
    return filed


_NAMES = _by_first_word()


def either(text: Text) -> Node:
    """The text, or the same with each of its names in the other form."""
    other: Words = ()
    for words, form in _names(text.words):
        other += form or words
    return text if other == text.words else Or((text, Text(other, text.field)))


def each_either(nodes: Sequence[Node]) -> Iterator[Node]:
    """The nodes, those that are single words and together a name, or its abbreviation, as one."""
    for field, group in groupby(nodes, _field_of_word):
        if field is _NO_WORD:
            yield from group
            continue
        texts = [node for node in group if isinstance(node, Text)]
        for words, form in _names(tuple(text.words[0] for text in texts)):
            parts = tuple(Text((word,), texts[0].field) for word in words)
            if form is None:
                yield from parts
            else:
                yield Or((And(parts), Text(form, texts[0].field)))


_NO_WORD = object()


def _field_of_word(node: Node) -> object:
    return node.field if isinstance(node, Text) and len(node.words) == 1 else _NO_WORD


def _names(words: Words) -> Iterator[tuple[Words, Words | None]]:
    """The words in pieces: a name with its other form, or a word that is none."""
    at = 0
    while at < len(words):
        piece, other = words[at : at + 1], None
        for name, form in _NAMES.get(words[at].folded, ()):
            given = words[at : at + len(name)]
            if len(given) == len(name) and all(map(_means, given, name)):
                piece, other = given, form
                break
        yield piece, other
        at += len(piece)


def _means(word: Typed, written: Typed) -> bool:
    return not word.only and word.finds(written.exact)

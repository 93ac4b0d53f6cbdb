"""Names that somebody may have meant who typed one in a way that nothing has.

Names are looked for by each beginning and each end of what was typed, and by its first letters; those
that are spelled almost so, accents aside, are offered, the most alike first.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from diembao.vietnamese.folding import fold
from search_api.query import parse
from search_api.query.tree import wanted_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search_api.index.base import SearchIndex, Suggestion

ALIKE = 0.82
"""How much of the letters of two names must agree."""

LOOKED_AT = 20
"""Names that are looked at of each beginning."""

LONGEST = 12
"""Words of a name at most."""

OFFERED = 3


def meant(index: SearchIndex, query: str) -> list[Suggestion]:
    """Names like the words of a query, none for a query of very many words."""
    words = [word.folded for text in wanted_texts(parse(query).tree) for word in text.words]
    if not 0 < len(words) <= LONGEST:
        return []
    typed = " ".join(words)
    likeness: dict[Suggestion, float] = {}
    for beginning in dict.fromkeys(_beginnings(words)):
        for one in index.suggest(beginning, LOOKED_AT):
            likeness[one] = SequenceMatcher(None, typed, fold(one.name).strip('“”"')).ratio()
    ranked = sorted(likeness, key=lambda one: (-likeness[one], -one.articles, one.name))
    return [one for one in ranked if likeness[one] >= ALIKE][:OFFERED]


def _beginnings(words: list[str]) -> Iterator[str]:
    for at in range(len(words)):
        yield " ".join(words[at:])
        yield " ".join(words[: at + 1])
    yield " ".join(words)[:-1]
    yield " ".join(words)[:-2]
    for word in words:
        yield word[:3]

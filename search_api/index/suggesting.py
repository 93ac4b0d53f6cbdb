"""Names of entities offered while typing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from diembao.vietnamese.folding import fold
from search_api.index.base import Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tantivy import Searcher

MOST = 5000
"""Names that are looked at; only a prefix of one letter has more."""


def suggest(searcher: Searcher, prefix: str, limit: int) -> tuple[Suggestion, ...]:
    """Names of which a word begins so, most frequent first."""
    folded = begin(prefix)
    if not folded:
        return ()
    return suggestions(searcher.terms_with_prefix("names", folded, limit=MOST), limit)


def begin(prefix: str) -> str:
    """What was typed, as the entries of `names` begin."""
    return " ".join(fold(prefix).split())


def suggestions(entries: Iterable[tuple[str, int]], limit: int) -> tuple[Suggestion, ...]:
    """The most frequent names of entries of `names`, each with its number of articles."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for entry, articles in entries:
        _, label, entity_id, name = entry.split("\t")
        counts[entity_id, label, name] = max(counts[entity_id, label, name], articles)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0][2], item[0][0]))
    return tuple(
        Suggestion(entity_id, label, name, articles)
        for (entity_id, label, name), articles in ranked[:limit]
    )

"""The second judgement of pairs: what the first says of all of them helps with each.

A recipient seldom stands alone: the others of its list, the same name under other awards and the
award's other candidates tell. The features are the pair's score, how it compares with these, and
the few features of the pair itself that say of what kind it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from math import log
from typing import TYPE_CHECKING

from diembao.records import Label
from extraction.records.page import GROUP, PRONOUN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extraction.records.page import Name
    from extraction.records.relation import Pairs

LIKELY = 0.35
"""The first score from which on a pair counts as likely."""
LEAST = 1e-4
"""Scores nearer than this to 0 and 1 are all the same."""
KEPT = (
    *(f"o={kind}" for kind in (Label.PERSON, Label.UNIT, Label.PLACE, GROUP, PRONOUN)),
    *("same", "nearest", "after", "after-verb", "distance", "governs", "ruled"),
    *("h-same", "h-self", "h-awards", "h-place", "h-distance", "h:give", "h:to", "h:comma"),
    *("h:receive", "h:passive", "h:win", "h:of", "h:by", "h:semicolon", "h:newline"),
)
"""Features of the first judgement that the second one sees as well."""


class _Tally:
    """Scores of a group, of which any one can be left out."""

    def __init__(self) -> None:
        self.scores: list[float] = []
        self.total = 0.0

    def add(self, score: float) -> None:
        self.scores.append(score)
        self.total += score

    def close(self) -> None:
        self.scores.sort()

    def best_but(self, score: float, nothing: float = 0.0) -> float:
        """The highest score beside this one."""
        if len(self.scores) < 2:
            return nothing
        return self.scores[-2] if self.scores[-1] == score else self.scores[-1]

    def mean_but(self, score: float) -> float:
        """The mean of the scores beside this one, or -1."""
        others = len(self.scores) - 1
        return (self.total - score) / others if others else -1.0

    def above(self, score: float) -> int:
        """How many scores are higher."""
        return len(self.scores) - bisect_right(self.scores, score)


def features(
    pairs: Pairs,
    couples: Sequence[tuple[Name, Name]],
    rows: Sequence[Mapping[str, float]],
    scores: Sequence[float],
) -> list[dict[str, float]]:
    """The features of each couple, given its first features and score; couples in printed order."""
    groups: dict[object, _Tally] = defaultdict(_Tally)
    score_of: dict[tuple[int, int], float] = {}
    turn: dict[int, int] = {}
    orders: list[int] = []
    keys = []
    for (anchor, name), score in zip(couples, scores, strict=True):
        if anchor.order not in turn:
            turn[anchor.order] = len(orders)
            orders.append(anchor.order)
        score_of[anchor.order, name.order] = score
        key = (
            anchor.order,
            ("name", name.order),
            (anchor.order, pairs.list_of(name), name.label),
            (anchor.entity, name.entity),
        )
        keys.append(key)
        for group in key:
            groups[group].add(score)
    for tally in groups.values():
        tally.close()
    out = []
    for at, ((anchor, name), score) in enumerate(zip(couples, scores, strict=True)):
        award, elsewhere, listed, again = (groups[key] for key in keys[at])
        place = turn[anchor.order]
        beside = [
            scores[to] if 0 <= to < len(couples) and couples[to][0] is anchor else 0.0
            for to in (at - 1, at + 1)
        ]
        under = [
            score_of.get((orders[to], name.order), -1.0) if 0 <= to < len(orders) else -1.0
            for to in (place - 1, place + 1)
        ]
        sure = min(max(score, LEAST), 1 - LEAST)
        row = rows[at]
        out.append(
            {key: row[key] for key in KEPT if key in row}
            | {
                "score": log(sure / (1 - sure)),
                "best": award.best_but(score),
                "rank": float(award.above(score)),
                "likely": float(award.above(LIKELY)),
                "total": award.total - score,
                "before": beside[0],
                "behind": beside[1],
                "elsewhere": elsewhere.best_but(score),
                "here": float(score >= elsewhere.best_but(score)),
                "list-best": listed.best_but(score, -1.0),
                "list-mean": listed.mean_but(score),
                "again": again.best_but(score, -1.0),
                "earlier": under[0],
                "later": under[1],
            }
        )
    return out

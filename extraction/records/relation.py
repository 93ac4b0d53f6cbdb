"""What a page says about two names together: the features by which the rankers judge a pair.

`anchor` is the award or model, `other` a name that may be its recipient, conferrer or owner. The
features are words in six zones (before and after each name, between the two, in the anchor's
sentence), the order, distance and layout of the two, and what stands next to them. A feature that
is not given is 0.
"""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING

from diembao.records import Label
from diembao.vietnamese.folding import exact
from extraction.records.cues import Cues
from extraction.records.lists import SHORT, Lists

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from extraction.records.page import Name, Page

NEAR = 32
"""Code points of context on each side of a name."""
LONG = 400
"""Code points between two names, or of a sentence, that are looked at."""

STEPS = 8
"""Names looked at on the way to the subject of a sentence."""
NAMES_BEFORE, NAMES_AFTER = 40, 100
"""Names looked at on each side of an anchor."""
LINES_BEFORE, LINES_AFTER = 3, 6
"""Lines on each side of an anchor in which any name may belong to it."""

CLAUSE = frozenset(("clause", "verb", "given", "giver", "giver-chain", "after-verb"))
"""Features of the anchor's clause."""

_KINDS = tuple(
    exact("huân chương|huy chương|huy hiệu|kỷ niệm chương|bằng|giấy khen|cờ|giải|cúp").split("|")
)


def _beside(page: Page, cues: Cues, name: Name, role: str) -> dict[str, float]:
    """What stands around one name, and its place on the page."""
    left, right = page.neighbour(name, -1), page.neighbour(name, +1)
    line_start, line_end = page.lines[name.line]
    beside = max(line_start, name.start - LONG)
    begin = max(line_start, name.start - NEAR, left.end if left else 0)
    end = min(line_end, name.end + NEAR, right.start if right else len(page.mask))
    before, after = page.mask[begin : name.start], page.mask[name.end : end]
    out = {
        **cues.touching(f"{role}<", begin, name.start, last=True),
        **cues.touching(f"{role}>", name.end, end, last=False),
    }
    for side, neighbour, gap in (("<", left, before), (">", right, after)):
        if neighbour and neighbour.line == name.line and len(gap) < NEAR:
            out[f"{role}{side}{neighbour.label}"] = 1.0
            if not gap.strip():
                out[f"{role}{side}{neighbour.label}!"] = 1.0
    out |= {
        f"{role}={name.label}": 1.0,
        f"{role}-title": float(name.line == 0),
        f"{role}-item": float(name.line in page.item_lines),
        f"{role}-opens": float(
            name.start - line_start < NEAR
            and not page.mask[line_start : name.start].strip(' -–+*•"“.0123456789')
        ),
        f"{role}-line": log1p(line_end - line_start),
        f"{role}-bracket": float(
            page.mask.rfind("(", beside, name.start) > page.mask.rfind(")", beside, name.start)
        ),
        f"{role}-colon": float(page.last_colons[name.line] >= name.end),
    }
    return out


Chain = tuple["Name", "Name"]
"""The first and the last name of a list."""


class Pairs:
    """Features of pairs on one page; what concerns one name alone is worked out once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._alone: dict[tuple[int, str], dict[str, float]] = {}
        self._count: dict[str, int] = {}
        self._titled = {name.entity for name in page.names if name.line == 0}
        for name in page.names:
            self._count[name.entity] = self._count.get(name.entity, 0) + 1
        units = page.of(Label.UNIT)
        self._leading = max(units, key=lambda n: (self._count[n.entity], -n.order), default=None)
        self._cues = Cues(page.mask)
        self._chains = list(self._linked(_one_list))
        self._awards = list(self._linked(_listed_awards))
        self._lists = Lists(page)
        self._givers: dict[int, tuple[int, int | None, int]] = {}
        self._short = [end - start < SHORT for start, end in page.lines]

    def candidates(self, anchor: Name, labels: Collection[str]) -> Iterator[Name]:
        """The names of these labels that may belong to an anchor, in printed order.

        They stand a few lines away at most, or the anchor's list reaches to them; a model may also
        belong to the unit that the whole article is about. The number of names looked at is
        bounded, so that the work stays linear in the text.
        """
        first = max(0, anchor.order - NAMES_BEFORE)
        leading = self._leading if anchor.label == Label.MODEL and Label.UNIT in labels else None
        for name in self.page.names[first : anchor.order + NAMES_AFTER]:
            if name.label not in labels:
                continue
            near = -LINES_BEFORE <= name.line - anchor.line <= LINES_AFTER
            if self.governs(anchor, name) or (near and not self._taken(anchor, name)):
                yield name
                leading = None if leading and name.entity == leading.entity else leading
        if leading:
            yield leading

    def _taken(self, anchor: Name, other: Name) -> bool:
        """Whether the name is an item of the list of an earlier award."""
        governor = self._lists.governor[other.line]
        return governor is not None and other.line < anchor.line and self._lists.listed(other)

    def list_of(self, name: Name) -> int:
        """The order of the first name of the list that a name is a part of."""
        return self._chains[name.order][0].order

    def governs(self, anchor: Name, other: Name) -> bool:
        """Whether the two belong together by the layout of a list."""
        return self._lists.governor[other.line] == anchor or self._bears(anchor, other)

    def rules(self, anchor: Name, other: Name) -> bool:
        """Whether the layout alone says that the two belong together."""
        if self._bears(anchor, other):
            return anchor.line in self.page.item_lines
        return self._lists.governor[other.line] == anchor and self._lists.listed(other)

    def _one(self, name: Name, role: str) -> dict[str, float]:
        key = (name.order, role)
        if key not in self._alone:
            self._alone[key] = _beside(self.page, self._cues, name, role)
            if role == "a":
                start, end = self.page.sentences[name.sentence]
                around = max(start, name.start - LONG), min(end, name.end + LONG)
                self._alone[key] |= self._cues.words("s", *around)
                low = self.page.low[name.start : name.end]
                self._alone[key]["a-kind"] = next(
                    (i + 1.0 for i, kind in enumerate(_KINDS) if low.startswith(kind)), 0.0
                )
        return self._alone[key]

    def features(self, anchor: Name, other: Name) -> dict[str, float]:
        """The features of one pair."""
        page = self.page
        first, second = sorted((anchor, other))
        between = page.names[first.order + 1 : second.order]
        start, end = first.end, second.start
        gap = page.mask[start:end]
        cues = self._cues
        out = {**self._one(anchor, "a"), **self._one(other, "o")}
        if len(gap) <= LONG:
            out |= cues.words("b", start, end)
        else:
            out |= cues.words("b", start, start + LONG // 2)
            out |= cues.words("b", end - LONG // 2, end)
        if len(gap) > NEAR:
            out |= cues.words("a)" if first is anchor else "o)", start, start + NEAR)
            out |= cues.words("(o" if first is anchor else "(a", end - NEAR, end)
        out |= self._chained(anchor, other)
        for name in between:
            out[f"n:{name.label}"] = out.get(f"n:{name.label}", 0.0) + 1
        out |= {
            "after": float(first is anchor),
            "distance": log1p(len(gap)),
            "lines": float(other.line - anchor.line),
            "sentences": float(other.sentence - anchor.sentence),
            "same": float(other.sentence == anchor.sentence),
            "between": float(len(between)),
            "nearest": float(not any(name.label == other.label for name in between)),
            "stops": float(sum(name.label == anchor.label for name in between)),
            "count": float(self._count[other.entity]),
            "titled": float(other.entity in self._titled),
            "many": float(self._count[anchor.entity]),
            "clauses": float(gap.count(";")),
            "commas": float(gap.count(",")),
        }
        return out

    def _chained(self, anchor: Name, other: Name) -> dict[str, float]:
        """What governs the list that the other name is a part of."""
        after = anchor < other
        nearest = self._chains[other.order][0 if after else 1]
        nearest = nearest if (anchor < nearest) == after else other
        edge = self._awards[anchor.order][1 if after else 0]
        edge = edge if (edge < nearest) == after else anchor
        first, second = sorted((edge, nearest))
        start, end = max(first.end, second.start - LONG), second.start
        start = min(start, end)
        beside = (max(start, end - NEAR), end) if after else (start, min(end, start + NEAR))
        lines = range(anchor.line + 1, other.line + 1)
        return {
            **self._cues.words("h", start, end),
            **self._cues.touching("h<" if after else "h>", *beside, last=after),
            f"h={nearest.label}": 1.0,
            "h-same": float(nearest.label == other.label),
            "h-self": float(nearest is other),
            "h-awards": float(edge is not anchor),
            "h-place": float(abs(other.order - nearest.order)),
            "h-distance": log1p(end - start),
            "governs": float(self._lists.governor[other.line] == anchor),
            "ruled": float(self.rules(anchor, other)),
            "governed": float(self._lists.governor[other.line] is not None),
            "bears": float(self._bears(anchor, other)),
            "listed": float(self._lists.listed(other)),
            "run": float(bool(lines) and all(self._short[at] for at in lines)),
            "items": float(bool(lines) and all(at in self.page.item_lines for at in lines)),
            "announces": float(self._announces(anchor)),
            "leads": float(self._leads(other)),
            "leading": float(self._leading is not None and self._leading.entity == other.entity),
            "subject": float(self._subject(anchor, other)),
            **self._clause(anchor, other),
        }

    def _announces(self, anchor: Name) -> bool:
        """Whether the anchor's line ends with a colon."""
        _, end = self.page.lines[anchor.line]
        return self.page.mask[max(anchor.end, end - NEAR) : end].rstrip().endswith(":")

    def _bears(self, anchor: Name, other: Name) -> bool:
        bearer = self._lists.bearer[anchor.line]
        return bearer is not None and bearer.entity == other.entity

    def _subject(self, anchor: Name, other: Name) -> bool:
        """Whether the name is the first person or unit of the anchor's sentence."""
        before = self.page.neighbour(other, -1)
        for _ in range(STEPS):
            if not before or before.sentence != other.sentence or before.label not in _ASIDE:
                break
            before = self.page.neighbour(before, -1)
        return anchor.sentence == other.sentence and (
            before is None or before.sentence != other.sentence
        )

    def _clause(self, anchor: Name, other: Name) -> dict[str, float]:
        """Whether the name stands in the anchor's clause, and whether it is the one who gives there.

        The giver is the last unit or office before the verb of giving that stands last before the
        anchor, with no semicolon between.
        """
        if anchor.sentence != other.sentence:
            return {}
        if anchor.order not in self._givers:
            self._givers[anchor.order] = self._giver(anchor)
        start, giver, verb = self._givers[anchor.order]
        last = min(self.page.sentences[anchor.sentence][1], anchor.end + LONG)
        end = self.page.mask.find(";", anchor.end, last)
        inside = start <= other.start and (end < 0 or other.start < end)
        out = {
            "clause": float(inside),
            "verb": float(verb >= 0),
            "given": float(verb >= 0 and giver is not None),
        }
        if giver is not None:
            out["giver"] = float(giver == other.order)
            out["giver-chain"] = float(self._chains[giver][0] == self._chains[other.order][0])
        if verb >= 0:
            out["after-verb"] = float(other.start > verb)
        return out

    def _giver(self, anchor: Name) -> tuple[int, int | None, int]:
        """Where the anchor's clause begins, the order of the giver, and where the verb stands (or -1)."""
        mask = self.page.mask
        begin = max(self.page.sentences[anchor.sentence][0], anchor.start - LONG)
        start = max(begin, mask.rfind(";", begin, anchor.start) + 1)
        verbs = [c.start for c in self._cues.within(start, anchor.start) if c.kind == "give"]
        if not verbs:
            return start, None, -1
        for at in range(anchor.order - 1, max(-1, anchor.order - NAMES_BEFORE), -1):
            name = self.page.names[at]
            if name.start < start:
                break
            if name.start < verbs[-1] and name.label in (Label.UNIT, Label.ROLE):
                before = self.page.names[at - 1] if at else None
                office = (
                    before
                    and name.label == Label.UNIT
                    and before.label == Label.ROLE
                    and before.start >= start
                    and not self.page.gap(before, name).strip()
                )
                return start, at - 1 if office else at, verbs[-1]
        return start, None, verbs[-1]

    def _leads(self, other: Name) -> bool:
        """Whether the name is the first on its line."""
        before = self.page.neighbour(other, -1)
        return before is None or before.line != other.line

    def _linked(self, joined: Callable[[Page, Cues, Name, Name], bool]) -> Iterator[Chain]:
        """For each name the first and last name of its list."""
        names, start = self.page.names, 0
        for at, name in enumerate(names):
            last = at + 1 == len(names)
            if last or not joined(self.page, self._cues, name, names[at + 1]):
                yield from [(names[start], name)] * (at + 1 - start)
                start = at + 1


def _one_list(page: Page, cues: Cues, left: Name, right: Name) -> bool:
    """Whether two neighbours belong to one list of names: no verb or stop between."""
    if left.label in _APART or right.label in _APART:
        return False
    if left.sentence != right.sentence and not {left.line, right.line} <= page.item_lines:
        return False
    between = left.end, right.start
    return right.start - left.end < 3 * NEAR and not cues.any(_VERBS, *between)


def _listed_awards(_: Page, cues: Cues, left: Name, right: Name) -> bool:
    """Whether two neighbours belong to one list of models or awards (with their conferrers)."""
    kinds = {left.label, right.label}
    if left.sentence != right.sentence or not (kinds <= _AWARDED or kinds == {Label.MODEL}):
        return False
    return right.start - left.end < NEAR and not cues.any(_SPLITS, left.end, right.start)


_APART = (Label.AWARD, Label.MODEL, Label.MOVEMENT)
_ASIDE = (Label.ROLE, Label.PLACE)
_AWARDED = {Label.AWARD, Label.UNIT, Label.ROLE}
_SPLITS = ("to", "give", "passive", "by")
_VERBS = ("give", "honour", "passive", "receive", "win", "speak", "run")

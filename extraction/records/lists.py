"""Lists printed a line each, and what governs them.

An announcing line names an award and ends with a colon, or is a short heading with the award and no
recipient behind it (`II. BẰNG KHEN CỦA CHỦ TỊCH UBND TỈNH`); a line such as `Danh sách như sau:`
announces the last award named in the two lines before it. Its award governs the items and short
lines that follow, sub-headings (`* Tập thể:`) included, up to the next announcement or ordinary
paragraph. The other way round a line that names a person or unit and no award bears the awards of
the items below it (`Ông A:` / `- Huân chương Lao động hạng Ba;`).
"""

from __future__ import annotations

import re

from diembao.records import Label
from diembao.vietnamese.folding import exact
from extraction.records.page import GROUP, Name, Page

SHORT = 200
"""Code points of a line that may be an item without a bullet, or a heading."""
LONGEST = 60
"""Names of one item that are looked at."""
_OPENING = 24
"""Code points, such as a number and an honorific, that may stand before the name of a heading."""
_ANNOUNCES = re.compile(rf"(?::|{exact('danh sách|như sau|sau đây|gồm có|bao gồm')})[\s.:]*$")
_TAKERS = (Label.PERSON, Label.UNIT, Label.PLACE, GROUP)


class Lists:
    """For each line of a page the award that governs it and the name that bears its awards."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._segments = [page.mask.count(";", start, end) + 1 for start, end in page.lines]
        by_line: dict[int, list[Name]] = {}
        for name in page.names:
            by_line.setdefault(name.line, []).append(name)
        self.governor: list[Name | None] = []
        self.bearer: list[Name | None] = []
        governor = bearer = recent = None
        bulleted = False
        for at in range(len(page.lines)):
            names = by_line.get(at, [])
            awards = [name for name in names if name.label == Label.AWARD]
            takers = [name for name in names if name.label in _TAKERS]
            item = at in page.item_lines
            listed = item or self._short(at) or self._segments[at] > 2
            if bulleted and not item and not self._announces(at):
                governor = None
            bulleted = bool(governor) and (bulleted or item)
            self.governor.append(None if awards else governor)
            borne = item and bool(awards) and not (takers and takers[0] < awards[0])
            self.bearer.append(bearer if borne else None)
            if awards:
                governor = awards[-1] if self._heads(at, awards, takers) else None
                recent, bulleted = (awards[-1], at), False
            elif self._announces(at) and recent and at - recent[1] <= 2:
                governor = governor or recent[0]
            elif not listed:
                governor = None
            if not borne and takers and self._opens(takers[0]) and self._short(at):
                bearer = takers[0] if self.governor[at] is None else None

    def listed(self, name: Name) -> bool:
        """Whether a name is what its item, or its part between semicolons, is about."""
        item = name.line in self._page.item_lines or self._segments[name.line] > 2
        for _ in range(LONGEST):
            before = self._page.neighbour(name, -1)
            if before is None or before.line != name.line:
                break
            if ";" in self._page.gap(before, name):
                break
            if before.label != name.label or name.label == Label.PLACE:
                return False
            name = before
        return item

    def _heads(self, line: int, awards: list[Name], takers: list[Name]) -> bool:
        if self._announces(line):
            return True
        behind = [t for t in takers if t > awards[-1] and t.label in (Label.PERSON, GROUP)]
        open_end = not self._page.line(line).rstrip().endswith((".", ";", "!", "?"))
        return line > 0 and self._short(line) and open_end and not behind

    def _announces(self, line: int) -> bool:
        start, end = self._page.lines[line]
        return bool(_ANNOUNCES.search(self._page.mask[max(start, end - 40) : end]))

    def _short(self, line: int) -> bool:
        start, end = self._page.lines[line]
        return end - start < SHORT

    def _opens(self, name: Name) -> bool:
        """Whether hardly anything stands before a name on its line."""
        before = self._page.mask[self._page.lines[name.line][0] : name.start]
        return len(before) < _OPENING and "(" not in before and name.label != GROUP

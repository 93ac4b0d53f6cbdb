"""How a record calls a name: by its fullest form, an office together with its unit."""

from __future__ import annotations

import re

from diembao.records import Label
from extraction.records.page import PRONOUN, Name, Page

_JOINT = re.compile(r"\s*|\s*(?:của|tại)\s*")


class Forms:
    """The fullest printed form of every entity of a page."""

    def __init__(self, page: Page) -> None:
        self._fullest: dict[str, str] = {}
        for name in page.names:
            if name.label != PRONOUN and len(name.text) > len(self._fullest.get(name.entity, "")):
                self._fullest[name.entity] = name.text

    def fullest(self, name: Name) -> str:
        """The longest form in which the article prints it; of equals the first."""
        return self._fullest[name.entity]


def unit_of(page: Page, role: Name) -> Name | None:
    """The unit or place printed right behind a role."""
    after = page.neighbour(role, +1)
    joined = after and after.label in (Label.UNIT, Label.PLACE) and after.line == role.line
    return after if after and joined and _JOINT.fullmatch(page.gap(role, after)) else None


def office(page: Page, name: Name) -> str:
    """A role with its unit as printed (`Chủ tịch UBND tỉnh`), anything else as it stands."""
    unit = unit_of(page, name) if name.label == Label.ROLE else None
    return page.text[name.start : unit.end if unit else name.end]

"""A conferment's own date, where the sentence prints it in full (`ngày 12/11/2024`)."""

from __future__ import annotations

import re
from datetime import date

_FULL = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:[/.-]| tháng )(\d{1,2})(?:[/.-]| năm )((?:19|20)\d\d)(?![\d/])",
    re.IGNORECASE,
)


def stated(text: str, start: int, end: int) -> date | None:
    """The only full date in a stretch of the text; None where there is none or several."""
    found = set()
    for match in _FULL.finditer(text, start, end):
        day, month, year = (int(part) for part in match.groups())
        try:
            found.add(date(year, month, day))
        except ValueError:
            continue
    return found.pop() if len(found) == 1 else None

"""The articles of each newspaper, level or province as bars, a bar for each subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search_api.page.rendering import drawn as rendered
from search_api.pictures.scale import amount, shortened

if TYPE_CHECKING:
    from markupsafe import Markup

    from search_api.analysis.shapes import Analysis, Part
    from search_api.page.texts import Language

MOST = 15
"""Values that are drawn, those with most articles; the table has all."""

BAR, BETWEEN, NAME = 14, 12, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of a subject, with its number behind it."""

    y: float
    width: float
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """A value with its bars."""

    y: float
    name: str
    bars: list[Bar]


def height_of(part: Part, subject: int, found: Analysis) -> float:
    """Articles, or their share in percent of all articles of the value."""
    articles = part.articles[subject]
    if found.scale == "absolute":
        return float(articles)
    return 100 * articles / part.everything if part.everything else 0.0


def parts_chart(found: Analysis, language: Language, width: int) -> Markup:
    """The picture of the bars. Names stand left of the bars on a desk, above them on a phone."""
    is_wide = width > 600
    left = 220 if is_wide else 4
    field = width - left - 64
    shown = found.parts[:MOST]
    subjects = range(len(found.subjects))
    greatest = max((height_of(part, at, found) for part in shown for at in subjects), default=0)
    groups, y = [], 8.0
    for part in shown:
        start = y if is_wide else y + NAME
        bars = []
        for at in subjects:
            value = height_of(part, at, found)
            long = field * value / greatest if greatest else 0.0
            text = amount(value, found.scale, language)
            bars.append(Bar(start + BAR * at, round(long, 1), at, text))
        groups.append(Group(y, shortened(part.name, 30), bars))
        y = start + BAR * len(subjects) + BETWEEN
    return rendered(
        "analysis/parts.svg",
        language,
        width=width,
        height=y,
        left=left,
        is_wide=is_wide,
        groups=groups,
        bar=BAR,
    )

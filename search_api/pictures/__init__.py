"""Pictures of an analysis as SVG, and the same as PNG.

A picture stands by itself: its colours are attributes, which the page's style sheet overrides by class
for dark screens. What it shows stands as a table beside it, so the picture in the page is hidden from
screen readers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from search_api.pictures.parts_chart import parts_chart
from search_api.pictures.province_map import province_map
from search_api.pictures.raster import png as png
from search_api.pictures.timeline_chart import timeline_chart

if TYPE_CHECKING:
    from markupsafe import Markup

    from search_api.analysis.shapes import Analysis
    from search_api.page.texts import Language

PICTURES = ("timeline", "parts", "provinces")
"""The timeline; the counts of each newspaper, level or province; the map."""


def picture(name: str, found: Analysis, language: Language, width: int, subject: int) -> Markup:
    """One of PICTURES in so many units of width; `subject` is the one on the map."""
    match name:
        case "timeline":
            return timeline_chart(found, language, width)
        case "parts":
            return parts_chart(found, language, width)
        case _:
            return province_map(found, language, width, min(subject, len(found.subjects) - 1))

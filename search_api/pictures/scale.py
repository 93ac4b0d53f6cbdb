"""Round numbers for an axis, and texts that fit beside it."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

from search_api.page.numerals import count, percent

if TYPE_CHECKING:
    from search_api.analysis.shapes import Scale
    from search_api.page.texts import Language

STEPS = (1.0, 2.0, 5.0, 10.0)


def ticks(greatest: float, about: int, scale: Scale) -> list[float]:
    """Round values from 0 to at least the greatest, `about` so many; whole ones for counts."""
    if greatest <= 0:
        greatest = 1.0
    raw = greatest / about
    size = 10.0 ** floor(log10(raw))
    step = next(size * one for one in STEPS if size * one >= raw * (1 - 1e-9))
    if scale == "absolute":
        step = max(step, 1.0)
    return [step * n for n in range(ceil(greatest / step - 1e-9) + 1)]


def amount(value: float, scale: Scale, language: Language) -> str:
    """The height of something: a number, or a share in percent."""
    return count(value, language) if scale == "absolute" else percent(value, language)


def shortened(text: str, most: int) -> str:
    """The text in at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

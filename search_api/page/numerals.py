"""Numbers as people of the language write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search_api.page.texts import Language

_SWAPPED = str.maketrans({",": ".", ".": ","})


def count(value: float, language: Language) -> str:
    """`1.234` in Vietnamese, `1,234` in English."""
    return _written(f"{value:,.0f}", language)


def percent(value: float, language: Language) -> str:
    """`2,5 %` in Vietnamese, `2.5%` in English; whole from ten on, finer below a tenth."""
    digits = 0 if value == 0 or abs(value) >= 10 else 1 if abs(value) >= 0.1 else 2
    text = _written(f"{value:.{digits}f}", language)
    return f"{text} %" if language == "vi" else f"{text}%"


def _written(text: str, language: Language) -> str:
    return text.translate(_SWAPPED) if language == "vi" else text

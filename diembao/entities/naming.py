"""The name that an entity is shown by: the fullest common way in which it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.records import Label
from diembao.vietnamese.names import expanded, key_text

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMON = 10
"""A form is common if at least one article in so many writes it."""

SHOWN = 20
"""Aliases at most, the commonest first."""


def best_name(label: Label, forms: Mapping[str, int]) -> tuple[str, tuple[str, ...]]:
    """Name and aliases out of the written forms and the number of articles that write each."""
    total = sum(forms.values())
    common = [form for form, articles in forms.items() if articles * COMMON >= total]
    name = min(common, key=lambda form: _rank(form, forms[form]))
    shortest = 2 if label is Label.PERSON else 1
    ranked = sorted(forms, key=lambda form: (-forms[form], form))
    others = [form for form in ranked if form != name and len(form.split()) >= shortest]
    return name, tuple(others[:SHOWN])


def _rank(form: str, articles: int) -> tuple[int, int, int, int, str]:
    written_out = len(expanded(form).split())
    shouted = int(form.isupper() and len(form.split()) > 1)
    return (shouted + form.count("("), -written_out, -articles, -len(key_text(form)), form)

"""Models (mô hình, cách làm, công trình, phần việc) and exemplars (điển hình) with their owners.

Every MODEL entity is one record under the form first printed. It is an exemplar where `điển hình`
stands right before one of its mentions. A ranker chooses the owner among the units, persons and
places near its mentions, or none; the movement is one named in the same sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diembao.records import EmulationModel, Label, Span
from diembao.vietnamese.folding import exact
from extraction.records.forms import Forms
from extraction.records.page import PRONOUN, Name, Page

if TYPE_CHECKING:
    from extraction.records.forest import Forest
    from extraction.records.relation import Pairs

OWNERS = (Label.UNIT, Label.PERSON, Label.PLACE, PRONOUN)
_EXEMPLAR = re.compile(
    rf"{exact('điển hình')}(?: (?:tiên tiến|tiêu biểu|về|là|tên))?[\s:“”\"'‘’]*$"
)
MENTIONS = 4
"""Mentions of one model that are asked for its owner."""


def read(page: Page, pairs: Pairs, owners: Forest) -> list[EmulationModel]:
    """The models of a page, in printed order."""
    forms = Forms(page)
    mentions: dict[str, list[Name]] = {}
    for name in page.of(Label.MODEL):
        mentions.setdefault(name.entity, []).append(name)
    return [_model(page, pairs, names, owners, forms) for names in mentions.values()]


def _model(
    page: Page, pairs: Pairs, names: list[Name], owners: Forest, forms: Forms
) -> EmulationModel:
    couples = [
        (name, other) for name in names[:MENTIONS] for other in pairs.candidates(name, OWNERS)
    ]
    scores = owners.probabilities([pairs.features(*couple) for couple in couples])
    top = max(zip(scores, couples, strict=True), default=None)
    first, owner = names[0], None
    if top and top[0] >= owners.threshold:
        first, owner = top[1]
    start, end = first.start, first.end
    if owner and owner.sentence == first.sentence:
        start, end = min(start, owner.start), max(end, owner.end)
    movement = next(iter(page.within(first.sentence, Label.MOVEMENT)), None)
    return EmulationModel(
        name=names[0].text,
        kind="exemplar" if any(is_exemplar(page, name) for name in names) else "model",
        owner=forms.fullest(owner) if owner else None,
        movement=movement.text if movement else None,
        evidence=Span(start, end),
    )


def is_exemplar(page: Page, name: Name) -> bool:
    """Whether the word before a model calls it an exemplar."""
    return bool(_EXEMPLAR.search(page.mask[max(0, name.start - 40) : name.start]))

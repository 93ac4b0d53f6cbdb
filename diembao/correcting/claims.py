"""What an editor says is so, whatever the extractor says. The JSON of a claim is what the archive keeps.

- `mention`: the words are a mention with this label, or none at all where the label is None; in one
  place (`at`) or wherever they stand in the article (`everywhere`). `was`: the words that they take the
  place of.
- `award`, `model`, `person`: the record that says `replaces` is to say `value`; where nothing is
  replaced the record is added, where the value is None it is removed. `at` are the words that give it
  its name; `evidence` is what proves it, where that is more than their sentence.
- `decision`: whether this is an award article.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from diembao.correcting.anchors import LONGEST, Anchor
from diembao.records import Label, Level

Words = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class AwardValue(_Frozen):
    """What a conferment is to say; every name as printed."""

    award: Words
    recipients: tuple[Words, ...] = Field(default=(), max_length=500)
    conferrer: Words | None = None
    for_model: Words | None = None
    level: Level | None = None
    date: datetime.date | None = None


class ModelValue(_Frozen):
    """What a model or exemplar is to say."""

    name: Words
    kind: Literal["model", "exemplar"] = "model"
    owner: Words | None = None
    movement: Words | None = None


class PersonValue(_Frozen):
    """What a position is to say; `role` with the unit's name, `unit` that name alone."""

    name: Words
    role: Words | None = None
    unit: Words | None = None


class MentionClaim(_Frozen):
    """Words are a mention, or none."""

    kind: Literal["mention"] = "mention"
    at: Anchor
    label: Label | None
    everywhere: bool = False
    was: str | None = None


class AwardClaim(_Frozen):
    """A conferment is so."""

    kind: Literal["award"] = "award"
    at: Anchor
    replaces: AwardValue | None = None
    value: AwardValue | None = None
    evidence: str = ""


class ModelClaim(_Frozen):
    """A model is so."""

    kind: Literal["model"] = "model"
    at: Anchor
    replaces: ModelValue | None = None
    value: ModelValue | None = None
    evidence: str = ""


class PersonClaim(_Frozen):
    """A position is so."""

    kind: Literal["person"] = "person"
    at: Anchor
    replaces: PersonValue | None = None
    value: PersonValue | None = None
    evidence: str = ""


class DecisionClaim(_Frozen):
    """The article is, or is not, an award article."""

    kind: Literal["decision"] = "decision"
    is_award_article: bool


RecordClaim = AwardClaim | ModelClaim | PersonClaim
Claim = MentionClaim | AwardClaim | ModelClaim | PersonClaim | DecisionClaim
CLAIM: TypeAdapter[Claim] = TypeAdapter(Annotated[Claim, Field(discriminator="kind")])


def names_of(value: AwardValue | ModelValue | PersonValue) -> list[str]:
    """All words that a record states and that must stand in the text, its own name first."""
    match value:
        case AwardValue():
            named = [value.award, *value.recipients, value.conferrer, value.for_model]
        case ModelValue():
            named = [value.name, value.owner, value.movement]
        case PersonValue():
            named = [value.name, value.unit]
    return [one for one in named if one]

"""What the extractor reads out of one version of one article.

Offsets are code points of `Extraction.text`, half-open. The JSON of an `Extraction` is the public
form (`diembao extract`, API, export); its first three members of a mention and the keys `awards`,
`models`, `people`, `is_award_article` are fixed by contract.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict


class Label(StrEnum):
    """The seven kinds of mention."""

    UNIT = "UNIT"
    PERSON = "PERSON"
    ROLE = "ROLE"
    MODEL = "MODEL"
    AWARD = "AWARD"
    MOVEMENT = "MOVEMENT"
    PLACE = "PLACE"


class Level(StrEnum):
    """Levels of commendation of the Law on Emulation and Commendation, highest first."""

    STATE = "state"
    PRIME_MINISTER = "prime_minister"
    MINISTRY_PROVINCE = "ministry_province"
    GRASSROOTS = "grassroots"


class Span(NamedTuple):
    """A stretch of the text: `text[start:end]`."""

    start: int
    end: int


class Mention(NamedTuple):
    """A name in the text. JSON: `[start, end, label, score, entity]`.

    `entity` is the key of the article's own cluster as the extractor gives it (mentions that mean
    the same share it); after resolution it is the identifier of a canonical `Entity`.
    """

    start: int
    end: int
    label: Label
    score: float = 1.0
    entity: str | None = None


class Conferment(BaseModel):
    """Who was awarded what, by whom, for which model, as one article says it."""

    model_config = ConfigDict(frozen=True)

    award: str
    recipients: tuple[str, ...]
    conferrer: str | None = None
    for_model: str | None = None
    level: Level | None = None
    date: datetime.date | None = None
    evidence: Span


class EmulationModel(BaseModel):
    """A model (mô hình) or exemplar (điển hình) with the unit or person that runs it."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Literal["model", "exemplar"] = "model"
    owner: str | None = None
    movement: str | None = None
    evidence: Span


class Position(BaseModel):
    """A person and the office held: `role` with the unit's name as printed, `unit` that name alone."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: str | None = None
    unit: str | None = None
    evidence: Span


class Extraction(BaseModel):
    """Everything read out of one text. `compounds` are the words of two or more syllables."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str
    mentions: tuple[Mention, ...] = ()
    awards: tuple[Conferment, ...] = ()
    models: tuple[EmulationModel, ...] = ()
    people: tuple[Position, ...] = ()
    is_award_article: bool = False
    award_score: float = 0.0
    compounds: tuple[Span, ...] = ()
    extractor: str = ""

"""What an editor asks for, in terms of the article as it is shown, made a claim that lasts.

Words must be as printed; a name's outer quotes and punctuation are left off. A record is named by its
place among those shown and, so that nobody corrects another one than was seen, by its name.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from diembao.correcting import anchors
from diembao.correcting.claims import (
    CLAIM,
    AwardValue,
    Claim,
    DecisionClaim,
    MentionClaim,
    ModelValue,
    PersonValue,
    Words,
    names_of,
)
from diembao.errors import BadInputError, ConflictError
from diembao.records import Conferment, EmulationModel, Extraction, Label, Position

if TYPE_CHECKING:
    from collections.abc import Sequence

R = TypeVar("R", bound=Conferment | EmulationModel | Position)

EDGES = " \t“”\"'‘’.,;:"
Ordinal = Annotated[int, Field(ge=0, le=100_000)]


class MentionAsked(BaseModel):
    """Words are a mention with this label, or none (`label` null).

    `start`: where they stand, in code points of the text; null means wherever they stand. `was`: the
    words of a mention that these take the place of.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "mention", "words": "UBND phường Tứ Liên", "label": "UNIT"}]
        }
    )

    kind: Literal["mention"]
    words: Words
    start: Ordinal | None = None
    label: Label | None = None
    was: Words | None = None


class AwardAsked(BaseModel):
    """A conferment: `ordinal` of the shown one that is changed, null to add; `value` null to remove."""

    kind: Literal["award"]
    ordinal: Ordinal | None = None
    seen: str | None = Field(default=None, description="Name of the record as the editor saw it.")
    value: AwardValue | None = None


class ModelAsked(BaseModel):
    """A model or exemplar, in the same way."""

    kind: Literal["model"]
    ordinal: Ordinal | None = None
    seen: str | None = None
    value: ModelValue | None = None


class PersonAsked(BaseModel):
    """A position, in the same way."""

    kind: Literal["person"]
    ordinal: Ordinal | None = None
    seen: str | None = None
    value: PersonValue | None = None


class DecisionAsked(BaseModel):
    """Whether this is an award article."""

    kind: Literal["decision"]
    is_award_article: bool


Asked = Annotated[
    MentionAsked | AwardAsked | ModelAsked | PersonAsked | DecisionAsked,
    Field(discriminator="kind"),
]


def claim_of(asked: Asked, shown: Extraction) -> Claim:
    """The claim, checked against the extraction that the editor saw.

    Raises BadInputError where words do not stand in the text or nothing is asked for, ConflictError
    where the record is not the one that was seen.
    """
    match asked:
        case MentionAsked():
            return _mention(asked, shown)
        case DecisionAsked():
            return DecisionClaim(is_award_article=asked.is_award_article)
        case AwardAsked():
            return _record(asked, shown.awards, shown.text)
        case ModelAsked():
            return _record(asked, shown.models, shown.text)
        case PersonAsked():
            return _record(asked, shown.people, shown.text)


def _mention(asked: MentionAsked, shown: Extraction) -> MentionClaim:
    words = unicodedata.normalize("NFC", asked.words)
    left = len(words) - len(words.lstrip(EDGES))
    words = words.strip(EDGES)
    _check(shown.text, words)
    if asked.start is None:
        at = anchors.occurrences(shown.text, words)[0]
    else:
        at = asked.start + left
        if shown.text[at : at + len(words)] != words:
            raise ConflictError(
                f"Ở chỗ đã chọn không còn là “{words}”; hãy tải lại trang rồi sửa "
                "(other words stand there now: reload the page)."
            )
    return MentionClaim(
        at=anchors.anchored(shown.text, at, at + len(words)),
        label=asked.label,
        everywhere=asked.start is None,
        was=asked.was if asked.was != words else None,
    )


def _record(
    asked: AwardAsked | ModelAsked | PersonAsked,
    records: Sequence[Conferment | EmulationModel | Position],
    text: str,
) -> Claim:
    old = _seen(records, asked.ordinal, asked.seen)
    if old is None and asked.value is None:
        raise BadInputError("Hãy nói rõ sửa bản ghi nào hoặc thêm gì (name a record or a value).")
    replaced = old and old.model_dump(exclude={"evidence"})
    evidence = text[slice(*old.evidence)] if old else ""
    if asked.value is None:
        name = str(replaced and (replaced.get("name") or replaced["award"]))
        named = [name]
    else:
        named = names_of(asked.value)
        for words in named:
            _check(text, words)
    at = _place(text, named, old)
    if evidence and named[0] not in evidence:
        evidence = ""
    return CLAIM.validate_python(
        {
            "kind": asked.kind,
            "at": anchors.anchored(text, at, at + len(named[0])),
            "replaces": replaced,
            "value": asked.value and asked.value.model_dump(),
            "evidence": evidence,
        }
    )


def _seen(records: Sequence[R], ordinal: int | None, seen: str | None) -> R | None:
    """The record that is corrected, None if one is added."""
    if ordinal is None:
        return None
    record = records[ordinal] if ordinal < len(records) else None
    name = record and (record.award if isinstance(record, Conferment) else record.name)
    if record is None or seen not in (None, name):
        raise ConflictError(
            "Bản ghi này đã bị người khác sửa hoặc bỏ; hãy tải lại trang rồi sửa "
            "(the record has changed meanwhile: reload the page)."
        )
    return record


def _place(
    text: str, named: Sequence[str], old: Conferment | EmulationModel | Position | None
) -> int:
    """Where a record's own name stands: in its evidence, else where most of what it says stands too."""
    if old and (found := anchors.occurrences(text, named[0], *old.evidence)):
        return found[0]
    places = anchors.occurrences(text, named[0])[: anchors.LOOKED_AT]

    def company(at: int) -> tuple[int, int]:
        sentence = text[slice(*anchors.sentence_at(text, at))]
        return -sum(name in sentence for name in named), at

    return min(places, key=company)


def _check(text: str, words: str) -> None:
    if not words or words not in text or "\n" in words:
        raise BadInputError(
            f"Không thấy “{words}” trong bài; hãy chép đúng như in trong bài, trong một dòng "
            "(these words do not stand in the article)."
        )

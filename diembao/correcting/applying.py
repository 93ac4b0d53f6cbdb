"""An extraction with the claims of editors in it, oldest first; each claim is told to stand or not.

A mention that is claimed takes the place of those that it overlaps. A record whose name is no mention
any more goes with it, and takes the new words where they took the place of the old. A record that is
claimed brings the mention of its name along. Claimed awards make an award article, unless an editor
decided otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from diembao.correcting import anchors
from diembao.correcting.claims import (
    AwardClaim,
    AwardValue,
    DecisionClaim,
    MentionClaim,
    ModelClaim,
    ModelValue,
    PersonClaim,
    PersonValue,
    names_of,
)
from diembao.records import (
    Conferment,
    EmulationModel,
    Extraction,
    Label,
    Mention,
    Position,
    Span,
)
from diembao.vietnamese.folding import exact
from diembao.vietnamese.names import award_key, key_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diembao.correcting.claims import Claim, RecordClaim

Record = Conferment | EmulationModel | Position
Value = AwardValue | ModelValue | PersonValue
R = TypeVar("R", Conferment, EmulationModel, Position)


@dataclass(frozen=True, slots=True)
class Corrected:
    """The corrected extraction; `stands`, parallel to the claims: whether each one's words stand."""

    extraction: Extraction
    stands: tuple[bool, ...]


def apply(extraction: Extraction, claims: Sequence[Claim]) -> Corrected:
    """What was read out of a text, corrected."""
    page = _Page(extraction)
    stands = {
        number: page.mention(claim)
        for number, claim in enumerate(claims)
        if isinstance(claim, MentionClaim)
    }
    page.follow_names()
    is_award = extraction.is_award_article
    score = extraction.award_score
    for number, claim in enumerate(claims):
        if isinstance(claim, AwardClaim | ModelClaim | PersonClaim):
            stands[number] = page.record(claim)
            if isinstance(claim, AwardClaim) and claim.value and stands[number]:
                is_award, score = True, 1.0
    for number, claim in enumerate(claims):
        if isinstance(claim, DecisionClaim):
            stands[number] = True
            is_award, score = claim.is_award_article, float(claim.is_award_article)
    corrected = extraction.model_copy(
        update={
            "mentions": tuple(sorted(page.mentions)),
            "awards": tuple(page.awards),
            "models": tuple(page.models),
            "people": tuple(page.people),
            "is_award_article": is_award,
            "award_score": score,
        }
    )
    return Corrected(corrected, tuple(stands[number] for number in range(len(claims))))


class _Page:
    """The parts of an extraction, as they change."""

    def __init__(self, extraction: Extraction) -> None:
        self.text = extraction.text
        self.mentions = list(extraction.mentions)
        self.awards = list(extraction.awards)
        self.models = list(extraction.models)
        self.people = list(extraction.people)
        self._named = self._names()
        self._renamed: dict[str, str] = {}

    def _names(self) -> set[tuple[Label, str]]:
        return {(m.label, self.text[m.start : m.end]) for m in self.mentions}

    def mention(self, claim: MentionClaim) -> bool:
        """Put a mention in, or strike it out; whether its words stand."""
        spans = [anchors.locate(self.text, claim.at)]
        if claim.everywhere:
            words = claim.at.words
            spans = [Span(at, at + len(words)) for at in anchors.occurrences(self.text, words)]
        found = [span for span in spans if span is not None]
        for span in found:
            if claim.label is None:
                self.mentions = [
                    m for m in self.mentions if m.start < span.start or m.end > span.end
                ]
            else:
                self._put(span, claim.label)
        if claim.was and claim.label and found:
            self._renamed[claim.was] = claim.at.words
        return bool(found)

    def _put(self, span: Span, label: Label) -> None:
        self.mentions = [m for m in self.mentions if m.end <= span.start or m.start >= span.end]
        words = self.text[slice(*span)]
        self.mentions.append(Mention(*span, label, 1.0, self._cluster(label, words)))

    def _cluster(self, label: Label, words: str) -> str:
        """The key of the mentions that mean the same: of one form, or the one fuller name of a person."""
        key = key_text(words)
        fuller = set()
        for mention in self.mentions:
            if mention.label is label and mention.entity is not None:
                form = key_text(self.text[mention.start : mention.end])
                if form == key:
                    return mention.entity
                if label is Label.PERSON and form.endswith(f" {key}"):
                    fuller.add(mention.entity)
        return fuller.pop() if len(fuller) == 1 else f"{label}:{exact(words)}"

    def follow_names(self) -> None:
        """Let records follow the mentions that claims renamed or struck out."""
        now = self._names()
        gone = self._named - now
        new = {
            old: words
            for old, words in self._renamed.items()
            if all(form != old for _, form in now)
        }

        def name(words: str | None) -> str | None:
            return None if words is None else new.get(words, words)

        self.awards = [
            one.model_copy(
                update={
                    "award": name(one.award),
                    "recipients": tuple(new.get(who, who) for who in one.recipients),
                    "conferrer": name(one.conferrer),
                    "for_model": name(one.for_model),
                }
            )
            for one in self.awards
        ]
        self.models = [
            one.model_copy(
                update={
                    "name": name(one.name),
                    "owner": name(one.owner),
                    "movement": name(one.movement),
                }
            )
            for one in self.models
            if one.name in new or (Label.MODEL, one.name) not in gone
        ]
        self.people = [
            one.model_copy(update={"name": name(one.name), "unit": name(one.unit)})
            for one in self.people
            if one.name in new or (Label.PERSON, one.name) not in gone
        ]

    def record(self, claim: RecordClaim) -> bool:
        """Add, change or remove a record; whether its words stand."""
        where = anchors.locate(self.text, claim.at)
        if where is None or (
            claim.value and not all(name in self.text for name in names_of(claim.value))
        ):
            return False
        match claim:
            case AwardClaim():
                made = self._made(claim, where, Conferment)
                self.awards = _settled(self.awards, claim, made)
                self._name(claim.value, Label.AWARD, where)
            case ModelClaim():
                run = self._made(claim, where, EmulationModel)
                self.models = _settled(self.models, claim, run)
                self._name(claim.value, Label.MODEL, where)
            case PersonClaim():
                held = self._made(claim, where, Position)
                self.people = _settled(self.people, claim, held)
                self._name(claim.value, Label.PERSON, where)
        return True

    def _made(self, claim: RecordClaim, where: Span, form: type[R]) -> R | None:
        if claim.value is None:
            return None
        evidence = anchors.sentence_at(self.text, where.start)
        if claim.evidence and (start := self.text.find(claim.evidence)) >= 0:
            evidence = Span(start, start + len(claim.evidence))
        return form(**claim.value.model_dump(), evidence=evidence)

    def _name(self, value: Value | None, label: Label, near: Span) -> None:
        """See to it that the name of a record is a mention."""
        if value is None or (label, name := names_of(value)[0]) in self._names():
            return
        sentence = anchors.sentence_at(self.text, near.start)
        places = anchors.occurrences(self.text, name, *sentence)
        at = (places or anchors.occurrences(self.text, name))[0]
        self._put(Span(at, at + len(name)), label)


def _settled(records: Sequence[R], claim: RecordClaim, made: R | None) -> list[R]:
    """The records with the claimed one in its place; what says the same already gives way to it."""
    old, value = claim.replaces, claim.value
    numbered = list(enumerate(records))
    meant = [n for n, one in numbered if old is not None and says(one, old)]
    meant = sorted(meant, key=lambda n: _apart(records[n], old))[:1]
    same = [n for n, one in numbered if value and says(one, value) and not _apart(one, value)]
    place = next(iter(meant or same), None)
    if made is None:
        return [one for n, one in numbered if n != place]
    if place is None:
        more = list(records)
        more.append(made)
        return sorted(more, key=lambda one: one.evidence)
    return [made if n == place else one for n, one in numbered if n == place or n not in same]


def says(record: Record, value: Value) -> bool:
    """Whether a record and a value are about the same: name, and for awards a recipient in common."""
    if isinstance(record, Conferment):
        if not isinstance(value, AwardValue) or award_key(record.award) != award_key(value.award):
            return False
        mine, theirs = set(map(key_text, record.recipients)), set(map(key_text, value.recipients))
        return mine == theirs or bool(mine & theirs)
    return not isinstance(value, AwardValue) and key_text(record.name) == key_text(value.name)


def _apart(record: Record, value: Value | None) -> bool:
    """Whether two conferments of one award to one recipient are by different bodies."""
    if not isinstance(record, Conferment) or not isinstance(value, AwardValue):
        return False
    one, other = record.conferrer, value.conferrer
    return bool(one and other and key_text(one) != key_text(other))

"""Which awards, models, positions and names an edit of an article changed.

Both versions as the extractor read them, before editors corrected anything. What the extractor read in
another way out of the same words is no change: a record counts if its sentence changed or one of its words
stands in one version only, a name if it stands in the text of one version only. A record that went and the
one most like it that came are one record that changed; likewise names of one kind that are spelled alike.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import product
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel

from diembao.records import Label
from diembao.vietnamese.folding import exact, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from diembao.records import Conferment, EmulationModel, Extraction, Position

T = TypeVar("T")

ALIKE = 0.6
"""How much of two names must agree, accents aside, for one to have become the other."""

LIKE = 1.0
"""The sum of such shares over the members of two records, for one to have become the other."""

FIELDS = {
    "award": ("award", "recipients", "conferrer", "for_model", "level", "date"),
    "model": ("name", "owner", "movement"),
    "person": ("name", "role"),
}
"""What of each kind of record is compared; the first gives it its name."""


class FieldChange(BaseModel):
    """A member of a record before and after the edit; None where it is not told."""

    field: str
    before: str | None
    after: str | None


class FactChange(BaseModel):
    """A record or a name that an edit added, removed or changed; `label` is the kind of a name."""

    kind: Literal["award", "model", "person", "name"]
    change: Literal["added", "removed", "changed"]
    name: str
    label: Label | None = None
    fields: list[FieldChange]


def fact_changes(old: Extraction, new: Extraction) -> list[FactChange]:
    """All of them: awards first, then models, positions, and names."""
    found = [*_records("award", old, new, old.awards, new.awards)]
    found += _records("model", old, new, old.models, new.models)
    found += _records("person", old, new, old.people, new.people)
    return [*found, *_names(old, new)]


def _records(
    kind: Literal["award", "model", "person"],
    old: Extraction,
    new: Extraction,
    before: Sequence[Conferment | EmulationModel | Position],
    after: Sequence[Conferment | EmulationModel | Position],
) -> Iterator[FactChange]:
    olds = [(_said(kind, one), old.text[slice(*one.evidence)]) for one in before]
    news = [(_said(kind, one), new.text[slice(*one.evidence)]) for one in after]
    said_before, said_after = [said for said, _ in olds], [said for said, _ in news]
    gone = [one for one in olds if one[0] not in said_after]
    come = [one for one in news if one[0] not in said_before]
    nothing: tuple[dict[str, str | None], str] = ({}, "")
    for was, now in _paired(gone, come, lambda a, b: _likeness(kind, a[0], b[0]), LIKE):
        (said_was, proof_was), (said_now, proof_now) = was or nothing, now or nothing
        fields = _differing(said_was, said_now)
        is_edited = proof_was not in new.text or proof_now not in old.text
        if is_edited or any(_moved(one, old.text, new.text) for one in fields):
            name = (said_now or said_was)[FIELDS[kind][0]] or ""
            yield FactChange(kind=kind, change=_change(was, now), name=name, fields=fields)


def _change(was: object, now: object) -> Literal["added", "removed", "changed"]:
    return "changed" if was and now else "added" if now else "removed"


def _said(kind: str, record: Conferment | EmulationModel | Position) -> dict[str, str | None]:
    """The members of a record as words."""
    told = record.model_dump(mode="json", include=set(FIELDS[kind]))
    return {
        field: "; ".join(told[field]) if isinstance(told[field], list) else told[field]
        for field in FIELDS[kind]
    }


def _differing(was: Mapping[str, str | None], now: Mapping[str, str | None]) -> list[FieldChange]:
    return [
        FieldChange(field=field, before=was.get(field), after=now.get(field))
        for field in (now or was)
        if (was.get(field) or None) != (now.get(field) or None)
    ]


def _moved(change: FieldChange, old: str, new: str) -> bool:
    """Whether words of a member stand in one version only."""
    went = any(part not in new for part in (change.before or "").split("; "))
    came = any(part not in old for part in (change.after or "").split("; "))
    in_words = change.field not in ("level", "date")
    return in_words and (went or came)


def _likeness(kind: str, was: Mapping[str, str | None], now: Mapping[str, str | None]) -> float:
    """How many members of two records agree; a share counts for names that are spelled alike."""
    return sum(
        _spelled_alike(was[field] or "", now[field] or "")
        for field in FIELDS[kind]
        if was[field] and now[field]
    )


def _names(old: Extraction, new: Extraction) -> Iterator[FactChange]:
    before, after = exact(old.text), exact(new.text)
    for label in Label:
        if label is Label.ROLE:  # a role is told with its person
            continue
        gone = [name for name in _forms(old, label) if exact(name) not in after]
        come = [name for name in _forms(new, label) if exact(name) not in before]
        for was, now in _paired(gone, come, _spelled_alike, ALIKE):
            yield FactChange(
                kind="name", change=_change(was, now), label=label, name=now or was or "",
                fields=[FieldChange(field="name", before=was, after=now)],
            )  # fmt: skip


def _forms(extraction: Extraction, label: Label) -> list[str]:
    """The names of a kind, each spelling once, in printed order."""
    forms = (
        extraction.text[one.start : one.end] for one in extraction.mentions if one.label is label
    )
    return list({exact(form): form for form in forms}.values())


def _spelled_alike(a: str, b: str) -> float:
    return SequenceMatcher(None, fold(a), fold(b)).ratio()


def _paired(
    gone: Sequence[T], come: Sequence[T], likeness: Callable[[T, T], float], least: float
) -> Iterator[tuple[T | None, T | None]]:
    """What became what, the most alike first; then what has no partner, in order."""
    scored = [
        (likeness(gone[a], come[b]), -a, -b) for a, b in product(range(len(gone)), range(len(come)))
    ]
    left_a, left_b = set(range(len(gone))), set(range(len(come)))
    for score, a, b in sorted(scored, reverse=True):
        if score >= least and -a in left_a and -b in left_b:
            left_a.remove(-a)
            left_b.remove(-b)
            yield gone[-a], come[-b]
    yield from ((gone[a], None) for a in sorted(left_a))
    yield from ((None, come[b]) for b in sorted(left_b))

"""Who plays which part in which record of an article: the records, told by the mentions they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert

from diembao.archive.schema import record_parts
from diembao.records import Label
from diembao.vietnamese.names import key_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from diembao.records import Extraction, Span

Told = tuple[str, str | None, tuple[Label, ...]]
_BEARERS = (Label.PERSON, Label.UNIT)


def save(connection: Connection, article_id: int, extraction: Extraction) -> None:
    """Keep the parts of an article's records, in place of those of an older extraction."""
    connection.execute(delete(record_parts).where(record_parts.c.article_id == article_id))
    rows = [{"article_id": article_id, **part} for part in _parts(extraction)]
    if rows:
        connection.execute(insert(record_parts), rows)


def _parts(extraction: Extraction) -> Iterator[dict[str, Any]]:
    places: dict[tuple[Label, str], list[int]] = {}
    for mention in extraction.mentions:
        form = key_text(extraction.text[mention.start : mention.end])
        places.setdefault((mention.label, form), []).append(mention.start)

    def where(words: str, labels: tuple[Label, ...], evidence: Span) -> int | None:
        """The mention of these words: in the evidence, else the first."""
        found = [at for label in labels for at in places.get((label, key_text(words)), ())]
        near = [at for at in found if evidence.start <= at < evidence.end]
        return next(iter(near or found), None)

    for kind, ordinal, evidence, told in _records(extraction):
        for number, (part, words, labels) in enumerate(told):
            if words:
                yield {
                    "kind": kind,
                    "ordinal": ordinal,
                    "number": number,
                    "part": part,
                    "start": where(words, labels, evidence),
                    "words": words,
                }


def _records(extraction: Extraction) -> Iterator[tuple[str, int, Span, list[Told]]]:
    for ordinal, award in enumerate(extraction.awards):
        recipients: list[Told] = [("recipient", one, _BEARERS) for one in award.recipients]
        told: list[Told] = [
            ("award", award.award, (Label.AWARD,)),
            *recipients,
            ("conferrer", award.conferrer, (Label.UNIT, Label.PERSON)),
            ("model", award.for_model, (Label.MODEL,)),
        ]
        yield "award", ordinal, award.evidence, told
    for ordinal, model in enumerate(extraction.models):
        told = [
            ("model", model.name, (Label.MODEL,)),
            ("owner", model.owner, (Label.UNIT, Label.PERSON)),
            ("movement", model.movement, (Label.MOVEMENT,)),
        ]
        yield "model", ordinal, model.evidence, told
    for ordinal, person in enumerate(extraction.people):
        told = [
            ("person", person.name, (Label.PERSON,)),
            ("role", person.role, ()),
            ("unit", person.unit, (Label.UNIT,)),
        ]
        yield "person", ordinal, person.evidence, told

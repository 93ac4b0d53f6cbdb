"""The life of an entity, from dated articles and their records, with the articles as proof.

- `first` and `last`: the articles that mention it first and last.
- `positions`: who held which position in which unit, from the first to the last dated article that says
  so; of a person, of a unit, or of the units that it was before the reform of 2025 and went into. An
  article that says somebody held one once (`nguyên`) tells of a position of that name.
- `runs`: which unit or person ran which model, in the same way.
- `received`, `given`: events of awards, of a model those that were for it.

Withdrawn articles tell nothing. At most MOST records are read, latest first; `is_whole` tells whether
these were all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from diembao.archive import registers
from diembao.archive.schema import articles, conferments, mentions, record_parts, sources
from diembao.entities.lineage import Lineage, lineage
from diembao.vietnamese.names import key_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.archive.registers import AwardRow

MOST = 20_000
SHOWN = 200
"""Events of awards at most, latest first."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An article that tells it, and where: `#person-0` on its page, or empty."""

    article_id: int
    title: str
    newspaper: str
    date: datetime
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A name as the articles mostly print it, and its entity where it is known."""

    name: str
    entity: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody (`who`) was `role` in, or ran (role None), `what`, from first to last proof."""

    who: Named
    role: str | None
    what: Named | None
    first: Proof
    last: Proof
    articles: int


@dataclass(frozen=True, slots=True)
class History:
    """The life of an entity. Spans by their first proof, events latest first."""

    first: Proof | None
    last: Proof | None
    positions: tuple[Span, ...]
    runs: tuple[Span, ...]
    received: tuple[AwardRow, ...]
    given: tuple[AwardRow, ...]
    lineage: Lineage
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """One record: the words and entity of each of its parts, and the article."""

    proof: Proof
    parts: dict[str, list[tuple[str, str | None]]]


def history(connection: Connection, entity_id: str) -> History:
    """The history of an entity. Raises NotFoundError."""
    entity_id = registers.entity(connection, entity_id).id
    kin = lineage(connection, entity_id)
    line = [entity_id, *(one.entity.id for one in kin.kin if one.entity)]
    held = _told(connection, line, "person", ("person", "unit"))
    ran = _told(connection, line, "model", ("model", "owner"))
    return History(
        first=_edge(connection, entity_id, earliest=True),
        last=_edge(connection, entity_id, earliest=False),
        positions=_spans(held, "person", "unit"),
        runs=_spans(ran, "owner", "model"),
        received=_events(connection, line, ("recipient", "model")),
        given=_events(connection, line, ("conferrer",)),
        lineage=kin,
        is_whole=len(held) < MOST and len(ran) < MOST,
    )


def positions(connection: Connection, people: Sequence[str]) -> dict[str, list[Span]]:
    """The positions of each of these people, from the first told of to the last."""
    found: dict[str, list[Span]] = {person: [] for person in people}
    for span in _spans(_told(connection, people, "person", ("person",)), "person", "unit"):
        if span.who.entity in found:
            found[span.who.entity].append(span)
    return found


def _edge(connection: Connection, entity_id: str, *, earliest: bool) -> Proof | None:
    ordered = (articles.c.date, articles.c.id)
    row = connection.execute(
        select(articles.c.id, articles.c.title, articles.c.date, sources.c.source)
        .join(mentions, mentions.c.article_id == articles.c.id)
        .join(sources, sources.c.name == articles.c.source)
        .where(mentions.c.entity_id == entity_id, articles.c.withdrawn_at.is_(None))
        .order_by(*(ordered if earliest else (column.desc() for column in ordered)))
        .limit(1)
    ).one_or_none()
    return row and Proof(row.id, row.title, row.source["title"], row.date)


def _records(entity_ids: Sequence[str], kind: str, parts: Iterable[str]) -> Any:
    """The records in which one of these entities plays one of these parts."""
    return (
        select(record_parts.c.article_id, record_parts.c.ordinal)
        .join(
            mentions,
            (mentions.c.article_id == record_parts.c.article_id)
            & (mentions.c.start == record_parts.c.start),
        )
        .join(articles, articles.c.id == record_parts.c.article_id)
        .where(
            mentions.c.entity_id.in_(entity_ids),
            record_parts.c.kind == kind,
            record_parts.c.part.in_(tuple(parts)),
            articles.c.withdrawn_at.is_(None),
        )
        .distinct()
    )


def _told(
    connection: Connection, entity_ids: Sequence[str], kind: str, parts: Iterable[str]
) -> list[_Told]:
    """These records with all their parts, oldest first."""
    chosen = _records(entity_ids, kind, parts).add_columns(articles.c.date)
    latest = chosen.order_by(articles.c.date.desc()).limit(MOST).subquery()
    rows = connection.execute(
        select(
            record_parts, mentions.c.entity_id, articles.c.title, articles.c.date, sources.c.source
        )
        .join(
            latest,
            (latest.c.article_id == record_parts.c.article_id)
            & (latest.c.ordinal == record_parts.c.ordinal),
        )
        .join(articles, articles.c.id == record_parts.c.article_id)
        .join(sources, sources.c.name == articles.c.source)
        .outerjoin(
            mentions,
            (mentions.c.article_id == record_parts.c.article_id)
            & (mentions.c.start == record_parts.c.start),
        )
        .where(record_parts.c.kind == kind)
        .order_by(articles.c.date, articles.c.id, record_parts.c.ordinal, record_parts.c.number)
    )
    found: dict[tuple[int, int], _Told] = {}
    for row in rows:
        place = (row.article_id, row.ordinal)
        if place not in found:
            anchor = f"{kind}-{row.ordinal}"
            proof = Proof(row.article_id, row.title, row.source["title"], row.date, anchor)
            found[place] = _Told(proof, {})
        found[place].parts.setdefault(row.part, []).append((row.words, row.entity_id))
    return list(found.values())


def _spans(told: Sequence[_Told], who: str, what: str) -> tuple[Span, ...]:
    """One span for each bearer, role and unit, however many articles tell it."""
    groups: dict[tuple[str, str, str], list[_Told]] = {}
    for one in told:
        if who in one.parts and ("role" in one.parts or what in one.parts):
            bearer, unit = one.parts[who][0], one.parts.get(what, [("", None)])[0]
            key = (_key(bearer), key_text(_role(one)), _key(unit))
            groups.setdefault(key, []).append(one)
    spans = []
    for group in groups.values():
        roles = Counter(_role(one) for one in group)
        role = min(roles, key=lambda words: (-roles[words], words))
        has_unit = what in group[0].parts
        spans.append(
            Span(
                who=_named([one.parts[who][0] for one in group]),
                role=role or None,
                what=_named([one.parts[what][0] for one in group]) if has_unit else None,
                first=group[0].proof,
                last=group[-1].proof,
                articles=len({one.proof.article_id for one in group}),
            )
        )
    return tuple(sorted(spans, key=lambda one: (one.first.date, one.who.name, one.role or "")))


def _key(part: tuple[str, str | None]) -> str:
    words, entity = part
    return entity or key_text(words)


def _role(told: _Told) -> str:
    """The office without the unit's name."""
    role = told.parts.get("role", [("", None)])[0][0]
    unit = told.parts.get("unit", [("", None)])[0][0]
    return role.replace(unit, "").strip(" ,") if unit else role


def _named(parts: Sequence[tuple[str, str | None]]) -> Named:
    words = Counter(name for name, _ in parts)
    name = min(words, key=lambda one: (-words[one], -len(one), one))
    return Named(name, parts[0][1])


def _events(
    connection: Connection,
    entity_ids: Sequence[str],
    parts: tuple[Literal["recipient", "model", "conferrer"], ...],
) -> tuple[AwardRow, ...]:
    records = _records(entity_ids, "award", parts).subquery()
    rows = connection.execute(
        select(conferments.c.event_id, func.max(conferments.c.date).label("date"))
        .join(
            records,
            (records.c.article_id == conferments.c.article_id)
            & (records.c.ordinal == conferments.c.ordinal),
        )
        .group_by(conferments.c.event_id)
        .order_by(func.max(conferments.c.date).desc(), conferments.c.event_id.desc())
        .limit(SHOWN)
    )
    return tuple(registers.awards_of(connection, [row.event_id for row in rows]))

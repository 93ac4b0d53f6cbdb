"""What page and API list out of the archive: award events, and entities by identifier.

A register is read by the page: `cursor` is what the page before gave, None for the first; the last
page gives None. All words of `text` must be there, accents aside. Days are those of Viet Nam and both
`since` and `until` are included. Withdrawn articles count nowhere.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import and_, func, or_, select

from diembao.archive import names
from diembao.archive.schema import (
    articles,
    award_events,
    conferments,
    entities,
    extractions,
    mentions,
    senses,
    sources,
)
from diembao.archived import Entity
from diembao.covering import cover_value
from diembao.errors import BadInputError, NotFoundError
from diembao.records import Conferment, Label, Level
from diembao.vietnamese.dates import midnight, midnight_after
from diembao.vietnamese.folding import fold
from diembao.vietnamese.names import counted, key_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

AT_ONCE = 500
"""Identifiers that one statement asks for."""

R = TypeVar("R")
V = TypeVar("V")
K = TypeVar("K", int, str)


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """One page of a register, and the number of rows on all pages."""

    rows: tuple[R, ...]
    cursor: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """An article that tells of something, its newspaper's printed name, and the sentence that proves it.

    The sentence is empty while a new version of the article has not been read.
    """

    article_id: int
    title: str
    url: str
    newspaper: str
    date: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class AwardRow:
    """An award event with what its reports say together, the fullest wording of each.

    Counted groups stand among the `recipients` after the names.
    """

    event_id: int
    date: datetime
    award: str
    level: Level | None
    recipients: tuple[str, ...]
    conferrer: str | None
    for_model: str | None
    reports: tuple[Report, ...]


def awards(
    connection: Connection,
    *,
    text: str | None = None,
    level: Level | None = None,
    since: date | None = None,
    until: date | None = None,
    is_ascending: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Listing[AwardRow]:
    """Award events, latest or earliest first. Raises BadInputError for a broken cursor."""
    told = (
        select(conferments.c.event_id)
        .join(articles, articles.c.id == conferments.c.article_id)
        .where(conferments.c.event_id == award_events.c.id, articles.c.withdrawn_at.is_(None))
    )
    query = select(award_events).where(told.exists())
    query = query.where(
        *having_words(award_events.c.words, text), *in_days(award_events.c.date, since, until)
    )
    if level is not None:
        query = query.where(award_events.c.level == level)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    place = (award_events.c.date, award_events.c.id)
    if cursor is not None:
        day, last = read_cursor(cursor, moment_of, row_number)
        after = operator.gt if is_ascending else operator.lt
        query = query.where(or_(after(place[0], day), and_(place[0] == day, after(place[1], last))))
    ordered = place if is_ascending else tuple(column.desc() for column in place)
    found = connection.execute(query.order_by(*ordered).limit(limit + 1)).all()
    rows = found[:limit]
    says = _told(connection, [row.id for row in rows])
    return Listing(
        tuple(_award_row(row, says[row.id]) for row in rows),
        f"{rows[-1].date.isoformat()}|{rows[-1].id}" if len(found) > limit else None,
        total,
    )


def awards_of(connection: Connection, event_ids: Sequence[int]) -> list[AwardRow]:
    """These award events, latest first."""
    rows = connection.execute(
        select(award_events)
        .where(award_events.c.id.in_(event_ids))
        .order_by(award_events.c.date.desc(), award_events.c.id.desc())
    ).all()
    says = _told(connection, [row.id for row in rows])
    return [_award_row(row, says[row.id]) for row in rows]


def _told(
    connection: Connection, event_ids: Sequence[int]
) -> dict[int, list[tuple[Report, Conferment]]]:
    found: dict[int, list[tuple[Report, Conferment]]] = {event_id: [] for event_id in event_ids}
    start, end = (conferments.c.conferment["evidence", at].as_integer() for at in (0, 1))
    sentence = func.substr(extractions.c.extraction["text"].as_string(), start + 1, end - start)
    hidden = names.standing(connection)
    rows = connection.execute(
        select(
            conferments.c.event_id,
            conferments.c.conferment,
            articles,
            sources.c.source.label("paper"),
            sentence.label("sentence"),
        )
        .join(articles, articles.c.id == conferments.c.article_id)
        .join(sources, sources.c.name == articles.c.source)
        .outerjoin(
            extractions,
            and_(
                extractions.c.article_id == articles.c.id,
                extractions.c.version == articles.c.version,
            ),
        )
        .where(conferments.c.event_id.in_(event_ids), articles.c.withdrawn_at.is_(None))
        .order_by(articles.c.date, articles.c.id, conferments.c.ordinal)
    )
    for row in rows:
        evidence = cover_value(row.sentence or "", hidden)
        report = Report(
            row.id, row.title, row.canonical_url, row.paper["title"], row.date, evidence
        )
        found[row.event_id].append((report, Conferment.model_validate(row.conferment)))
    return found


def _award_row(event: Row[Any], told: Sequence[tuple[Report, Conferment]]) -> AwardRow:
    says = [conferment for _, conferment in told]
    recipients: dict[str, str] = {}
    for conferment in says:
        for recipient in conferment.recipients:
            recipients.setdefault(key_text(recipient), recipient)
    return AwardRow(
        event_id=event.id,
        date=event.date,
        award=_fullest(c.award for c in says) or "",
        level=None if event.level is None else Level(event.level),
        recipients=tuple(sorted(recipients.values(), key=counted)),
        conferrer=_fullest(c.conferrer for c in says),
        for_model=_fullest(c.for_model for c in says),
        reports=tuple({report.article_id: report for report, _ in reversed(told)}.values())[::-1],
    )


def _fullest(wordings: Iterable[str | None]) -> str | None:
    return max(
        (words for words in wordings if words), key=lambda words: (len(words), words), default=None
    )


def entity(connection: Connection, entity_id: str) -> Entity:
    """One entity, also by an identifier that it had before. Raises NotFoundError."""
    now = connection.execute(
        select(senses.c.entity_id).where(senses.c.id == entity_id)
    ).scalar_one_or_none()
    found = entity_names(connection, [now or entity_id])
    if not found:
        raise NotFoundError(
            f"Không có mục {entity_id} trong kho; có thể nó đã được gộp hoặc tách "
            f"(no such entity: it may have been merged or split)."
        )
    return found[now or entity_id]


def present_ids(connection: Connection, entity_ids: Iterable[str]) -> dict[str, str]:
    """Those of the identifiers that entities have or had, each with the one that leads on now."""
    wanted = sorted(set(entity_ids))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        asked = senses.c.id.in_(wanted[start : start + AT_ONCE])
        rows = connection.execute(select(senses.c.id, senses.c.entity_id).where(asked))
        found |= {row.id: row.entity_id for row in rows}
    return found


def entity_names(connection: Connection, entity_ids: Iterable[str]) -> Mapping[str, Entity]:
    """The entities of those identifiers that are known."""
    wanted = sorted(set(entity_ids))
    rows = connection.execute(select(entities).where(entities.c.id.in_(wanted)))
    return {row.id: entity_of(row) for row in rows}


def co_mentions(
    connection: Connection, entity_id: str, limit: int = 20
) -> list[tuple[Entity, int]]:
    """The entities that stand in the same articles, with the number of these, most first."""
    beside = mentions.alias("beside")
    number = func.count(mentions.c.article_id.distinct())
    rows = connection.execute(
        select(entities, number.label("articles"))
        .join(mentions, mentions.c.entity_id == entities.c.id)
        .join(beside, beside.c.article_id == mentions.c.article_id)
        .join(articles, articles.c.id == mentions.c.article_id)
        .where(
            beside.c.entity_id == entity_id,
            entities.c.id != entity_id,
            articles.c.withdrawn_at.is_(None),
        )
        .group_by(entities.c.id)
        .order_by(number.desc(), entities.c.id)
        .limit(limit)
    )
    return [(entity_of(row), row.articles) for row in rows]


def co_mentioned_pairs(
    connection: Connection, entity_id: str, beside: Sequence[str]
) -> dict[tuple[str, str], int]:
    """Pairs of these entities that stand in one article with the first, with the number of articles."""
    here = (
        select(mentions.c.article_id)
        .join(articles, articles.c.id == mentions.c.article_id)
        .where(mentions.c.entity_id == entity_id, articles.c.withdrawn_at.is_(None))
        .distinct()
    )
    stand = (
        select(mentions.c.article_id, mentions.c.entity_id)
        .where(mentions.c.entity_id.in_(beside), mentions.c.article_id.in_(here))
        .distinct()
    )
    one, other = stand.subquery(), stand.subquery()
    rows = connection.execute(
        select(one.c.entity_id, other.c.entity_id.label("other"), func.count().label("articles"))
        .join(other, other.c.article_id == one.c.article_id)
        .where(one.c.entity_id < other.c.entity_id)
        .group_by(one.c.entity_id, other.c.entity_id)
    )
    return {(row.entity_id, row.other): row.articles for row in rows}


def entity_of(row: Row[Any]) -> Entity:
    """The entity of a row of its table."""
    return Entity(row.id, Label(row.label), row.name, tuple(row.aliases), row.province)


def having_words(column: ColumnElement[str], text: str | None) -> list[ColumnElement[bool]]:
    """That a folded column holds every word of a text."""
    return [column.contains(word, autoescape=True) for word in fold(text or "").split()]


def in_days(
    column: ColumnElement[datetime], since: date | None, until: date | None
) -> list[ColumnElement[bool]]:
    """That a moment lies in these days of Viet Nam, both included; None is open."""
    bounds = [] if since is None else [column >= midnight(since)]
    return bounds if until is None else [*bounds, column < midnight_after(until)]


def moment_of(written: str) -> datetime:
    """A moment in a cursor. Raises ValueError, also for one that is out of every calendar."""
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(written) from error


def row_number(written: str) -> int:
    """The number of a row in a cursor. Raises ValueError for one that no row can have."""
    number = int(written)
    if not 0 <= number < 2**31:
        raise ValueError(written)
    return number


def read_cursor(
    cursor: str, read_value: Callable[[str], V], read_id: Callable[[str], K]
) -> tuple[V, K]:
    """The value and identifier of the last row before. Raises BadInputError."""
    value, _, last = cursor.rpartition("|")
    try:
        return read_value(value), read_id(last)
    except ValueError as error:
        raise BadInputError(
            f"Con trỏ trang {cursor!r} không đọc được; hãy mở lại từ trang đầu (broken cursor)."
        ) from error

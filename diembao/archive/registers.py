"""What page and API list out of the archive: award events, models, people, units, entities.

A register is read by the page: `cursor` is what the page before gave, None for the first; the last
page gives None. All words of `text` must be there, accents aside. Days are those of Viet Nam and both
`since` and `until` are included. Withdrawn articles count nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select

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
from diembao.errors import BadInputError, NotFoundError
from diembao.records import Conferment, Extraction, Label, Level
from diembao.vietnamese.folding import fold
from diembao.vietnamese.names import counted, key_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

READ_FOR_DETAIL = 20
"""Latest mentions of a person or model in which its role or owner is looked for."""

R = TypeVar("R")
V = TypeVar("V")
K = TypeVar("K", int, str)


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """One page of a register."""

    rows: tuple[R, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """An article that tells of something, and its newspaper's printed name."""

    article_id: int
    title: str
    url: str
    newspaper: str
    date: datetime


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


@dataclass(frozen=True, slots=True)
class EntityRow:
    """A unit, person or model. `detail` is a person's latest role, a model's latest owner."""

    entity: Entity
    articles: int
    first_date: datetime
    last_date: datetime
    detail: str | None = None


def awards(
    connection: Connection,
    *,
    text: str | None = None,
    level: Level | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Listing[AwardRow]:
    """Award events, latest first. Raises BadInputError for a broken cursor."""
    told = (
        select(conferments.c.event_id)
        .join(articles, articles.c.id == conferments.c.article_id)
        .where(conferments.c.event_id == award_events.c.id, articles.c.withdrawn_at.is_(None))
    )
    query = select(award_events).where(told.exists())
    query = query.where(*_words(award_events.c.words, text))
    if level is not None:
        query = query.where(award_events.c.level == level)
    if since is not None:
        query = query.where(award_events.c.date >= _midnight(since))
    if until is not None:
        query = query.where(award_events.c.date < _midnight(until + timedelta(days=1)))
    if cursor is not None:
        day, last = _read_cursor(cursor, datetime.fromisoformat, int)
        query = query.where(
            or_(
                award_events.c.date < day,
                and_(award_events.c.date == day, award_events.c.id < last),
            )
        )
    found = connection.execute(
        query.order_by(award_events.c.date.desc(), award_events.c.id.desc()).limit(limit + 1)
    ).all()
    rows = found[:limit]
    says = _told(connection, [row.id for row in rows])
    return Listing(
        tuple(_award_row(row, says[row.id]) for row in rows),
        f"{rows[-1].date.isoformat()}|{rows[-1].id}" if len(found) > limit else None,
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
    rows = connection.execute(
        select(
            conferments.c.event_id,
            conferments.c.conferment,
            articles,
            sources.c.source.label("paper"),
        )
        .join(articles, articles.c.id == conferments.c.article_id)
        .join(sources, sources.c.name == articles.c.source)
        .where(conferments.c.event_id.in_(event_ids), articles.c.withdrawn_at.is_(None))
        .order_by(articles.c.date, articles.c.id, conferments.c.ordinal)
    )
    for row in rows:
        report = Report(row.id, row.title, row.canonical_url, row.paper["title"], row.date)
        found[row.event_id].append((report, Conferment.model_validate(row.conferment)))
    return found


def _award_row(event: Row[Any], told: Sequence[tuple[Report, Conferment]]) -> AwardRow:
    says = [conferment for _, conferment in told]
    names: dict[str, str] = {}
    for conferment in says:
        for recipient in conferment.recipients:
            names.setdefault(key_text(recipient), recipient)
    return AwardRow(
        event_id=event.id,
        date=event.date,
        award=_fullest(c.award for c in says) or "",
        level=None if event.level is None else Level(event.level),
        recipients=tuple(sorted(names.values(), key=counted)),
        conferrer=_fullest(c.conferrer for c in says),
        for_model=_fullest(c.for_model for c in says),
        reports=tuple({report.article_id: report for report, _ in told}.values()),
    )


def _fullest(wordings: Iterable[str | None]) -> str | None:
    return max(
        (words for words in wordings if words), key=lambda words: (len(words), words), default=None
    )


def models(
    connection: Connection, *, text: str | None = None, limit: int = 50, cursor: str | None = None
) -> Listing[EntityRow]:
    """Models and exemplars, those in most articles first, with their owners."""
    return _listing(connection, Label.MODEL, text, limit, cursor)


def people(
    connection: Connection, *, text: str | None = None, limit: int = 50, cursor: str | None = None
) -> Listing[EntityRow]:
    """People, those in most articles first, with their latest roles."""
    return _listing(connection, Label.PERSON, text, limit, cursor)


def units(
    connection: Connection, *, text: str | None = None, limit: int = 50, cursor: str | None = None
) -> Listing[EntityRow]:
    """Units, those in most articles first."""
    return _listing(connection, Label.UNIT, text, limit, cursor)


def _listing(
    connection: Connection, label: Label, text: str | None, limit: int, cursor: str | None
) -> Listing[EntityRow]:
    number = func.count(mentions.c.article_id.distinct())
    query = (
        select(
            entities,
            number.label("articles"),
            func.min(articles.c.date, type_=articles.c.date.type).label("first_date"),
            func.max(articles.c.date, type_=articles.c.date.type).label("last_date"),
        )
        .join(mentions, mentions.c.entity_id == entities.c.id)
        .join(articles, articles.c.id == mentions.c.article_id)
        .where(
            entities.c.label == label,
            articles.c.withdrawn_at.is_(None),
            *_words(entities.c.words, text),
        )
        .group_by(entities.c.id)
    )
    if cursor is not None:
        count, last = _read_cursor(cursor, int, str)
        query = query.having(or_(number < count, and_(number == count, entities.c.id > last)))
    found = connection.execute(query.order_by(number.desc(), entities.c.id).limit(limit + 1)).all()
    rows = found[:limit]
    details = _details(connection, label, [row.id for row in rows])
    return Listing(
        tuple(
            EntityRow(
                _entity(row), row.articles, row.first_date, row.last_date, details.get(row.id)
            )
            for row in rows
        ),
        f"{rows[-1].articles}|{rows[-1].id}" if len(found) > limit else None,
    )


def _details(connection: Connection, label: Label, entity_ids: Sequence[str]) -> dict[str, str]:
    """The latest role of each person, the latest owner of each model."""
    if label is Label.UNIT:
        return {}
    age = func.row_number().over(
        partition_by=mentions.c.entity_id, order_by=(articles.c.date.desc(), mentions.c.start)
    )
    latest = (
        select(mentions.c.entity_id, mentions.c.article_id, mentions.c.form, age.label("age"))
        .join(articles, articles.c.id == mentions.c.article_id)
        .where(mentions.c.entity_id.in_(entity_ids), articles.c.withdrawn_at.is_(None))
        .subquery()
    )
    rows = connection.execute(
        select(latest.c.entity_id, latest.c.form, extractions.c.extraction)
        .join(articles, articles.c.id == latest.c.article_id)
        .join(
            extractions,
            and_(
                extractions.c.article_id == articles.c.id,
                extractions.c.version == articles.c.version,
            ),
        )
        .where(latest.c.age <= READ_FOR_DETAIL)
        .order_by(latest.c.age.desc())
    )
    found: dict[str, str] = {}
    for row in rows:
        extraction = Extraction.model_validate(row.extraction)
        told = {person.name: person.role for person in extraction.people}
        if label is Label.MODEL:
            told = {model.name: model.owner for model in extraction.models}
        if detail := told.get(row.form):
            found[row.entity_id] = detail
    return found


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


def entity_names(connection: Connection, entity_ids: Iterable[str]) -> Mapping[str, Entity]:
    """The entities of those identifiers that are known."""
    wanted = sorted(set(entity_ids))
    rows = connection.execute(select(entities).where(entities.c.id.in_(wanted)))
    return {row.id: _entity(row) for row in rows}


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
    return [(_entity(row), row.articles) for row in rows]


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


def _entity(row: Row[Any]) -> Entity:
    return Entity(row.id, Label(row.label), row.name, tuple(row.aliases), row.province)


def _words(column: ColumnElement[str], text: str | None) -> list[ColumnElement[bool]]:
    return [column.contains(word, autoescape=True) for word in fold(text or "").split()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


def _read_cursor(
    cursor: str, read_value: Callable[[str], V], read_id: Callable[[str], K]
) -> tuple[V, K]:
    value, _, last = cursor.partition("|")
    try:
        return read_value(value), read_id(last)
    except ValueError as error:
        raise BadInputError(
            f"Con trỏ trang {cursor!r} không đọc được; hãy mở lại từ trang đầu (broken cursor)."
        ) from error

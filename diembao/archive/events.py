"""Award events: the conferments in the world that the articles' conferments speak of.

One event is all conferments of one award kind that share a recipient, by conferrers that agree, within
WINDOW of the first report: reprints, follow-ups and articles that name only some of the recipients.
A conferment whose article does not name the conferrer belongs to the only event it can mean, and is an
event of its own where there are two. Events do not depend on the order in which articles came: where
an article changes what is known of a name, the events of the other articles that bear it are formed
anew. Each keeps its identifier as articles join, and gives none to another.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from diembao.archive import jobs
from diembao.archive.components import identify, linked_groups
from diembao.archive.conferring import Facts, Named, agree, located, read, share_recipient
from diembao.archive.engine import RESOLUTION, lock
from diembao.archive.schema import (
    award_events,
    conferment_keys,
    conferments,
    entities,
    mentions,
    senses,
)
from diembao.records import Conferment, Extraction, Label
from diembao.vietnamese.dates import midnight
from diembao.vietnamese.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from diembao.entities import Resolved

WINDOW = timedelta(days=30)

Member = tuple[int, int]  # article and ordinal


@dataclass(frozen=True, slots=True)
class _Told:
    facts: Facts
    conferment: Conferment
    date: datetime
    event_id: int | None


def assign(
    connection: Connection, article_id: int, resolved: Resolved, date: datetime, now: datetime
) -> tuple[int, ...]:
    """The event of each of the awards of a resolved extraction, in their order.

    Takes the place of what an older version told. Other articles whose events change by that are
    filed for the index.
    """
    lock(connection, RESOLUTION)
    before = _stored(connection, {article_id})
    _replace(connection, article_id, resolved.extraction, date)
    told = _connected(connection, {article_id, *resolved.moved}, before.values())
    had = _handed_down(before, {m: one for m, one in told.items() if m[0] == article_id})
    found = _form(connection, told, had, now, article_id)
    _bury(connection, {one.event_id for one in (*told.values(), *before.values())})
    return tuple(found[article_id, ordinal] for ordinal in range(len(resolved.extraction.awards)))


def rejoin(connection: Connection, article_ids: Iterable[int], now: datetime) -> None:
    """Form anew the events of articles whose names have come to mean other entities."""
    lock(connection, RESOLUTION)
    told = _connected(connection, set(article_ids), ())
    _form(connection, told, {}, now, None)
    _bury(connection, {one.event_id for one in told.values()})


def _form(
    connection: Connection,
    told: Mapping[Member, _Told],
    handed_down: Mapping[Member, int | None],
    now: datetime,
    indexed: int | None,
) -> dict[Member, int]:
    """The event of every conferment; files articles for the index but `indexed`, which waits already."""

    def make() -> int:
        values = {"award_key": "", "date": now, "words": "", "created_at": now}
        new = insert(award_events).values(values).returning(award_events.c.id)
        return int(connection.execute(new).scalar_one())

    had = {member: one.event_id for member, one in told.items()} | dict(handed_down)
    found = identify(_events(told), had, make)
    for member, event_id in found.items():
        if told[member].event_id != event_id:
            connection.execute(
                update(conferments)
                .where(conferments.c.article_id == member[0], conferments.c.ordinal == member[1])
                .values(event_id=event_id)
            )
            if member[0] != indexed:
                jobs.add(connection, "index", str(member[0]), {}, now)
    _describe(connection, told, found)
    return found


def _replace(
    connection: Connection, article_id: int, extraction: Extraction, date: datetime
) -> None:
    connection.execute(delete(conferment_keys).where(conferment_keys.c.article_id == article_id))
    connection.execute(delete(conferments).where(conferments.c.article_id == article_id))
    if not extraction.awards:
        return
    named = _named(connection, {article_id}).get(article_id, [])
    for ordinal, conferment in enumerate(extraction.awards):
        facts = read(conferment, named, extraction.text[slice(*conferment.evidence)])
        connection.execute(
            insert(conferments).values(
                article_id=article_id,
                ordinal=ordinal,
                event_id=None,
                conferment=conferment.model_dump(mode="json"),
                facts=facts.dump(),
                date=_date(conferment, date),
            )
        )
        connection.execute(
            insert(conferment_keys),
            [{"key": key, "article_id": article_id, "ordinal": ordinal} for key in facts.keys],
        )


def _date(conferment: Conferment, published: datetime) -> datetime:
    if conferment.date is None:
        return published
    return midnight(conferment.date)


def _named(connection: Connection, article_ids: Collection[int]) -> dict[int, list[Named]]:
    rows = connection.execute(
        select(
            mentions.c.article_id, mentions.c.label, mentions.c.form, senses.c.key,
            entities.c.province,
        )
        .join(senses, senses.c.id == mentions.c.sense_id)
        .join(entities, entities.c.id == mentions.c.entity_id)
        .where(mentions.c.article_id.in_(sorted(article_ids)))
        .order_by(mentions.c.article_id, mentions.c.start)
    )  # fmt: skip
    found: dict[int, list[Named]] = {}
    for row in rows:
        name = Named(Label(row.label), row.form, row.key, row.province or "")
        found.setdefault(row.article_id, []).append(name)
    return found


def _stored(connection: Connection, article_ids: Collection[int]) -> dict[Member, _Told]:
    rows = connection.execute(
        select(conferments).where(conferments.c.article_id.in_(sorted(article_ids)))
    ).all()
    named = _named(connection, {row.article_id for row in rows})
    found = {}
    for row in rows:
        conferment = Conferment.model_validate(row.conferment)
        facts = located(Facts.load(row.facts), conferment, named.get(row.article_id, []))
        told = _Told(facts, conferment, row.date, row.event_id)
        found[row.article_id, row.ordinal] = told
    return found


def _connected(
    connection: Connection, article_ids: Collection[int], before: Iterable[_Told]
) -> dict[Member, _Told]:
    """All conferments that a chain of common keys, each within the window, leads to."""
    found = _stored(connection, article_ids)
    fresh = [*found.values(), *before]
    while fresh:
        dates = [one.date for one in fresh]
        keys = {key for one in fresh for key in one.facts.keys}
        rows = connection.execute(
            select(conferments.c.article_id, conferments.c.ordinal)
            .join(
                conferment_keys,
                (conferment_keys.c.article_id == conferments.c.article_id)
                & (conferment_keys.c.ordinal == conferments.c.ordinal),
            )
            .where(
                conferment_keys.c.key.in_(sorted(keys)),
                conferments.c.date.between(min(dates) - WINDOW, max(dates) + WINDOW),
            )
            .distinct()
        )
        new = {(row.article_id, row.ordinal) for row in rows} - found.keys()
        loaded = _stored(connection, {member[0] for member in new})
        found |= {member: loaded[member] for member in new}
        fresh = [loaded[member] for member in new]
    return found


def _handed_down(
    before: Mapping[Member, _Told], after: Mapping[Member, _Told]
) -> dict[Member, int | None]:
    """The event that each conferment of a new version had in the old one, wherever it stood."""
    left = dict(before)
    handed: dict[Member, int | None] = {}
    for is_same in (_share_key, _share_award):
        for member, new in after.items():
            same = [key for key, old in left.items() if is_same(old.facts, new.facts)]
            if member not in handed and same:
                handed[member] = left.pop(same[0]).event_id
    return handed


def _share_key(one: Facts, other: Facts) -> bool:
    return bool(one.keys.keys() & other.keys.keys())


def _share_award(one: Facts, other: Facts) -> bool:
    return one.award == other.award


def _events(told: Mapping[Member, _Told]) -> list[list[Member]]:
    def are_linked(one: Member, other: Member) -> bool:
        a, b = told[one], told[other]
        return (
            abs(a.date - b.date) <= WINDOW
            and agree(a.facts.conferrer, b.facts.conferrer)
            and share_recipient(a.facts, b.facts)
        )

    known = linked_groups((m for m, one in told.items() if one.facts.conferrer), are_linked)
    unknown = linked_groups((m for m, one in told.items() if not one.facts.conferrer), are_linked)
    joined: list[list[Member]] = [list(group) for group in known]
    for group in unknown:
        meant = [
            number
            for number, other in enumerate(known)
            if any(are_linked(one, two) for one in group for two in other)
        ]
        if len(meant) == 1:
            joined[meant[0]] += group
        else:
            joined.append(group)
    windows = [part for group in joined for part in _by_window(group, told)]
    return sorted(sorted(part) for part in windows)


def _by_window(group: list[Member], told: Mapping[Member, _Told]) -> list[list[Member]]:
    parts: list[list[Member]] = []
    for member in sorted(group, key=lambda m: (told[m].date, m)):
        if parts and told[member].date - told[parts[-1][0]].date <= WINDOW:
            parts[-1].append(member)
        else:
            parts.append([member])
    return parts


def _describe(
    connection: Connection, told: Mapping[Member, _Told], found: Mapping[Member, int]
) -> None:
    members: dict[int, list[_Told]] = {}
    for member in sorted(found):
        members.setdefault(found[member], []).append(told[member])
    for event_id, tellings in members.items():
        levels = Counter(one.conferment.level for one in tellings if one.conferment.level)
        words = {
            fold(text)
            for one in tellings
            for text in (
                one.conferment.award,
                *one.conferment.recipients,
                one.conferment.conferrer,
                one.conferment.for_model,
            )
            if text
        }
        connection.execute(
            update(award_events)
            .where(award_events.c.id == event_id)
            .values(
                award_key=tellings[0].facts.award,
                level=min(levels, key=lambda level: (-levels[level], level), default=None),
                date=min(one.date for one in tellings),
                words="\n".join(sorted(words)),
            )
        )


def _bury(connection: Connection, event_ids: set[int | None]) -> None:
    told = (
        select(conferments.c.event_id).where(conferments.c.event_id == award_events.c.id).exists()
    )
    connection.execute(delete(award_events).where(award_events.c.id.in_(event_ids - {None}), ~told))

"""What an editor looks at before deciding: entities of a like name, the mentions of one, what was decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from diembao import covering
from diembao.archive import names, registers
from diembao.archive.schema import (
    articles,
    entities,
    extractions,
    mentions,
    sense_forms,
    senses,
    sources,
)
from diembao.entities import deciding

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.archived import Entity
    from diembao.entities.deciding import Decision

AROUND = 120
"""Characters of the line that are shown on either side of a mention."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be the same as another, and in how many articles it stands."""

    entity: Entity
    articles: int


@dataclass(frozen=True, slots=True)
class Telling:
    """An article that mentions an entity, with the first mention in its line: before, name, after."""

    article_id: int
    title: str
    newspaper: str
    date: datetime
    before: str
    name: str
    after: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A standing decision, with the names of those that it speaks of and their entities of today."""

    decision: Decision
    names: tuple[tuple[str, str | None], ...]


def candidates(
    connection: Connection, entity: Entity, text: str, limit: int = 20
) -> list[Candidate]:
    """Other entities of its kind whose names hold all words of the text, those in most articles first."""
    number = func.count(mentions.c.article_id.distinct())
    rows = connection.execute(
        select(entities, number.label("articles"))
        .join(mentions, mentions.c.entity_id == entities.c.id)
        .where(entities.c.label == entity.label, entities.c.id != entity.id)
        .where(*registers.having_words(entities.c.words, text))
        .group_by(entities.c.id)
        .order_by(number.desc(), entities.c.id)
        .limit(limit)
    )
    return [Candidate(registers.entity_of(row), row.articles) for row in rows]


def tellings(
    connection: Connection, entity_id: str, offset: int = 0, limit: int = 50
) -> list[Telling]:
    """Articles that mention an entity, latest first."""
    first = (
        select(mentions.c.article_id, func.min(mentions.c.start).label("start"))
        .where(mentions.c.entity_id == entity_id)
        .group_by(mentions.c.article_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            articles.c.id,
            articles.c.title,
            articles.c.date,
            sources.c.source,
            mentions.c.start,
            mentions.c.end,
            extractions.c.extraction,
        )
        .join(first, first.c.article_id == articles.c.id)
        .join(
            mentions,
            (mentions.c.article_id == articles.c.id) & (mentions.c.start == first.c.start),
        )
        .join(
            extractions,
            (extractions.c.article_id == articles.c.id)
            & (extractions.c.version == articles.c.version),
        )
        .join(sources, sources.c.name == articles.c.source)
        .order_by(articles.c.date.desc(), articles.c.id)
        .offset(offset)
        .limit(limit)
    )
    found = []
    for row in rows:
        text = row.extraction["text"]
        before = text[: row.start].rpartition("\n")[2][-AROUND:]
        after = text[row.end :].partition("\n")[0][:AROUND]
        found.append(
            Telling(
                row.id, row.title, row.source["title"], row.date,
                before, text[row.start : row.end], after,
            )
        )  # fmt: skip
    return found


def decided(connection: Connection, entity_id: str) -> list[Decided]:
    """The standing decisions about an entity, oldest first."""
    own = connection.execute(select(senses).where(senses.c.entity_id == entity_id)).all()
    mine = {row.id for row in own}
    splits = {row.split for row in own if row.split is not None}
    found = deciding.speaking_of(connection, {row.key for row in own})
    about = {
        one.id: one
        for one in found
        if one.id in splits or mine & {sense.id for sense in one.senses}
    }
    about |= {one.id: one for one in deciding.load(connection, splits) if one.undone_at is None}
    withdrawn = names.standing(connection)

    def shown(text: str) -> str:
        return str(covering.cover_value(text, withdrawn))

    return [
        Decided(
            replace(one, reason=shown(one.reason)),
            tuple((shown(name), now) for name, now in _names(connection, one)),
        )
        for one in deciding.oldest_first(about.values())
    ]


def _names(connection: Connection, decision: Decision) -> tuple[tuple[str, str | None], ...]:
    """Of a merge the two names as printed; of a split who stayed and who went."""
    wanted = [sense.id for sense in decision.senses]
    forms = _forms(connection, wanted)
    rows = connection.execute(
        select(senses.c.id, senses.c.entity_id).where(senses.c.id.in_(wanted))
    )
    now = {row.id: row.entity_id for row in rows}
    if decision.kind == "merge":
        return tuple((forms.get(s.id, s.key), now.get(s.id)) for s in decision.senses[:2])
    stays = decision.senses[0]
    gone = connection.execute(
        select(senses.c.id, senses.c.entity_id)
        .where(senses.c.split == decision.id)
        .order_by(senses.c.id)
    ).all()
    went = _forms(connection, [row.id for row in gone[:1]])
    name = next(iter(went.values()), forms.get(stays.id, stays.key))
    return (
        (forms.get(stays.id, stays.key), now.get(stays.id)),
        (name, gone[0].entity_id if gone else None),
    )


def _forms(connection: Connection, sense_ids: Collection[str]) -> dict[str, str]:
    """The commonest written form of each sense."""
    rows = connection.execute(
        select(sense_forms.c.sense_id, sense_forms.c.form)
        .where(sense_forms.c.sense_id.in_(sense_ids))
        .order_by(sense_forms.c.articles, sense_forms.c.form)
    )
    return {row.sense_id: row.form for row in rows}

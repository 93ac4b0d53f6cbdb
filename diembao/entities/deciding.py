"""Editors' decisions about entities as the archive keeps them: two are one, or some are somebody else.

A decision speaks of senses (a name and what is told of its bearer) and of the names of single
articles, never of identifiers that change as articles come, so it can be replayed at every
resolution. A `merge` holds two senses that are one. A `split` holds the sense that stays, then the
senses that are somebody else wherever they stand, and the names (`clusters`) that are so in single
articles; all of these are one and the same somebody. Later splits may take out of earlier ones.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sqlalchemy import insert, select, update

from diembao.archive.schema import decision_clusters, decision_senses, decisions
from diembao.entities.senses import Sense
from diembao.records import Label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

Name = tuple[Label, str]

CHUNK = 500
"""Values that one statement compares with."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`clusters` are articles and the key of a name in each."""

    kind: Literal["merge", "split"]
    label: Label
    at: datetime
    actor: str
    reason: str
    senses: tuple[Sense, ...]
    clusters: tuple[tuple[int, str], ...] = ()
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def id(self) -> str:
        """The same for the same decision, in every archive."""
        told = (self.kind, self.at.isoformat(), *(sense.id for sense in self.senses))
        named = (f"{article_id}\t{key}" for article_id, key in sorted(self.clusters))
        digest = hashlib.blake2b("\x1f".join((*told, *named)).encode(), digest_size=8)
        return f"{self.kind}-{digest.hexdigest()}"

    @property
    def names(self) -> set[Name]:
        """The names that it speaks of."""
        keys = {sense.key for sense in self.senses} | {key for _, key in self.clusters}
        return {(self.label, key) for key in keys}


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The values in ascending order, so many as one statement compares with at a time."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def keep(connection: Connection, decision: Decision) -> None:
    """Write a decision down."""
    connection.execute(
        insert(decisions).values(
            id=decision.id,
            kind=decision.kind,
            label=decision.label,
            at=decision.at,
            actor=decision.actor,
            reason=decision.reason,
            undone_at=decision.undone_at,
            undone_by=decision.undone_by,
        )
    )
    connection.execute(
        insert(decision_senses),
        [
            {
                "decision_id": decision.id,
                "ordinal": ordinal,
                "sense_id": sense.id,
                "key": sense.key,
                "bearer": list(sense.bearer),
                "split": sense.split,
            }
            for ordinal, sense in enumerate(decision.senses)
        ],
    )
    if decision.clusters:
        connection.execute(
            insert(decision_clusters),
            [
                {"decision_id": decision.id, "article_id": article_id, "key": key}
                for article_id, key in decision.clusters
            ],
        )


def end(connection: Connection, decision_id: str, actor: str, now: datetime) -> None:
    """Undo a decision: it is kept, and holds no more."""
    connection.execute(
        update(decisions)
        .where(decisions.c.id == decision_id)
        .values(undone_at=now, undone_by=actor)
    )


def load(connection: Connection, decision_ids: Iterable[str]) -> list[Decision]:
    """The decisions of those identifiers, oldest first."""
    found: list[Decision] = []
    for chunk in chunks(set(decision_ids)):
        senses: dict[str, list[Sense]] = {}
        clusters: dict[str, list[tuple[int, str]]] = {}
        rows = connection.execute(select(decisions).where(decisions.c.id.in_(chunk))).all()
        of_label = {row.id: Label(row.label) for row in rows}
        column = decision_senses.c
        told = select(decision_senses).where(column.decision_id.in_(chunk))
        for row in connection.execute(told.order_by(column.decision_id, column.ordinal)):
            sense = Sense(of_label[row.decision_id], row.key, tuple(row.bearer), row.split)
            senses.setdefault(row.decision_id, []).append(sense)
        named = select(decision_clusters).where(decision_clusters.c.decision_id.in_(chunk))
        for row in connection.execute(named.order_by(decision_clusters.c.article_id)):
            clusters.setdefault(row.decision_id, []).append((row.article_id, row.key))
        found += [
            Decision(
                kind=row.kind,
                label=of_label[row.id],
                at=row.at,
                actor=row.actor,
                reason=row.reason,
                senses=tuple(senses[row.id]),
                clusters=tuple(clusters.get(row.id, ())),
                undone_at=row.undone_at,
                undone_by=row.undone_by,
            )
            for row in rows
        ]
    return oldest_first(found)


def oldest_first(found: Iterable[Decision]) -> list[Decision]:
    """Decisions in the order in which they were made."""
    return sorted(found, key=lambda decision: (decision.at, decision.id))


def speaking_of(connection: Connection, keys: Collection[str]) -> list[Decision]:
    """The standing decisions that name a sense of one of these keys, oldest first."""
    wanted: set[str] = set()
    for chunk in chunks(set(keys)):
        wanted |= set(
            connection.execute(
                select(decision_senses.c.decision_id)
                .join(decisions, decisions.c.id == decision_senses.c.decision_id)
                .where(decision_senses.c.key.in_(chunk), decisions.c.undone_at.is_(None))
            ).scalars()
        )
    return load(connection, wanted)


def splits_of(connection: Connection, article_id: int, keys: Collection[str]) -> list[Decision]:
    """The splits that may speak of an article with names of these keys, oldest first."""
    single = connection.execute(
        select(decision_clusters.c.decision_id)
        .join(decisions, decisions.c.id == decision_clusters.c.decision_id)
        .where(decision_clusters.c.article_id == article_id, decisions.c.undone_at.is_(None))
    ).scalars()
    found = {one.id: one for one in load(connection, set(single))}
    found |= {one.id: one for one in speaking_of(connection, keys) if one.kind == "split"}
    return oldest_first(found.values())


def after_splits(sense: Sense, article_id: int, splits: Sequence[Decision]) -> Sense:
    """The sense that a name of an article has under the splits, oldest first."""
    name = (article_id, sense.key)
    for split in splits:
        if split.label is not sense.label:
            continue
        if name in split.clusters or sense in split.senses[1:]:
            sense = replace(sense, split=split.id)
    return sense


def connected(
    connection: Connection, names: Iterable[Name], splits: Iterable[str] = ()
) -> tuple[set[Name], list[Decision]]:
    """All names that decisions connect with these, and these decisions, oldest first.

    `splits`: decisions that are known to have taken senses of these names out.
    """
    reached: set[Name] = set()
    found: dict[str, Decision] = {}
    fresh, tags = set(names), set(splits)
    while fresh or tags:
        reached |= fresh
        new = speaking_of(connection, {key for _, key in fresh}) if fresh else []
        new = [one for one in new if one.names & fresh] + load(connection, tags - found.keys())
        new = [one for one in new if one.id not in found and one.undone_at is None]
        found |= {one.id: one for one in new}
        fresh = {name for one in new for name in one.names} - reached
        tags = {s.split for one in new for s in one.senses if s.split} - found.keys()
    return reached, oldest_first(found.values())


def find(connection: Connection, decision_id: str) -> Decision | None:
    """One decision, undone or not."""
    return next(iter(load(connection, [decision_id])), None)


def of_split(connection: Connection, decision_id: str) -> list[Decision]:
    """The standing decisions that speak of whom a split took out."""
    named = connection.execute(
        select(decision_senses.c.decision_id)
        .join(decisions, decisions.c.id == decision_senses.c.decision_id)
        .where(
            decision_senses.c.split == decision_id,
            decisions.c.undone_at.is_(None),
        )
    ).scalars()
    return load(connection, set(named))

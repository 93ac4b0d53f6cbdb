"""Senses, their entities and the mentions that carry them, in the archive's tables.

All statements work on whole sets of names, so an article costs about a dozen of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from diembao.archive.engine import insert as insert_or
from diembao.archive.schema import entities, mentions, sense_forms, senses
from diembao.entities.deciding import Name, chunks, connected
from diembao.entities.naming import best_name
from diembao.entities.partition import partition
from diembao.entities.senses import Sense
from diembao.records import Label
from diembao.vietnamese.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from diembao.entities.deciding import Decision
    from diembao.records import Extraction


def forget(connection: Connection, article_id: int) -> set[Name]:
    """Take out an article's mentions; the names whose senses this may have ended."""
    rows = connection.execute(
        select(mentions.c.sense_id, mentions.c.form, senses.c.label, senses.c.key)
        .join(senses, senses.c.id == mentions.c.sense_id)
        .where(mentions.c.article_id == article_id)
        .distinct()
    ).all()
    if rows:
        connection.execute(
            update(sense_forms)
            .where(
                sense_forms.c.sense_id == bindparam("of_sense"),
                sense_forms.c.form == bindparam("written"),
            )
            .values(articles=sense_forms.c.articles - 1),
            [{"of_sense": row.sense_id, "written": row.form} for row in rows],
        )
        for chunk in chunks({row.sense_id for row in rows}):
            unwritten = sense_forms.c.sense_id.in_(chunk), sense_forms.c.articles <= 0
            connection.execute(delete(sense_forms).where(*unwritten))
    connection.execute(delete(mentions).where(mentions.c.article_id == article_id))
    return {(Label(row.label), row.key) for row in rows}


def remember(
    connection: Connection,
    article_id: int,
    extraction: Extraction,
    read: Mapping[int, Sense | None],
) -> set[Name]:
    """Write an article's mentions with their senses; the names of these."""
    found = {sense.id: sense for sense in read.values() if sense is not None}
    if found:
        _add(connection, found.values())
    linked: dict[str, str] = {}
    for chunk in chunks(found):
        rows = connection.execute(
            select(senses.c.id, senses.c.entity_id).where(senses.c.id.in_(chunk))
        )
        linked |= {row.id: row.entity_id for row in rows}
    values = []
    for mention in extraction.mentions:
        sense = read[mention.start]
        values.append(
            {
                "article_id": article_id,
                "start": mention.start,
                "end": mention.end,
                "label": mention.label,
                "form": extraction.text[mention.start : mention.end],
                "sense_id": sense and sense.id,
                "entity_id": sense and linked[sense.id],
            }
        )
    if values:
        connection.execute(insert(mentions), values)
    forms = sorted({(v["sense_id"], v["form"]) for v in values if v["sense_id"] is not None})
    if forms:
        statement = insert_or(connection, sense_forms)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["sense_id", "form"], set_={"articles": sense_forms.c.articles + 1}
            ),
            [{"sense_id": sense_id, "form": form, "articles": 1} for sense_id, form in forms],
        )
    return {(sense.label, sense.key) for sense in found.values()}


def _add(connection: Connection, new: Iterable[Sense]) -> None:
    ordered = sorted(new, key=lambda sense: sense.id)
    connection.execute(
        insert_or(connection, entities).on_conflict_do_nothing(index_elements=["id"]),
        [{"id": s.id, "label": s.label, "name": "", "aliases": [], "words": ""} for s in ordered],
    )
    connection.execute(
        insert_or(connection, senses).on_conflict_do_nothing(index_elements=["id"]),
        [
            {
                "id": s.id,
                "label": s.label,
                "key": s.key,
                "bearer": list(s.bearer),
                "split": s.split,
                "entity_id": s.id,
            }
            for s in ordered
        ],
    )


def regroup(connection: Connection, names: Iterable[Name]) -> set[int]:
    """Group the senses of these names anew; the articles whose mentions now mean another entity.

    Names that an editor's decision connects with these are grouped with them.
    """
    rows, decisions = connected_senses(connection, set(names))
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for chunk in chunks(row.id for row in rows):
        counted = select(sense_forms).where(sense_forms.c.sense_id.in_(chunk))
        for row in connection.execute(counted):
            forms[row.sense_id][row.form] = row.articles
    living = {sense_of(row): row.entity_id for row in rows if row.id in forms}
    found = partition(
        living,
        [(one.senses[0], one.senses[1]) for one in decisions if one.kind == "merge"],
        [(one.senses[0], one.id) for one in decisions if one.kind == "split"],
    )
    moved: set[int] = set()
    shown: dict[str, tuple[Sense, Counter[str]]] = {}
    for sense, entity_id in sorted(living.items(), key=lambda item: item[0].id):
        canonical = found.entities[sense]
        _, written = shown.setdefault(canonical.id, (canonical, Counter()))
        written.update(forms[sense.id])
        if entity_id != canonical.id:
            moved |= _move(connection, sense.id, canonical)
    _show(connection, shown, found.provinces)
    known = {row.id for row in rows}
    _bury(connection, known - set(forms), known - set(shown))
    return moved


def connected_senses(connection: Connection, names: set[Name]) -> tuple[list[Any], list[Decision]]:
    """The senses of these names and of those that decisions connect with them; these decisions."""
    rows = _rows(connection, names)
    while True:
        splits = {row.split for row in rows if row.split is not None}
        reached, decisions = connected(connection, names, splits)
        if reached == names:
            return rows, decisions
        rows += _rows(connection, reached - names)
        names = reached


def _rows(connection: Connection, names: Iterable[Name]) -> list[Any]:
    """The senses of these names."""
    wanted = set(names)
    found = []
    for chunk in chunks({key for _, key in wanted}):
        for row in connection.execute(select(senses).where(senses.c.key.in_(chunk))):
            if (Label(row.label), row.key) in wanted:
                found.append(row)
    return found


def sense_of(row: Any) -> Sense:
    """The sense that a row of the table `senses` holds."""
    return Sense(Label(row.label), row.key, tuple(row.bearer), row.split)


def _move(connection: Connection, sense_id: str, canonical: Sense) -> set[int]:
    _add(connection, [canonical])
    connection.execute(update(senses).where(senses.c.id == sense_id).values(entity_id=canonical.id))
    of_sense = mentions.c.sense_id == sense_id
    connection.execute(update(mentions).where(of_sense).values(entity_id=canonical.id))
    return set(
        connection.execute(select(mentions.c.article_id).where(of_sense).distinct()).scalars()
    )


def _show(
    connection: Connection,
    shown: Mapping[str, tuple[Sense, Counter[str]]],
    provinces: Mapping[Sense, str | None],
) -> None:
    known = {}
    for chunk in chunks(shown):
        for row in connection.execute(select(entities).where(entities.c.id.in_(chunk))):
            known[row.id] = (row.name, tuple(row.aliases), row.province)
    changed = []
    for entity_id, (canonical, written) in shown.items():
        name, aliases = best_name(canonical.label, written)
        province = provinces[canonical]
        if known[entity_id] != (name, aliases, province):
            changed.append(
                {
                    "wanted": entity_id,
                    "name": name,
                    "aliases": list(aliases),
                    "words": fold("\n".join((name, *aliases))),
                    "province": province,
                }
            )
    if changed:
        connection.execute(update(entities).where(entities.c.id == bindparam("wanted")), changed)


def _bury(connection: Connection, dead: set[str], unshown: set[str]) -> None:
    """Take out senses that no article has, and entities that no sense means."""
    for chunk in chunks(dead):
        connection.execute(delete(senses).where(senses.c.id.in_(chunk)))
    for chunk in chunks(unshown):
        meant = select(senses.c.entity_id).where(senses.c.entity_id == entities.c.id).exists()
        connection.execute(delete(entities).where(entities.c.id.in_(chunk), ~meant))

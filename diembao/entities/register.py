"""Senses, their entities and the mentions that carry them, in the archive's tables.

All statements work on whole sets of names, so an article costs about a dozen of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from diembao.archive.engine import insert as insert_or
from diembao.archive.schema import entities, mentions, sense_forms, senses
from diembao.entities.grouping import group
from diembao.entities.naming import best_name
from diembao.entities.senses import Sense, province_of
from diembao.records import Label
from diembao.vietnamese.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from diembao.records import Extraction

Name = tuple[Label, str]

CHUNK = 500
"""Values that one statement compares with."""


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


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
        for chunk in _chunks({row.sense_id for row in rows}):
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
    for chunk in _chunks(found):
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
                "entity_id": s.id,
            }
            for s in ordered
        ],
    )


def regroup(connection: Connection, names: Iterable[Name]) -> set[int]:
    """Group the senses of these names anew; the articles whose mentions now mean another entity."""
    wanted = set(names)
    by_name: dict[Name, list[Any]] = defaultdict(list)
    for chunk in _chunks({key for _, key in wanted}):
        for row in connection.execute(select(senses).where(senses.c.key.in_(chunk))):
            if (Label(row.label), row.key) in wanted:
                by_name[Label(row.label), row.key].append(row)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for chunk in _chunks(row.id for rows in by_name.values() for row in rows):
        counted = select(sense_forms).where(sense_forms.c.sense_id.in_(chunk))
        for row in connection.execute(counted):
            forms[row.sense_id][row.form] = row.articles
    moved: set[int] = set()
    shown: dict[str, tuple[Sense, Counter[str]]] = {}
    dead: set[str] = set()
    for (label, key), rows in sorted(by_name.items()):
        living = [row for row in rows if row.id in forms]
        dead |= {row.id for row in rows if row.id not in forms}
        grouped = group(label, (tuple(row.bearer) for row in living))
        for row in living:
            canonical = Sense(label, key, grouped[tuple(row.bearer)])
            _, written = shown.setdefault(canonical.id, (canonical, Counter()))
            written.update(forms[row.id])
            if row.entity_id != canonical.id:
                moved |= _move(connection, row.id, canonical)
    _show(connection, shown)
    _bury(connection, dead, {row.id for rows in by_name.values() for row in rows} - set(shown))
    return moved


def _move(connection: Connection, sense_id: str, canonical: Sense) -> set[int]:
    _add(connection, [canonical])
    connection.execute(update(senses).where(senses.c.id == sense_id).values(entity_id=canonical.id))
    of_sense = mentions.c.sense_id == sense_id
    connection.execute(update(mentions).where(of_sense).values(entity_id=canonical.id))
    return set(
        connection.execute(select(mentions.c.article_id).where(of_sense).distinct()).scalars()
    )


def _show(connection: Connection, shown: Mapping[str, tuple[Sense, Counter[str]]]) -> None:
    known = {}
    for chunk in _chunks(shown):
        for row in connection.execute(select(entities).where(entities.c.id.in_(chunk))):
            known[row.id] = (row.name, tuple(row.aliases), row.province)
    changed = []
    for entity_id, (canonical, written) in shown.items():
        name, aliases = best_name(canonical.label, written)
        province = province_of(canonical)
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
    for chunk in _chunks(dead):
        connection.execute(delete(senses).where(senses.c.id.in_(chunk)))
    for chunk in _chunks(unshown):
        meant = select(senses.c.entity_id).where(senses.c.entity_id == entities.c.id).exists()
        connection.execute(delete(entities).where(entities.c.id.in_(chunk), ~meant))

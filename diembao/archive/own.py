"""What is one's own: tags and a note on an article, the dossiers that hold it, and past searches.

`owner` is the number of a user, or OFFICE where nobody has an account. Tags and dossiers of one owner are
equal whatever their case, normal form and seat of the tone mark; the spelling used first stays. Withdrawn
articles are in no list. Tags that a newspaper printed are the article's, not these.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, or_, select, update

from diembao.archive.engine import upsert
from diembao.archive.registers import Listing, in_days, moment_of, read_cursor, row_number
from diembao.archive.schema import (
    articles,
    dossier_articles,
    dossiers,
    notes,
    own_tags,
    past_searches,
)
from diembao.errors import BadInputError
from diembao.vietnamese.folding import exact, nfc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection

OFFICE = 0

LONGEST = 100
"""Characters of a tag or of a dossier's name."""

LONGEST_NOTE = 20_000
MOST_TAGS = 50
"""Tags of an article."""


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and the number of articles that carry it."""

    tag: str
    articles: int


def plain(text: str) -> str:
    """The text without what no database takes: control characters and halves of letters."""
    return "".join(
        one for one in nfc(text) if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")
    )


def key_of(name: str) -> str:
    """The form in which spellings of a name are equal."""
    return exact(" ".join(plain(name).split()))


def tidy(name: str, what: str) -> str:
    """A name as it is kept. Raises BadInputError for none, or one that is too long."""
    tidied = " ".join(plain(name).split())
    if not tidied or len(tidied) > LONGEST:
        raise BadInputError(
            f"{what} dài 1 đến {LONGEST} ký tự (it must have 1 to {LONGEST} characters)."
        )
    return tidied


def tags_of(connection: Connection, owner: int, article_ids: Sequence[int]) -> dict[int, list[str]]:
    """The owner's tags of these articles."""
    column = own_tags.c
    rows = connection.execute(
        select(column.article_id, column.tag)
        .where(column.owner == owner, column.article_id.in_(article_ids))
        .order_by(column.key)
    )
    found: dict[int, list[str]] = {article_id: [] for article_id in article_ids}
    for article_id, tag in rows:
        found[article_id].append(tag)
    return found


def set_tags(connection: Connection, owner: int, article_id: int, tags: Sequence[str]) -> None:
    """Give an article these tags and no others. Raises BadInputError."""
    wanted = {key_of(one): tidy(one, "Nhãn") for one in reversed(tags)}
    if len(wanted) > MOST_TAGS:
        raise BadInputError(f"Một bài có tối đa {MOST_TAGS} nhãn (too many tags).")
    column = own_tags.c
    kept_as = connection.execute(
        select(column.key, func.min(column.tag))
        .where(column.owner == owner, column.key.in_(wanted))
        .group_by(column.key)
    )
    known = {key: tag for key, tag in kept_as}  # noqa: C416
    connection.execute(
        delete(own_tags).where(column.owner == owner, column.article_id == article_id)
    )
    rows = [
        {"owner": owner, "key": key, "article_id": article_id, "tag": known.get(key, tag)}
        for key, tag in wanted.items()
    ]
    if rows:
        connection.execute(insert(own_tags), rows)


def tags(connection: Connection, owner: int) -> list[TagCount]:
    """The owner's tags in their order."""
    column = own_tags.c
    rows = connection.execute(
        select(func.min(column.tag), func.count())
        .join(articles, articles.c.id == column.article_id)
        .where(column.owner == owner, articles.c.withdrawn_at.is_(None))
        .group_by(column.key)
        .order_by(column.key)
    )
    return [TagCount(tag, count) for tag, count in rows]


def notes_of(connection: Connection, owner: int, article_ids: Sequence[int]) -> dict[int, str]:
    """The owner's notes on these articles."""
    column = notes.c
    rows = connection.execute(
        select(column.article_id, column.text).where(
            column.owner == owner, column.article_id.in_(article_ids)
        )
    )
    return {article_id: text for article_id, text in rows}  # noqa: C416


def set_note(connection: Connection, owner: int, article_id: int, text: str, now: datetime) -> None:
    """Write the note on an article; an empty one takes it away. Raises BadInputError."""
    kept = plain(text).strip()
    if len(kept) > LONGEST_NOTE:
        raise BadInputError(f"Ghi chú dài tối đa {LONGEST_NOTE} ký tự (the note is too long).")
    if not kept:
        connection.execute(
            delete(notes).where(notes.c.owner == owner, notes.c.article_id == article_id)
        )
    elif notes_of(connection, owner, [article_id]).get(article_id) != kept:
        row = {"owner": owner, "article_id": article_id, "text": kept, "changed_at": now}
        upsert(connection, notes, row, renewed=("text", "changed_at"))


def kept(
    connection: Connection,
    owner: int,
    *,
    tag: str | None = None,
    dossier: int | None = None,
    is_noted: bool = False,
    since: date | None = None,
    until: date | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Listing[int]:
    """Numbers of the articles of which all that is asked holds, newest first.

    Without any condition: all that carry a tag or a note or lie in a dossier. Raises BadInputError for a
    broken cursor.
    """
    column = articles.c
    carries = select(own_tags.c.article_id).where(own_tags.c.owner == owner)
    holds = (
        select(dossier_articles.c.article_id)
        .join(dossiers, dossiers.c.id == dossier_articles.c.dossier_id)
        .where(dossiers.c.owner == owner)
    )
    tells = select(notes.c.article_id).where(notes.c.owner == owner)
    wanted: list[ColumnElement[bool]] = []
    if tag is not None:
        wanted.append(column.id.in_(carries.where(own_tags.c.key == key_of(tag))))
    if dossier is not None:
        wanted.append(column.id.in_(holds.where(dossiers.c.id == dossier)))
    if is_noted:
        wanted.append(column.id.in_(tells))
    anything = or_(column.id.in_(carries), column.id.in_(holds), column.id.in_(tells))
    query = select(column.id, column.date).where(
        column.withdrawn_at.is_(None),
        *(wanted or [anything]),
        *in_days(column.date, since, until),
    )
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    if cursor is not None:
        at, last = read_cursor(cursor, moment_of, row_number)
        query = query.where(or_(column.date < at, and_(column.date == at, column.id < last)))
    found = connection.execute(
        query.order_by(column.date.desc(), column.id.desc()).limit(limit + 1)
    ).all()
    rows = found[:limit]
    following = f"{rows[-1].date.isoformat()}|{rows[-1].id}" if len(found) > limit else None
    return Listing(tuple(row.id for row in rows), following, total)


def period(connection: Connection, owner: int, dossier_id: int) -> tuple[datetime, datetime] | None:
    """When the first and the last article of a dossier were published; None for an empty one."""
    first, last = connection.execute(
        select(func.min(articles.c.date), func.max(articles.c.date))
        .join(dossier_articles, dossier_articles.c.article_id == articles.c.id)
        .join(dossiers, dossiers.c.id == dossier_articles.c.dossier_id)
        .where(
            dossiers.c.owner == owner,
            dossiers.c.id == dossier_id,
            articles.c.withdrawn_at.is_(None),
        )
    ).one()
    return None if first is None else (first, last)


def take_over(connection: Connection, owner: int) -> None:
    """Make what the office kept the owner's, who keeps nothing yet."""
    for table in (own_tags, notes, dossiers, past_searches):
        connection.execute(update(table).where(table.c.owner == OFFICE).values(owner=owner))


def forget(connection: Connection, owner: int) -> None:
    """Take away all that is the owner's."""
    theirs = select(dossiers.c.id).where(dossiers.c.owner == owner)
    connection.execute(delete(dossier_articles).where(dossier_articles.c.dossier_id.in_(theirs)))
    for table in (own_tags, notes, dossiers, past_searches):
        connection.execute(delete(table).where(table.c.owner == owner))

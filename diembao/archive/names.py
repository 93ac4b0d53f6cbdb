"""Names of people that an administrator withdrew: shown nowhere, whatever is read again.

Every article is covered on its way out of the archive (`diembao.covering`), so extraction, index,
registers, exports and feeds never see the name; the archive itself keeps what was printed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import String, cast, insert, or_, select, update

from diembao import covering
from diembao.archive.schema import versions, withdrawn_names
from diembao.errors import BadInputError, NotFoundError
from diembao.vietnamese.folding import exact, fold, nfc

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

NARROWING = 2
"""Syllables of a name by which the archive is searched, before its texts are read."""
_MOVABLE = re.compile(r"(oa|oe|uy)$")
"""How a syllable ends whose tone mark is written in two places."""
_STANDING = (
    select(withdrawn_names.c.name)
    .where(withdrawn_names.c.restored_at.is_(None))
    .order_by(withdrawn_names.c.id)
)


class Name(NamedTuple):
    """A withdrawn name; its number is what the audit trail calls it."""

    id: int
    name: str
    at: datetime


def standing(connection: Connection) -> tuple[str, ...]:
    """The names that are withdrawn now."""
    return tuple(connection.execute(_STANDING).scalars())


def withdrawn(connection: Connection) -> list[Name]:
    """The same with number and time, the latest last."""
    column = withdrawn_names.c
    rows = connection.execute(
        select(column.id, column.name, column.at)
        .where(column.restored_at.is_(None))
        .order_by(column.id)
    )
    return [Name(*row) for row in rows]


def add(connection: Connection, name: str, now: datetime) -> int:
    """Withdraw a name; its number.

    Raises BadInputError for one word alone, and for a name that is withdrawn already.
    """
    wanted = " ".join(nfc(name).split())
    if len(wanted.split()) < 2:
        raise BadInputError(
            "Hãy viết họ tên đầy đủ; một chữ thì che cả người khác (give the full name)."
        )
    if any(exact(one) == exact(wanted) for one in standing(connection)):
        raise BadInputError("Tên này đã được gỡ (the name is withdrawn already).")
    added = insert(withdrawn_names).returning(withdrawn_names.c.id)
    return int(connection.execute(added, {"name": wanted, "at": now}).scalar_one())


def restore(connection: Connection, name: str, now: datetime) -> int:
    """Show a name again; its number. Raises NotFoundError where it is not withdrawn."""
    wanted = exact(" ".join(nfc(name).split()))
    found = next((one for one in withdrawn(connection) if exact(one.name) == wanted), None)
    if found is None:
        raise NotFoundError(f"Tên {name} không bị gỡ (the name is not withdrawn).")
    connection.execute(
        update(withdrawn_names).where(withdrawn_names.c.id == found.id).values(restored_at=now)
    )
    return found.id


def articles_with(connection: Connection, name: str) -> list[int]:
    """Numbers of the articles that hold a name in any of their versions."""
    written = cast(versions.c.article, String)
    wanted = select(versions.c.article_id, written)
    plain = [
        one
        for one in nfc(name).split()
        if not _MOVABLE.search(fold(one)) and "đ" not in one.lower()
    ]
    for syllable in sorted(plain, key=len, reverse=True)[:NARROWING]:
        cases = (str.upper, str.lower, str.title)
        forms = sorted({case(form) for form in (syllable, fold(syllable)) for case in cases})
        wanted = wanted.where(
            or_(*(written.contains(_escaped(form), autoescape=True) for form in forms))
        )
    rows = connection.execute(wanted)
    return sorted({row[0] for row in rows if covering.holds(nfc(_unescaped(row[1])), name)})


def _escaped(text: str) -> str:
    """As the JSON of the archive writes letters."""
    return text.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")


def _unescaped(text: str) -> str:
    letters = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return letters.replace("\\n", "\n")

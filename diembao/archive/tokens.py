"""Tokens that a receiver gives in a chain: each renewal is paid with the last and gives the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from diembao.archive.engine import insert
from diembao.archive.schema import tokens

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Token:
    """`access` is shown to the receiver until `expires_at`; `refresh` pays for the next."""

    access: str | None
    refresh: str
    expires_at: datetime | None


def find(connection: Connection, name: str, given: str) -> Token | None:
    """The token of that name, if its chain began with that `given`."""
    row = connection.execute(
        select(tokens).where(tokens.c.name == name, tokens.c.given == given)
    ).one_or_none()
    return None if row is None else Token(row.access, row.refresh, row.expires_at)


def begin(connection: Connection, name: str, given: str, first: str) -> Token:
    """The token of that name, begun anew with `first` if its chain began with another `given`."""
    fresh = {
        "given": given,
        "refresh": first,
        "access": None,
        "expires_at": None,
        "leased_until": None,
    }
    connection.execute(
        insert(connection, tokens)
        .values(name=name, **fresh)
        .on_conflict_do_update(index_elements=["name"], set_=fresh, where=tokens.c.given != given)
    )
    found = find(connection, name, given)
    assert found
    return found


def lease(connection: Connection, name: str, now: datetime, seconds: float) -> Token | None:
    """The token, to be renewed by the caller alone for so long; None while another renews it."""
    row = connection.execute(
        update(tokens)
        .where(
            tokens.c.name == name,
            or_(tokens.c.leased_until.is_(None), tokens.c.leased_until <= now),
        )
        .values(leased_until=now + timedelta(seconds=seconds))
        .returning(tokens)
    ).one_or_none()
    return None if row is None else Token(row.access, row.refresh, row.expires_at)


def keep(
    connection: Connection, name: str, access: str, refresh: str, expires_at: datetime
) -> None:
    """Write down what a renewal gave, and end its lease."""
    connection.execute(
        update(tokens)
        .where(tokens.c.name == name)
        .values(access=access, refresh=refresh, expires_at=expires_at, leased_until=None)
    )


def release(connection: Connection, name: str) -> None:
    """End a lease without a renewal."""
    connection.execute(update(tokens).where(tokens.c.name == name).values(leased_until=None))

"""Accounts of the office, their roles, passwords, tokens and sessions.

While there is no account nobody signs in and whoever reaches the page may do everything. The first account
takes over what was kept before (tags, notes, dossiers, past searches). Passwords are kept as Argon2
digests, tokens and sessions as SHA-256 of random ones. Names are equal whatever their case and normal form.
A new password ends all sessions. Every change of an account stands in the audit trail.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, func, insert, select, update

from diembao.archive import audit, own
from diembao.archive.schema import sessions
from diembao.archive.schema import users as table
from diembao.errors import BadInputError, ConflictError, NotFoundError
from diembao.vietnamese.folding import nfc

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

LONGEST_NAME = 64
SHORTEST, LONGEST = 10, 200
"""Characters of a password."""

SESSION = timedelta(days=14)
"""After so long a browser has to sign in again."""


class Role(StrEnum):
    """What somebody may do: read and keep what is their own; correct too; run the service too."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Whether it allows what the other allows."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: int
    name: str
    role: Role
    created_at: datetime


def exist(connection: Connection) -> bool:
    """Whether anybody has an account."""
    return connection.execute(select(table.c.id).limit(1)).first() is not None


def everyone(connection: Connection) -> list[User]:
    """All accounts by name."""
    return [_user(row) for row in connection.execute(_wanted().order_by(table.c.key))]


def named(connection: Connection, name: str) -> User:
    """An account. Raises NotFoundError."""
    row = connection.execute(_wanted().where(table.c.key == own.key_of(name))).first()
    if row is None:
        raise NotFoundError(
            f"Không có tài khoản “{name}”; xem diembao user list (no such account)."
        )
    return _user(row)


def add(
    connection: Connection, name: str, role: Role, password: str, by: str, now: datetime
) -> User:
    """A new account. Raises BadInputError for a name or password that will not do, ConflictError for a taken name."""
    name = " ".join(own.plain(name).split())
    if not name or len(name) > LONGEST_NAME or ":" in name:
        raise BadInputError(
            f"Tên tài khoản dài 1 đến {LONGEST_NAME} ký tự, không có dấu hai chấm (choose another name)."
        )
    digest = _digest_of(password)
    is_first = not exist(connection)
    if connection.execute(select(table.c.id).where(table.c.key == own.key_of(name))).first():
        raise ConflictError(f"Đã có tài khoản “{name}”; hãy chọn tên khác (the name is taken).")
    added = insert(table).returning(table.c.id)
    number = connection.execute(
        added,
        {
            "name": name,
            "key": own.key_of(name),
            "role": role,
            "password": digest,
            "created_at": now,
        },
    ).scalar_one()
    if is_first:
        own.take_over(connection, number)
    _record(connection, "user_add", name, role, by, now)
    return User(number, name, role, now)


def remove(connection: Connection, user: User, by: str, now: datetime) -> None:
    """End an account, with the tags, notes, dossiers and past searches that are its own."""
    own.forget(connection, user.id)
    connection.execute(delete(sessions).where(sessions.c.user_id == user.id))
    connection.execute(delete(table).where(table.c.id == user.id))
    _record(connection, "user_remove", user.name, "", by, now)


def set_role(connection: Connection, user: User, role: Role, by: str, now: datetime) -> None:
    """Let the account do more or less."""
    connection.execute(update(table).where(table.c.id == user.id).values(role=role))
    _record(connection, "user_role", user.name, role, by, now)


def set_password(connection: Connection, user: User, password: str, by: str, now: datetime) -> None:
    """Change the password and end all sessions. Raises BadInputError for one that is too short or too long."""
    connection.execute(
        update(table).where(table.c.id == user.id).values(password=_digest_of(password))
    )
    connection.execute(delete(sessions).where(sessions.c.user_id == user.id))
    _record(connection, "user_password", user.name, "", by, now)


def new_token(connection: Connection, user: User, by: str, now: datetime) -> str:
    """A token for the user's programs; the one before ends."""
    token = secrets.token_urlsafe(32)
    connection.execute(update(table).where(table.c.id == user.id).values(token=_sha(token)))
    _record(connection, "user_token", user.name, "", by, now)
    return token


def by_token(connection: Connection, token: str) -> User | None:
    """Whose program carries the token."""
    row = connection.execute(_wanted().where(table.c.token == _sha(token))).first()
    return _user(row) if row else None


def by_password(connection: Connection, name: str, password: str) -> User | None:
    """Who has this name and password; it takes as long where the name is nobody's."""
    column = table.c
    row = connection.execute(
        select(column.id, column.name, column.role, column.created_at, column.password).where(
            column.key == own.key_of(name)
        )
    ).first()
    try:
        _hasher().verify(row.password if row else _nobody(), nfc(password))
    except VerifyMismatchError:
        return None
    return _user(row) if row else None


def open_session(connection: Connection, user: User, now: datetime) -> str:
    """The token of a new session; sessions that are over are cleared away."""
    token = secrets.token_urlsafe(32)
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    connection.execute(
        insert(sessions).values(token=_sha(token), user_id=user.id, expires_at=now + SESSION)
    )
    return token


def by_session(connection: Connection, token: str, now: datetime) -> User | None:
    """Who is signed in with the token."""
    row = connection.execute(
        _wanted()
        .join(sessions, sessions.c.user_id == table.c.id)
        .where(sessions.c.token == _sha(token), sessions.c.expires_at > now)
    ).first()
    return _user(row) if row else None


def close_session(connection: Connection, token: str) -> None:
    """Sign out."""
    connection.execute(delete(sessions).where(sessions.c.token == _sha(token)))


def count(connection: Connection) -> int:
    """Number of accounts."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _wanted() -> Select[tuple[int, str, str, datetime]]:
    return select(table.c.id, table.c.name, table.c.role, table.c.created_at)


def _user(row: Any) -> User:
    return User(row.id, row.name, Role(row.role), row.created_at)


def _sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    # what OWASP asks for at least; the office's machine has other work too
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def _digest_of(password: str) -> str:
    typed = nfc(password)
    if not SHORTEST <= len(typed) <= LONGEST:
        raise BadInputError(
            f"Mật khẩu dài {SHORTEST} đến {LONGEST} ký tự (a password has {SHORTEST} to {LONGEST} characters)."
        )
    return _hasher().hash(typed)


def _record(
    connection: Connection, action: str, name: str, reason: str, by: str, now: datetime
) -> None:
    audit.add(connection, audit.Entry(now, by, action, f"user:{name}", reason))

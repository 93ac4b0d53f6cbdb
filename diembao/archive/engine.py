"""Opening the archive: SQLite in WAL mode by default, PostgreSQL by URL; migrated when opened."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Insert
    from sqlalchemy.engine import ExceptionContext

BUSY_MS = 30_000
"""How long a writer waits for another on SQLite before it fails."""

LIMITS = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "tcp_user_timeout": "30000",
    "options": "-c statement_timeout=120000 -c lock_timeout=30000"
    " -c idle_in_transaction_session_timeout=300000",
}
"""What a connection to PostgreSQL bears, by the names of libpq; the URL may say otherwise."""

LOOK = 0.008
"""Seconds at most between two looks whether the other writer is done."""


class Archive:
    """The truth. Functions of this package take one of its connections first.

    `write()` is one transaction: it takes the write lock at its start, so two writers never
    deadlock, and commits at its end or rolls back on an exception. `read()` sees one snapshot.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        if self.is_sqlite:
            self.engine: Engine = create_engine(url)
            event.listen(self.engine, "connect", _prepare_sqlite)
        else:
            self.engine = _postgresql(parsed)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                _take_turn(connection)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _postgresql(url: URL) -> Engine:
    """Connections that a server gone away, a lost packet or a stuck neighbour cannot hang for good."""
    given = {name: value for name, value in LIMITS.items() if name not in url.query}
    named = url.set(drivername="postgresql+psycopg")
    engine = create_engine(named, pool_pre_ping=True, connect_args=given)
    event.listen(engine, "handle_error", _tell_a_loss)
    return engine


def _tell_a_loss(context: ExceptionContext) -> None:
    """A connection lost is an OperationalError, by whatever other name the driver calls it."""
    lost = context.original_exception
    if context.is_disconnect and not isinstance(context.sqlalchemy_exception, OperationalError):
        raise OperationalError(context.statement, {}, lost, connection_invalidated=True) from lost


def _take_turn(connection: Connection) -> None:
    """Begin a transaction as the only writer.

    SQLite's own waiting looks again after a tenth of a second, which a busy neighbour outruns for
    seconds; short, uneven looks give everyone a turn.
    """
    patience = time.monotonic() + BUSY_MS / 1000
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        while not _begins(connection, last=time.monotonic() > patience):
            time.sleep(random.uniform(0.001, LOOK))
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")


def _begins(connection: Connection, *, last: bool) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if last or "locked" not in str(error.orig):
            raise
        return False
    return True


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what happens on a conflict, in the dialect of the connection."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same in a dialect named, for statements that are built once and run often."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def upsert(
    connection: Connection, table: Table, values: Mapping[str, Any], renewed: Collection[str] = ()
) -> None:
    """Insert a row, or renew some columns of the one that has its primary key."""
    statement = _upserting(connection.dialect.name, table, tuple(renewed))
    connection.execute(statement, dict(values))


@cache
def _upserting(dialect: str, table: Table, renewed: tuple[str, ...]) -> Insert:
    """Built once: building a statement costs more than running it."""
    key = list(table.primary_key)
    statement = insert_in(dialect, table)
    if not renewed:
        return statement.on_conflict_do_nothing(index_elements=key)
    given = {name: statement.excluded[name] for name in renewed}
    return statement.on_conflict_do_update(index_elements=key, set_=given)


def wait_as_long_as_it_takes(connection: Connection) -> None:
    """Lift the limits of time for this transaction: a migration of a big archive takes its time."""
    if connection.dialect.name == "postgresql":
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


def lock(connection: Connection, name: int) -> None:
    """Let one transaction at a time past this point, until its end.

    On SQLite every `Archive.write()` is alone already. `name` is one of the numbers below.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(name)))


MIGRATION = 7301
"""Lock of the schema."""

RESOLUTION = 7302
"""Lock of entities, stories and events, which one transaction at a time assigns."""

LEASING = 7303
"""Lock of the alerts' outbox: which endpoint is whose, one transaction at a time decides."""

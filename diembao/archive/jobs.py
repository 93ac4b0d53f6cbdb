"""The queue between the stations, and the outbox of the index: work that waits, a row each.

There is one waiting job of a kind and key. Adding it again refreshes it and takes it from whoever
works on the older one, so what was added last is always done after it was added. A lease that runs
out frees the job. A job that fails is tried again, each time after a longer rest, and is set aside
with its cause when its attempts are used up; adding it again takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, func, or_, select, update

from diembao.archive.engine import insert_in
from diembao.archive.schema import jobs
from diembao.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Insert, Row

FIRST_REST = timedelta(seconds=5)
"""Rest after the first failure; each further one doubles it."""

LONGEST_REST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that one worker has leased. `attempts` counts this one."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    serial: int
    leased_by: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A job that failed for good, with the cause."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    failed_at: datetime
    error: str


def add(
    connection: Connection, kind: str, key: str, payload: Mapping[str, Any], now: datetime
) -> None:
    """File work; it can be leased from `now` on."""
    row = {
        "kind": kind,
        "key": key,
        "payload": dict(payload),
        "serial": 1,
        "created_at": now,
        "run_at": now,
        "attempts": 0,
    }
    connection.execute(_adding(connection.dialect.name), row)


@cache
def _adding(dialect: str) -> Insert:
    statement = insert_in(dialect, jobs)
    renewed = {
        "payload": statement.excluded.payload,
        "serial": jobs.c.serial + 1,
        "run_at": statement.excluded.run_at,
        "attempts": 0,
        "leased_by": None,
        "leased_until": None,
        "failed_at": None,
        "error": None,
    }
    return statement.on_conflict_do_update(index_elements=["kind", "key"], set_=renewed)


def lease(
    connection: Connection, kind: str, worker: str, now: datetime, limit: int, seconds: float
) -> list[Job]:
    """Up to `limit` due jobs of a kind, oldest first, which are this worker's for `seconds`."""
    free = or_(jobs.c.leased_until.is_(None), jobs.c.leased_until <= now)
    due = connection.execute(
        select(jobs)
        .where(jobs.c.kind == kind, jobs.c.failed_at.is_(None), jobs.c.run_at <= now, free)
        .order_by(jobs.c.run_at, jobs.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    connection.execute(
        update(jobs)
        .where(jobs.c.id.in_([row.id for row in due]))
        .values(
            leased_by=worker,
            leased_until=now + timedelta(seconds=seconds),
            attempts=jobs.c.attempts + 1,
        )
    )
    return [
        Job(row.id, row.kind, row.key, row.payload, row.attempts + 1, row.serial, worker)
        for row in due
    ]


def _still_held(job: Job) -> ColumnElement[bool]:
    return and_(jobs.c.id == job.id, jobs.c.serial == job.serial, jobs.c.leased_by == job.leased_by)


def renew(connection: Connection, leased: Sequence[Job], now: datetime, seconds: float) -> None:
    """Keep leased jobs for `seconds` more, as far as they are still held; it waits for nobody."""
    held = select(jobs.c.id).where(or_(*map(_still_held, leased)))
    connection.execute(
        update(jobs)
        .where(jobs.c.id.in_(held.with_for_update(skip_locked=True)))
        .values(leased_until=now + timedelta(seconds=seconds))
    )


def done(connection: Connection, job: Job) -> bool:
    """End a leased job. False if it was added again or leased by another meanwhile: it stays.

    One that is being added again at this moment counts as such; waiting for it, two transactions
    with many jobs each could wait for one another.
    """
    held = select(jobs.c.id).where(_still_held(job)).with_for_update(skip_locked=True)
    return connection.execute(delete(jobs).where(jobs.c.id.in_(held))).rowcount == 1


def add_missing(connection: Connection, job: Job, now: datetime) -> None:
    """File a job once more, unless one of its kind and key waits or is being worked on."""
    row = {"kind": job.kind, "key": job.key, "payload": dict(job.payload), "serial": 1}
    row |= {"created_at": now, "run_at": now, "attempts": 0}
    statement = insert_in(connection.dialect.name, jobs)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["kind", "key"]), row)


def fail(connection: Connection, job: Job, error: str, now: datetime, attempts: int) -> None:
    """Put a leased job back to be tried later, or aside when this was the last of its attempts."""
    is_last = job.attempts >= attempts
    rest = min(FIRST_REST * 2 ** min(job.attempts - 1, 20), LONGEST_REST)
    connection.execute(
        update(jobs)
        .where(_still_held(job))
        .values(
            error=error,
            failed_at=now if is_last else None,
            run_at=jobs.c.run_at if is_last else now + rest,
            leased_by=None,
            leased_until=None,
        )
    )


def set_aside(connection: Connection) -> list[SetAside]:
    """The jobs that failed for good, latest first."""
    rows = connection.execute(
        select(jobs)
        .where(jobs.c.failed_at.is_not(None))
        .order_by(jobs.c.failed_at.desc(), jobs.c.id)
    )
    return [_set_aside(row) for row in rows]


def _set_aside(row: Row[Any]) -> SetAside:
    return SetAside(
        row.id, row.kind, row.key, row.payload, row.attempts, row.failed_at, row.error or ""
    )


def retry(connection: Connection, job_id: int, now: datetime) -> None:
    """Take a job back that was set aside. Raises NotFoundError if there is none."""
    row = connection.execute(
        select(jobs).where(jobs.c.id == job_id, jobs.c.failed_at.is_not(None))
    ).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Không có công việc số {job_id} đang bị gác lại; xem lại danh sách (no such set-aside job)."
        )
    add(connection, row.kind, row.key, row.payload, now)


def counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """By kind: jobs that wait or are being worked on, and jobs set aside."""
    failed = func.sum(case((jobs.c.failed_at.is_not(None), 1), else_=0))
    rows = connection.execute(select(jobs.c.kind, func.count(), failed).group_by(jobs.c.kind))
    return {kind: (total - aside, aside) for kind, total, aside in rows}

"""What the page asked workers to do, and how far it is: a job of the archive under a key.

`waiting`, `failed` (with its cause, the job is set aside), `done` (what was asked for is there), `unknown`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import Connection, select

from diembao.archive.schema import jobs


class Progress(BaseModel):
    """How far a request is. `status` is the page that tells it, `since` when it was filed."""

    key: str
    status: str
    state: Literal["waiting", "done", "failed", "unknown"]
    cause: str | None = None
    since: datetime | None = None


def progress(
    connection: Connection, kind: str, key: str, status: str, *, is_there: bool
) -> dict[str, Any]:
    """The fields of a Progress for a request of a kind; `is_there`: what it asks for exists."""
    job = connection.execute(
        select(jobs.c.failed_at, jobs.c.error, jobs.c.created_at).where(
            jobs.c.kind == kind, jobs.c.key == key
        )
    ).one_or_none()
    fields: dict[str, Any] = {"key": key, "status": status}
    if job is None:
        return {**fields, "state": "done" if is_there else "unknown"}
    if job.failed_at is not None:
        return {**fields, "state": "failed", "cause": job.error}
    return {**fields, "state": "waiting", "since": job.created_at}


def patience(told: Progress, now: datetime, refresh: int, long: timedelta) -> dict[str, Any]:
    """For a status page: after how many seconds to look again, and whether it takes suspiciously long."""
    return {
        "refresh": refresh if told.state == "waiting" else None,
        "is_slow": bool(told.since and now - told.since > long),
    }

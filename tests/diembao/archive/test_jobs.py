"""The queue: one waiting job of a kind and key, leases, failures, several workers."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from diembao.archive import jobs
from diembao.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive
    from diembao.archive.jobs import Job


def lease(archive: Archive, now: datetime, worker: str = "w", limit: int = 10) -> list[Job]:
    with archive.write() as connection:
        return jobs.lease(connection, "index", worker, now, limit, 60)


def add(archive: Archive, key: str, now: datetime, **payload: int) -> None:
    with archive.write() as connection:
        jobs.add(connection, "index", key, payload, now)


def test_adding_a_waiting_job_again_refreshes_it(archive: Archive, now: datetime) -> None:
    add(archive, "1", now, version=1)
    add(archive, "1", now, version=2)
    (job,) = lease(archive, now)
    assert job.payload == {"version": 2}
    assert job.attempts == 1


def test_a_leased_job_is_no_one_elses_until_the_lease_ends(archive: Archive, now: datetime) -> None:
    add(archive, "1", now)
    assert len(lease(archive, now)) == 1
    assert lease(archive, now + timedelta(seconds=59), "other") == []
    (job,) = lease(archive, now + timedelta(seconds=60), "other")
    assert job.attempts == 2


def test_a_job_added_again_while_leased_is_not_ended_by_the_old_lease(
    archive: Archive, now: datetime
) -> None:
    add(archive, "1", now, version=1)
    (old,) = lease(archive, now)
    add(archive, "1", now, version=2)
    with archive.write() as connection:
        assert not jobs.done(connection, old)
    (new,) = lease(archive, now)
    assert new.payload == {"version": 2}
    with archive.write() as connection:
        jobs.fail(connection, old, "late", now, 1)
        assert jobs.set_aside(connection) == []
        assert jobs.done(connection, new)
        assert jobs.counts(connection) == {}


def test_an_expired_worker_does_not_end_the_job_of_the_next(
    archive: Archive, now: datetime
) -> None:
    add(archive, "1", now)
    (slow,) = lease(archive, now)
    (quick,) = lease(archive, now + timedelta(minutes=2), "other")
    with archive.write() as connection:
        assert not jobs.done(connection, slow)
        assert jobs.done(connection, quick)


def test_a_failed_job_rests_longer_each_time_and_is_then_set_aside(
    archive: Archive, now: datetime
) -> None:
    add(archive, "1", now)
    rests = []
    at = now
    for _ in range(3):
        (job,) = lease(archive, at)
        with archive.write() as connection:
            jobs.fail(connection, job, "no network", at, 4)
        tried = at
        while not (due := _is_due(archive, at)):
            at += timedelta(seconds=1)
        assert due
        rests.append((at - tried).total_seconds())
    assert rests == [5, 10, 20]
    (job,) = lease(archive, at)
    with archive.write() as connection:
        jobs.fail(connection, job, "no network", at, 4)
        (aside,) = jobs.set_aside(connection)
        assert jobs.counts(connection) == {"index": (0, 1)}
    assert (aside.key, aside.error, aside.attempts) == ("1", "no network", 4)
    assert lease(archive, at + timedelta(days=30)) == []


def _is_due(archive: Archive, at: datetime) -> bool:
    with archive.read() as connection:
        from sqlalchemy import select

        from diembao.archive.schema import jobs as table

        return connection.execute(select(table.c.run_at)).scalar_one() <= at


def test_a_job_set_aside_is_taken_back_by_hand_or_by_adding_it(
    archive: Archive, now: datetime
) -> None:
    for key in ("1", "2"):
        add(archive, key, now)
    for job in lease(archive, now):
        with archive.write() as connection:
            jobs.fail(connection, job, "broken", now, 1)
    with archive.write() as connection:
        first = jobs.set_aside(connection)[0]
        jobs.retry(connection, first.id, now)
        with pytest.raises(NotFoundError):
            jobs.retry(connection, first.id, now)
    add(archive, "2", now)
    assert {job.key for job in lease(archive, now)} == {"1", "2"}
    with archive.read() as connection:
        assert jobs.counts(connection) == {"index": (2, 0)}


def test_jobs_of_another_kind_and_of_later_are_left(archive: Archive, now: datetime) -> None:
    add(archive, "later", now + timedelta(hours=1))
    with archive.write() as connection:
        jobs.add(connection, "extract", "other", {}, now)
    assert lease(archive, now) == []


def test_the_oldest_come_first_and_no_more_than_asked(archive: Archive, now: datetime) -> None:
    for number in range(5):
        add(archive, str(number), now - timedelta(minutes=number))
    assert [job.key for job in lease(archive, now, limit=3)] == ["4", "3", "2"]


def test_an_identifier_is_never_given_twice(archive: Archive, now: datetime) -> None:
    add(archive, "1", now)
    (old,) = lease(archive, now)
    with archive.write() as connection:
        jobs.done(connection, old)
    add(archive, "1", now)
    (new,) = lease(archive, now)
    assert new.id != old.id


WORKER = """
import sys
from datetime import datetime
from diembao.archive import jobs
from diembao.archive.migration import open_archive
archive, name = open_archive(sys.argv[1]), sys.argv[2]
now = datetime.fromisoformat(sys.argv[3])
while True:
    with archive.write() as connection:
        leased = jobs.lease(connection, "index", name, now, 7, 60)
    if not leased:
        break
    for job in leased:
        with archive.write() as connection:
            if jobs.done(connection, job):
                print(job.key)
"""


def test_processes_leasing_at_once_do_each_job_once(archive: Archive, now: datetime) -> None:
    with archive.write() as connection:
        for number in range(200):
            jobs.add(connection, "index", str(number), {}, now)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, archive.url, f"worker-{n}", now.isoformat()],
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    done = [line for worker in workers for line in worker.communicate(timeout=120)[0].split()]
    assert [worker.returncode for worker in workers] == [0] * 4
    assert sorted(done, key=int) == [str(number) for number in range(200)]

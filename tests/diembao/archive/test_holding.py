"""Jobs are kept as long as someone works on them, and no longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from diembao.archive import jobs
from diembao.archive.engine import Archive
from diembao.archive.holding import held
from diembao.archive.schema import jobs as job_table

HOLDING = """
import sys, time
from datetime import UTC, datetime
from diembao.archive import jobs
from diembao.archive.holding import held
from diembao.archive.migration import open_archive
archive = open_archive(sys.argv[1])
with archive.write() as connection:
    leased = jobs.lease(connection, "index", "other", datetime.now(UTC), 10, 1.0)
with held(archive, leased, 1.0):
    print("held", flush=True)
    time.sleep(600)
"""


def take(archive: Archive, worker: str = "w", seconds: float = 0.3) -> list[jobs.Job]:
    with archive.write() as connection:
        return jobs.lease(connection, "index", worker, datetime.now(UTC), 10, seconds)


def held_until(archive: Archive) -> datetime:
    with archive.read() as connection:
        return connection.execute(select(job_table.c.leased_until)).scalar_one()


def test_work_that_outlasts_its_lease_stays_with_its_worker(archive: Archive) -> None:
    with archive.write() as connection:
        jobs.add(connection, "index", "1", {}, datetime.now(UTC))
    (job,) = take(archive)
    first = held_until(archive)
    with held(archive, [job], 0.3):
        while held_until(archive) < first + timedelta(seconds=1):
            assert take(archive, "other") == []
    with archive.write() as connection:
        assert jobs.done(connection, job)


def test_a_job_added_anew_or_taken_by_another_is_not_kept(archive: Archive) -> None:
    with archive.write() as connection:
        for key in ("1", "2"):
            jobs.add(connection, "index", key, {}, datetime.now(UTC))
    leased = take(archive)
    with archive.write() as connection:
        jobs.add(connection, "index", "1", {}, datetime.now(UTC))
        jobs.renew(connection, leased, datetime.now(UTC), 60)
    assert [job.key for job in take(archive, "other", 60)] == ["1"]


def test_letting_go_ends_the_renewals(archive: Archive) -> None:
    with archive.write() as connection:
        jobs.add(connection, "index", "1", {}, datetime.now(UTC))
    leased = take(archive, seconds=0.1)
    before = threading.active_count()
    with held(archive, leased, 0.1) as let_go:
        assert threading.active_count() == before + 1
        let_go()
        assert threading.active_count() == before
    while not take(archive, "other"):
        pass


def test_what_a_killed_process_held_is_free_when_its_lease_ends(archive: Archive) -> None:
    with archive.write() as connection:
        jobs.add(connection, "index", "1", {}, datetime.now(UTC))
    command = [sys.executable, "-c", HOLDING, archive.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        os.kill(process.pid, signal.SIGKILL)
    until = held_until(archive)
    while not (taken := take(archive, "w")):
        assert held_until(archive) == until
    assert taken[0].attempts == 2

"""Several workers that lease at the same moment: each piece of work is one worker's."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from diembao.archive import alerts, deliveries, jobs, sources
from diembao.archive.engine import Archive
from diembao.archive.schema import deliveries as delivery_table

WORKERS = 4
ENDPOINTS = 3

DELIVERING = """
import random, sys
from datetime import datetime
from diembao.archive import deliveries
from diembao.archive.migration import open_archive
archive, now = open_archive(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
while True:
    with archive.write() as connection:
        leased = deliveries.lease(connection, now, 2, 3, 60)
    with archive.read() as connection:
        if not leased and not deliveries.counts(connection).get("pending"):
            break
    for run in leased:
        sent = run[: random.randint(1, len(run))]
        for delivery in sent:
            print(delivery.endpoint, delivery.alert_id, flush=True)
        with archive.write() as connection:
            for delivery in sent:
                deliveries.mark_sent(connection, delivery, now)
            deliveries.release(connection, run[len(sent) :])
archive.close()
"""


def at_once(task: Callable[[int], Any]) -> list[Any]:
    """Run a task in several threads that begin together; what each gave."""
    gate = threading.Barrier(WORKERS)
    given: dict[int, Any] = {}

    def run(number: int) -> None:
        gate.wait()
        given[number] = task(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [given[number] for number in range(WORKERS)]


def test_a_newspaper_is_given_to_one_of_many(archive: Archive, desk: Any, now: datetime) -> None:
    names = [f"bao-{number}" for number in range(10)]
    with archive.write() as connection:
        sources.save(connection, [desk.source(name) for name in names])

    def take(number: int) -> list[str]:
        taken = []
        for name in names:
            with archive.write() as connection:
                if sources.lease(connection, name, f"w{number}", now, 60) is None:
                    taken.append(name)
        return taken

    assert sorted(name for taken in at_once(take) for name in taken) == sorted(names)


def test_due_newspapers_are_shared_out(archive: Archive, desk: Any, now: datetime) -> None:
    names = [f"bao-{number}" for number in range(10)]
    with archive.write() as connection:
        sources.save(connection, [desk.source(name) for name in names])

    def take(number: int) -> list[str]:
        with archive.write() as connection:
            return [one.name for one in sources.lease_due(connection, now, f"w{number}", 60)]

    taken = Counter(name for share in at_once(take) for name in share)
    assert set(taken.values()) <= {1}
    later = now + timedelta(seconds=30)
    with archive.write() as connection:
        left = {one.name for one in sources.lease_due(connection, later, "late", 60)}
    assert left | set(taken) == set(names)
    assert not left & set(taken)


def test_a_crawl_that_ends_late_leaves_the_newspaper_to_the_worker_that_has_it(
    archive: Archive, desk: Any, now: datetime
) -> None:
    later = now + timedelta(seconds=90)
    with archive.write() as connection:
        sources.save(connection, [desk.source("a")])
        sources.lease(connection, "a", "slow", now, 60)
        assert sources.lease(connection, "a", "quick", later, 60) is None
        sources.finish(connection, "a", later, 900, worker="slow")
        assert sources.lease(connection, "a", "third", later, 60) == later + timedelta(seconds=60)
        sources.finish(connection, "a", later, 900, worker="quick")
        assert sources.lease(connection, "a", "third", later, 60) is None


def test_alerts_are_sent_once_and_in_order_by_many_processes(
    archive: Archive, desk: Any, now: datetime
) -> None:
    article_id = desk.save("Tin\nThân bài.").article_id
    with archive.write() as connection:
        subscription = alerts.create_subscription(
            connection, name="n", query="", subject="event", channels=[], now=now
        )
        for number in range(90):
            alert = alerts.insert_alert(
                connection, subscription.id, subject=f"event:{number}", revision=1, facts="",
                article_id=article_id, message={"title": "t"}, now=now,
            )  # fmt: skip
            assert alert
            # Two channels that end at one place, as when an office lists an address twice.
            for key in ("một", "hai")[: 1 + number % 2]:
                endpoint = f"webhook:{number % ENDPOINTS}"
                deliveries.add(connection, alert.id, {"key": key}, endpoint, now)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", DELIVERING, archive.url, now.isoformat()],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = [worker.communicate(timeout=240)[0].splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 3
    with archive.read() as connection:
        filed = connection.execute(
            select(delivery_table.c.endpoint, delivery_table.c.alert_id)
        ).all()
        assert deliveries.counts(connection) == {"sent": len(filed)}
    sent = Counter(tuple(line.split()) for lines in told for line in lines)
    assert sent == Counter((row.endpoint, str(row.alert_id)) for row in filed)
    for lines in told:
        order: dict[str, list[int]] = defaultdict(list)
        for line in lines:
            endpoint, alert_id = line.split()
            order[endpoint].append(int(alert_id))
        assert all(numbers == sorted(numbers) for numbers in order.values())


def test_jobs_added_again_while_many_are_ended_never_wait_in_a_circle(
    archive: Archive, now: datetime
) -> None:
    """As when the index worker ends its batch while the extractor files the same articles anew."""
    keys = [str(number) for number in range(30)]
    with archive.write() as connection:
        for key in keys:
            jobs.add(connection, "index", key, {}, now)

    def work(number: int) -> int:
        for turn in range(15):
            if number == 0:
                with archive.write() as connection:
                    for key in reversed(keys) if turn % 2 else keys:
                        jobs.add(connection, "index", key, {}, now)
                continue
            with archive.write() as connection:
                leased = jobs.lease(connection, "index", f"w{number}", now, 15, 0)
            with archive.write() as connection:
                for job in leased:
                    jobs.done(connection, job)
        return number

    assert at_once(work) == list(range(WORKERS))

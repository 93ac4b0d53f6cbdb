"""Three machines with a page and one worker of each kind, one PostgreSQL and one Elasticsearch.

Each machine has a home folder of its own and shares nothing else with the others. The database server is
killed and comes back, and one process of each kind dies for good, all in the middle of the work.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from diembao.archive import jobs
from diembao.archive.engine import Archive
from diembao.archive.schema import alerts, articles, deliveries, extractions
from tests.road.process import Environment, Receiver, free_port, wait_for
from tests.servers.postgresql_cluster import Cluster

MACHINES = 3
SLOW = 600.0
"""Seconds: fifteen processes that start at once take their time."""

KINDS = (("work", "crawl"), ("work", "extract"), ("work", "index"), ("work", "deliver"))

pytestmark = [pytest.mark.needs_own_postgresql, pytest.mark.needs_elasticsearch]


@dataclass
class Machine:
    """What runs on one machine."""

    environment: Environment
    processes: dict[tuple[str, ...], subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *command: str) -> None:
        self.processes[command] = subprocess.Popen(
            [sys.executable, "-m", "diembao", *command],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def die(self, *command: str) -> None:
        process = self.processes.pop(command)
        process.kill()
        process.wait()

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.environment['DIEMBAO_PORT']}"

    def get(self, path: str, **asked: str) -> Any:
        """The page's answer; None while there is none."""
        try:
            answer = httpx.get(self.page + path, params=asked, timeout=60, trust_env=False)
        except httpx.TransportError:
            return None
        return answer.json() if answer.is_success else None

    def found(self) -> int:
        """The number of articles that a search for everything finds."""
        answer = self.get("/api/v1/search", q="", fold="false")
        return answer["total"] if answer else 0


@pytest.fixture
def machines(
    environment: Environment,
    own_postgresql: Cluster,
    elasticsearch_settings: dict[str, str],
    tmp_path: Path,
) -> Iterator[list[Machine]]:
    shared = environment | {
        f"DIEMBAO_{name.upper()}": value for name, value in elasticsearch_settings.items()
    }
    shared["DIEMBAO_ARCHIVE"] = own_postgresql.url
    made = [
        Machine(
            shared
            | {
                "DIEMBAO_HOME": str(tmp_path / f"machine-{number}"),
                "DIEMBAO_LEASE": "8",
                "DIEMBAO_PORT": str(free_port()),
            }
        )
        for number in range(MACHINES)
    ]
    yield made
    started = [process for machine in made for process in machine.processes.values()]
    for process in started:
        process.kill()
    for process in started:
        process.wait()


@pytest.fixture
def archive_of(own_postgresql: Cluster) -> Iterator[Archive]:
    archive = Archive(own_postgresql.url)
    yield archive
    archive.close()


def count(archive: Archive, table: Any, *conditions: Any) -> int:
    with archive.read() as conn:
        number: int = conn.execute(
            select(func.count()).select_from(table).where(*conditions)
        ).scalar_one()
    return number


def is_at_rest(archive: Archive) -> bool:
    with archive.read() as conn:
        waiting = sum(waits for waits, _ in jobs.counts(conn).values())
    return waiting == 0 and count(archive, deliveries, deliveries.c.state == "pending") == 0


@pytest.mark.timeout(1500)
def test_what_dies_in_the_middle_loses_nothing_and_doubles_nothing(
    machines: list[Machine],
    archive_of: Archive,
    own_postgresql: Cluster,
    press: Any,
    receiver: Receiver,
) -> None:
    for machine in machines:
        machine.start("serve")  # all three find an empty database and make the same tables
    wait_for(lambda: all(machine.get("/healthz") for machine in machines), SLOW)
    asked = {
        "name": "Khen thưởng mới", "query": "", "subject": "event",
        "channels": [{"kind": "webhook", "url": receiver.url, "secret": "s"}],
    }  # fmt: skip
    made = httpx.post(f"{machines[0].page}/api/v1/subscriptions", json=asked, trust_env=False)
    assert made.status_code == 201, made.text

    expected = {article.url for article in press.articles}
    for machine in machines:
        for kind in KINDS:
            machine.start(*kind)
    wait_for(lambda: count(archive_of, articles) >= len(expected) // 4, SLOW)
    own_postgresql.kill()
    wait_for(lambda: not any(machine.get("/healthz") for machine in machines), SLOW)
    own_postgresql.start()
    wait_for(lambda: all(machine.get("/healthz") for machine in machines), SLOW)
    running = [process for machine in machines for process in machine.processes.values()]
    assert all(process.poll() is None for process in running)

    for number, command in enumerate((*KINDS, ("serve",))):
        enough = (2 + number) * len(expected) // 8
        wait_for(lambda enough=enough: count(archive_of, articles) >= enough, SLOW)
        machines[number % MACHINES].die(*command)
    wait_for(lambda: count(archive_of, articles) >= len(expected), SLOW)
    wait_for(lambda: is_at_rest(archive_of), SLOW)

    with archive_of.read() as conn:
        archived = Counter(conn.execute(select(articles.c.canonical_url)).scalars())
        subjects = Counter(conn.execute(select(alerts.c.subject)).scalars())
        sent = set(
            conn.execute(select(deliveries.c.id).where(deliveries.c.state == "sent")).scalars()
        )
    assert archived == Counter(expected)
    assert count(archive_of, extractions) == len(expected)
    assert subjects
    assert set(subjects.values()) == {1}
    assert len(sent) == len(subjects)
    assert {headers["x-diembao-delivery"] for headers, _ in receiver.requests} == sent

    left = [machine for machine in machines if ("serve",) in machine.processes]
    assert len(left) == MACHINES - 1
    for machine in left:
        wait_for(lambda machine=machine: machine.found() == len(expected), SLOW)

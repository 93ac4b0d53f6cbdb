"""SIGKILL at any moment loses no article, sends no alert twice and leaves no process behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select

from diembao.archive import alerts, jobs
from diembao.archive.engine import Archive
from diembao.archive.schema import alerts as alert_table
from diembao.archive.schema import articles, deliveries, extractions
from diembao.pipeline import now
from tests.road.process import Environment, Receiver, diembao, wait_for

CHILDREN = ("serve", "work crawl", "work extract", "work index", "work deliver")


@contextmanager
def up(environment: Environment) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "diembao", "up"],
        env={**os.environ, **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def children(process: subprocess.Popen[bytes]) -> dict[str, psutil.Process]:
    found = {}
    for child in psutil.Process(process.pid).children():
        with suppress(psutil.NoSuchProcess):  # it has just been killed
            command = " ".join(child.cmdline()[3:])
            if command in CHILDREN:
                found[command] = child
    return found


def wait_for_children(process: subprocess.Popen[bytes]) -> dict[str, psutil.Process]:
    wait_for(lambda: len(children(process)) == len(CHILDREN))
    return children(process)


def count(office: Archive, table: Any, *conditions: Any) -> int:
    with office.read() as conn:
        counted: int = conn.execute(
            select(func.count()).select_from(table).where(*conditions)
        ).scalar_one()
    return counted


def is_at_rest(office: Archive) -> bool:
    """Nothing waits to be extracted, indexed or delivered."""
    with office.read() as conn:
        waiting = sum(waits for waits, _ in jobs.counts(conn).values())
    return waiting == 0 and count(office, deliveries, deliveries.c.state == "pending") == 0


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.timeout(600)
def test_killing_the_supervisor_and_each_child_loses_nothing_and_doubles_nothing(
    environment: Environment, office: Archive, press: Any, receiver: Receiver
) -> None:
    with office.write() as conn:
        alerts.create_subscription(
            conn, name="Khen thưởng mới", query="", subject="event",
            channels=[{"kind": "webhook", "url": receiver.url, "secret": "s"}], now=now(),
        )  # fmt: skip
    expected = {article.url for article in press.articles}
    step = max(1, len(expected) // (len(CHILDREN) + 2))
    with up(environment) as process:
        for killed, command in enumerate(CHILDREN, 1):
            wait_for(lambda enough=killed * step: count(office, articles) >= enough)
            wait_for_children(process)[command].kill()
        orphans = wait_for_children(process)
        process.kill()
        process.wait()
        wait_for(lambda: not any(child.is_running() for child in orphans.values()), 15)
        assert is_free(int(environment["DIEMBAO_PORT"]))
    with up(environment):
        wait_for(lambda: count(office, articles) >= len(expected), 120)
        wait_for(lambda: is_at_rest(office), 120)
        run = diembao("search", "", "--json", "--limit", "1", environment=environment)
    with office.read() as conn:
        archived = Counter(conn.execute(select(articles.c.canonical_url)).scalars())
        subjects = Counter(conn.execute(select(alert_table.c.subject)).scalars())
        sent = set(
            conn.execute(select(deliveries.c.id).where(deliveries.c.state == "sent")).scalars()
        )
    assert archived == Counter(expected)
    assert count(office, extractions) == len(expected)
    assert f'"total": {len(expected)}' in run.stdout
    assert subjects
    assert set(subjects.values()) == {1}
    assert {headers["x-diembao-delivery"] for headers, _ in receiver.requests} == sent
    assert len(sent) == len(subjects)


def test_ending_the_supervisor_ends_its_children(environment: Environment, office: Archive) -> None:
    with up(environment) as process:
        running = wait_for_children(process)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        assert not any(child.is_running() for child in running.values())

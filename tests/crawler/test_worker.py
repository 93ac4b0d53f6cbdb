"""The crawl worker: it leases what is due, survives SIGKILL at any point, and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crawler.declarations import Declaration
from crawler.run import run_worker
from diembao.archive import sources
from diembao.archive.engine import Archive
from diembao.archive.schema import articles as article_table
from diembao.archive.schema import crawl_urls, versions
from diembao.archive.schema import sources as source_table
from diembao.settings import Settings

WORKER = """
import sys
from pathlib import Path
from crawler import declarations
from crawler.run import run_worker
from diembao import settings
from diembao.archive.migration import open_archive

home = Path(sys.argv[1])
chosen = settings.load(
    home=home, crawl_delay=0, crawl_interval=3600, private_networks=True, idle=0.05, lease=0.6
)
run_worker(
    open_archive(f"sqlite:///{home / 'archive.db'}"), declarations.load(home / "sources"), chosen,
    f"crawl:{sys.argv[2]}", should_stop=lambda: False,
)
"""


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def count(archive: Archive, table: Any) -> int:
    with archive.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize("at_articles", [0, 5, 30])
def test_killed_at_any_point_it_loses_no_article_and_doubles_none(
    press: Any,
    archive: Archive,
    declared: dict[str, Declaration],
    tmp_path: Path,
    at_articles: int,
) -> None:
    total = len(press.articles)

    def start(name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path), name])

    first = start("một")
    wait_for(
        lambda: count(archive, crawl_urls) > 0 and count(archive, article_table) >= at_articles
    )
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert count(archive, article_table) < total

    second = start("hai")
    wait_for(lambda: count(archive, article_table) == total)
    os.kill(second.pid, signal.SIGKILL)
    second.wait()
    assert count(archive, versions) == total
    with archive.read() as conn:
        found = set(conn.execute(select(article_table.c.canonical_url)).scalars())
    assert found == {article.url for article in press.articles}


def test_it_works_in_rounds_and_stops_when_told(
    press: Any, archive: Archive, declared: dict[str, Declaration], hurried: Settings
) -> None:
    stop = threading.Event()
    worker = threading.Thread(
        target=run_worker,
        args=(archive, declared, hurried.model_copy(update={"crawl_interval": 0.2})),
        kwargs={
            "worker_name": "crawl:thử",
            "should_stop": stop.is_set,
        },
    )
    worker.start()
    wait_for(lambda: count(archive, article_table) == len(press.articles))
    press.requests.clear()
    wait_for(lambda: all(press.fetched(site) for site in press.sites))  # the next round
    stop.set()
    told = time.monotonic()
    worker.join(timeout=5)
    assert not worker.is_alive()
    assert time.monotonic() - told < 2
    with archive.read() as conn:
        assert not conn.execute(select(source_table.c.leased_by)).scalars().first()


def test_a_newspaper_added_after_the_start_is_collected(
    press: Any, archive: Archive, declared: dict[str, Declaration], hurried: Settings
) -> None:
    late = declared.pop("mau-datto")
    stop = threading.Event()
    worker = threading.Thread(
        target=run_worker,
        args=(archive, dict(declared), hurried),
        kwargs={
            "worker_name": "crawl:thử",
            "should_stop": stop.is_set,
            "declared_since": lambda: {**declared, late.name: late},
        },
    )
    worker.start()
    wait_for(lambda: count(archive, source_table) == len(declared))
    with archive.write() as conn:
        sources.save(conn, [late.source])
    wait_for(lambda: count(archive, article_table) == len(press.articles))
    stop.set()
    worker.join(10)
    assert not worker.is_alive()


def test_a_newspaper_declared_elsewhere_is_left_to_the_machines_that_know_it(
    press: Any, archive: Archive, declared: dict[str, Declaration], hurried: Settings
) -> None:
    here = {name: declared[name] for name in list(declared)[:1]}
    stop = threading.Event()
    workers = [
        threading.Thread(
            target=run_worker,
            args=(archive, known, hurried),
            kwargs={"worker_name": f"crawl:{len(known)}", "should_stop": stop.is_set},
        )
        for known in (here, declared)
    ]
    workers[0].start()
    wait_for(lambda: count(archive, source_table) == len(here))
    with archive.write() as conn:
        sources.save(conn, (one.source for one in declared.values()))
    workers[1].start()
    wait_for(lambda: count(archive, article_table) == len(press.articles))
    stop.set()
    for worker in workers:
        worker.join(10)
        assert not worker.is_alive()

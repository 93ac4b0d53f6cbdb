"""`diembao work …`: the four workers. Each runs until it is told to stop, or its supervisor dies."""

from __future__ import annotations

import functools
import logging
import os
import signal
import socket
import sys
import threading
import uuid
from typing import TYPE_CHECKING

import typer
from sqlalchemy.exc import OperationalError

from diembao.errors import IndexUnavailableError
from diembao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("diembao.work")

SUPERVISED = "DIEMBAO_SUPERVISED"
"""Set by the supervisor: standard input is a pipe that it holds; when it closes, the child ends."""
GRACE = 5.0
"""Seconds that a worker gets to finish what it is doing."""

TRENDS = 60.0
"""Seconds between two looks for trends whose hour has come."""
PROMPT = 0.2
"""Seconds that the delivering worker rests at most."""

work = typer.Typer(
    no_args_is_help=True,
    help=say(
        "Chạy riêng một bộ phận (thu thập, trích xuất, lập chỉ mục, gửi cảnh báo).",
        "Run one worker alone (crawl, extract, index, deliver).",
    ),
)


def worker_name(kind: str) -> str:
    """Unique among all workers on all machines."""
    return f"{kind}@{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"


def stopping(grace: float = GRACE) -> threading.Event:
    """An event that is set on SIGTERM, SIGINT or the supervisor's death; then `grace`, then the end."""
    event = threading.Event()

    def stop(*_: object) -> None:
        if not event.is_set():
            event.set()
            timer = threading.Timer(grace, os._exit, args=(1,))
            timer.daemon = True
            timer.start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if os.environ.get(SUPERVISED):

        def watch() -> None:
            # Past Python's buffer: a thread that waits in it breaks the interpreter's end.
            while os.read(sys.stdin.fileno(), 1):
                pass
            stop()

        threading.Thread(target=watch, daemon=True).start()
    return event


def run_rounds(step: Callable[[], int], idle: float, stop: threading.Event) -> None:
    """Call `step` until told to stop; rest when it did nothing or a server was out of reach."""
    while not stop.is_set():
        try:
            done = step()
        except (OperationalError, IndexUnavailableError) as error:
            log.warning("thử lại sau (trying again): %s", error)
            done = 0
        if not done:
            stop.wait(idle)


@work.command(
    help=say(
        "Thu thập các báo theo chu kỳ, không ngừng.", "Collect the newspapers, again and again."
    )
)
def crawl() -> None:
    """Lease due newspapers, crawl them, and run the jobs that the page filed."""
    stop = stopping()
    from crawler import declarations
    from crawler.run import run_worker
    from diembao import pipeline, settings
    from diembao.archive.migration import open_archive

    chosen = settings.load()
    archive = open_archive(chosen.archive_url)
    name = worker_name("crawl")
    # Reading what was asked for may take minutes, so it goes beside the rounds, which keep the leases.
    for asked in (pipeline.read_requested, pipeline.add_requested):
        step = functools.partial(asked, archive, chosen, name)
        threading.Thread(target=run_rounds, args=(step, chosen.idle, stop), daemon=True).start()
    run_worker(
        archive,
        declarations.load_all(chosen),
        chosen,
        name,
        should_stop=stop.is_set,
        declared_since=lambda: declarations.load_all(chosen),
    )


@work.command(
    help=say("Trích xuất bài mới và nêu cảnh báo.", "Extract new articles and raise alerts.")
)
def extract() -> None:
    """Run the extraction step on waiting articles."""
    stop = stopping()
    import extraction
    from diembao import pipeline, settings
    from diembao.archive.migration import open_archive

    chosen = settings.load()
    archive = open_archive(chosen.archive_url)
    nlp = extraction.load()
    name = worker_name("extract")
    run_rounds(lambda: pipeline.extract_batch(archive, nlp, chosen, name).taken, chosen.idle, stop)


@work.command(
    help=say("Đưa bài đã trích xuất vào chỉ mục.", "Bring extracted articles into the index.")
)
def index() -> None:
    """Drain the outbox into the search index."""
    stop = stopping()
    from diembao import pipeline, settings
    from diembao.archive.migration import open_archive
    from search_api.index import open_index

    chosen = settings.load()
    archive = open_archive(chosen.archive_url)
    search_index = open_index(chosen, writable=True)
    name = worker_name("index")
    run_rounds(lambda: pipeline.index_batch(archive, search_index, chosen, name), chosen.idle, stop)


@work.command(help=say("Gửi cảnh báo đang chờ.", "Deliver waiting alerts."))
def deliver() -> None:
    """Drain the deliveries that are due, and look at trends beside it."""
    stop = stopping()
    from diembao import pipeline, settings
    from diembao.archive.migration import open_archive
    from search_api.index import open_index

    chosen = settings.load()
    archive = open_archive(chosen.archive_url)
    index = functools.cache(lambda: open_index(chosen))  # an index that must be rebuilt is no end
    threading.Thread(
        target=run_rounds,
        args=(lambda: pipeline.look_at_trends(archive, index(), chosen), TRENDS, stop),
        daemon=True,
    ).start()
    run_rounds(lambda: pipeline.deliver(archive, chosen), min(chosen.idle, PROMPT), stop)

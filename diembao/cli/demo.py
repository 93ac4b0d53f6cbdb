"""`diembao demo`: the whole road on the bundled sample newspapers, without the Internet.

A child process serves the newspapers on loopback; this one crawls, extracts, indexes and delivers
one alert to a receiver of its own, station by station, and then supervises the page as `up` does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diembao.cli.output import console, progress
from diembao.cli.workers import GRACE, stopping, worker_name
from diembao.errors import BadInputError
from diembao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diembao.settings import Settings

SHOWN = 5
"""Alerts that the demo's receiver prints."""

PRESS = Path(__file__).parents[2] / "tests" / "press" / "server.py"


def demo(
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help=say("Chạy một lượt, in số liệu rồi kết thúc.", "Run once, print the counts, end."),
        ),
    ] = False,
    port: Annotated[
        int | None, typer.Option(help=say("Cổng của trang web.", "Port of the page."))
    ] = None,
) -> None:
    """Try it on the sample newspapers."""
    from diembao import settings
    from diembao.cli.serving import listen
    from diembao.cli.supervisor import supervise

    if not PRESS.is_file():
        raise BadInputError(
            say(
                "Các báo mẫu nằm trong mã nguồn (tests/press); hãy chạy lệnh này từ bản git clone.",
                "The sample newspapers are part of the repository (tests/press); run this in a clone.",
            )
        )
    home = settings.load().home / "demo"
    environment = {
        "DIEMBAO_HOME": str(home),
        "DIEMBAO_SOURCES": str(home / "sources"),
        "DIEMBAO_CRAWL_DELAY": "0",
        "DIEMBAO_PRIVATE_NETWORKS": "true",
        "DIEMBAO_ALERT_DAYS": "36500",  # the sample articles are of one past December
    }
    if port is not None:
        environment["DIEMBAO_PORT"] = str(port)
    os.environ.update(environment)
    chosen = settings.load()
    if not once:
        listen(chosen.host, chosen.port).close()
    shutil.rmtree(home, ignore_errors=True)
    with sample_newspapers(home / "sources"), receiver() as webhook:
        whole_road(chosen, webhook)
        if not once:
            console.print(say("Ctrl+C để dừng.", "Ctrl+C ends it."))
            from diembao.archive.migration import open_archive

            address = f"http://{chosen.host}:{chosen.port}"
            supervise({}, stopping(2 * GRACE), address, open_archive(chosen.archive_url))


@contextmanager
def sample_newspapers(declarations: Path) -> Iterator[dict[str, str]]:
    """Serve the sample newspapers; yields the address of each."""
    declarations.mkdir(parents=True)
    server = subprocess.Popen(
        [sys.executable, str(PRESS), "--declarations", str(declarations)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl+C is for us; it ends when its input closes
    )
    assert server.stdout
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.communicate(timeout=GRACE)  # closes its input; it may still be saying its addresses


@contextmanager
def receiver() -> Iterator[str]:
    """A webhook that prints the first of what reaches it; yields its address."""
    received = count(1)

    class Receive(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()
            if next(received) <= SHOWN:
                console.print(
                    say("Webhook nhận: ", "Webhook received: ") + body["title"], markup=False
                )

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receive)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def whole_road(settings: Settings, webhook: str) -> None:
    """Every station once, with its counts."""
    import extraction
    from crawler import declarations
    from crawler.run import crawl_once
    from diembao import pipeline
    from diembao.archive.migration import open_archive
    from diembao.cli.newspapers import report_lines
    from search_api.alerts import subscribing
    from search_api.alerts.asking import Asked
    from search_api.index import open_index

    archive = open_archive(settings.archive_url)
    subscribing.create(
        archive,
        settings,
        pipeline.now(),
        name="Khen thưởng mới",
        asked=Asked(),
        subject="event",
        channels=[{"kind": "webhook", "url": webhook}],
    )
    with progress() as bar:
        task = bar.add_task(say("Thu thập", "Crawling"), total=None)
        report = crawl_once(
            archive,
            declarations.load_all(settings),
            settings,
            on_progress=lambda now: bar.update(task, completed=now.fetched, total=now.listed),
        )
    _station(say("Thu thập", "Crawled"), report_lines(report)[0])
    nlp = extraction.load()
    name = worker_name("demo")
    done = alerts = failed = 0
    with progress() as bar:
        task = bar.add_task(say("Trích xuất", "Extracting"), total=report.new)
        while (batch := pipeline.extract_batch(archive, nlp, settings, name)).taken:
            done, alerts, failed = (
                done + len(batch.done),
                alerts + batch.alerts,
                failed + len(batch.failed),
            )
            bar.update(task, completed=done)
    _station(
        say("Trích xuất", "Extracted"),
        say(f"{done} bài, {failed} lỗi", f"{done} articles, {failed} failed"),
    )
    index = open_index(settings, writable=True)
    while pipeline.index_batch(archive, index, settings, name):
        pass
    _station(say("Chỉ mục", "Indexed"), say(f"{index.count()} bài", f"{index.count()} articles"))
    sent = 0
    while attempts := pipeline.deliver(archive, settings):
        sent += attempts
    _station(
        say("Cảnh báo", "Alerts"),
        say(
            f"{alerts} cảnh báo khen thưởng mới, {sent} lượt gửi",
            f"{alerts} new award alerts, {sent} deliveries",
        ),
    )
    archive.close()


def _station(name: str, counts: str) -> None:
    console.print(f"{name:12} {counts}", markup=False)

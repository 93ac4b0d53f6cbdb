"""`diembao up`: the page and one of each worker, kept alive together.

Each child holds the read end of a pipe from here and ends when it closes, so killing the supervisor
leaves nothing behind. A child that dies is started again, after a pause that grows while it keeps
dying at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import httpx
import typer
from sqlalchemy.exc import OperationalError

from diembao.archive import sources
from diembao.cli.workers import GRACE, SUPERVISED, stopping
from diembao.errors import DiembaoError
from diembao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diembao.archive.engine import Archive

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("serve",),
    ("work", "crawl"),
    ("work", "extract"),
    ("work", "index"),
    ("work", "deliver"),
)
LOOK = 5.0
"""Seconds between two looks for newspapers that are out of reach."""
LONGEST_PAUSE = 30.0
STEADY = 10.0
"""A child that lived for so many seconds is started again at once."""


@dataclass
class Child:
    """One supervised command."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    waits_until: float = field(default=0.0)

    def tend(self, now: float) -> None:
        """Start it, or start it again when it has died and its pause is over."""
        if self.process and self.process.poll() is None:
            return
        if self.process:
            code, self.process = self.process.returncode, None
            self.pause = (
                0.0 if now - self.started > STEADY else min(LONGEST_PAUSE, self.pause * 2 + 0.5)
            )
            self.waits_until = now + self.pause
            print(
                say(
                    f"{' '.join(self.command)} đã dừng (mã {code}), chạy lại sau {self.pause:.1f} giây",
                    f"{' '.join(self.command)} ended (code {code}), again in {self.pause:.1f} s",
                ),
                file=sys.stderr,
                flush=True,
            )
        if now >= self.waits_until:
            self.started = now
            self.process = subprocess.Popen(
                [sys.executable, "-m", "diembao", *self.command],
                stdin=subprocess.PIPE,
                env={**os.environ, **self.environment, SUPERVISED: "1"},
            )

    def end(self) -> None:
        """Close its pipe."""
        if self.process and self.process.stdin:
            self.process.stdin.close()

    def is_gone(self) -> bool:
        """Whether it has ended."""
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """End it now."""
        if self.process:
            self.process.kill()
            self.process.wait()


def supervise(
    environment: Mapping[str, str], stop: threading.Event, address: str, archive: Archive
) -> None:
    """Run all commands until `stop`; print `address` once the page answers, and who is out of reach."""
    began, told, looked = datetime.now(UTC), set[str](), time.monotonic()
    children = [Child(command, environment) for command in COMMANDS]
    announced = False
    try:
        while not stop.is_set():
            for child in children:
                child.tend(time.monotonic())
            if not announced and healthy(address):
                print(say(f"Mở trang: {address}", f"Open the page: {address}"), flush=True)
                announced = True
            if time.monotonic() - looked > LOOK:
                looked = time.monotonic()
                for line in tell_unreachable(archive, began, told):
                    print(line, file=sys.stderr, flush=True)
            stop.wait(0.2)
    finally:
        for child in children:
            child.end()
        deadline = time.monotonic() + GRACE + 1
        while not all(child.is_gone() for child in children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in children:
            child.kill()


def tell_unreachable(archive: Archive, since: datetime, told: set[str]) -> list[str]:
    """A line for each newspaper whose crawl since the start failed as a whole, once."""
    try:
        with archive.read() as conn:
            known = sources.health(conn)
    except OperationalError:  # the children tell of an archive out of reach
        return []
    failed = [
        one for one in known if one.failures and one.last_crawl_at and one.last_crawl_at >= since
    ]
    new = [one for one in failed if one.source.name not in told]
    told.update(one.source.name for one in new)
    return [
        say(
            f"Chưa thu thập được {one.source.title} ({one.source.name}): {one.last_error}",
            f"{one.source.title} ({one.source.name}) could not be collected: {one.last_error}",
        )
        for one in new
    ]


def healthy(address: str) -> bool:
    """Whether a page of ours answers there."""
    try:
        return httpx.get(f"{address}/healthz", timeout=1, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def up(
    port: Annotated[
        int | None, typer.Option(help=say("Cổng của trang web.", "Port of the page."))
    ] = None,
) -> None:
    """Run everything."""
    from diembao import settings
    from diembao.archive.migration import open_archive
    from diembao.cli.serving import listen

    chosen = settings.load(**({} if port is None else {"port": port}))
    listen(chosen.host, chosen.port).close()  # a taken port is said here, once
    if chosen.port == 0:
        raise DiembaoError(say("up cần một cổng cố định.", "up needs a fixed port."))
    archive = open_archive(chosen.archive_url)  # migrate before the children start
    supervise(
        {"DIEMBAO_HOME": str(chosen.home), "DIEMBAO_PORT": str(chosen.port)},
        stopping(2 * GRACE),
        f"http://{chosen.host}:{chosen.port}",
        archive,
    )

"""The road is driven as users drive it: by `python -m diembao` in processes of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from diembao.archive.engine import Archive
from diembao.archive.migration import open_archive

Environment = dict[str, str]


def diembao(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "diembao", *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def wait_for(condition: Callable[[], object], seconds: float = 90.0) -> None:
    """Return once the condition holds; fail when it does not within so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for did not come"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def environment(tmp_path: Path, press: object) -> Environment:
    """Settings of an office that reads the sample newspapers, with everything hurried."""
    declared = tmp_path / "sources"
    declared.mkdir()
    press.write_declarations(declared)  # type: ignore[attr-defined]
    return {
        "DIEMBAO_HOME": str(tmp_path / "home"),
        "DIEMBAO_SOURCES": str(declared),
        "DIEMBAO_PORT": str(free_port()),
        "DIEMBAO_CRAWL_DELAY": "0",
        "DIEMBAO_CRAWL_INTERVAL": "2",
        "DIEMBAO_REVISIT_INTERVAL": "3600",
        "DIEMBAO_PRIVATE_NETWORKS": "true",
        "DIEMBAO_LEASE": "3",
        "DIEMBAO_IDLE": "0.1",
        "DIEMBAO_LANGUAGE": "en",
    }


@pytest.fixture
def office(environment: Environment) -> Iterator[Archive]:
    """The archive of that office."""
    opened = open_archive(f"sqlite:///{environment['DIEMBAO_HOME']}/archive.db")
    yield opened
    opened.close()


@dataclass
class Receiver:
    """A webhook's other end: every request that reached it."""

    url: str = ""
    requests: list[tuple[dict[str, str], dict[str, object]]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    record = Receiver()

    class Receive(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            record.requests.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receive)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    record.url = f"http://127.0.0.1:{server.server_port}/"
    yield record
    server.shutdown()
    server.server_close()
    thread.join()

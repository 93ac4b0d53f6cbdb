"""An office that reads the sample newspapers, its archive, and a webhook's other end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from diembao.archive.engine import Archive
from diembao.archive.migration import open_archive
from tests.road.process import Environment, Receiver, free_port


@pytest.fixture
def environment(tmp_path: Path, press: object) -> Environment:
    """Settings of an office that reads the sample newspapers, with everything hurried."""
    declared = tmp_path / "sources"
    press.write_declarations(declared)  # type: ignore[attr-defined]
    return {
        "DIEMBAO_HOME": str(tmp_path / "home"),
        "DIEMBAO_SOURCES": str(declared),
        "DIEMBAO_PORT": str(free_port()),
        "DIEMBAO_CRAWL_DELAY": "0",
        "DIEMBAO_CRAWL_INTERVAL": "2",
        "DIEMBAO_REVISIT_INTERVAL": "3600",
        "DIEMBAO_PRIVATE_NETWORKS": "true",
        "DIEMBAO_ALERT_DAYS": "36500",
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

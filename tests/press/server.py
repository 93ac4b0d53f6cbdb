"""The sample newspapers on loopback, a port for each; they can misbehave on demand.

`with Press() as press:` for tests; `python tests/press/server.py --declarations DIR` serves until
standard input closes or SIGTERM comes: it writes the declarations into DIR, then prints one JSON
line {newspaper: origin}.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from press_articles import Printed, load
from press_faults import (
    Fault,
    Reply,
    challenge,
    connection_reset,
    cookie_redirect,
    disallow_all,
    double_gzip,
    growing_query,
    gzip_bomb,
    led_away,
    log_in,
    other_kind,
    redirect_loop,
    slow,
    soft_404,
    status,
    swollen,
    too_many_requests,
    truncated_gzip,
    wrong_charset,
)
from press_site import FOLDER, Page, Site

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Press",
    "Printed",
    "Request",
    "challenge",
    "connection_reset",
    "cookie_redirect",
    "disallow_all",
    "double_gzip",
    "growing_query",
    "gzip_bomb",
    "led_away",
    "log_in",
    "other_kind",
    "redirect_loop",
    "slow",
    "soft_404",
    "status",
    "swollen",
    "too_many_requests",
    "truncated_gzip",
    "wrong_charset",
]


@dataclass(frozen=True)
class Request:
    """One line of the log; `status` is 0 where the connection was reset."""

    site: str
    method: str
    path: str
    status: int
    if_none_match: str | None
    if_modified_since: str | None
    user_agent: str | None


@dataclass
class Trouble:
    site: str
    pattern: re.Pattern[str]
    fault: Fault
    left: float


class Press:
    """All sample newspapers, served by threads of this process.

    With `first_port` they take that port and the following ones, in order of name; else free ones.
    """

    def __init__(self, first_port: int = 0) -> None:
        self._first_port = first_port
        self._manuscripts = load()
        self._servers: list[_Server] = []
        self._troubles: list[Trouble] = []
        self._lock = threading.Lock()
        self.sites: dict[str, Site] = {}
        self.requests: list[Request] = []

    def __enter__(self) -> Press:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Open the ports and serve."""
        folders = sorted(path.parent for path in FOLDER.glob("mau-*/site.toml"))
        for place, folder in enumerate(folders):
            port = self._first_port and self._first_port + place
            server = _Server(folder.name, port, self.answer)
            self.sites[folder.name] = Site(folder.name, self._manuscripts, server.origin)
            self._servers.append(server)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Close the ports; open connections end."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()

    @property
    def origins(self) -> dict[str, str]:
        """`http://127.0.0.1:PORT` of each newspaper."""
        return {name: site.origin for name, site in self.sites.items()}

    @property
    def articles(self) -> list[Printed]:
        """What every newspaper prints now, with addresses and related headlines."""
        return [article for site in self.sites.values() for article in site.articles]

    def article(self, article_id: str, site: str | None = None) -> Printed:
        """The printing of an article in `site`, or in the first newspaper that has it."""
        return next(
            one
            for one in self.articles
            if one.article_id == article_id and site in (None, one.site)
        )

    def write_declarations(self, folder: Path) -> None:
        """Write `NAME.toml`, the crawler's declaration of each newspaper, for these ports."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, site in self.sites.items():
            form = (site.folder / "source.toml").read_text("utf-8")
            host = site.origin.removeprefix("http://")
            filled = form.replace("{base}", site.origin).replace("{host}", host)
            (folder / f"{name}.toml").write_text(filled, "utf-8")

    def edit(self, article_id: str) -> None:
        """Publish the second version of an article wherever it is printed."""
        if "second" not in self._manuscripts[article_id].front:
            raise ValueError(f"{article_id} has no second version")
        for site in self.sites.values():
            if article_id in site.manuscripts:
                site.edit(article_id)

    def misbehave(
        self, site: str, path_pattern: str, fault: Fault, times: float = float("inf")
    ) -> None:
        """Apply `fault` to paths of `site` that match, `times` times; the newest fault wins."""
        self._troubles.insert(0, Trouble(site, re.compile(path_pattern), fault, times))

    def behave(self) -> None:
        """Forget all faults."""
        self._troubles.clear()

    def fetched(self, site: str, pattern: str = "") -> list[Request]:
        """The logged requests to a newspaper whose path matches."""
        return [r for r in self.requests if r.site == site and re.search(pattern, r.path)]

    def answer(self, name: str, method: str, path: str, headers: Mapping[str, str]) -> Reply:
        """The reply to one request, logged."""
        with self._lock:
            page = self.sites[name].page(_without_tracking(path))
            reply = _healthy(page, headers)
            trouble = self._trouble(name, path)
            if trouble:
                reply = trouble.fault(_fresh(page) if page else reply, path, headers)
            self.requests.append(
                Request(
                    site=name,
                    method=method,
                    path=path,
                    status=0 if reply.reset else reply.status,
                    if_none_match=headers.get("If-None-Match"),
                    if_modified_since=headers.get("If-Modified-Since"),
                    user_agent=headers.get("User-Agent"),
                )
            )
        return reply

    def _trouble(self, site: str, path: str) -> Trouble | None:
        for trouble in self._troubles:
            if trouble.site == site and trouble.left > 0 and trouble.pattern.search(path):
                trouble.left -= 1
                return trouble
        return None


def _without_tracking(path: str) -> str:
    parts = urlsplit(path)
    kept = [
        (k, v) for k, v in parse_qsl(parts.query) if not k.startswith(("utm_", "zarsrc", "vong"))
    ]
    return parts.path + ("?" + urlencode(kept) if kept else "")


def _fresh(page: Page) -> Reply:
    headers = {
        "Content-Type": page.content_type,
        "ETag": page.etag,
        "Last-Modified": format_datetime(page.modified.astimezone(UTC), usegmt=True),
    }
    return Reply(200, headers, page.body)


def _healthy(page: Page | None, headers: Mapping[str, str]) -> Reply:
    if page is None:
        body = "<html><body><h1>Không tìm thấy trang</h1></body></html>".encode()
        return Reply(404, {"Content-Type": "text/html; charset=utf-8"}, body)
    fresh = _fresh(page)
    wanted, since = headers.get("If-None-Match"), headers.get("If-Modified-Since")
    if wanted is not None:
        same = page.etag in (tag.strip().removeprefix("W/") for tag in wanted.split(","))
    else:
        same = since is not None and parsedate_to_datetime(since) >= page.modified
    if not same:
        return fresh
    return Reply(304, {key: fresh.headers[key] for key in ("ETag", "Last-Modified")})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, name: str, port: int, answer: Any) -> None:
        self.name = name
        self.answer = answer
        super().__init__(("127.0.0.1", port), _Handler)
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # head and body in one piece: sent apart, the body waits for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        reply = self.server.answer(self.server.name, self.command, self.path, self.headers)
        if reply.delay:
            time.sleep(reply.delay)
        if reply.reset:
            self._reset()
            return
        self.send_response(reply.status)
        for key, value in reply.headers.items():
            self.send_header(key, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD" and reply.status != 304:
            self.wfile.write(reply.body)

    do_HEAD = do_GET  # noqa: N815

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Nothing on standard error; the log is `Press.requests`."""


def main() -> None:
    """Serve as a program."""
    parser = argparse.ArgumentParser(description="Chạy các báo mẫu trên máy này.")
    parser.add_argument(
        "--declarations", type=Path, required=True, help="nơi ghi khai báo nguồn tin"
    )
    parser.add_argument(
        "--first-port", type=int, default=0, help="cổng đầu tiên; 0: cổng còn trống"
    )
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Press(chosen.first_port) as press:
        press.write_declarations(chosen.declarations)
        print(json.dumps(press.origins), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

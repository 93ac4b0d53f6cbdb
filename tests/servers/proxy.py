"""What stands before a server in many an office: passes requests on, and refuses some by itself."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

PASSED_ON = ("accept", "authorization", "content-type")
BROUGHT_BACK = ("content-type", "x-elastic-product")


class Proxy(ThreadingHTTPServer):
    """Answers the next requests with `refusals`, and bodies above `limit` bytes with 413.

    Who shows one of `passes` is let through under the authorization that it stands for.
    """

    daemon_threads = True

    def __init__(self, server: str, authority: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.server = server
        self.trust = ssl.create_default_context(cafile=str(authority))
        self.refusals: list[int] = []
        self.refused = 0
        self.passes: dict[str, str] = {}
        self.limit = 100_000_000
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.server.refusals or len(body) > self.server.limit:
            status = self.server.refusals.pop(0) if self.server.refusals else 413
            self.server.refused += 1
            self.answer(status, {"content-type": "text/plain"}, b"refused by the proxy")
            return
        headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        shown = headers.get("authorization", "")
        headers["authorization"] = self.server.passes.get(shown, shown)
        request = Request(
            self.server.server + self.path, body or None, headers, method=self.command
        )
        try:
            answer = urlopen(request, timeout=30, context=self.server.trust)
        except HTTPError as error:
            answer = error
        with answer:
            brought = {n: answer.headers[n] for n in BROUGHT_BACK if n in answer.headers}
            self.answer(answer.status, brought, answer.read())

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on  # noqa: N815

"""Faults of newspapers' servers. A fault makes a `Reply` out of the healthy one.

`Reply.reset` drops the connection without an answer, `Reply.delay` is in seconds. A fault sees the
request's path and headers, so that it can ask for a cookie or lead in a circle.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    reset: bool = False


Fault = Callable[[Reply, str, Mapping[str, str]], Reply]
HTML = {"Content-Type": "text/html; charset=utf-8"}
TONES = "\u0300\u0301\u0303\u0309\u0323"


def slow(seconds: float) -> Fault:
    """The healthy answer, late."""
    return lambda reply, *_: replace(reply, delay=seconds)


def status(code: int) -> Fault:
    """An error page with that status (500, 503, 404 ...)."""
    body = f"<html><body><h1>Lỗi {code}</h1></body></html>".encode()
    return _always(Reply(code, dict(HTML), body))


def too_many_requests(retry_after: str, code: int = 429) -> Fault:
    """429, or 503, with that Retry-After (seconds or an HTTP date)."""
    return _always(Reply(code, {**HTML, "Retry-After": retry_after}, b""))


def truncated_gzip(kept: float = 0.6) -> Fault:
    """The body as gzip that breaks off after that share of its bytes."""

    def fault(reply: Reply, *_: object) -> Reply:
        packed = gzip.compress(_plain(reply.body))
        return _encoded(reply, packed[: int(len(packed) * kept)])

    return fault


def double_gzip() -> Fault:
    """The body packed twice, declared once."""
    return lambda reply, *_: _encoded(reply, gzip.compress(gzip.compress(_plain(reply.body))))


def redirect_loop() -> Fault:
    """Two addresses that lead to each other for ever."""

    def fault(reply: Reply, path: str, headers: Mapping[str, str]) -> Reply:
        bare, _, query = path.partition("?")
        return Reply(302, {"Location": f"{bare}?vong={2 if query == 'vong=1' else 1}"})

    return fault


def cookie_redirect() -> Fault:
    """A page that sets a cookie and redirects to itself; with the cookie it answers."""

    def fault(reply: Reply, path: str, headers: Mapping[str, str]) -> Reply:
        if "da_xem=1" in headers.get("Cookie", ""):
            return reply
        return Reply(302, {"Location": path, "Set-Cookie": "da_xem=1; Path=/"})

    return fault


def wrong_charset(encoding: str, label: str) -> Fault:
    """The text in one encoding under another one's name, in header and page alike.

    `windows-1258` is written as old editors wrote it: letters with their tone marks apart.
    """

    def fault(reply: Reply, *_: object) -> Reply:
        text = reply.body.decode().replace('charset="utf-8"', f'charset="{label}"')
        kind = reply.headers["Content-Type"].partition(";")[0]
        body = (
            _encode_1258(text) if encoding == "windows-1258" else text.encode(encoding, "replace")
        )
        return replace(
            reply, body=body, headers={**reply.headers, "Content-Type": f"{kind}; charset={label}"}
        )

    return fault


def disallow_all() -> Fault:
    """A robots.txt that closes the whole site."""
    kind = {"Content-Type": "text/plain; charset=utf-8"}
    return _always(Reply(200, kind, b"User-agent: *\nDisallow: /\n"))


def connection_reset() -> Fault:
    """The connection is reset before any answer."""
    return lambda reply, *_: replace(reply, reset=True)


def challenge() -> Fault:
    """A page of a bot wall, with 403, where the article should be."""
    body = (
        '<html><head><meta charset="utf-8"><title>Xin chờ một chút...</title></head><body>'
        '<div id="challenge-form"><h1>Xác minh bạn không phải là người máy</h1>'
        "<p>Trang sẽ mở sau khi trình duyệt của bạn được kiểm tra. Vui lòng bật JavaScript.</p>"
        '<div class="h-captcha"></div></div></body></html>'
    ).encode()
    return _always(Reply(403, dict(HTML), body))


def gzip_bomb(unpacked: int) -> Fault:
    """A small body that unpacks to so many bytes."""
    packed = gzip.compress(b"<html><body>" + b" " * unpacked)
    return lambda reply, *_: _encoded(reply, packed)


def swollen(size: int) -> Fault:
    """The page with so many bytes of nothing at its end, not packed."""

    def fault(reply: Reply, *_: object) -> Reply:
        return replace(reply, body=_plain(reply.body) + b" " * size)

    return fault


def other_kind(kind: str) -> Fault:
    """No page at all but a file of another kind (application/pdf ...)."""
    return _always(Reply(200, {"Content-Type": kind}, b"%PDF-1.4 " + bytes(range(256))))


def soft_404() -> Fault:
    """200 for a page that says that there is none."""
    body = (
        '<html><head><meta charset="utf-8"><title>404 - Không tìm thấy trang</title></head>'
        "<body><h1>Trang bạn tìm không tồn tại</h1><p>Mời bạn về trang chủ.</p></body></html>"
    ).encode()
    return _always(Reply(200, dict(HTML), body))


def log_in() -> Fault:
    """200 for a log-in form where the article should be."""
    body = (
        '<html><head><meta charset="utf-8"><title>Đăng nhập</title></head><body>'
        '<form method="post"><input name="ten"><input type="password" name="mat-khau"></form></body></html>'
    ).encode()
    return _always(Reply(200, dict(HTML), body))


def led_away(location: str) -> Fault:
    """A redirect to another page of the newspaper, as of articles that were taken down."""
    return _always(Reply(302, {"Location": location}))


def growing_query() -> Fault:
    """Redirects whose query grows at every step, for ever."""

    def fault(reply: Reply, path: str, headers: Mapping[str, str]) -> Reply:
        joint = "&" if "?" in path else "?"
        return Reply(302, {"Location": f"{path}{joint}b={path.count('b=')}"})

    return fault


def _always(reply: Reply) -> Fault:
    return lambda *_: reply


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _encoded(reply: Reply, packed: bytes) -> Reply:
    """A packed file stays a file (`.gz`); anything else is a transfer in gzip."""
    headers = dict(reply.headers)
    if headers.get("Content-Type") != "application/gzip":
        headers["Content-Encoding"] = "gzip"
    return replace(reply, body=packed, headers=headers)


def _encode_1258(text: str) -> bytes:
    written = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in parts if mark in TONES), "")
        base = unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts)
        written.append((base + tone).encode("cp1258", "replace"))
    return b"".join(written)

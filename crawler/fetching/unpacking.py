"""Bodies as they were sent to bodies as they were meant: gzip and deflate, bounded.

Scrapy's own station gives what it could unpack of a stream that broke off as if it were whole, and takes
a bomb for something to pass over in silence. Here the former is marked (`CUT_OFF` in the request's meta:
of a list what can be read is read, half an article is a fault) and the latter is a fault.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from scrapy.responsetypes import responsetypes

from crawler.discovery.gzipped import Unpacked, unpack
from crawler.fetching.faults import PageError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

CUT_OFF = "cut_off"
_RAW = -15
"""zlib's sign for deflate without a head, which some servers send."""


class UnpackMiddleware:
    """Asks for packed answers and unpacks them."""

    def __init__(self, crawler: Crawler) -> None:
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Any:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Say what can be unpacked."""
        request.headers.setdefault("Accept-Encoding", "gzip, deflate")

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer unpacked. Raises PageError where it unpacks to more than a page may have."""
        named = [name.strip().lower() for name in response.headers.getlist("Content-Encoding")]
        if not response.body or not set(named) & {b"gzip", b"x-gzip", b"deflate"}:
            return response
        found = (
            _inflated(response.body, self._limit)
            if b"deflate" in named
            else unpack(response.body, self._limit)
        )
        if len(found.data) >= self._limit:
            raise PageError("trang quá lớn khi giải nén (too large once unpacked)", request.url)
        if not found.whole:
            request.meta[CUT_OFF] = True
        headers = response.headers.copy()
        headers.pop(b"Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=response.url, body=found.data)
        return response.replace(cls=kind, headers=headers, body=found.data)


def _inflated(body: bytes, limit: int) -> Unpacked:
    for bits in (zlib.MAX_WBITS, _RAW):
        stream = zlib.decompressobj(bits)
        try:
            data = stream.decompress(body, limit)
        except zlib.error:
            continue
        return Unpacked(data, stream.eof)
    return Unpacked(body, True)

"""Gzip as servers really send it: served plain, packed twice, cut off, or with bytes appended.

What can be read is read; `whole` tells whether anything was missing. The result never exceeds a limit.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

MAGIC = b"\x1f\x8b"
LIMIT = 100_000_000


class Unpacked(NamedTuple):
    """Bytes as far as they could be unpacked; `whole` is False where the stream broke off."""

    data: bytes
    whole: bool


def unpack(body: bytes, limit: int = LIMIT) -> Unpacked:
    """Unpack as many layers of gzip as there are, at most three."""
    whole = True
    for _ in range(3):
        if not body.startswith(MAGIC):
            break
        body, complete = _layer(body, limit)
        whole = whole and complete
    return Unpacked(body, whole)


def _layer(body: bytes, limit: int) -> Unpacked:
    out = bytearray()
    while body.startswith(MAGIC) and len(out) < limit:
        stream = zlib.decompressobj(wbits=31)
        try:
            # In small steps, so that what stands before a broken byte is kept.
            for start in range(0, len(body), 4096):
                out += stream.decompress(body[start : start + 4096], limit - len(out) + 1)
                if stream.eof or len(out) > limit:
                    rest = stream.unused_data + body[start + 4096 :]
                    break
            else:
                return Unpacked(bytes(out), False)
        except zlib.error:
            return Unpacked(bytes(out), False)
        if len(out) > limit:
            return Unpacked(bytes(out[:limit]), False)
        body = rest
    return Unpacked(bytes(out), True)

"""RSS and Atom, by feedparser; dates by our own reading, since feeds print `GMT+7` or no zone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import feedparser

from crawler.discovery.gzipped import unpack
from crawler.discovery.listed import Listed
from diembao.errors import ReadError
from diembao.vietnamese import dates

if TYPE_CHECKING:
    from datetime import tzinfo


def read(body: bytes, url: str, zone: tzinfo, content_type: str = "") -> list[Listed]:
    """The entries of a feed. Raises ReadError where the page is no feed at all."""
    unpacked = unpack(body).data
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    parsed = feedparser.parse(io.BytesIO(unpacked), response_headers=headers)
    if not parsed.version and not parsed.entries:
        raise ReadError(f"{url} không phải là RSS hay Atom (no RSS or Atom there).")
    return [
        listed for entry in parsed.entries if entry.get("link") and (listed := _listed(entry, zone))
    ]


def _listed(entry: Any, zone: tzinfo) -> Listed:
    published, updated = (
        found.at if (found := dates.parse(_text(entry, name), zone=zone)) else None
        for name in ("published", "updated")
    )
    known = [moment for moment in (published, updated) if moment]
    return Listed(entry["link"], max(known, default=None), published)


def _text(entry: Any, name: str) -> str:
    # Its own `get` takes `published` for a missing `updated`, with a warning.
    return str(entry[name]) if dict.__contains__(entry, name) else ""

"""Pages and texts to articles."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler import urls
from crawler.discovery.gzipped import unpack
from crawler.fetching import encoding
from crawler.fetching.page import FetchedPage
from crawler.reading import structured
from crawler.reading.dating import dated
from crawler.reading.pages import BY_HAND, read_page
from crawler.reading.parts import following, joined
from crawler.reading.texts import read_text
from diembao.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crawler.declarations import Declaration
    from diembao.article import Article

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a text begins that may hold zero bytes."""

__all__ = [
    "BY_HAND",
    "dated",
    "declaration_of",
    "following",
    "joined",
    "read_file",
    "read_page",
    "read_text",
]


def declaration_of(url: str, declared: Mapping[str, Declaration]) -> Declaration | None:
    """The newspaper on whose hosts the address is."""
    return next((one for one in declared.values() if one.owns(url)), None)


def read_file(
    path: Path, declared: Mapping[str, Declaration], now: datetime, *, url: str | None = None
) -> Article:
    """The article in a saved page or a text file, packed or not. Raises BadInputError, ReadError."""
    try:
        body = unpack(path.read_bytes()).data
        saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise BadInputError(f"Không đọc được tệp {path} (cannot read the file): {error}") from error
    if b"\0" in body and not body.startswith(UTF_16):
        raise BadInputError(
            f"Tệp {path} không phải trang web hay văn bản; hãy lưu trang dưới dạng HTML "
            "(the file is neither a page nor a text)."
        )
    text = encoding.decode(body)
    if not _is_html(text):
        return read_text(text, url=url, fetched_at=min(saved_at, now))
    if url is None:
        url = structured.read(encoding.parse_html(text), "").canonical or ""
    address = urls.canonical(url) or path.resolve().as_uri()
    page = FetchedPage(address, now, {}, body)
    return read_page(page, declaration_of(address, declared), now)


def _is_html(text: str) -> bool:
    start = text[:4000].lower()
    return (
        "<html" in start
        or "<!doctype html" in start
        or ("<body" in start or ("<div" in start and "</" in start))
    )

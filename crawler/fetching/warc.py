"""Raw pages as WARC, for other tools and for reading the past again.

One packed file a newspaper, day and process in the folder; a record is a response with the body as it was
meant (unpacked), so that any reader of WARC finds the page. Files that a killed process left unfinished
are read as far as they go.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.fetching.page import FetchedPage
from diembao.errors import BadInputError
from diembao.vietnamese.dates import local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord


def keep(folder: Path, newspaper: str, page: FetchedPage) -> None:
    """Append a page to today's file of a newspaper."""
    folder.mkdir(parents=True, exist_ok=True)
    day = local(page.fetched_at).date().isoformat()
    with (folder / f"{newspaper}-{day}-{os.getpid()}.warc.gz").open("ab") as file:
        writer = WARCWriter(file, gzip=True)
        headers = [(name.title(), value) for name, value in page.headers.items()]
        head = StatusAndHeaders(f"{page.status} OK", headers, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            page.url, "response", payload=BytesIO(page.body), http_headers=head,
            warc_headers_dict={"WARC-Date": f"{page.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"},
        )  # fmt: skip
        writer.write_record(record)
        record.raw_stream.close()  # the library spools what it takes the digest of


def pages(path: Path) -> Iterator[FetchedPage]:
    """The pages of a file that answered well. Raises BadInputError where it is no WARC."""
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response" and record.http_headers is not None:
                    yield from _page(record)
    except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
        raise BadInputError(
            f"Không đọc được tệp WARC {path} (cannot read the WARC file): {error}"
        ) from error


def _page(record: ArcWarcRecord) -> Iterator[FetchedPage]:
    if record.http_headers.get_statuscode() != "200":
        return
    yield FetchedPage(
        record.rec_headers.get_header("WARC-Target-URI"),
        datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
        {name.lower(): value for name, value in record.http_headers.headers},
        record.content_stream().read(),
    )

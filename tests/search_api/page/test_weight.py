"""What must come over the line before a page of full results is painted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx
import pytest

from diembao.archive import articles
from search_api.index.document import build
from tests.search_api.conftest import CITY, NOW, Shelf, keep, write
from tests.search_api.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 150_000
"""Bytes of the page and all that it loads."""

_LOADED = re.compile(
    r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"|url\(["']?([^"')]+)"""
)


@pytest.fixture
def full_shelf(own_shelf: Shelf) -> Shelf:
    """A shelf whose first page is full, and whose facets have all the values that are shown."""
    new = [_article(own_shelf, number) for number in range(60)]
    with own_shelf.archive.read() as connection:
        own_shelf.index.put([build(item) for item in articles.load(connection, new)])
    return own_shelf


def _article(shelf: Shelf, number: int) -> int:
    month, year = number % 12 + 1, 2020 + number // 12
    told = " ".join(f"Hộ thứ {n} ở xóm {number * 31 + n} giữ ngõ sạch." for n in range(12))
    lines = [
        ("title", f"Phong trào dân vận khéo của khu dân cư số {number} qua {number + 5} năm nhìn lại"),
        ("lead", f"[UNIT|Hội Nông dân xã Đồi {number}] sơ kết [MOVEMENT|Phong trào số {number}]. {told}"),
        ("paragraph", f"Ông [PERSON|Lê Văn Ngõ {number}] ở [PLACE|thôn {number}] nhận [AWARD|Bằng khen số {number}] cho [MODEL|Tổ tự quản {number}]. {told}"),
    ]  # fmt: skip
    written = write(CITY, f"day-{number}", f"{year}-{month:02}-03T08:00:00+07:00", lines)
    return keep(shelf.archive, written, CITY, NOW + timedelta(minutes=number))


def loaded(page: httpx.Response) -> Iterator[httpx.Response]:
    """The page and all that it, or a style sheet of it, names: style, script, icon, fonts."""
    waiting, seen = [page], {str(page.url)}
    while waiting:
        answer = waiting.pop()
        yield answer
        if (
            "html" not in answer.headers["content-type"]
            and "css" not in answer.headers["content-type"]
        ):
            continue
        for names in _LOADED.findall(answer.text):
            address = urljoin(str(answer.url), "".join(names))
            if not address.startswith("data:") and address not in seen:
                seen.add(address)
                waiting.append(httpx.get(address).raise_for_status())


@pytest.mark.parametrize("path", ["/", "/?q=dan+van+kheo", "/?q=h%E1%BB%99&sort=date"])
def test_a_full_page_of_results_is_painted_from_little(full_shelf: Shelf, path: str) -> None:
    with serving(full_shelf.app) as address:
        page = httpx.get(address + path).raise_for_status()
        answers = list(loaded(page))
    assert page.text.count("<article") >= 20
    kinds = {answer.headers["content-type"].partition(";")[0] for answer in answers}
    assert {"text/html", "text/css", "text/javascript"} <= kinds
    assert sum(answer.num_bytes_downloaded for answer in answers) < MOST

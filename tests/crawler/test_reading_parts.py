"""An article in several pages: what is its next page, what is not, and that it reads as one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler import reading
from crawler.fetching import FetchedPage
from crawler.reading import parts

NOW = datetime(2026, 1, 15, tzinfo=UTC)
URL = "https://baomau.vn/chuyen-dai-a102.html"


def page(inside: str, url: str = URL) -> FetchedPage:
    text = f"<html><head><link rel='canonical' href='{URL}'></head><body>{inside}</body></html>"
    return FetchedPage(url, NOW, {"content-type": "text/html; charset=utf-8"}, text.encode())


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ("<div class='paging'><a href='?p=2'>2</a></div>", f"{URL}?p=2"),
        ("<ul class='pagination'><li><a href='?page=3'>3</a><a href='?page=2'>2</a></li></ul>", f"{URL}?page=2"),
        ("<a rel='next' href='/chuyen-dai-a102-p2.html'>Tiếp</a>", "https://baomau.vn/chuyen-dai-a102-p2.html"),
        ("<div class='phan-trang'><a href='/chuyen-dai-a102/trang-2.html'>2</a></div>", "https://baomau.vn/chuyen-dai-a102/trang-2.html"),
        ("<div class='paging'><a href='/chuyen-khac-a103.html'>2</a></div>", None),
        ("<div class='paging'><a href='https://baokhac.vn/chuyen-dai-a102.html?p=2'>2</a></div>", None),
        ("<div class='paging'><a href='?p=3'>3</a></div>", None),
        ("<div class='comments'><div class='paging'><a href='?page=2'>2</a></div></div>", None),
        ("<div class='tin-lien-quan'><div class='paging'><a href='?page=2'>2</a></div></div>", None),
        ("<a rel='next' href='/bai-sau-a104.html'>Bài sau</a>", None),
        ("<a href='?p=2'>2</a>", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_next_page_has_the_articles_own_address_and_a_number(
    link: str, following: str | None
) -> None:
    assert parts.following([page(link)]) == following


def test_pages_end_with_the_last_or_when_they_repeat_or_never_end() -> None:
    second = page("<div class='paging'><a href='?p=1'>1</a></div>", f"{URL}?p=2")
    assert parts.following([page(""), second]) is None
    endless = [
        page(f"<div class='paging'><a href='?p={n + 1}'>sau</a></div>", f"{URL}?p={n}")
        for n in range(1, 60)
    ]
    assert parts.following(endless[:3]) == f"{URL}?p=4"
    assert parts.following(endless[: parts.MOST]) is None
    same = page("<div class='paging'><a href='?p=3'>3</a></div>")
    assert parts.following([same, same]) is None


def test_joined_pages_read_as_one_and_a_repeated_page_adds_nothing() -> None:
    one = "Trang đầu kể chuyện con đường mới mở vào thôn, nhờ công của cả trăm hộ dân góp sức."
    two = "Trang sau kể chuyện cây cầu treo mới, nhờ công của những người thợ ở bên kia sông."
    first, second = (
        page(
            "<h1>Chuyện dài hai trang của thôn</h1><div class='date'>03/10/2025 05:15</div>"
            f"<div class='article-body'><p>{text}</p></div>"
        )
        for text in (one, two)
    )
    whole = reading.read_page(reading.joined([first, second, second]), None, NOW)
    assert whole.text.count(one) == whole.text.count(two) == 1
    assert whole.canonical_url == URL
    assert [kept.body for kept in parts.parted(parts.joined([first, second]))] == [
        first.body,
        second.body,
    ]

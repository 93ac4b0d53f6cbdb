"""An article in several pages is fetched whole, once, and becomes one article."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import update

from crawler.declarations import Declaration
from crawler.run import crawl_once
from diembao.archive import articles
from diembao.archive.engine import Archive
from diembao.archive.schema import crawl_urls
from diembao.article import Article
from diembao.settings import Settings

LINES = [
    "Trang một kể chuyện hai trăm hộ dân góp công mở con đường mới vào thôn Nà Ten.",
    "Trang hai kể chuyện người trưởng thôn dỡ hàng rào nhà mình trước khi đi vận động.",
    "Trang ba kể chuyện ba mươi tổ tự quản thay nhau chăm hoa dọc hai bên đường.",
]


class _Newspaper(ThreadingHTTPServer):
    """A listing with one article in three pages; the third can be missing."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.is_whole = True

    @property
    def domain(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def page(self, path: str) -> str | None:
        if path == "/":
            return "<html><body><a href='/duong-moi-vao-na-ten-a7.html'>Đường mới vào Nà Ten</a></body></html>"
        first = "/duong-moi-vao-na-ten-a7.html"
        if not path.startswith(first):
            return None
        number = int(path.rpartition("=")[2]) if "?p=" in path else 1
        if number > (3 if self.is_whole else 2):
            return None
        links = "".join(f"<a href='?p={n}'>{n}</a>" for n in (1, 2, 3))
        return (
            f"<html><head><meta charset='utf-8'><link rel='canonical' href='{first}'></head><body>"
            "<h1>Đường mới vào thôn Nà Ten</h1><p class='date'>03/10/2025 05:15</p>"
            f"<div class='article-body'><p>{LINES[number - 1]}</p></div><div class='paging'>{links}</div></body></html>"
        )


class _Handler(BaseHTTPRequestHandler):
    server: _Newspaper

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        page = self.server.page(self.path)
        body = (page or "").encode()
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def newspaper() -> Iterator[_Newspaper]:
    server = _Newspaper()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def crawled(archive: Archive, settings: Settings, newspaper: _Newspaper) -> str | None:
    """Crawl once; the text of the article, if it was archived."""
    declared = Declaration.model_validate(
        {
            "name": "nhieu-trang",
            "title": "Báo Nhiều Trang",
            "domain": newspaper.domain,
            "listings": [{"url": f"http://{newspaper.domain}/"}],
            "article_urls": [r"-a\d+\.html$"],
        }
    )
    crawl_once(archive, {declared.name: declared}, settings)
    with archive.read() as conn:
        number = articles.find(conn, f"http://{newspaper.domain}/duong-moi-vao-na-ten-a7.html")
        return articles.load(conn, [number])[0].article.text if number else None


def loaded(archive: Archive, newspaper: _Newspaper) -> Article:
    with archive.read() as conn:
        number = articles.find(conn, f"http://{newspaper.domain}/duong-moi-vao-na-ten-a7.html")
        assert number
        return articles.load(conn, [number])[0].article


def make_due(archive: Archive) -> None:
    """As if the pause after every failure had passed."""
    with archive.write() as conn:
        past = datetime.now(UTC) - timedelta(seconds=1)
        failing = update(crawl_urls).where(crawl_urls.c.failures > 0)
        conn.execute(failing.values(next_visit_at=past))


def test_all_pages_become_one_article_each_asked_for_once(
    archive: Archive, hurried: Settings, newspaper: _Newspaper
) -> None:
    text = crawled(archive, hurried, newspaper)
    assert text
    assert [text.count(line) for line in LINES] == [1, 1, 1]
    pages = [path for path in newspaper.asked if "-a7" in path]
    assert sorted(pages) == sorted(set(pages))
    assert len(pages) == 3


def test_an_article_with_a_missing_page_is_archived_marked_and_completed_later(
    archive: Archive, hurried: Settings, newspaper: _Newspaper
) -> None:
    newspaper.is_whole = False
    text = crawled(archive, hurried, newspaper)
    assert text
    assert [text.count(line) for line in LINES] == [1, 1, 0]
    assert not loaded(archive, newspaper).is_whole
    newspaper.is_whole = True
    make_due(archive)
    text = crawled(archive, hurried, newspaper)
    assert text
    assert [text.count(line) for line in LINES] == [1, 1, 1]
    assert loaded(archive, newspaper).is_whole


def test_a_missing_page_never_replaces_what_was_whole(
    archive: Archive, hurried: Settings, newspaper: _Newspaper
) -> None:
    settings = hurried.model_copy(update={"revisit_hours": 1e6, "revisit_interval": 0.001})
    whole = crawled(archive, settings, newspaper)
    newspaper.is_whole = False
    assert crawled(archive, settings, newspaper) == whole
    assert loaded(archive, newspaper).is_whole

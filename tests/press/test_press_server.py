"""The sample newspapers themselves: everything is reachable, and every misbehaviour is what it says."""

from __future__ import annotations

import gzip
import json
import re
import socket
import subprocess
import sys
import time
import tomllib
import unicodedata
import xml.etree.ElementTree as ET
import zlib
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx
import lxml.html
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SITES = ["mau-cuulong", "mau-datto", "mau-kinhbac", "mau-laodongthudo", "mau-tiengnoidoanvien"]
AWARD = "bang-khen-dv-kheo-hanoi"
HERE = Path(__file__).parent
ALERTS = tomllib.loads((HERE / "expected_alerts.toml").read_text("utf-8"))
NAMESPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10) as client:
        yield client


def printed(press: Any, site: str) -> list[Any]:
    return [article for article in press.articles if article.site == site]


def links(page: httpx.Response) -> set[str]:
    found = lxml.html.fromstring(page.content).xpath("//a/@href")
    return {re.sub(r"[#?](?!p(age)?=).*", "", urljoin(str(page.url), link)) for link in found}


def shown(page: httpx.Response) -> str:
    return " ".join(lxml.html.fromstring(page.content).text_content().split())


@pytest.mark.parametrize("site", SITES)
def test_every_article_is_reached_from_the_front_page_by_listings(
    site: str, press: Any, web: httpx.Client
) -> None:
    origin = press.origins[site]
    articles = {article.url for article in printed(press, site)}
    known = {origin + path for path in press.sites[site].paths}
    waiting, seen = {f"{origin}/"}, set()
    while waiting:
        url = waiting.pop()
        seen.add(url)
        if url not in articles:
            waiting |= (links(web.get(url)) & known) - seen
    assert articles <= seen


@pytest.mark.parametrize("site", SITES)
def test_sitemaps_name_every_article_with_its_last_change(
    site: str, press: Any, web: httpx.Client
) -> None:
    def read(address: str) -> ET.Element:
        body = web.get(address).content
        return ET.fromstring(gzip.decompress(body) if address.endswith(".gz") else body)

    top = read(press.origins[site] + press.sites[site].config["sitemap"])
    children = [node.text for node in top.iterfind("s:sitemap/s:loc", NAMESPACES)]
    sitemaps = [read(child) for child in children if child] or [top]
    entries = {
        node.findtext("s:loc", "", NAMESPACES): node.findtext("s:lastmod", "", NAMESPACES)
        for sitemap in sitemaps
        for node in sitemap.iterfind("s:url", NAMESPACES)
    }
    assert entries == {a.url: a.last_change.isoformat() for a in printed(press, site)}


@pytest.mark.parametrize("site", SITES)
def test_feeds_announce_the_newest_articles(site: str, press: Any, web: httpx.Client) -> None:
    feed = ET.fromstring(web.get(press.origins[site] + press.sites[site].config["feed"]).content)
    announced = [re.sub(r"\?.*", "", link.text or "") for link in feed.iterfind(".//item/link")]
    assert announced == [article.url for article in printed(press, site)][:15]


@pytest.mark.parametrize("site", SITES)
def test_article_pages_show_every_block_as_printed(
    site: str, press: Any, web: httpx.Client
) -> None:
    for article in printed(press, site):
        page = unicodedata.normalize("NFC", shown(web.get(article.url)))
        cells = [cell for block in article.blocks for cell in block.cells]
        assert [cell for cell in cells if cell not in page] == [], article.url
        assert [headline for headline in article.related if headline not in page] == []


def test_small_paper_sends_some_pages_decomposed(press: Any, web: httpx.Client) -> None:
    article = next(a for a in printed(press, "mau-datto") if a.number % 2)
    assert "\u0301" in web.get(article.url).text


def test_variants_for_phones_name_the_desktop_address(press: Any, web: httpx.Client) -> None:
    article = press.article(AWARD)
    variant = web.get(press.origins[article.site] + "/m" + article.path)
    assert f'<link rel="canonical" href="{article.url}">' in variant.text


@pytest.mark.parametrize("site", SITES)
def test_unchanged_pages_answer_304_to_either_validator(
    site: str, press: Any, web: httpx.Client
) -> None:
    for path in press.sites[site].paths:
        first = web.get(press.origins[site] + path)
        tag, date = first.headers["ETag"], first.headers["Last-Modified"]
        by_tag = web.get(first.url, headers={"If-None-Match": tag})
        by_date = web.get(first.url, headers={"If-Modified-Since": date})
        assert (first.status_code, by_tag.status_code, by_date.status_code) == (200, 304, 304)
        assert by_tag.content == b""
    assert press.requests[-1].if_modified_since == date


def test_an_edit_is_a_new_version_of_that_article_alone(press: Any, web: httpx.Client) -> None:
    site = press.article(AWARD).site
    before = {path: press.sites[site].page(path).etag for path in press.sites[site].paths}
    old = press.article(AWARD)
    press.edit(AWARD)
    new = press.article(AWARD)
    changed = {p for p, tag in before.items() if press.sites[site].page(p).etag != tag}
    assert changed == {old.path, f"/m{old.path}", press.sites[site].config["sitemap"]}
    assert (new.url, new.title, new.lead, new.related) == (
        old.url,
        old.title,
        old.lead,
        old.related,
    )
    assert len(new.paragraphs) == len(old.paragraphs) + 1
    answer = web.get(new.url, headers={"If-None-Match": before[old.path]})
    assert answer.status_code == 200
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) == new.modified_at
    assert "Nguyễn Trọng Bình" in answer.text
    assert "Nguyễn Trọng Bính" not in answer.text


def free_run_of_ports(length: int) -> int:
    for first in range(21000, 60000, length):
        with ExitStack() as held:
            try:
                for port in range(first, first + length):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first
    raise AssertionError("no run of free ports")


def test_chosen_ports_are_taken_in_order_of_name(press_module: Any) -> None:
    first = free_run_of_ports(len(SITES))
    with press_module.Press(first_port=first) as chosen:
        assert chosen.origins == {
            site: f"http://127.0.0.1:{first + place}" for place, site in enumerate(SITES)
        }


def test_only_articles_with_a_second_version_can_be_edited(press: Any) -> None:
    with pytest.raises(ValueError, match="no second version"):
        press.edit("gia-xang")


def test_unknown_addresses_are_404_and_tracking_parameters_are_ignored(
    press: Any, web: httpx.Client
) -> None:
    article = press.article(AWARD)
    assert web.get(article.url + "x").status_code == 404
    assert web.get(article.url + "?utm_source=zalo").content == web.get(article.url).content


def test_three_newspapers_reprint_a_press_release_with_small_differences(press: Any) -> None:
    prints = [a for a in press.articles if a.article_id == "bang-lao-dong-sang-tao"]
    assert len({a.site for a in prints}) == len({a.title for a in prints}) == 3
    assert len({a.byline for a in prints}) == 3
    assert sorted(len(a.paragraphs) for a in prints) == [4, 5, 5]


@pytest.mark.parametrize("site", SITES)
def test_robots_close_one_section(site: str, press: Any, web: httpx.Client) -> None:
    closed = press.sites[site].config["private"]
    rules = web.get(press.origins[site] + "/robots.txt").text
    assert f"Disallow: /{closed.split('/')[1]}/" in rules
    assert web.get(press.origins[site] + closed).status_code == 200


class TestFaults:
    """Each fault, on one article's page, then gone after `behave`."""

    @pytest.fixture
    def url(self, press: Any) -> str:
        return str(press.article(AWARD).url)

    @pytest.fixture
    def get(self, press: Any, web: httpx.Client, url: str) -> Any:
        def get(fault: Any, pattern: str = r"\.html", **options: Any) -> httpx.Response:
            press.misbehave("mau-laodongthudo", pattern, fault)
            return web.get(options.pop("at", url), **options)

        return get

    def test_status(
        self, get: Any, press_module: Any, press: Any, web: httpx.Client, url: str
    ) -> None:
        assert get(press_module.status(500)).status_code == 500
        press.behave()
        assert web.get(url).status_code == 200
        assert [request.status for request in press.requests] == [500, 200]

    def test_a_fault_can_last_for_some_requests(
        self, press_module: Any, press: Any, web: httpx.Client, url: str
    ) -> None:
        press.misbehave("mau-laodongthudo", ".", press_module.status(503), times=2)
        assert [web.get(url).status_code for _ in range(3)] == [503, 503, 200]

    def test_slow(self, get: Any, press_module: Any) -> None:
        started = time.monotonic()
        assert get(press_module.slow(0.3)).status_code == 200
        assert time.monotonic() - started >= 0.3

    def test_too_many_requests(self, get: Any, press_module: Any) -> None:
        answer = get(press_module.too_many_requests("2"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")

    def test_truncated_gzip(self, get: Any, press_module: Any, url: str) -> None:
        with httpx.stream("GET", url) as healthy:
            whole = b"".join(healthy.iter_raw())
        get(press_module.truncated_gzip(), at=url + "x")
        with httpx.stream("GET", url) as answer:
            raw = b"".join(answer.iter_raw())
        unpacker = zlib.decompressobj(wbits=31)
        part = unpacker.decompress(raw)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert not unpacker.eof
        assert len(whole) > len(part) > 0
        assert whole.startswith(part)

    def test_double_gzip(self, get: Any, press_module: Any) -> None:
        answer = get(press_module.double_gzip())
        assert "Dân vận khéo" in gzip.decompress(answer.content).decode()

    def test_double_gzip_of_a_packed_sitemap(
        self, press: Any, press_module: Any, web: httpx.Client
    ) -> None:
        press.misbehave("mau-kinhbac", r"\.gz$", press_module.double_gzip())
        body = web.get(press.origins["mau-kinhbac"] + "/sitemap.xml.gz").content
        assert gzip.decompress(gzip.decompress(body)).startswith(b"<?xml")

    def test_redirect_loop(self, get: Any, press_module: Any) -> None:
        with pytest.raises(httpx.TooManyRedirects):
            get(press_module.redirect_loop(), follow_redirects=True)

    def test_cookie_redirect(self, get: Any, press_module: Any, press: Any) -> None:
        answer = get(press_module.cookie_redirect(), follow_redirects=True)
        assert "Dân vận khéo" in answer.text
        assert [request.status for request in press.requests] == [302, 200]

    def test_wrong_charset_of_utf_8(self, get: Any, press_module: Any) -> None:
        answer = get(press_module.wrong_charset("utf-8", "iso-8859-1"))
        assert "DÃ¢n" in answer.text
        assert "Dân vận khéo" in answer.content.decode("utf-8")

    def test_wrong_charset_of_windows_1258(self, get: Any, press_module: Any) -> None:
        answer = get(press_module.wrong_charset("windows-1258", "utf-8"))
        text = unicodedata.normalize("NFC", answer.content.decode("cp1258"))
        assert "Dân vận khéo" in text
        assert "đồng chí Phùng Đức Thịnh, Phó Trưởng ban" in text
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"

    def test_robots_disallow_all_and_robots_503(
        self, get: Any, press_module: Any, url: str
    ) -> None:
        robots = urljoin(url, "/robots.txt")
        assert get(press_module.disallow_all(), "robots", at=robots).text.endswith("Disallow: /\n")
        assert get(press_module.status(503), "robots", at=robots).status_code == 503

    def test_connection_reset(self, get: Any, press_module: Any, press: Any) -> None:
        with pytest.raises(httpx.TransportError):
            get(press_module.connection_reset())
        assert press.requests[-1].status == 0

    def test_challenge(self, get: Any, press_module: Any) -> None:
        answer = get(press_module.challenge())
        assert answer.status_code == 403
        assert "h-captcha" in answer.text


def test_declared_addresses_exist_and_patterns_fit(
    press: Any, web: httpx.Client, tmp_path: Path
) -> None:
    press.write_declarations(tmp_path)
    for site in SITES:
        declared = tomllib.loads((tmp_path / f"{site}.toml").read_text("utf-8"))
        pages = [
            listing["next"].replace("{page}", str(number)) if number > 1 else listing["url"]
            for listing in declared["listings"]
            for number in range(1, listing.get("pages", 1) + 1)
        ]
        announced = [*declared["feeds"], *declared["sitemaps"], *pages]
        assert {url: web.get(url).status_code for url in announced} == dict.fromkeys(announced, 200)
        listed = set().union(*(links(web.get(url)) for url in pages))
        assert {article.url for article in printed(press, site)} <= listed
        patterns = "|".join(declared["article_urls"])
        matching = {path for path in press.sites[site].paths if re.search(patterns, path)}
        variants = {path for path in matching if path.startswith(("/m/", "/amp/"))}
        assert matching - variants - {press.sites[site].config["private"]} == {
            article.path for article in printed(press, site)
        }


def test_expected_alerts_speak_of_what_is_printed(press: Any) -> None:
    texts: dict[str, str] = {}
    for article in press.articles:
        texts.setdefault(article.article_id, article.text)
    for event in ALERTS["event"]:
        for article_id in event["articles"]:
            assert event["recipient"] in texts[article_id], event
    silent = set(ALERTS["silent"])
    assert silent <= set(texts)
    assert not silent & {a for event in ALERTS["event"] for a in event["articles"]}
    assert len(silent) > len(texts) / 3


@pytest.mark.parametrize("ending", ["input closes", "SIGTERM"])
def test_program_serves_until_its_end_is_asked_for(ending: str, tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, HERE / "server.py", "--declarations", tmp_path / "sources"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdin
        assert program.stdout
        origins = json.loads(program.stdout.readline())
        assert sorted(origins) == SITES
        assert sorted(path.stem for path in (tmp_path / "sources").iterdir()) == SITES
        assert httpx.get(origins["mau-datto"]).status_code == 200
        if ending == "SIGTERM":
            program.terminate()
        else:
            program.stdin.close()
        assert program.wait(timeout=10) == 0


def test_dates_are_local_and_an_edit_is_later_than_its_article(press: Any) -> None:
    press.edit(AWARD)
    edited = press.article(AWARD)
    assert edited.published_at < edited.modified_at
    assert edited.published_at.utcoffset() == timedelta(hours=7)
    assert datetime(2024, 12, 1, tzinfo=UTC) < min(a.published_at for a in press.articles)

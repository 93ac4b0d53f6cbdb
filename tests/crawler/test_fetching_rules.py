"""The rules of fetching by themselves: robots, redirects, pauses, walls, private networks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.fetching import encoding, network, redirects, retrying, robots, walls
from crawler.fetching.faults import DisallowedError, PageError

AGENT = "diembao/0.1 (theo doi bao chi)"
NOW = datetime(2024, 12, 11, 8, 30, tzinfo=UTC)
PRIVATE = "https://baomau.vn/noi-bo/a.html"
RULES = b"User-agent: *\nDisallow: /noi-bo/\nCrawl-delay: 7\n"


@pytest.mark.parametrize(
    ("status", "body", "allowed"),
    [
        (200, RULES, False),
        (200, b"", True),
        (404, RULES, True),
        (403, b"", True),
        (500, b"", False),
        (503, b"User-agent: *\nAllow: /\n", False),
        (429, b"", False),
    ],
)
def test_robots_by_rfc_9309(status: int, body: bytes, allowed: bool) -> None:
    assert robots.read(status, body).allows(PRIVATE, AGENT) is allowed


def test_rules_name_what_they_close_and_how_slowly_to_ask() -> None:
    rules = robots.read(200, RULES)
    robots.check(rules, "https://baomau.vn/a.html", AGENT)
    with pytest.raises(DisallowedError, match=r"robots\.txt"):
        robots.check(rules, PRIVATE, AGENT)
    assert rules.delay(AGENT) == 7
    assert (
        robots.read(200, b"User-agent: *\nCrawl-delay: 9999\n").delay(AGENT) == robots.LONGEST_DELAY
    )


def test_rules_that_cannot_be_read_close_the_site_for_now() -> None:
    with pytest.raises(PageError, match="unreachable") as caught:
        robots.check(robots.UNREACHABLE, PRIVATE, AGENT)
    assert not isinstance(caught.value, DisallowedError)


def test_a_redirect_to_itself_is_followed_once() -> None:
    url = "https://baomau.vn/a"
    assert redirects.follow(url, "/a", []) == url
    with pytest.raises(PageError, match="loop"):
        redirects.follow(url, "/a", [url])


def test_a_loop_ends_and_names_its_addresses() -> None:
    first, second = "https://baomau.vn/a?vong=1", "https://baomau.vn/a?vong=2"
    assert redirects.follow(first, second, []) == second
    with pytest.raises(PageError) as caught:
        redirects.follow(second, first, [first])
    assert f"{first} → {second} → {first}" in str(caught.value)


def test_growing_query_strings_end_within_the_bound() -> None:
    trail: list[str] = []
    url = "https://baomau.vn/a?n=0"
    for _ in range(redirects.LIMIT):
        following = redirects.follow(url, url + "0", trail)
        trail.append(url)
        url = following
    with pytest.raises(PageError, match="loop"):
        redirects.follow(url, url + "0", trail)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Wed, 11 Dec 2024 08:31:00 GMT", 60.0),
        ("Wed, 11 Dec 2024 08:29:00 GMT", 0.0),
        ("mai", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retrying.retry_after(value, NOW) == seconds


def test_pauses_grow_and_end() -> None:
    first, second = retrying.pause(1), retrying.pause(2)
    assert first is not None
    assert second is not None
    assert 0 < first < second
    assert retrying.pause(retrying.ATTEMPTS) is None
    assert retrying.pause(1, asked=3.0) == 3.0
    assert retrying.pause(1, asked=retrying.LONGEST + 1) is None


LONG = "<p>" + "Ủy ban nhân dân tỉnh tặng Bằng khen cho các tập thể, cá nhân. " * 20 + "</p>"


@pytest.mark.parametrize(
    ("page", "is_wall"),
    [
        ("<title>Just a moment...</title><div id='challenge-form'></div>", True),
        ("<title>Báo</title><div class='g-recaptcha'></div>", True),
        ("<h1>Xác minh bạn không phải là người máy</h1>", True),
        ("<script>document.cookie='D1N=1';window.location.reload(true);</script>", True),
        ("<form><input type='password'></form>", True),
        (f"<title>Just a moment</title>{LONG}<input type='password'>", False),
        ("<title>Báo Mẫu</title><p>Tin vắn.</p>", False),
    ],
)
def test_walls_are_told_from_pages(page: str, is_wall: bool) -> None:
    assert bool(walls.reason(encoding.parse_html(page))) is is_wall


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a",
        "http://localhost:8000/a",
        "http://10.0.0.7/a",
        "http://169.254.169.254/latest",
        "http://[::1]/a",
        "http://0.0.0.0/a",
    ],
)
def test_private_networks_are_closed_unless_opened(url: str) -> None:
    with pytest.raises(PageError, match="private network"):
        network.check(url, private_networks=False)
    network.check(url, private_networks=True)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://baomau.vn/a", "http:///a"])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(PageError, match="only http"):
        network.check(url, private_networks=True)

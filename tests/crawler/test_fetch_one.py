"""One page by its address, for someone who waits: the rules of the crawl hold here too."""

from __future__ import annotations

from typing import Any

import pytest

from crawler import reading
from crawler.declarations import Declaration
from crawler.fetching import fetch_one
from crawler.fetching.faults import DisallowedError, PageError
from diembao.settings import Settings

SITE = "mau-laodongthudo"


@pytest.fixture
def article(press: Any) -> Any:
    return next(one for one in press.articles if one.site == SITE)


def test_an_article_by_its_address(
    press: Any, press_module: Any, hurried: Settings, declared: dict[str, Declaration], article: Any
) -> None:
    press.misbehave(SITE, article.slug, press_module.cookie_redirect())
    page = fetch_one(article.url + "?utm_source=zalo", hurried)
    read = reading.read_page(page, reading.declaration_of(page.url, declared), page.fetched_at)
    assert read.title == article.title
    assert read.canonical_url == article.url
    assert press.fetched(SITE)[0].path == "/robots.txt"


def test_what_robots_forbid_is_not_asked_for(
    press: Any, press_module: Any, hurried: Settings, article: Any
) -> None:
    press.misbehave(SITE, "robots.txt", press_module.disallow_all())
    with pytest.raises(DisallowedError):
        fetch_one(article.url, hurried)
    assert [request.path for request in press.fetched(SITE)] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("challenge", "refused"),
        ("redirect_loop", "loop"),
        ("connection_reset", "connection failed"),
    ],
)
def test_a_fault_is_told_by_its_cause(
    press: Any, press_module: Any, hurried: Settings, article: Any, fault: str, cause: str
) -> None:
    press.misbehave(SITE, article.slug, getattr(press_module, fault)())
    with pytest.raises(PageError, match=cause):
        fetch_one(article.url, hurried)


def test_a_page_above_the_limit_is_refused(hurried: Settings, article: Any) -> None:
    with pytest.raises(PageError, match="too large"):
        fetch_one(article.url, hurried.model_copy(update={"page_limit": 2000}))


def test_a_slow_page_times_out(
    press: Any, press_module: Any, hurried: Settings, article: Any
) -> None:
    press.misbehave(SITE, article.slug, press_module.slow(1.0))
    with pytest.raises(PageError, match="timed out"):
        fetch_one(article.url, hurried.model_copy(update={"crawl_timeout": 0.2}))


def test_a_server_that_stumbles_once_is_asked_again(
    press: Any, press_module: Any, hurried: Settings, article: Any
) -> None:
    press.misbehave(SITE, article.slug, press_module.too_many_requests("0"), times=1)
    assert fetch_one(article.url, hurried).status == 200


def test_a_private_address_is_refused_by_default(hurried: Settings, article: Any) -> None:
    with pytest.raises(PageError, match="private network"):
        fetch_one(article.url, hurried.model_copy(update={"private_networks": False}))

"""Crawling again: what did not change costs nothing, what was edited becomes one new version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from diembao.archive.engine import Archive
from diembao.archive.schema import articles, versions
from tests.road.process import Environment, diembao


def crawl(environment: Environment) -> None:
    run = diembao("crawl", environment=environment)
    assert run.returncode == 0, run.stderr


def counts(office: Archive) -> tuple[int, int]:
    with office.read() as conn:
        total = conn.execute(select(func.count()).select_from(articles)).scalar_one()
        written = conn.execute(select(func.count()).select_from(versions)).scalar_one()
    return total, written


def test_a_second_crawl_adds_nothing_and_a_third_finds_the_edit(
    environment: Environment, office: Archive, press: Any
) -> None:
    crawl(environment)
    expected = {article.url for article in press.articles}
    assert counts(office) == (len(expected), len(expected))

    press.requests.clear()
    crawl(environment)
    pages = {article.path for article in press.articles}
    asked = [request for request in press.requests if request.path != "/robots.txt"]
    assert asked
    assert not [request.path for request in asked if request.path in pages]
    assert any(request.status == 304 for request in asked)
    assert counts(office) == (len(expected), len(expected))

    edited = next(
        one
        for one in press.articles
        if "second" in press.sites[one.site].manuscripts[one.article_id].front
    )
    press.edit(edited.article_id)
    crawl(environment)
    changed = sum(one.article_id == edited.article_id for one in press.articles)
    assert counts(office) == (len(expected), len(expected) + changed)
    with office.read() as conn:
        version = conn.execute(
            select(articles.c.version).where(articles.c.canonical_url == edited.url)
        ).scalar_one()
    assert version == 2

"""Adding a newspaper on the page: the job, its status, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from diembao.archive import articles, jobs, sources
from diembao.article import Article, Block, BlockKind
from diembao.source import Source

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

NOW = datetime.now(UTC)
WHERE = "/bao/them/tinh-trang?key=https%3A%2F%2Fbaomoi.example"


def leased(shelf: Shelf) -> jobs.Job:
    with shelf.archive.write() as connection:
        [job] = jobs.lease(connection, "add_source", "a worker", datetime.now(UTC), 9, 60)
    return job


def finish(shelf: Shelf, job: jobs.Job) -> None:
    """What the worker does when it has declared the newspaper."""
    source = Source(name="baomoi", title="Báo Mới Lập", domain="baomoi.example")
    url = "https://baomoi.example/trao-bang-khen-1.html"
    article = Article(
        url=url, canonical_url=url, source="baomoi",
        blocks=(Block(kind=BlockKind.TITLE, text="Trao Bằng khen ở Đồi Chè"),), fetched_at=NOW,
    )  # fmt: skip
    with shelf.archive.write() as connection:
        jobs.done(connection, job)
        sources.save(connection, [source])
        articles.save(connection, source, article, None, NOW)


@pytest.mark.parametrize(
    "typed",
    ["https://baomoi.example", " baomoi.example/thoi-su ", "https://BaoMoi.example/bai-1.html?a=1"],
)
def test_any_address_of_the_newspaper_becomes_one_job(bare: Shelf, typed: str) -> None:
    response = bare.client().post("/bao/them", data={"url": typed})
    assert (response.status_code, response.headers["location"]) == (303, WHERE)
    assert dict(leased(bare).payload) == {"url": "https://baomoi.example"}


def test_the_status_page_waits_then_shows_what_was_read(bare: Shelf) -> None:
    client = bare.client()
    client.post("/bao/them", data={"url": "baomoi.example"})
    assert 'http-equiv="refresh"' in client.get(WHERE).text
    finish(bare, leased(bare))
    page = client.get(WHERE).text
    assert "refresh" not in page
    assert "Báo Mới Lập" in page
    assert "Trao Bằng khen ở Đồi Chè" in page
    again = client.post("/api/v1/sources/requests", json={"url": "https://www.baomoi.example/"})
    assert again.json()["newspaper"]["name"] == "baomoi"
    with bare.archive.read() as connection:
        assert "add_source" not in jobs.counts(connection)


def test_a_failure_tells_its_reason_and_can_be_asked_for_again(bare: Shelf) -> None:
    client = bare.client()
    client.post("/bao/them", data={"url": "baomoi.example"})
    job = leased(bare)
    reason = "Không nhận ra địa chỉ bài báo nào."
    with bare.archive.write() as connection:
        jobs.fail(connection, job, reason, NOW, 1)
    assert reason in client.get(WHERE).text
    status = client.get("/api/v1/sources/requests", params={"key": "https://baomoi.example"})
    assert status.json()["state"] == "failed"
    again = client.post("/api/v1/sources/requests", json={"url": "baomoi.example"})
    assert (again.status_code, again.json()["state"]) == (202, "waiting")


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "báo mới", "ftp://baomoi.example", "javascript:alert(1)", "https://[x", "a"],
)
def test_what_is_no_address_is_told_beside_what_was_typed(bare: Shelf, typed: str) -> None:
    response = bare.client().post("/bao/them", data={"url": typed})
    assert response.status_code == 422
    assert "không phải địa chỉ của một báo" in response.text
    assert bare.client().post("/api/v1/sources/requests", json={"url": typed}).status_code == 422
    with bare.archive.read() as connection:
        assert jobs.counts(connection) == {}


def test_a_request_that_nobody_made_is_unknown(bare: Shelf) -> None:
    assert "Không có yêu cầu này" in bare.client().get(WHERE).text

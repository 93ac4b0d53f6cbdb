from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from diembao.archive import articles, crawl, jobs
from diembao.article import Article, Block, BlockKind
from diembao.source import Source

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

TEXT = "Khen thưởng đột xuất ở xã Đồi Chè\nChiều nay xã khen thưởng 3 hộ dân."
KEY = f"text:{hashlib.sha256(TEXT.encode()).hexdigest()}"
NOW = datetime.now(UTC)


def leased(shelf: Shelf) -> jobs.Job:
    with shelf.archive.write() as connection:
        [job] = jobs.lease(connection, "read", "a worker", datetime.now(UTC), 9, 60)
    return job


def finish(shelf: Shelf, job: jobs.Job, url: str) -> int:
    """What the worker does when it has read the article."""
    article = Article(
        url=url, canonical_url=url, source="khac",
        blocks=(Block(kind=BlockKind.TITLE, text="Khen thưởng đột xuất"),), fetched_at=NOW,
    )  # fmt: skip
    with shelf.archive.write() as connection:
        jobs.done(connection, job)
        source = Source(name="khac", title="Báo khác", domain="")
        return articles.save(connection, source, article, None, NOW).article_id


@pytest.mark.parametrize(
    "written", [TEXT, unicodedata.normalize("NFD", TEXT), TEXT.replace("\n", "\r\n")]
)
def test_a_pasted_text_becomes_one_job_under_the_digest_of_its_nfc(
    bare: Shelf, written: str
) -> None:
    response = bare.client().post("/them", data={"text": written})
    assert response.status_code == 303
    assert response.headers["location"] == f"/them/tinh-trang?key={quote(KEY, safe='')}"
    job = leased(bare)
    assert (job.key, dict(job.payload)) == (KEY, {"text": TEXT})


def test_the_status_page_waits_then_leads_to_the_article(bare: Shelf) -> None:
    client = bare.client()
    where = client.post(
        "/them", data={"text": TEXT, "url": " https://bao.example/1.html "}
    ).headers["location"]
    waiting = client.get(where)
    assert waiting.status_code == 200
    assert 'http-equiv="refresh"' in waiting.text
    job = leased(bare)
    assert job.payload["url"] == "https://bao.example/1.html"
    article_id = finish(bare, job, KEY)
    there = client.get(where)
    assert (there.status_code, there.headers["location"]) == (303, f"/bai/{article_id}")
    assert client.get(f"/bai/{article_id}").status_code == 200


def test_a_failed_reading_tells_its_cause_and_can_be_asked_for_again(bare: Shelf) -> None:
    client = bare.client()
    url = "https://bao.example/chuyen-muc"
    where = client.post("/them", data={"url": url}).headers["location"]
    job = leased(bare)
    with bare.archive.write() as connection:
        jobs.fail(
            connection, job, "Trang này không có bài báo nào; hãy dán địa chỉ của bài.", NOW, 1
        )
    page = client.get(where).text
    assert "Trang này không có bài báo nào; hãy dán địa chỉ của bài." in page
    assert "refresh" not in page
    assert client.get("/api/v1/articles/requests", params={"key": url}).json()["state"] == "failed"
    again = client.post("/api/v1/articles/requests", json={"url": url})
    assert (again.status_code, again.json()["state"]) == (202, "waiting")


def test_an_article_that_is_there_is_not_read_again(bare: Shelf) -> None:
    url = "https://bao.example/2.html"
    bare.client().post("/them", data={"url": url})
    article_id = finish(bare, leased(bare), url)
    answer = bare.client().post("/api/v1/articles/requests", json={"url": url}).json()
    assert (answer["state"], answer["article_id"]) == ("done", article_id)


def test_an_article_read_under_another_address_is_found_by_the_one_that_was_asked(
    bare: Shelf,
) -> None:
    asked = "https://m.bao.example/3.html?utm_source=x"
    where = bare.client().post("/them", data={"url": asked}).headers["location"]
    article_id = finish(bare, leased(bare), "https://bao.example/3.html")
    with bare.archive.write() as connection:
        visit = crawl.Visit(asked, "article")
        crawl.fetched(
            connection, "khac", visit, NOW, is_news=True, next_visit_at=None, article_id=article_id
        )
    assert bare.client().get(where).headers["location"] == f"/bai/{article_id}"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Chưa có gì để đọc"),
        ({"url": "  ", "text": "\r\n "}, "Chưa có gì để đọc"),
        ({"url": "ftp://bao.example/1"}, "http:// hoặc https://"),
        ({"url": "javascript:alert(1)"}, "http:// hoặc https://"),
        ({"url": "https://"}, "http:// hoặc https://"),
        ({"url": "https://[bao.example/1"}, "http:// hoặc https://"),
        ({"url": "bao.example/1"}, "http:// hoặc https://"),
        ({"url": "https://bao.example/" + "a" * 2000}, "dài quá"),
        ({"text": "ấ" * 200_001}, "quá mức"),
    ],
)
def test_wrong_input_is_told_beside_what_was_typed_and_files_nothing(
    bare: Shelf, form: dict[str, str], sentence: str
) -> None:
    response = bare.client().post("/them", data=form)
    assert response.status_code == 422
    assert sentence in response.text
    assert "<form" in response.text
    as_json = bare.client().post("/api/v1/articles/requests", json=form)
    assert as_json.status_code == 422
    assert sentence in as_json.json()["error"]["message"]
    with bare.archive.read() as connection:
        assert jobs.counts(connection) == {}


def test_the_longest_text_passes(bare: Shelf) -> None:
    assert bare.client().post("/them", data={"text": "ấ" * 200_000}).status_code == 303


def test_a_key_that_nobody_asked_for_is_unknown(bare: Shelf) -> None:
    assert bare.client().get("/api/v1/articles/requests?key=text:0").json()["state"] == "unknown"
    assert "Không còn yêu cầu này" in bare.client().get("/them/tinh-trang?key=text:0").text

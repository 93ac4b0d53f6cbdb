"""Articles, versions and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from diembao.archive import articles, jobs
from diembao.archive.articles import Page
from diembao.archive.schema import articles as article_table
from diembao.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive

URL = "https://bao.vn/bai-1.html"


def test_a_new_article_is_version_one_with_an_extract_job(
    archive: Archive, desk: Any, now: datetime
) -> None:
    saved = desk.save("Khen thưởng\nNội dung.", url=URL)
    assert (saved.version, saved.is_new, saved.is_edit) == (1, True, False)
    with archive.write() as connection:
        assert articles.find(connection, URL) == saved.article_id
        (job,) = jobs.lease(connection, "extract", "w", now, 10, 60)
    assert job.key == str(saved.article_id)


def test_the_same_text_again_changes_nothing(archive: Archive, desk: Any, now: datetime) -> None:
    first = desk.save("Khen thưởng\nNội dung.", url=URL)
    with archive.write() as connection:
        (job,) = jobs.lease(connection, "extract", "w", now, 10, 60)
        jobs.done(connection, job)
    second = desk.save("Khen thưởng\nNội dung.", url=URL, section="Thời sự")
    assert (second.article_id, second.version) == (first.article_id, 1)
    assert not second.is_new
    assert not second.is_edit
    with archive.read() as connection:
        assert jobs.counts(connection) == {}
        assert articles.counts(connection) == {"articles": 1, "versions": 1, "pages": 0}


def test_an_edited_headline_is_a_new_version_of_one_article(archive: Archive, desk: Any) -> None:
    first = desk.save("Khen thưởng\nNội dung.", url=URL)
    second = desk.save("Khen thưởng ba tập thể\nNội dung.", url=URL)
    assert (second.article_id, second.version) == (first.article_id, 2)
    assert second.is_edit
    assert not second.is_new
    with archive.read() as connection:
        titles = [version.title for version in articles.versions(connection, first.article_id)]
        (current,) = articles.load(connection, [first.article_id])
        old = articles.load_version(connection, first.article_id, 1)
    assert titles == ["Khen thưởng", "Khen thưởng ba tập thể"]
    assert (current.version, current.article.title) == (2, "Khen thưởng ba tập thể")
    assert old.title == "Khen thưởng"


def test_each_version_keeps_its_page(archive: Archive, desk: Any, now: datetime) -> None:
    body = "<p>Nội dung</p>".encode() * 1000
    page = Page(URL, now, {"Content-Type": "text/html"}, body)
    with archive.write() as connection:
        saved = articles.save(connection, desk.source(), desk.article("A\nB", url=URL), page, now)
        edited = articles.save(connection, desk.source(), desk.article("A\nC", url=URL), None, now)
    with archive.read() as connection:
        assert articles.page_of(connection, saved.article_id, 1) == page
        assert articles.page_of(connection, saved.article_id, edited.version) is None


def test_a_transaction_that_fails_leaves_nothing(
    archive: Archive, desk: Any, now: datetime
) -> None:
    def interrupted() -> None:
        with archive.write() as connection:
            articles.save(connection, desk.source(), desk.article("A\nB"), None, now)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with archive.read() as connection:
        assert articles.counts(connection) == {"articles": 0, "versions": 0, "pages": 0}
        assert jobs.counts(connection) == {}


def test_articles_load_in_the_order_asked_without_withdrawn_ones(
    archive: Archive, desk: Any, now: datetime
) -> None:
    one, two, three = (desk.save(f"Bài {n}\nNội dung {n}.").article_id for n in range(3))
    with archive.write() as connection:
        connection.execute(
            update(article_table).where(article_table.c.id == two).values(withdrawn_at=now)
        )
    with archive.read() as connection:
        loaded = articles.load(connection, [three, two, 999, one])
        assert articles.ids(connection) == [one, three]
        assert articles.ids(connection, after=one, limit=1) == [three]
    assert [found.id for found in loaded] == [three, one]
    assert loaded[0].extraction is None
    assert loaded[0].source.title == "Báo bao"
    assert loaded[0].event_ids == ()


def test_an_extracted_article_carries_entities_story_and_events(
    archive: Archive, desk: Any
) -> None:
    article_id, events = desk.tell(
        "Khen thưởng\nUBND thành phố Hà Nội tặng Bằng khen cho bà Lò Thị Mẩy.",
        [("Bằng khen", ["Lò Thị Mẩy"], "UBND thành phố Hà Nội")],
        units=("UBND thành phố Hà Nội",),
        people=("Lò Thị Mẩy",),
    )
    with archive.read() as connection:
        (loaded,) = articles.load(connection, [article_id])
    assert loaded.extraction is not None
    names = {loaded.entities[m.entity].name for m in loaded.extraction.mentions if m.entity}
    assert names == {"UBND thành phố Hà Nội", "Lò Thị Mẩy"}
    assert loaded.event_ids == events
    assert loaded.story_id is not None


def test_a_new_version_has_no_extraction_until_it_is_extracted(archive: Archive, desk: Any) -> None:
    article_id, _ = desk.tell("A\nUBND xã Tân Lập họp.", units=("UBND xã Tân Lập",), url=URL)
    desk.save("A\nUBND xã Tân Lập họp bàn.", url=URL)
    with archive.read() as connection:
        (loaded,) = articles.load(connection, [article_id])
    assert loaded.version == 2
    assert loaded.extraction is None
    assert loaded.entities == {}


def test_an_edit_without_a_date_keeps_the_date_of_the_first(
    archive: Archive, desk: Any, now: datetime
) -> None:
    from datetime import timedelta

    desk.save("A\nB", url=URL, published_at=None, fetched_at=now)
    desk.save("A\nC", url=URL, published_at=None, fetched_at=now + timedelta(days=2))
    with archive.read() as connection:
        assert connection.execute(article_table.select()).one().date == now


def test_an_unknown_version_is_named_in_the_error(archive: Archive) -> None:
    with archive.read() as connection, pytest.raises(NotFoundError, match="Bài số 7"):
        articles.load_version(connection, 7, 1)

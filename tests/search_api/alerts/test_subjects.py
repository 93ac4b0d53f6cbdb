"""Models, first times, and articles too old to be news."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from diembao.archive import digests
from diembao.errors import BadInputError
from search_api.alerts.asking import Asked
from search_api.alerts.rules import check
from tests.search_api.alerts.conftest import NOW
from tests.servers.fixtures import either_archive_url as archive_url  # noqa: F401


def titles(newsroom: Any) -> list[str]:
    return [alert.message["title"] for alert in newsroom.alerts()]


# --- models ----------------------------------------------------------------------------------------


def test_each_new_model_is_told_once(newsroom: Any, run: Any) -> None:
    newsroom.subscribe(subject="model")
    newsroom.publish("mot", run("Xóm Sáng", "Hội Phụ nữ xã Đồi Chè"), run("Tổ Thủy Lợi"))
    newsroom.publish("hai", run("Xóm Sáng", "Hội Phụ nữ xã Đồi Chè"), paper="trungdu")
    assert titles(newsroom) == [
        "Mô hình mới: “Xóm Sáng” của Hội Phụ nữ xã Đồi Chè",
        "Mô hình mới: “Tổ Thủy Lợi”",
    ]


def test_the_conditions_on_a_model_bind_to_one_model(newsroom: Any, run: Any) -> None:
    newsroom.subscribe('owner:"hội phụ nữ"', "model")
    newsroom.subscribe('model:"tổ thủy lợi" AND owner:"hội phụ nữ"', "model")
    newsroom.publish(
        "mot", run("Xóm Sáng", "Hội Phụ nữ xã Đồi Chè"), run("Tổ Thủy Lợi", "Hội Nông dân")
    )
    [alert] = newsroom.alerts()
    assert (alert.subscription_id, alert.message["models"][0]["name"]) == (1, "Xóm Sáng")


def test_a_model_that_the_archive_knew_before_is_no_news(newsroom: Any, run: Any) -> None:
    newsroom.publish("mot", run("Xóm Sáng"))
    newsroom.subscribe(subject="model")
    assert newsroom.publish("hai", run("Xóm Sáng"), paper="trungdu") == 0


def test_an_edit_that_gives_a_model_another_owner_is_told_as_a_correction(
    newsroom: Any, run: Any
) -> None:
    newsroom.subscribe(subject="model")
    newsroom.publish("mot", run("Xóm Sáng", "Hội Nông dân"))
    newsroom.publish("mot", run("Xóm Sáng", "Hội Nông dân"), body="Một câu mở đầu khác.")
    newsroom.publish("mot", run("Xóm Sáng", "Hội Phụ nữ"))
    assert titles(newsroom) == [
        "Mô hình mới: “Xóm Sáng” của Hội Nông dân",
        "Đính chính: Mô hình mới: “Xóm Sáng” của Hội Phụ nữ",
    ]


# --- the first time --------------------------------------------------------------------------------


def test_the_first_article_that_matches_is_told_and_no_other_ever(newsroom: Any) -> None:
    newsroom.subscribe("lương đình khoát", "first")
    assert newsroom.publish("mot") == 0
    newsroom.publish("hai", body="Ông Lương Đình Khoát phát biểu.")
    newsroom.publish("ba", body="Bà con gặp ông Lương Đình Khoát.")
    newsroom.publish("hai", body="Ông Lương Đình Khoát phát biểu khai mạc.")
    assert titles(newsroom) == ["Lần đầu có bài khớp “Mục theo dõi thử”: Tin hai"]


def test_of_two_workers_at_once_one_tells_the_first(newsroom: Any, given: Any) -> None:
    newsroom.subscribe("khoát", "first")
    newsroom.subscribe()
    ids = [newsroom.save(slug, given(), paper=slug) for slug in ("mot", "hai", "ba", "bon")]
    workers = [threading.Thread(target=newsroom.judge, args=(one,)) for one in ids]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(alert.subscription_id for alert in newsroom.alerts()) == [1, 2]


# --- old articles ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "told"), [(0, 1), (6, 1), (8, 0), (4000, 0)])
def test_an_article_that_is_old_when_it_is_first_seen_tells_nothing(
    newsroom: Any, given: Any, days: int, told: int
) -> None:
    newsroom.subscribe()
    newsroom.subscribe("khoát", "story")
    old = NOW - timedelta(days=days)
    assert newsroom.publish("mot", given(), at=old) == 2 * told


def test_an_event_that_only_old_articles_told_is_news_in_a_new_one(
    newsroom: Any, given: Any
) -> None:
    newsroom.subscribe()
    newsroom.publish("mot", given(), at=NOW - timedelta(days=20))
    assert newsroom.publish("hai", given(), paper="trungdu") == 1


def test_an_old_article_is_no_reprint_worth_telling(
    newsroom: Any, given: Any, receiver: Any
) -> None:
    hook = {"kind": "webhook", "url": receiver.url, "secret": "x"}
    newsroom.subscribe(channels=[hook], schedule={"reprints": True})
    newsroom.publish("mot", given())
    newsroom.publish("hai", given(), paper="trungdu", at=NOW - timedelta(days=20))
    assert waiting(newsroom) == []


def test_the_first_time_is_told_of_an_old_article_in_a_digest(newsroom: Any, receiver: Any) -> None:
    hook = {"kind": "webhook", "url": receiver.url, "secret": "x"}
    newsroom.subscribe("lương đình khoát", "first", channels=[hook])
    old = NOW - timedelta(days=400)
    assert newsroom.publish("mot", body="Ông Lương Đình Khoát phát biểu.", at=old) == 1
    assert waiting(newsroom) == [1]


def waiting(newsroom: Any) -> list[int]:
    with newsroom.archive.read() as connection:
        return digests.due(connection, newsroom.clock + timedelta(days=1))


# --- what can be followed --------------------------------------------------------------------------


@pytest.mark.parametrize("subject", ["story", "first", "surge", "silence"])
def test_what_is_not_of_records_needs_a_query(subject: str) -> None:
    with pytest.raises(BadInputError, match="Hãy nhập điều kiện tìm"):
        check(Asked(" "), subject)


def test_an_unknown_subject_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInputError, match="event, model, story, first, surge, silence"):
        check(Asked("khen"), "rumour")

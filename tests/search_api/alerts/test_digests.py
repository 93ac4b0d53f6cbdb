"""Digests: what waited, once, in one message; reprints in no other way."""

from __future__ import annotations

import json
import random
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from diembao.archive import alerts, deliveries
from search_api.alerts import wording
from search_api.alerts.delivery import deliver_due
from search_api.alerts.gathering import gather
from search_api.alerts.message import Message
from tests.servers.fixtures import either_archive_url as archive_url  # noqa: F401

SEVEN = datetime.fromisoformat("2024-12-21T07:00:00+07:00")


@pytest.fixture
def follow(newsroom: Any, receiver: Any) -> Any:
    """Subscribe with a schedule to a newsroom whose receiver is a webhook."""

    def subscribe(**schedule: Any) -> Any:
        channels = [{"kind": "webhook", "url": receiver.url, "secret": "x"}]
        return newsroom.subscribe(channels=channels, schedule=schedule)

    return subscribe


def deliver(newsroom: Any, at: datetime | None = None) -> int:
    newsroom.clock = at or newsroom.clock + timedelta(seconds=1)
    chance = random.Random(1)
    return deliver_due(newsroom.archive, newsroom.settings, newsroom.clock, chance=chance).sent


def bodies(receiver: Any) -> list[Any]:
    return [json.loads(request.body) for request in receiver.requests]


def publish(newsroom: Any, given: Any, *names: str) -> None:
    for name in names:
        newsroom.publish(f"tin {name}", given(recipients=(name,)))


def recipients(body: Any) -> list[str]:
    return [item["awards"][0]["recipients"][0] for item in body["items"]]


def test_a_daily_digest_tells_everything_of_a_day_at_its_hour(
    newsroom: Any, given: Any, receiver: Any, follow: Any
) -> None:
    follow(mode="daily", hour=7)
    publish(newsroom, given, "Tổ 1", "Tổ 2", "Tổ 3")
    assert deliver(newsroom) == 0
    assert deliver(newsroom, SEVEN - timedelta(seconds=5)) == 0
    assert deliver(newsroom, SEVEN) == 1
    [body] = bodies(receiver)
    assert body["type"] == "digest.created"
    assert body["title"] == "Tổng hợp “Mục theo dõi thử”, 07:00 ngày 21/12/2024: 3 tin mới"
    assert recipients(body) == ["Tổ 1", "Tổ 2", "Tổ 3"]
    assert deliver(newsroom, SEVEN + timedelta(days=1)) == 0
    assert len(newsroom.alerts()) == 3, "the inbox shows the alerts and no digest"


def test_a_digest_can_be_forwarded_as_it_is(
    newsroom: Any, given: Any, receiver: Any, follow: Any
) -> None:
    follow(mode="daily", reprints=True)
    publish(newsroom, given, "Tổ 1", "Tổ 2")
    newsroom.publish("đăng lại", given(recipients=("Tổ 1",)), paper="trungdu")
    deliver(newsroom, SEVEN)
    assert bodies(receiver)[0]["text"].splitlines() == [
        "Tổng hợp “Mục theo dõi thử”, 07:00 ngày 21/12/2024: 2 tin mới, 1 bài đăng lại",
        "",
        "1. Tổ 1 được tặng Bằng khen của UBND thành phố Hà Nội",
        "Người nhận: Tổ 1",
        "Hình thức: Bằng khen (cấp bộ, ban, ngành, tỉnh, thành phố)",
        "Nơi trao tặng: UBND thành phố Hà Nội",
        "Báo viết: “UBND thành phố Hà Nội trao Bằng khen cho Tổ 1.”",
        "Bài: Tin tin Tổ 1",
        "Nguồn: Báo thudo, 10:00 ngày 20/12/2024",
        "Đọc bài: http://127.0.0.1:8000/bai/1",
        "",
        "2. Tổ 2 được tặng Bằng khen của UBND thành phố Hà Nội",
        "Người nhận: Tổ 2",
        "Hình thức: Bằng khen (cấp bộ, ban, ngành, tỉnh, thành phố)",
        "Nơi trao tặng: UBND thành phố Hà Nội",
        "Báo viết: “UBND thành phố Hà Nội trao Bằng khen cho Tổ 2.”",
        "Bài: Tin tin Tổ 2",
        "Nguồn: Báo thudo, 10:00 ngày 20/12/2024",
        "Đọc bài: http://127.0.0.1:8000/bai/2",
        "",
        "Cũng đăng: Tổ 1 được tặng Bằng khen của UBND thành phố Hà Nội",
        "Nguồn: Báo trungdu, 10:00 ngày 20/12/2024",
        "Đọc bài: http://127.0.0.1:8000/bai/3",
        "",
        "Điểm báo gửi theo mục theo dõi “Mục theo dõi thử”.",
    ]


def test_reprints_come_at_most_in_a_digest_each_once(
    newsroom: Any, given: Any, receiver: Any, follow: Any
) -> None:
    follow(reprints=True)
    publish(newsroom, given, "Tổ 1")
    for paper in ("trungdu", "congdoan"):
        newsroom.publish("lại", given(recipients=("Tổ 1",)), paper=paper)
        newsroom.publish("lại", given(recipients=("Tổ 1",)), paper=paper, body="Đã sửa một câu.")
    assert deliver(newsroom) == 1
    assert deliver(newsroom, SEVEN) == 1
    digest = bodies(receiver)[1]
    assert [one["article"]["source"] for one in digest["reprints"]] == [
        "Báo trungdu",
        "Báo congdoan",
    ]
    assert digest["items"] == []
    newsroom.publish("lại", given(recipients=("Tổ 1",)), paper="trungdu", body="Lại sửa nữa.")
    assert deliver(newsroom, SEVEN + timedelta(days=1)) == 0


def test_reprints_stay_silent_where_no_one_asked_for_them(
    newsroom: Any, given: Any, follow: Any
) -> None:
    follow()
    publish(newsroom, given, "Tổ 1")
    newsroom.publish("lại", given(recipients=("Tổ 1",)), paper="trungdu")
    assert deliver(newsroom) == 1
    assert deliver(newsroom, SEVEN) == 0


def test_what_comes_up_in_quiet_hours_comes_as_one_digest_at_their_end(
    newsroom: Any, given: Any, receiver: Any, follow: Any
) -> None:
    follow(quiet_from=22, quiet_until=6)
    publish(newsroom, given, "Tổ 1")
    assert deliver(newsroom) == 1
    newsroom.clock = datetime.fromisoformat("2024-12-20T23:00:00+07:00")
    publish(newsroom, given, "Tổ 2", "Tổ 3")
    assert deliver(newsroom) == 0
    assert deliver(newsroom, datetime.fromisoformat("2024-12-21T06:00:00+07:00")) == 1
    assert recipients(bodies(receiver)[1]) == ["Tổ 2", "Tổ 3"]


def test_above_the_limit_of_a_day_the_rest_comes_as_a_digest(
    newsroom: Any, given: Any, receiver: Any, follow: Any
) -> None:
    follow(most=2, hour=7)
    publish(newsroom, given, "Tổ 1", "Tổ 2", "Tổ 3", "Tổ 4")
    assert deliver(newsroom) == 2
    assert deliver(newsroom, SEVEN) == 1
    assert recipients(bodies(receiver)[2]) == ["Tổ 3", "Tổ 4"]
    publish(newsroom, given, "Tổ 5")
    assert deliver(newsroom) == 1, "another day"


def test_a_digest_that_is_too_long_becomes_several(
    newsroom: Any, given: Any, receiver: Any, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.alerts.gathering.MOST", 2)
    follow(mode="hourly")
    publish(newsroom, given, "Tổ 1", "Tổ 2", "Tổ 3")
    assert deliver(newsroom, newsroom.clock + timedelta(hours=1)) == 2
    assert [recipients(body) for body in bodies(receiver)] == [["Tổ 1", "Tổ 2"], ["Tổ 3"]]


def test_workers_that_gather_at_once_make_one_digest(
    newsroom: Any, given: Any, follow: Any
) -> None:
    follow(mode="hourly")
    publish(newsroom, given, "Tổ 1", "Tổ 2")
    later, made = newsroom.clock + timedelta(hours=1), []

    def work() -> None:
        with newsroom.archive.write() as connection:
            made.append(gather(connection, later))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(made) == [0, 0, 0, 1]
    with newsroom.archive.read() as connection:
        assert len(deliveries.list_deliveries(connection)) == 1


def test_a_digest_that_is_rolled_back_is_made_again(newsroom: Any, given: Any, follow: Any) -> None:
    follow(mode="hourly")
    publish(newsroom, given, "Tổ 1")
    later = newsroom.clock + timedelta(hours=1)

    def gather_and_fail() -> None:
        with newsroom.archive.write() as connection:
            gather(connection, later)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        gather_and_fail()
    with newsroom.archive.write() as connection:
        assert gather(connection, later) == 1


def test_deleting_a_subscription_drops_what_waits_for_its_digest(
    newsroom: Any, given: Any, receiver: Any, follow: Any
) -> None:
    follow(mode="daily")
    publish(newsroom, given, "Tổ 1")
    with newsroom.archive.write() as connection:
        alerts.delete_subscription(connection, 1, newsroom.clock)
    assert deliver(newsroom, SEVEN) == 0
    assert receiver.requests == []


def test_a_digest_as_html_escapes_what_was_printed(
    newsroom: Any, given: Any, receiver: Any, follow: Any
) -> None:
    follow(mode="daily")
    publish(newsroom, given, "Tổ <5>")
    deliver(newsroom, SEVEN)
    with newsroom.archive.read() as connection:
        [delivery] = deliveries.list_deliveries(connection)
        alert = alerts.alert(connection, delivery.alert_id)
    html = wording.html(Message.model_validate(alert.message))
    assert "Tổ &lt;5&gt;" in html
    assert "<5>" not in html

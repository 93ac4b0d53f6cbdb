"""Deliveries against real receivers: nothing lost, none doubled by its key, order kept."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from diembao.archive import alerts, deliveries
from search_api.alerts.delivery import FIRST_REST, LONGEST_REST, deliver_due, rest
from tests.servers.fixtures import either_archive_url as archive_url  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hooked(newsroom: Any, receiver: Any) -> Any:
    """A newsroom with one subscription that sends every award event to the receiver."""
    newsroom.subscribe(channels=[{"kind": "webhook", "url": receiver.url, "secret": "bí mật"}])
    return newsroom


def publish_awards(newsroom: Any, given: Any, number: int, start: int = 0) -> list[str]:
    names = [f"Đội {n} xóm {n}" for n in range(start, start + number)]
    for n, name in enumerate(names, start):
        newsroom.publish(f"bai-{n}", given(recipients=(name,)))
    return names


def states(newsroom: Any) -> list[str]:
    with newsroom.archive.read() as connection:
        return [one.state for one in deliveries.list_deliveries(connection, limit=1000)][::-1]


def errors(newsroom: Any) -> list[str]:
    with newsroom.archive.read() as connection:
        return [one.last_error or "" for one in deliveries.list_deliveries(connection)][::-1]


def drain(newsroom: Any, hours: float = 0) -> Any:
    """Deliver at a time so much later."""
    newsroom.clock += timedelta(hours=hours, seconds=1)
    chance = random.Random(1)
    return deliver_due(newsroom.archive, newsroom.settings, newsroom.clock, chance=chance)


def test_alerts_arrive_in_their_order_each_with_its_key(
    hooked: Any, given: Any, receiver: Any
) -> None:
    names = publish_awards(hooked, given, 5)
    assert drain(hooked).sent == 5
    arrived = [json.loads(request.body) for request in receiver.requests]
    assert [one["awards"][0]["recipients"] for one in arrived] == [[name] for name in names]
    assert receiver.keys == [one["id"] for one in arrived]
    assert len(set(receiver.keys)) == 5
    assert drain(hooked).sent == 0


@pytest.mark.parametrize("word", ["500", "302 Location=/elsewhere", "404", "cut", "hang", "slow"])
def test_what_fails_is_sent_again_under_the_same_key(
    hooked: Any, given: Any, receiver: Any, word: str
) -> None:
    receiver.script.append(word)
    publish_awards(hooked, given, 1)
    assert drain(hooked).retried == 1
    assert drain(hooked).sent == 0, "the endpoint rests first"
    assert drain(hooked, hours=1).sent == 1
    assert len(receiver.keys) == 2
    assert len(set(receiver.keys)) == 1
    assert receiver.requests[0].body == receiver.requests[1].body


def test_a_refused_connection_is_tried_again(newsroom: Any, given: Any) -> None:
    newsroom.subscribe(channels=[{"kind": "webhook", "url": "http://127.0.0.1:9/", "secret": "x"}])
    newsroom.publish("mot", given())
    assert drain(newsroom).retried == 1
    assert "Connect" in errors(newsroom)[0]


def test_a_failure_holds_back_what_stands_behind_it(hooked: Any, given: Any, receiver: Any) -> None:
    receiver.script.append("500")
    publish_awards(hooked, given, 3)
    drain(hooked)
    assert len(receiver.requests) == 1
    drain(hooked, hours=1)
    assert len(receiver.keys) == 4
    assert receiver.keys[0] == receiver.keys[1]
    assert states(hooked) == ["sent"] * 3


def test_what_fails_every_time_becomes_a_dead_letter_that_can_be_sent_again(
    hooked: Any, given: Any, receiver: Any
) -> None:
    receiver.script.extend(["500"] * 4)
    publish_awards(hooked, given, 2)
    outcomes = [drain(hooked, hours=12) for _ in range(4)]
    assert [one.retried for one in outcomes] == [1, 1, 1, 0]
    assert outcomes[-1].dead == 1
    assert states(hooked) == ["dead", "pending"]
    with hooked.archive.write() as connection:
        dead = deliveries.list_deliveries(connection, state="dead")[0]
        assert dead.last_error == "HTTP 500"
        deliveries.send_again(connection, dead.id, hooked.clock)
    assert drain(hooked).sent == 2
    assert len(set(receiver.keys[:5])) == 1


def test_a_gone_receiver_is_not_asked_again_until_a_person_says_so(
    hooked: Any, given: Any, receiver: Any
) -> None:
    receiver.script.append("410")
    publish_awards(hooked, given, 2)
    assert drain(hooked).dead == 2
    assert len(receiver.requests) == 1
    publish_awards(hooked, given, 1, start=2)
    assert drain(hooked, hours=48).dead == 1
    assert len(receiver.requests) == 1
    with hooked.archive.write() as connection:
        for one in deliveries.list_deliveries(connection, state="dead"):
            deliveries.send_again(connection, one.id, hooked.clock)
    assert drain(hooked).sent == 3


def test_a_receiver_may_name_its_rest(hooked: Any, given: Any, receiver: Any) -> None:
    receiver.script.append("429 Retry-After=3600")
    publish_awards(hooked, given, 1)
    drain(hooked)
    assert drain(hooked, hours=0.9).sent == 0
    assert drain(hooked, hours=0.2).sent == 1


def test_one_endpoint_that_hangs_does_not_hold_up_another(
    hooked: Any, given: Any, receiver: Any
) -> None:
    receiver.script.append("hang")
    other = receiver.url.replace("/hook", "/other")
    hooked.subscribe(channels=[{"kind": "webhook", "url": other, "secret": "x"}])
    publish_awards(hooked, given, 2)
    outcome = drain(hooked)
    assert (outcome.sent, outcome.retried) == (2, 1)


def test_two_subscriptions_at_one_address_are_two_keys(
    hooked: Any, given: Any, receiver: Any
) -> None:
    hooked.subscribe(channels=[{"kind": "webhook", "url": receiver.url, "secret": "x"}])
    publish_awards(hooked, given, 1)
    assert drain(hooked).sent == 2
    assert len(set(receiver.keys)) == 2


def test_a_channel_that_was_removed_gets_nothing(hooked: Any, given: Any, receiver: Any) -> None:
    publish_awards(hooked, given, 1)
    with hooked.archive.write() as connection:
        alerts.update_subscription(connection, 1, channels=[])
    assert drain(hooked).dead == 1
    assert receiver.requests == []


def test_deleting_a_subscription_drops_what_waits(hooked: Any, given: Any, receiver: Any) -> None:
    publish_awards(hooked, given, 1)
    with hooked.archive.write() as connection:
        alerts.delete_subscription(connection, 1, hooked.clock)
    assert drain(hooked).sent == 0
    assert receiver.requests == []
    assert len(hooked.alerts()) == 1


def test_two_workers_at_once_send_each_alert_once(hooked: Any, given: Any, receiver: Any) -> None:
    receiver.script.extend(["204", "500", "204"])
    publish_awards(hooked, given, 12)
    workers = [threading.Thread(target=drain, args=(hooked,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    drain(hooked, hours=1)
    assert states(hooked) == ["sent"] * 12
    assert len(receiver.keys) == 13
    assert list(dict.fromkeys(receiver.keys)) == [one.id for one in _all_deliveries(hooked)], (
        "in the order of the alerts"
    )


def _all_deliveries(newsroom: Any) -> list[deliveries.Delivery]:
    with newsroom.archive.read() as connection:
        return deliveries.list_deliveries(connection, limit=1000)[::-1]


# --- a worker that is killed -----------------------------------------------------------------------

WORKER = """
import inspect, os, signal, sys, time
from datetime import UTC, datetime
from diembao.archive import alerts, deliveries
from diembao.archive.migration import open_archive
from diembao.settings import Settings
from search_api import mail
from search_api.alerts import delivery
from search_api.alerts.channels import webhook
from search_api.alerts.delivery import deliver_due

def die_at(place, name, when):
    real = getattr(place, name)
    def dying(*given, **named):
        if when == "after":
            real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    async def dying_later(*given, **named):
        if when == "after":
            await real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(place, name, dying_later if inspect.iscoroutinefunction(real) else dying)

archive_url, step, when, port = sys.argv[1:]
PLACES = {"gather": delivery, "insert_alert": alerts, "payload": webhook, "post": mail}
if step:
    die_at(PLACES.get(step, deliveries), step, when)
settings = Settings(
    archive=archive_url, private_networks=True, delivery_timeout=0.3, lease=0.6,
    smtp_host="127.0.0.1", smtp_port=int(port), smtp_security="none",
)
archive = open_archive(settings.archive_url)
while True:
    deliver_due(archive, settings, datetime.now(UTC))
    time.sleep(0.01)
"""


@pytest.fixture
def workers() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Delivery processes of the test, which ends them."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def start_worker(
    newsroom: Any, step: str = "", when: str = "", smtp_port: str = "25"
) -> subprocess.Popen[bytes]:
    asked = [newsroom.archive.url, step, when, smtp_port]
    return subprocess.Popen([sys.executable, "-c", WORKER, *asked])


@pytest.mark.parametrize(
    ("step", "when", "arrivals"),
    [
        ("lease", "before", 2),
        ("lease", "after", 2),  # leased, not committed
        ("payload", "before", 2),  # leased, nothing sent
        ("mark_sent", "before", 4),  # both accepted, nothing written
        ("mark_sent", "after", 4),  # both accepted, one written, not committed
    ],
)
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(
    hooked: Any, given: Any, receiver: Any, step: str, when: str, arrivals: int
) -> None:
    publish_awards(hooked, given, 2)
    assert start_worker(hooked, step, when).wait(60) == -signal.SIGKILL
    hooked.clock = datetime.now(UTC) + timedelta(seconds=hooked.settings.lease)
    drain(hooked)
    assert states(hooked) == ["sent", "sent"]
    assert len(receiver.keys) == arrivals
    assert list(dict.fromkeys(receiver.keys)) == [one.id for one in _all_deliveries(hooked)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["retry_later", "release"])
def test_a_worker_killed_as_it_writes_a_failure_loses_and_doubles_nothing(
    hooked: Any, given: Any, receiver: Any, step: str, when: str
) -> None:
    receiver.script.append("500")
    publish_awards(hooked, given, 2)
    assert start_worker(hooked, step, when).wait(60) == -signal.SIGKILL
    hooked.clock = datetime.now(UTC) + timedelta(seconds=hooked.settings.lease)
    drain(hooked)
    assert states(hooked) == ["sent", "sent"]
    assert len(receiver.keys) == 3
    assert list(dict.fromkeys(receiver.keys)) == [one.id for one in _all_deliveries(hooked)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["mark_dead", "stop_endpoint"])
def test_a_worker_killed_as_it_gives_up_leaves_dead_letters_that_can_be_sent_again(
    hooked: Any, given: Any, receiver: Any, step: str, when: str
) -> None:
    receiver.script += ["410", "410"]
    publish_awards(hooked, given, 2)
    assert start_worker(hooked, step, when).wait(60) == -signal.SIGKILL
    hooked.clock = datetime.now(UTC) + timedelta(seconds=hooked.settings.lease)
    drain(hooked)
    assert states(hooked) == ["dead", "dead"]
    for one in _all_deliveries(hooked):
        with hooked.archive.write() as connection:
            deliveries.send_again(connection, one.id, hooked.clock)
    drain(hooked)
    assert states(hooked) == ["sent", "sent"]
    assert set(receiver.keys) == {one.id for one in _all_deliveries(hooked)}


@pytest.mark.parametrize(
    ("step", "when", "arrivals"),
    [("post", "before", 1), ("post", "after", 2), ("mark_sent", "after", 2)],
)
def test_a_worker_killed_as_it_mails_sends_it_again_as_the_same_mail(
    newsroom: Any, given: Any, postbox: Any, step: str, when: str, arrivals: int
) -> None:
    box, port = postbox
    newsroom.settings = newsroom.settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    )
    newsroom.subscribe(channels=[{"kind": "email", "to": "vanphong@example.org"}])
    publish_awards(newsroom, given, 1)
    assert start_worker(newsroom, step, when, str(port)).wait(60) == -signal.SIGKILL
    newsroom.clock = datetime.now(UTC) + timedelta(seconds=newsroom.settings.lease)
    drain(newsroom)
    assert states(newsroom) == ["sent"]
    assert len(box.mails) == arrivals
    assert len({mail["Message-ID"] for mail in box.mails}) == 1


@pytest.mark.parametrize(
    ("step", "when"),
    [("gather", "before"), ("insert_alert", "after"), ("add", "after"), ("gather", "after")],
)
def test_a_worker_killed_as_it_makes_a_digest_loses_and_doubles_nothing(
    newsroom: Any, given: Any, receiver: Any, step: str, when: str
) -> None:
    hook = {"kind": "webhook", "url": receiver.url, "secret": "x"}
    newsroom.subscribe(channels=[hook], schedule={"mode": "hourly"})
    publish_awards(newsroom, given, 3)
    assert start_worker(newsroom, step, when).wait(60) == -signal.SIGKILL
    newsroom.clock = datetime.now(UTC)
    assert drain(newsroom).sent == 1
    [body] = [json.loads(request.body) for request in receiver.requests]
    assert len(body["items"]) == 3


def test_workers_killed_while_the_receiver_is_silent_lose_and_double_nothing(
    hooked: Any, given: Any, receiver: Any, workers: list[subprocess.Popen[bytes]]
) -> None:
    publish_awards(hooked, given, 6)
    for number in range(1, 4):
        receiver.script.append("hang")
        process = start_worker(hooked)
        workers.append(process)
        receiver.wait_for(number)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    workers.append(start_worker(hooked))
    with receiver.arrived:
        assert receiver.arrived.wait_for(lambda: len(set(receiver.keys)) == 6, timeout=60)
    assert list(dict.fromkeys(receiver.keys)) == [one.id for one in _all_deliveries(hooked)]


# --- rests -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("failures", [1, 2, 5, 1000])
def test_rests_grow_between_half_and_all_of_a_limit(failures: int) -> None:
    limit = min(FIRST_REST * 3 ** min(failures - 1, 20), LONGEST_REST)
    rests = [rest(failures, random.Random(seed)).total_seconds() for seed in range(50)]
    assert all(limit / 2 <= one <= limit for one in rests)
    assert len(set(rests)) > 40

"""Subscriptions, alerts and deliveries in the archive: what is unique stays so, with any workers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from diembao.archive import alerts, articles, deliveries, judging
from diembao.article import Article, Block, BlockKind
from diembao.errors import NotFoundError
from diembao.source import Source

if TYPE_CHECKING:
    from diembao.archive.deliveries import Delivery
    from diembao.archive.engine import Archive

NOW = datetime(2024, 12, 20, 3, 0, tzinfo=UTC)
SOURCE = Source(name="thudo", title="Báo Thủ Đô", domain="thudo.example")


@pytest.fixture
def article_id(archive: Archive) -> int:
    """An article in the archive, with one subscription beside it."""
    article = Article(
        url="https://thudo.example/1",
        canonical_url="https://thudo.example/1",
        source="thudo",
        blocks=(Block(kind=BlockKind.TITLE, text="Tin"),),
        fetched_at=NOW,
    )
    with archive.write() as connection:
        alerts.create_subscription(
            connection,
            name="Một",
            query="",
            subject="event",
            channels=[{"kind": "webhook", "url": "https://nhan.example/", "secret": "x"}],
            now=NOW,
            feed_token="bi-mat",
        )
        return articles.save(connection, SOURCE, article, None, NOW).article_id


def tell(
    archive: Archive, article_id: int, subject: str = "event:1", revision: int = 1
) -> int | None:
    with archive.write() as connection:
        told = alerts.insert_alert(
            connection,
            1,
            subject=subject,
            revision=revision,
            facts="f",
            article_id=article_id,
            message={},
            now=NOW,
        )
    return told.id if told else None


def file(archive: Archive, article_id: int, number: int, endpoint: str = "webhook:a") -> str:
    alert_id = tell(archive, article_id, f"event:{number}")
    assert alert_id
    with archive.write() as connection:
        return deliveries.add(connection, alert_id, {"key": "k", "kind": "webhook"}, endpoint, NOW)


def lease(archive: Archive, after: float = 0, run: int = 1) -> list[Delivery]:
    with archive.write() as connection:
        runs = deliveries.lease(connection, NOW + timedelta(seconds=after), 10, run, 60)
    return [delivery for one in runs for delivery in one]


def test_the_same_alert_cannot_be_told_twice(archive: Archive, article_id: int) -> None:
    assert tell(archive, article_id) == 1
    assert tell(archive, article_id) is None
    assert tell(archive, article_id, revision=2) is not None


def test_workers_that_tell_the_same_at_once_leave_one_alert(
    archive: Archive, article_id: int
) -> None:
    told: list[int | None] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        told.extend(tell(archive, article_id, f"event:{n}") for n in range(5))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len([one for one in told if one]) == 5
    with archive.read() as connection:
        assert len(alerts.inbox(connection)) == 5


def test_a_version_is_judged_once(archive: Archive, article_id: int) -> None:
    with archive.write() as connection:
        assert judging.take_unjudged(connection, {article_id: 2}) == {article_id}
        assert judging.take_unjudged(connection, {article_id: 2}) == set()
        assert judging.take_unjudged(connection, {article_id: 1}) == set()
        assert judging.take_unjudged(connection, {article_id: 3}) == {article_id}


def test_a_judgement_that_is_rolled_back_is_made_again(archive: Archive, article_id: int) -> None:
    def judge_and_fail() -> None:
        with archive.write() as connection:
            judging.take_unjudged(connection, {article_id: 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        judge_and_fail()
    with archive.write() as connection:
        assert judging.take_unjudged(connection, {article_id: 1}) == {article_id}


def test_the_feed_token_is_not_in_the_archive(archive: Archive, article_id: int) -> None:
    with archive.read() as connection:
        assert alerts.subscription_of_feed(connection, "bi-mat").name == "Một"
        stored = connection.exec_driver_sql("SELECT feed_token FROM subscriptions").scalar_one()
        assert stored != "bi-mat"
        with pytest.raises(NotFoundError):
            alerts.subscription_of_feed(connection, stored)


def test_a_deleted_subscription_is_gone_and_its_alerts_stay(
    archive: Archive, article_id: int
) -> None:
    tell(archive, article_id)
    with archive.write() as connection:
        alerts.delete_subscription(connection, 1, NOW)
        assert alerts.list_subscriptions(connection) == []
        assert alerts.active_rules(connection) == []
        assert len(alerts.inbox(connection)) == 1
        with pytest.raises(NotFoundError):
            alerts.subscription_of_feed(connection, "bi-mat")
        with pytest.raises(NotFoundError):
            alerts.update_subscription(connection, 1, name="Hai")


def test_channels_get_keys_that_stay(archive: Archive, article_id: int) -> None:
    with archive.write() as connection:
        before = alerts.subscription(connection, 1)
        after = alerts.update_subscription(connection, 1, channels=before.channels)
    assert before.channels[0]["key"]
    assert after.channels == before.channels


# --- deliveries ------------------------------------------------------------------------------------


def test_an_alert_has_one_delivery_on_a_channel(archive: Archive, article_id: int) -> None:
    first = file(archive, article_id, 1)
    with archive.write() as connection:
        again = deliveries.add(connection, 1, {"key": "k", "kind": "webhook"}, "webhook:a", NOW)
        assert again == first
        assert deliveries.counts(connection) == {"pending": 1}


def test_an_endpoint_has_one_worker_and_its_deliveries_their_order(
    archive: Archive, article_id: int
) -> None:
    filed = [file(archive, article_id, number) for number in range(3)]
    other = file(archive, article_id, 9, "webhook:b")
    assert sorted(one.id for one in lease(archive)) == sorted([filed[0], other])
    assert lease(archive) == []
    assert [one.id for one in lease(archive, after=61, run=2)] == [*filed[:2], other]


def test_an_older_dead_letter_that_comes_back_waits_for_the_run_on_its_way(
    archive: Archive, article_id: int
) -> None:
    filed = [file(archive, article_id, number) for number in range(2)]
    [first] = lease(archive)
    with archive.write() as connection:
        deliveries.mark_dead(connection, first, "x", None)
    [second] = lease(archive)
    with archive.write() as connection:
        deliveries.send_again(connection, filed[0], NOW)
    assert lease(archive) == []
    with archive.write() as connection:
        deliveries.mark_sent(connection, second, NOW)
    assert [one.id for one in lease(archive)] == [filed[0]]


def test_a_worker_whose_lease_ran_out_cannot_undo_what_another_did(
    archive: Archive, article_id: int
) -> None:
    file(archive, article_id, 1)
    [slow] = lease(archive)
    [quick] = lease(archive, after=61)
    with archive.write() as connection:
        deliveries.retry_later(connection, slow, "quá giờ", NOW + timedelta(days=1))
        deliveries.mark_dead(connection, slow, "quá giờ", NOW + timedelta(days=1))
        deliveries.release(connection, [slow])
    assert lease(archive, after=62) == [], "still the quick one's"
    with archive.write() as connection:
        deliveries.mark_sent(connection, quick, NOW)
        assert deliveries.counts(connection) == {"sent": 1}


def test_an_acceptance_counts_whoever_holds_the_lease(archive: Archive, article_id: int) -> None:
    file(archive, article_id, 1)
    [slow] = lease(archive)
    [_quick] = lease(archive, after=61)
    with archive.write() as connection:
        deliveries.mark_sent(connection, slow, NOW)
    assert lease(archive, after=200) == []


def test_failures_in_a_row_are_counted_at_the_endpoint(archive: Archive, article_id: int) -> None:
    file(archive, article_id, 1)
    for count in range(3):
        [one] = lease(archive, after=count * 100)
        assert one.failures == count
        with archive.write() as connection:
            at = NOW + timedelta(seconds=(count + 1) * 100)
            deliveries.retry_later(connection, one, "HTTP 500", at)
        assert lease(archive, after=count * 100 + 99) == []


def test_only_a_dead_letter_is_sent_again(archive: Archive, article_id: int) -> None:
    filed = file(archive, article_id, 1)
    with archive.write() as connection, pytest.raises(NotFoundError):
        deliveries.send_again(connection, filed, NOW)

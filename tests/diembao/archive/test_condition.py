"""How newspapers are collected: pace, shares, gaps while they last and once they are over, quarantine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from diembao.archive import layouts, sources
from diembao.archive.condition import Condition, Gap, conditions
from diembao.archive.engine import Archive
from diembao.archive.layouts import Layout, Quarantine, Reading

HOUR = timedelta(hours=1)


@pytest.fixture
def newspaper(archive: Archive, desk: Any) -> str:
    with archive.write() as conn:
        sources.save(conn, [desk.source("bao")])
    return "bao"


def finish(archive: Archive, at: datetime, error: str | None = None) -> None:
    with archive.write() as conn:
        sources.finish(conn, "bao", at, 900, error)


def found(archive: Archive, now: datetime) -> Condition:
    with archive.read() as conn:
        return conditions(conn, now)["bao"]


def test_a_good_crawl_after_a_long_silence_leaves_a_gap(
    archive: Archive, newspaper: str, now: datetime
) -> None:
    finish(archive, now)
    finish(archive, now + HOUR, "503")
    finish(archive, now + 5 * HOUR)
    condition = found(archive, now + 6 * HOUR)
    assert condition.gaps == (Gap(now, now + 5 * HOUR),)
    assert condition.last_success_at == now + 5 * HOUR
    assert found(archive, now + timedelta(days=40)).gaps == (Gap(now + 5 * HOUR, None),)


def test_crawls_in_time_leave_none(archive: Archive, newspaper: str, now: datetime) -> None:
    for hour in range(8):
        finish(archive, now + hour * HOUR)
    assert found(archive, now + 8 * HOUR).gaps == ()


def test_a_silence_that_lasts_is_a_gap_without_an_end(
    archive: Archive, newspaper: str, now: datetime
) -> None:
    finish(archive, now)
    finish(archive, now + HOUR, "host not found")
    assert found(archive, now + 20 * HOUR).gaps == ()
    assert found(archive, now + 26 * HOUR).gaps == (Gap(now, None),)


def test_the_last_day_is_told_beside_a_usual_one(
    archive: Archive, desk: Any, now: datetime
) -> None:
    for number in range(20):
        at = now - timedelta(days=1 + number // 2, hours=1)
        desk.save(f"Tin số {number}\nNội dung.", url=f"https://bao.vn/{number}", published_at=at)
    for number in range(3):
        desk.save(f"Tin mới {number}\nNội dung.", url=f"https://bao.vn/m{number}", published_at=now)
    condition = found(archive, now)
    assert condition.last_day == 3
    assert condition.usual_day == pytest.approx(20 / (9 + 1 / 24))


def test_shares_count_all_readings(archive: Archive, newspaper: str, now: datetime) -> None:
    layout = Layout()
    for number in range(40):
        layout.add(Reading(900, is_dated=True, is_signed=number % 2 == 0))
    layout.quarantined_at, layout.fault = now, "tác giả (byline)"
    with archive.write() as conn:
        layouts.save(conn, "bao", "", layout)
    condition = found(archive, now)
    assert (condition.dated, condition.signed) == (1.0, 0.5)
    assert condition.quarantine == (Quarantine("", now, "tác giả (byline)"),)

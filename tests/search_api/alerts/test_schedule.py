"""When alerts are sent: in local time, with quiet hours and a limit a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.errors import BadInputError
from diembao.vietnamese.dates import VIETNAM, local, midnight
from search_api.alerts.schedule import Schedule, read


def at(clock: str) -> datetime:
    """`20 07:30` of December 2024 in Viet Nam."""
    day, _, time = clock.partition(" ")
    return datetime.fromisoformat(f"2024-12-{day}T{time}:00+07:00")


NIGHT = {"quiet_from": 22, "quiet_until": 6}


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        ({}, "20 03:00", None),
        ({"mode": "hourly"}, "20 09:10", "20 10:00"),
        ({"mode": "hourly"}, "20 23:10", "21 00:00"),
        ({"mode": "hourly"}, "20 10:00", "20 11:00"),
        ({"mode": "daily"}, "20 06:59", "20 07:00"),
        ({"mode": "daily"}, "20 07:00", "21 07:00"),
        ({"mode": "daily", "hour": 0}, "20 23:59", "21 00:00"),
        (NIGHT, "20 21:59", None),
        (NIGHT, "20 22:00", "21 06:00"),
        (NIGHT, "20 05:59", "20 06:00"),
        (NIGHT, "20 06:00", None),
        ({"quiet_from": 12, "quiet_until": 14}, "20 13:30", "20 14:00"),
        ({"quiet_from": 12, "quiet_until": 14}, "20 14:00", None),
        ({"quiet_from": 8, "quiet_until": 8}, "20 08:30", None),
        ({"mode": "hourly"} | NIGHT, "20 21:30", "21 06:00"),
        ({"mode": "daily", "hour": 5} | NIGHT, "20 12:00", "21 06:00"),
    ],
)
def test_what_comes_up_waits_until(schedule: dict[str, Any], now: str, due: str | None) -> None:
    waits = Schedule(**schedule).waits(at(now), told_today=0)
    assert waits == (at(due) if due else None)


def test_what_is_above_the_limit_of_a_day_waits_for_the_daily_hour() -> None:
    limited = Schedule(most=3, hour=17)
    assert limited.waits(at("20 09:00"), told_today=2) is None
    assert limited.waits(at("20 09:00"), told_today=3) == at("20 17:00")
    assert limited.waits(at("20 18:00"), told_today=3) == at("21 17:00")


def test_a_day_begins_at_midnight_in_viet_nam() -> None:
    first, last = (local(at(clock)).date() for clock in ("20 00:00", "20 23:59"))
    assert midnight(first) == midnight(last) == at("20 00:00")


hours = st.integers(0, 23)
schedules = st.builds(
    Schedule,
    mode=st.sampled_from(["instant", "hourly", "daily"]),
    hour=hours,
    quiet_from=hours,
    quiet_until=hours,
)


@given(schedules, st.integers(0, 7 * 24 * 60))
def test_a_digest_is_due_within_two_days_and_never_in_quiet_hours(
    schedule: Schedule, minutes: int
) -> None:
    now = datetime(2024, 12, 20, tzinfo=VIETNAM) + timedelta(minutes=minutes)
    due = schedule.next_digest(now)
    assert now < due <= now + timedelta(days=2)
    assert not schedule.is_quiet(due)
    assert due.minute == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": 24},
        {"mode": "weekly"},
        {"quiet_from": 22},
        {"most": 0},
        {"most": "x"},
        {"minute": 5},
    ],
)
def test_a_schedule_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="Lịch gửi chưa đúng"):
        read(wrong)

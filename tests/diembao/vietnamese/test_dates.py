"""Printed dates: day first, +07:00 by default, weekdays checked, nothing guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.vietnamese import dates

NOW = datetime(2024, 12, 12, 3, 0, tzinfo=UTC)
HALF_PAST_THREE = datetime(2024, 12, 11, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "printed",
    [
        "Thứ tư, 11/12/2024 | 15:30",
        "Thứ Tư, 11/12/2024 - 15:30",
        "11/12/2024 15:30 GMT+7",
        "Thứ tư, 11/12/2024, 15:30 (GMT+7)",
        "15:30 | 11/12/2024",
        "15:30 11/12/2024",
        "11-12-2024 - 15:30 PM",
        "11-12-2024 - 3:30 PM",
        "11-12-2024 3:30 CH",
        "11.12.2024 15h30",
        "15 giờ 30, ngày 11 tháng 12 năm 2024",
        "11 Tháng Mười Hai, 2024 15:30",
        "Tháng Mười Hai 11, 2024 15:30",
        "11 tháng Chạp 2024 15:30",
        "2024-12-11T15:30:00+07:00",
        "2024-12-11T15:30:00+0700",
        "2024-12-11T08:30:00Z",
        "2024-12-11T08:30:00.000Z",
        "2024-12-11T15:30:00",
        "2024-12-11 15:30",
        "Wed, 11 Dec 2024 15:30:00 GMT+7",
        "Wed, 11 Dec 2024 15:30:00 +0700",
        "Wed, 11 Dec 2024 08:30:00 GMT",
        "Dec 11, 2024 15:30",
        "Thu\u031b\u0301 tu\u031b, 11/12/2024 | 15:30",
    ],
)
def test_every_printed_form_is_the_same_moment(printed: str) -> None:
    found = dates.parse(printed, now=NOW)
    assert found
    assert found.at == HALF_PAST_THREE
    assert found.has_time


def test_the_day_stands_before_the_month() -> None:
    found = dates.parse("11/12/2024")
    assert found
    assert dates.local(found.at).date() == date(2024, 12, 11)
    assert not found.has_time


def test_a_second_number_that_can_only_be_the_day_is_the_day() -> None:
    found = dates.parse("9/17/2018 9:59:00 AM")
    assert found
    assert dates.local(found.at) == datetime(2018, 9, 17, 9, 59, tzinfo=dates.VIETNAM)


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [
        ("Thứ tư, 11/12/2024", True),
        ("Thứ 4, 11/12/2024", True),
        ("Chủ nhật, 15/12/2024", True),
        ("Thứ ba, 11/12/2024", False),
        ("Thu, 11 Dec 2024 10:00", False),
        ("11/12/2024", None),
    ],
)
def test_a_weekday_is_checked_and_never_moves_the_date(printed: str, agrees: bool | None) -> None:
    found = dates.parse(printed)
    assert found
    assert found.weekday_agrees is agrees
    assert dates.local(found.at).month == 12


@pytest.mark.parametrize(
    ("printed", "ago"),
    [
        ("cách đây 2 giờ", timedelta(hours=2)),
        ("2 giờ trước", timedelta(hours=2)),
        ("Cách đây 15 phút", timedelta(minutes=15)),
        ("3 ngày trước", timedelta(days=3)),
        ("vừa xong", timedelta()),
    ],
)
def test_relative_forms_count_from_the_time_of_reading(printed: str, ago: timedelta) -> None:
    found = dates.parse(printed, now=NOW)
    assert found
    assert found.at == NOW - ago
    assert dates.parse(printed) is None


def test_yesterday_at_an_hour() -> None:
    found = dates.parse("Hôm qua, 15:30", now=NOW)
    assert found
    assert found.at == HALF_PAST_THREE


@pytest.mark.parametrize("printed", ["", "31/02/2024", "45/13/2024", "tin mới", "1.821 mô hình"])
def test_what_is_no_date_is_none(printed: str) -> None:
    assert dates.parse(printed, now=NOW) is None


@given(st.datetimes(datetime(1995, 1, 1), datetime(2099, 12, 31)))
def test_what_newspapers_print_is_read_back(moment: datetime) -> None:
    aware = moment.replace(second=0, microsecond=0, tzinfo=dates.VIETNAM)
    for form in ("%d/%m/%Y %H:%M", "%H:%M | %d/%m/%Y", "%d-%m-%Y - %H:%M", "%Y-%m-%dT%H:%M:00"):
        found = dates.parse(aware.strftime(form))
        assert found
        assert found.at == aware


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    found = dates.parse(text, now=NOW)
    assert found is None or found.at.tzinfo is UTC

"""Dates as newspapers print them. Every result is aware and in UTC.

Rules:
- Day first, always; a second number above 12 can only be the day, so then the month was first.
- No zone means Vietnam's (+07:00) unless the newspaper has another; `GMT+7`, `+0700`, `Z` are read.
- AM, PM, SA, CH beside a 24-hour time are ignored; beside a 12-hour time they are obeyed.
- A weekday that disagrees with its date is told (`weekday_agrees`), never used to guess another date.
- Relative forms (`cách đây 2 giờ`, `hôm qua`) need the time of reading.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from diembao.vietnamese.folding import fold

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4,
    "bay": 5, "7": 5, "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_MONTHS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ENGLISH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_IN_WORDS = "gieng|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin|muoi mot|muoi hai|muoi|chap"

_ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:[t ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?)?\s*(?P<z>z\b|(?:gmt|utc)?\s*[+-]\d{1,2}:?(?:\d{2})?)?"
)
_DATES = (
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s?[/.\-]\s?(?P<m>\d{1,2})\s?[/.\-]\s?(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s*thang\s*(?P<m>\d{1,2})\s*(?:nam|,|/|-)?\s*(?P<y>\d{4})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})\s*thang\s+(?P<m>{_IN_WORDS})\b\s*(?:nam|,)?\s*(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"thang\s+(?P<m>\d{{1,2}}|{_IN_WORDS})\b\s*(?P<d>\d{{1,2}})\s*,\s*(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})[\s-](?P<m>{_ENGLISH})[a-z]*[\s,-]+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?P<m>{_ENGLISH})[a-z]*\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})(?!\d)"),
)  # fmt: skip
_TIME = re.compile(
    r"(?<![\d:/.+-])(?P<H>[01]?\d|2[0-3])\s?(?::|h|gio\s?)\s?(?P<M>[0-5]\d)(?::(?P<S>[0-5]\d))?(?!\d)"
    r"(?:\s?(?P<half>am|pm|sa|ch)\b)?"
)
_ZONE = re.compile(
    r"(?:gmt|utc)\s*(?P<offset>[+-]\s?\d{1,2}(?::?\d{2})?)?|(?<=[\d\s])(?P<bare>[+-]\d{2}:?\d{2})\b"
)
_WEEKDAY = re.compile(
    r"\bthu\s+(?P<vi>hai|ba|tu|nam|sau|bay|[2-7])\b|\b(?P<sunday>chu nhat)\b|\b(?P<en>mon|tue|wed|thu|fri|sat|sun)[a-z]*,"
)
_AGO = re.compile(r"(?P<n>\d+)\s*(?P<unit>giay|phut|gio|tieng|ngay|tuan)")
_UNITS = {"giay": 1, "phut": 60, "gio": 3600, "tieng": 3600, "ngay": 86400, "tuan": 604800}


class PrintedDate(NamedTuple):
    """A moment as printed, in UTC.

    `has_time` is False where only the day stands there (then midnight of the zone).
    `weekday_agrees` is None where no weekday stands there.
    """

    at: datetime
    has_time: bool
    weekday_agrees: bool | None


def parse(text: str, *, now: datetime | None = None, zone: tzinfo = VIETNAM) -> PrintedDate | None:
    """The first date in the text, or None. `now` (aware) is when it was read, for relative forms."""
    plain = fold(" ".join(text.split()))
    if found := _ISO.search(plain):
        return _dated(plain, found, found if found["H"] else None, found["z"], zone)
    for pattern in _DATES:
        if found := pattern.search(plain):
            before, after = plain[: found.start()], plain[found.end() :]
            time = _TIME.search(after[:40]) or _last_time(before[-40:])
            sign = _ZONE.search(after)
            offset = sign and (sign["offset"] or sign["bare"] or "+0")
            return _dated(plain, found, time, offset, zone)
    return _relative(plain, now, zone) if now else None


def local(moment: datetime) -> datetime:
    """The moment on Vietnamese clocks."""
    return moment.astimezone(VIETNAM)


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Viet Nam, in UTC; before the calendar begins, its first."""
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def midnight_after(day: date) -> datetime:
    """The moment at which a day ends in Viet Nam, in UTC; after the calendar ends, its last."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return midnight(day + timedelta(days=1))


def _last_time(text: str) -> re.Match[str] | None:
    return next(iter([*_TIME.finditer(text)][-1:]), None)


def _dated(
    plain: str, day: re.Match[str], time: re.Match[str] | None, sign: str | None, zone: tzinfo
) -> PrintedDate | None:
    month = day["m"]
    numbers = [int(day["d"]), int(month) if month.isdigit() else _MONTHS[month]]
    if numbers[1] > 12:
        numbers.reverse()
    try:
        on = date(int(day["y"]), numbers[1], numbers[0])
        hour, minute, second = _clock(time)
        at = datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=_zone(sign) or zone)
    except ValueError:
        return None
    weekday = _weekday(plain)
    agrees = None if weekday is None else weekday == on.weekday()
    return PrintedDate(at.astimezone(UTC), time is not None, agrees)


def _clock(time: re.Match[str] | None) -> tuple[int, int, int]:
    if time is None:
        return 0, 0, 0
    hour = int(time["H"])
    half = time.groupdict().get("half")
    if half in ("pm", "ch") and hour < 12:
        hour += 12
    elif half in ("am", "sa") and hour == 12:
        hour = 0
    return hour, int(time["M"]), int(time["S"] or 0)


def _zone(sign: str | None) -> tzinfo | None:
    if not sign:
        return None
    digits = re.sub(r"\D", "", sign)
    if not digits:
        return UTC
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if "-" in sign else offset)


def _weekday(plain: str) -> int | None:
    found = _WEEKDAY.search(plain)
    if not found:
        return None
    return 6 if found["sunday"] else _WEEKDAYS[found["vi"] or found["en"]]


def _relative(plain: str, now: datetime, zone: tzinfo) -> PrintedDate | None:
    if ("truoc" in plain or "cach day" in plain) and (found := _AGO.search(plain)):
        back = timedelta(seconds=int(found["n"]) * _UNITS[found["unit"]])
        return PrintedDate(
            (now - back).astimezone(UTC), found["unit"] not in ("ngay", "tuan"), None
        )
    if "vua xong" in plain:
        return PrintedDate(now.astimezone(UTC), True, None)
    for word, days in (("hom nay", 0), ("hom qua", 1)):
        if word in plain:
            time = _TIME.search(plain)
            hour, minute, second = _clock(time)
            on = now.astimezone(zone) - timedelta(days=days)
            at = on.replace(hour=hour, minute=minute, second=second, microsecond=0)
            return PrintedDate(at.astimezone(UTC), time is not None, None)
    return None

"""What is tried again within one crawl, and after how long."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

STATUSES = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
ATTEMPTS = 3
BASE = 0.5
LONGEST = 15.0
"""A newspaper that wants to be left alone longer (seconds) is left for a later crawl."""


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number or an HTTP date."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def pause(attempt: int, asked: float | None = None) -> float | None:
    """Seconds before the next attempt (`attempt` from 1), or None where it is not made now."""
    if attempt >= ATTEMPTS or (asked is not None and asked > LONGEST):
        return None
    return asked if asked is not None else BASE * 2**attempt * random.uniform(0.75, 1.25)

"""The bars of a timeline: each stretch of local time with its days, empty stretches included."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel

from search_api.query.calendar import keys_between, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search_api.index.base import Bucket, Interval

LONGEST = 120
"""Bars at most; a longer series shows its latest ones."""


class Bar(BaseModel):
    """One stretch: its days (both included) and the number of articles found."""

    key: str
    label: str
    since: date
    until: date
    articles: int


def label_of(key: str) -> str:
    """A key as people write it: `11/12/2024`, `09/12 – 15/12/2024`, `12/2024`, `quý 4/2024`."""
    days = span(key)
    if days is None:
        return key
    since, until = days
    if "W" in key:
        return f"{since:%d/%m} – {until:%d/%m/%Y}"
    if "Q" in key:
        return f"quý {key[-1]}/{since.year}"
    return f"{since:%m/%Y}" if len(key) == len("2024-12") else f"{since:%d/%m/%Y}"


def bars(buckets: Sequence[Bucket], interval: Interval) -> list[Bar]:
    """The series from its first to its last bucket, in order, with empty stretches as zeros."""
    counts = {bucket.key: bucket.articles for bucket in buckets}
    if not counts:
        return []
    keys = list(keys_between(min(counts), max(counts), interval))[-LONGEST:]
    return [
        Bar(key=key, label=label_of(key), since=days[0], until=days[1], articles=counts.get(key, 0))
        for key in keys
        if (days := span(key))
    ]

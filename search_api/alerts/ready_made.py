"""Subscriptions that many offices want, each made of one thing that the reader fills in.

A name is asked for both as what the extractor marked and as words of the text, so that a name which
it missed is found all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»', " "))


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """Its wording is `ready_` and the key. `fill` is what is asked for; `query` makes the search of it."""

    key: str
    subject: Literal["event", "model", "story", "first", "surge", "silence"]
    fill: Literal["nothing", "names", "province", "newspaper"]
    query: Callable[[str], str]


def _named(field: str) -> Callable[[str], str]:
    """Any of several names, parted by commas, semicolons or lines."""

    def query(filled: str) -> str:
        names = [name for part in re.split(r"[,;\n]", filled) if (name := _clean(part))]
        return " OR ".join(f'{field}:"{name}" OR "{name}"' for name in names)

    return query


def _valued(field: str) -> Callable[[str], str]:
    return lambda filled: f'{field}:"{_clean(filled)}"' if _clean(filled) else ""


def _clean(name: str) -> str:
    return " ".join(name.translate(_QUOTES).split())


READY_MADE = (
    ReadyMade("events", "event", "nothing", lambda _: ""),
    ReadyMade("high", "event", "nothing", lambda _: "level:state OR level:prime_minister"),
    ReadyMade("unit", "story", "names", _named("unit")),
    ReadyMade("leader", "story", "names", _named("person")),
    ReadyMade("models", "model", "province", _valued("province")),
    ReadyMade("first", "first", "names", _named("person")),
    ReadyMade("surge", "surge", "names", _named("unit")),
    ReadyMade("silence", "silence", "newspaper", _valued("source")),
)
"""In the order of the page."""


def find(key: str) -> ReadyMade | None:
    """The one of that key."""
    return next((one for one in READY_MADE if one.key == key), None)

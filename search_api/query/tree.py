"""What a query asks for, in words that belong to no engine.

`Text` matches its words side by side, in order, within one printed line of a field; `field` None
means what is searched by default. Inside `Conferment` all fields are those of one conferment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from diembao.vietnamese.marks import Typed


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Text:
    """One word or a phrase in a field."""

    words: tuple[Typed, ...]
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Keyword:
    """A field whose value is exactly this one."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Dates:
    """Local days, both included; None is open."""

    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but."""

    node: Node


@dataclass(frozen=True, slots=True)
class Conferment:
    """Articles with one conferment of which all this holds."""

    node: Node


Node = Everything | Text | Keyword | Dates | And | Or | Not | Conferment


OUTSIDE = ("source", "section", "tag")
"""Fields that tell of an article and do not stand in it."""


def wanted_texts(node: Node) -> Iterator[Text]:
    """The texts whose presence in an article makes a hit: what ranks it, and is marked in it."""
    match node:
        case Text(field=field):
            if field not in OUTSIDE:
                yield node
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from wanted_texts(child)
        case Conferment(child):
            yield from wanted_texts(child)
        case Everything() | Keyword() | Dates() | Not():
            pass

"""From mentions to records: conferments, models with their owners, positions."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from extraction.records import conferments, models, positions
from extraction.records.forest import Forest
from extraction.records.page import Page
from extraction.records.relation import Pairs

if TYPE_CHECKING:
    from diembao.records import Conferment, EmulationModel, Mention, Position


class Rankers(NamedTuple):
    """The trained judges of pairs."""

    recipients: Forest
    joint: Forest
    conferrers: Forest
    owners: Forest


class Records(NamedTuple):
    """What one text states; `certainty` is the highest probability that a name is a recipient."""

    conferments: tuple[Conferment, ...]
    models: tuple[EmulationModel, ...]
    positions: tuple[Position, ...]
    certainty: float


@lru_cache(maxsize=1)
def rankers() -> Rankers:
    """The rankers kept beside this module."""
    return Rankers(*(Forest.read(name) for name in Rankers._fields))


def read(text: str, mentions: tuple[Mention, ...], judges: Rankers) -> Records:
    """The records of a text whose mentions are found and clustered."""
    page = Page.read(text, mentions)
    pairs = Pairs(page)
    conferred, certainty = conferments.read(page, pairs, judges)
    return Records(
        tuple(conferred),
        tuple(models.read(page, pairs, judges.owners)),
        tuple(positions.read(page)),
        certainty,
    )

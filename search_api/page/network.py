"""The small graph of an entity page: the entity in the middle, those beside it around, drawn as SVG.

Positions are of a picture WIDTH by HEIGHT. A line is the thicker, and a dot the larger, the more
articles name both; the widest line is WIDEST.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING

from search_api.pictures.scale import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diembao.archived import Entity

WIDTH, HEIGHT = 680, 420
REACH_X, REACH_Y = 165, 165
WIDEST = 7.0
LARGEST = 17.0
LETTERS = 20
"""Of a name that the picture shows."""

SHOWN = 12
"""Entities around the middle."""


@dataclass(frozen=True, slots=True)
class Dot:
    """An entity; its name begins or ends at (`text_x`, y)."""

    entity: Entity
    name: str
    x: float
    y: float
    radius: float
    text_x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """Articles that two entities have in common."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    is_spoke: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The picture: lines under dots."""

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT


def network(
    middle: Entity,
    beside: Sequence[tuple[Entity, int]],
    links: Mapping[tuple[str, str], int],
) -> Network | None:
    """The picture of an entity and those beside it; None if there are fewer than two.

    `links`: articles that a pair of those beside has in common with the middle, by their identifiers.
    """
    around = beside[:SHOWN]
    if len(around) < 2:
        return None
    most = max(articles for _, articles in around)
    x, y = WIDTH / 2, HEIGHT / 2
    dots = [Dot(middle, shortened(middle.name, LETTERS), x, y, LARGEST, x, "middle")]
    lines = []
    place: dict[str, tuple[float, float]] = {}
    for number, (entity, articles) in enumerate(around):
        angle = 2 * pi * number / len(around) - pi / 2
        at_x, at_y = round(x + REACH_X * cos(angle), 1), round(y + REACH_Y * sin(angle), 1)
        place[entity.id] = (at_x, at_y)
        size = round(5 + (LARGEST - 8) * sqrt(articles / most), 1)
        left = at_x < x - 1
        text_x = at_x - size - 5 if left else at_x + size + 5
        anchor = "end" if left else "start"
        dots.append(
            Dot(entity, shortened(entity.name, LETTERS), at_x, at_y, size, round(text_x, 1), anchor)
        )
        lines.append(Line(x, y, at_x, at_y, _width(articles, most), is_spoke=True))
    for (one, other), articles in sorted(links.items()):
        if one in place and other in place:
            lines.insert(
                0, Line(*place[one], *place[other], _width(articles, most), is_spoke=False)
            )
    return Network(tuple(dots), tuple(lines))


def _width(articles: int, most: int) -> float:
    return round(max(1.0, WIDEST * articles / most), 1)

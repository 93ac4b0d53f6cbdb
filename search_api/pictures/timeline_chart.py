"""Lines over time. Grey stands behind stretches that were not wholly collected, the darker the less
was; a line breaks where nothing can be said; a hollow dot is a number that may be too small. Bursts
are numbered bars below the axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from search_api.analysis.shapes import drawn
from search_api.page.rendering import drawn as rendered
from search_api.pictures.scale import amount, shortened, ticks

if TYPE_CHECKING:
    from datetime import date

    from markupsafe import Markup

    from search_api.analysis.shapes import Analysis, Line
    from search_api.page.texts import Language
    from search_api.query.calendar import Interval

HEIGHT = 300
"""Of the field of the lines on a desk; three quarters of it on a phone."""

LEFT, RIGHT, TOP = 54, 14, 12
LEGEND_ROW = 24
BURST_ROW = 17
CHARACTER = 7.2
"""Usual width of a character of the legend."""

DOTS = 70
"""A line of more points has no dots but where a point stands alone."""

LABEL = 72
"""Room for a label of the axis."""

NARROWEST = 18.0
"""The bar of a burst, so that its number fits."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line."""

    x: float
    y: float
    is_hollow: bool
    title: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line as a path, and below it as an area."""

    path: str
    area: str
    dots: list[Dot]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with a text: an entry of the legend, a burst or a stretch of grey."""

    x: float
    y: float
    width: float
    text: str
    line: int = 0
    depth: float = 0.0


@dataclass(frozen=True, slots=True)
class Field:
    """Where the lines stand: stretches from left to right, values from the base upwards."""

    left: float
    right: float
    top: float
    base: float
    stretches: int
    greatest: float

    @property
    def step(self) -> float:
        """The width of a stretch."""
        return (self.right - self.left) / max(1, self.stretches)

    def across(self, at: float) -> float:
        """The middle of a stretch."""
        return round(self.left + (at + 0.5) * self.step, 1)

    def down(self, value: float) -> float:
        """The height of a value."""
        return round(self.base - (self.base - self.top) * value / self.greatest, 1)


def timeline_chart(found: Analysis, language: Language, width: int) -> Markup:
    """The picture of the lines."""
    is_wide = width > 600
    legend, below = _legend(found.lines, width)
    values = [
        [drawn(point, found.count, found.scale) for point in line.points] for line in found.lines
    ]
    greatest = max((value for line in values for value in line if value is not None), default=0)
    levels = ticks(greatest, 5 if is_wide else 4, found.scale)
    top = below + TOP
    base = top + (HEIGHT if is_wide else HEIGHT * 3 // 4)
    field = Field(LEFT, width - RIGHT, top, base, len(found.everything), levels[-1])
    bursts, rows = _bursts(found.lines, field)
    return rendered(
        "analysis/timeline.svg",
        language,
        width=width,
        height=base + 34 + BURST_ROW * rows,
        field=field,
        levels=[(field.down(level), amount(level, found.scale, language)) for level in levels],
        labels=_labels(found, field),
        grey=[
            Box(field.across(at - 0.5), top, round(field.step, 1), "", depth=_depth(part))
            for at, part in enumerate(found.missing)
            if part
        ],
        legend=legend,
        lines=[
            _line(line, heights, field, found, language)
            for line, heights in zip(found.lines, values, strict=True)
        ],
        bursts=bursts,
    )


def _depth(missing: float) -> float:
    return round(0.12 + 0.4 * missing, 2)


def _legend(lines: list[Line], width: int) -> tuple[list[Box], float]:
    """The entries in rows as long as the picture is wide, and where the rows end."""
    boxes: list[Box] = []
    x = y = 4.0
    for at, line in enumerate(lines):
        text = shortened(line.name, 60 if width > 600 else 36)
        needed = 44 + len(text) * CHARACTER
        if x > 4 and x + needed > width:
            x, y = 4.0, y + LEGEND_ROW
        boxes.append(Box(round(x, 1), y, needed, text, at))
        x += needed
    return boxes, y + LEGEND_ROW


def _labels(found: Analysis, field: Field) -> list[tuple[float, str]]:
    """Labels of as many stretches as there is room for."""
    points = found.lines[0].points if found.lines else []
    every = max(1, ceil(len(points) * LABEL / (field.right - field.left)))
    return [
        (field.across(at), _label(points[at].since, found.interval))
        for at in range(0, len(points), every)
    ]


def _label(day: date, interval: Interval) -> str:
    if interval == "quarter":
        return f"Q{(day.month + 2) // 3}/{day.year}"
    return day.strftime("%m/%Y" if interval == "month" else "%d/%m/%y")


def _line(
    line: Line, heights: list[float | None], field: Field, found: Analysis, language: Language
) -> Drawn:
    runs: list[list[int]] = []
    for at, height in enumerate(heights):
        if height is None:
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    places = {
        at: (field.across(at), field.down(height))
        for at, height in enumerate(heights)
        if height is not None
    }
    is_dotted = len(heights) <= DOTS
    paths = ["M" + "L".join(f"{x},{y}" for x, y in map(places.__getitem__, run)) for run in runs]
    return Drawn(
        path="".join(paths),
        area="".join(
            f"{path}L{places[run[-1]][0]},{field.base}L{places[run[0]][0]},{field.base}Z"
            for path, run in zip(paths, runs, strict=True)
        ),
        dots=[
            Dot(*places[at], line.points[at].missing > 0, _told(line, at, found, language))
            for run in runs
            for at in run
            if is_dotted or len(run) == 1
        ],
    )


def _told(line: Line, at: int, found: Analysis, language: Language) -> str:
    """What a dot says when it is pointed at."""
    point = line.points[at]
    height = drawn(point, found.count, found.scale)
    assert height is not None, "a dot stands where there is a number"
    return f"{line.name} · {point.label}: {amount(height, found.scale, language)}"


def _bursts(lines: list[Line], field: Field) -> tuple[list[Box], int]:
    """The bars of the bursts, a row for each line that has any, and the number of rows."""
    boxes: list[Box] = []
    with_bursts = [(at, line) for at, line in enumerate(lines) if line.bursts]
    for row, (at, line) in enumerate(with_bursts):
        starts = {point.since: n for n, point in enumerate(line.points)}
        ends = {point.until: n for n, point in enumerate(line.points)}
        for burst in line.bursts:
            first, last = starts[burst.since], ends[burst.until]
            wide = max(NARROWEST, (last - first + 1) * field.step)
            x = min(field.across((first + last) / 2) - wide / 2, field.right - wide)
            boxes.append(
                Box(
                    round(max(x, field.left), 1),
                    field.base + 30 + BURST_ROW * row,
                    round(wide, 1),
                    str(burst.number),
                    at,
                )
            )
    return boxes, len(with_bursts)

"""The shapes of an analysis, which the API answers and the page and its pictures are made of."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from search_api.query.calendar import Interval

Counted = Literal["articles", "stories"]
Scale = Literal["absolute", "share"]
Split = Literal["source", "source_level", "province"]


class Report(BaseModel):
    """An article in short."""

    article_id: int
    page: str
    title: str
    date: date


class Point(BaseModel):
    """A stretch of a line. `stories` are counted where the analysis counts stories.

    `everything` is all coverage of the stretch, `share` the part of it, None where there was none. `missing` is the part
    of the usual coverage that was not collected: where it is above 0, fewer articles may mean nothing.
    """

    key: str
    label: str
    since: date
    until: date
    articles: int
    stories: int | None
    everything: int
    share: float | None
    missing: float
    search: str


class Cause(BaseModel):
    """What many articles of a burst tell: an award, or the story that most newspapers print."""

    kind: Literal["award", "story"]
    title: str
    page: str
    articles: int


class Burst(BaseModel):
    """Days in which there was more than the line's usual share; `weight` says how clearly."""

    number: int
    since: date
    until: date
    weight: float
    articles: int
    search: str
    causes: list[Cause]


class Line(BaseModel):
    """What is compared: a search, an entity, or one value of a split.

    `before` counts the period of the same length before, `growth` is the change against it (0.5 for half
    as many again): None where there was nothing, or where too much of either was not collected.
    `first` and `last` are the first and last articles of all time.
    """

    name: str
    search: str
    articles: int
    stories: int
    share: float | None
    before: int
    growth: float | None
    first: Report | None
    last: Report | None
    points: list[Point]
    bursts: list[Burst]


class Part(BaseModel):
    """A newspaper, level or province with the articles of each subject in it, and all its articles."""

    value: str
    name: str
    articles: list[int]
    everything: int


class Analysis(BaseModel):
    """An analysis. `subjects` are the names of what was asked for; with one subject and a split, `lines`
    are the values of the split, else they are the subjects. `everything` counts all coverage a stretch,
    `missing` the part of it that was not collected; `silent` are the newspapers that this concerns.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "since": "2024-12-01",
                    "until": "2024-12-31",
                    "interval": "week",
                    "count": "articles",
                    "scale": "absolute",
                    "by": "source",
                    "subjects": ["dân vận khéo"],
                    "lines": [],
                    "everything": [12, 9, 14, 10, 3],
                    "missing": [0, 0, 0, 0, 0.4],
                    "parts": [],
                    "provinces": [
                        {"value": "ha-noi", "name": "Hà Nội", "articles": [2], "everything": 5}
                    ],
                    "silent": ["Báo Ví Dụ"],
                    "notices": [],
                }
            ]
        }
    )

    since: date
    until: date
    interval: Interval
    count: Counted
    scale: Scale
    by: Split | None
    subjects: list[str]
    lines: list[Line]
    everything: list[int]
    missing: list[float]
    parts: list[Part]
    provinces: list[Part]
    silent: list[str]
    notices: list[str]


def drawn(point: Point, count: Counted, scale: Scale) -> float | None:
    """The height of a point: a number, or a share in percent; None where nothing can be said.

    Nothing found where something was not collected is no silence of the press, so nothing is said.
    """
    number = point.articles if count == "articles" else point.stories
    if number is None or (not number and point.missing):
        return None
    if scale == "absolute":
        return float(number)
    return None if point.share is None else 100 * point.share

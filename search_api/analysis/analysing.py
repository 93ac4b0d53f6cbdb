"""From a question to the numbers of the analysis page.

A share is the part of all coverage of the same newspapers (or of the same value of the split) in the
same stretch. Each burst is looked for in what is drawn, articles or stories.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from diembao.archive import articles
from diembao.errors import BadInputError
from search_api.analysis.bursts import bursts
from search_api.analysis.causes import causes, report
from search_api.analysis.counting import Subject, counts_of, days_of, stories_of
from search_api.analysis.coverage import COMPARABLE, missing, silent_names
from search_api.analysis.shapes import Analysis, Burst, Line, Part, Point, Report
from search_api.analysis.stretches import (
    before,
    between,
    gathered,
    growth,
    interval_of,
    stretches,
)
from search_api.routes.timeline import label_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from diembao.archive.silences import Collected
    from search_api.analysis.counting import Counts
    from search_api.analysis.shapes import Counted, Scale, Split
    from search_api.index.base import SearchIndex
    from search_api.query.calendar import Interval

LINES = 8
"""Lines that are drawn at most."""

USUAL_PERIOD = timedelta(days=364)
LONGEST = 60
"""Years of a period at most."""

BURSTS = 5
"""Bursts of a line that are told, those of most weight."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `scope` is all coverage that counts: the filters without any search."""

    scope: Subject
    subjects: tuple[Subject, ...]
    since: date | None
    until: date | None
    interval: Interval | None
    count: Counted
    scale: Scale
    by: Split | None


class Analyst:
    """Answers one question from one index and one archive. `named` prints values of facets."""

    def __init__(
        self,
        index: SearchIndex,
        connection: Connection,
        question: Question,
        named: Callable[[str, Sequence[str]], Mapping[str, str]],
        today: date,
        collected: Sequence[Collected],
    ) -> None:
        self.index = index
        self.connection = connection
        self.question = question
        self.named = named
        self.collected = [one for one in collected if _within(one, question.scope)]
        self.scope_days = days_of(index, question.scope)
        self.since, self.until = _period(question, self.scope_days, today)
        self.interval = interval_of(self.since, self.until, question.interval)
        self.over = stretches(self.since, self.until, self.interval)

    def analyse(self) -> Analysis:
        """The whole answer."""
        asked = self.question
        facets = tuple(dict.fromkeys(("province", *([asked.by] if asked.by else []))))
        scope = self.counts(asked.scope, self.scope_days, facets)
        counted = [self.counts(one, days_of(self.index, one), facets) for one in asked.subjects]
        parts = self.parts(asked.by, scope, counted) if asked.by else []
        everything = self.drawn_counts(asked.scope, scope.days)
        if asked.by and len(asked.subjects) == 1:
            lines = [self.value_line(asked.subjects[0], asked.by, part) for part in parts[:LINES]]
        else:
            lines = [
                self.line(one, counts, everything, scope.articles, self.collected)
                for one, counts in zip(asked.subjects, counted, strict=True)
            ]
        notices = dict.fromkeys(notice for one in counted for notice in one.notices)
        return Analysis(
            since=self.since,
            until=self.until,
            interval=self.interval,
            count=asked.count,
            scale=asked.scale,
            by=asked.by,
            subjects=[one.name for one in asked.subjects],
            lines=_numbered(lines),
            everything=everything,
            missing=[missing(self.collected, one.since, one.until) for one in self.over],
            parts=parts,
            provinces=self.parts("province", scope, counted),
            silent=silent_names(self.collected, self.since, self.until),
            notices=list(notices),
        )

    def counts(self, subject: Subject, days: Mapping[date, int], facets: tuple[str, ...]) -> Counts:
        """The counts of a subject."""
        return counts_of(self.index, subject, days, self.since, self.until, facets)

    def drawn_counts(self, subject: Subject, days: Mapping[date, int]) -> list[int]:
        """Articles or stories of each stretch, as the question asks."""
        found = gathered(days, self.over)
        if self.question.count == "articles":
            return found
        return stories_of(self.index, subject, self.over, found)

    def parts(self, facet: str, scope: Counts, counted: Sequence[Counts]) -> list[Part]:
        """Values of a facet, those with most articles of the subjects first."""
        sums = {
            value: [one.facets[facet].get(value, 0) for one in counted]
            for value in scope.facets[facet]
        }
        ranked = sorted(sums, key=lambda value: (-sum(sums[value]), value))
        names = self.named(facet, ranked)
        return [
            Part(
                value=value,
                name=names[value],
                articles=sums[value],
                everything=scope.facets[facet][value],
            )
            for value in ranked
            if any(sums[value])
        ]

    def value_line(self, subject: Subject, facet: Split, part: Part) -> Line:
        """The line of one value of the split, set against all coverage of that value."""
        own = subject.within(facet, part.value, part.name)
        scope = self.question.scope.within(facet, part.value, part.name)
        scope_days = days_of(self.index, scope)
        everything = self.drawn_counts(scope, scope_days)
        counts = self.counts(own, days_of(self.index, own), ())
        total = between(scope_days, self.since, self.until)
        return self.line(
            own, counts, everything, total, [one for one in self.collected if _within(one, scope)]
        )

    def line(
        self,
        subject: Subject,
        counts: Counts,
        everything: Sequence[int],
        total: int,
        collected: Sequence[Collected],
    ) -> Line:
        """One line with all that is told of it."""
        found = gathered(counts.days, self.over)
        drawn = self.drawn_counts(subject, counts.days)
        stories = drawn if self.question.count == "stories" else [None] * len(drawn)
        earlier = before(self.since, self.until)
        then = between(counts.days, *earlier)
        can_compare = (
            max(missing(collected, *earlier), missing(collected, self.since, self.until))
            <= COMPARABLE
        )
        days = [day for day, count in counts.days.items() if count]
        return Line(
            name=subject.name,
            search=address(subject, self.since, self.until),
            articles=counts.articles,
            stories=counts.stories,
            share=counts.articles / total if total else None,
            before=then,
            growth=growth(counts.articles, then) if can_compare else None,
            first=self.told(subject, min(days), first=True) if days else None,
            last=self.told(subject, max(days), first=False) if days else None,
            points=[
                Point(
                    key=one.key,
                    label=label_of(one.key),
                    since=one.since,
                    until=one.until,
                    articles=found[at],
                    stories=stories[at],
                    everything=everything[at],
                    share=drawn[at] / everything[at] if everything[at] else None,
                    missing=missing(collected, one.since, one.until),
                    search=address(subject, one.since, one.until),
                )
                for at, one in enumerate(self.over)
            ],
            bursts=self.bursts(subject, drawn, everything, found),
        )

    def bursts(
        self,
        subject: Subject,
        drawn: Sequence[int],
        everything: Sequence[int],
        found: Sequence[int],
    ) -> list[Burst]:
        """The bursts of a line of most weight, in the order of their days."""
        runs = bursts(drawn, [max(pair) for pair in zip(drawn, everything, strict=True)])
        told = sorted(sorted(runs, key=lambda run: -run.weight)[:BURSTS], key=lambda run: run.first)
        spans = [(run, self.over[run.first].since, self.over[run.last].until) for run in told]
        return [
            Burst(
                number=0,
                since=since,
                until=until,
                weight=round(run.weight, 2),
                articles=sum(found[run.first : run.last + 1]),
                search=address(subject, since, until),
                causes=causes(self.index, self.connection, subject, since, until),
            )
            for run, since, until in spans
        ]

    def told(self, subject: Subject, day: date, *, first: bool) -> Report | None:
        """The first or last article of a day on which there is one."""
        wanted = replace(subject.request(day, day), limit=100)
        hits = self.index.search(wanted)
        while first and hits.cursor:
            hits = self.index.search(replace(wanted, cursor=hits.cursor))
        if not hits.hits:
            return None
        loaded = articles.load(self.connection, [hits.hits[-1 if first else 0].article_id])
        return report(loaded[0]) if loaded else None


def _period(question: Question, days: Mapping[date, int], today: date) -> tuple[date, date]:
    """The period asked for; else the last twelve months of the archive. Raises BadInputError."""
    last = max((day for day in days if day <= today), default=today)
    until = question.until or max(last, question.since or last)
    since = question.since or until - USUAL_PERIOD
    if since > until:
        raise BadInputError(
            f"Ngày đầu {since:%d/%m/%Y} sau ngày cuối {until:%d/%m/%Y}; hãy đổi lại."
        )
    if until.year - since.year > LONGEST:
        raise BadInputError(
            f"Một kỳ dài nhất {LONGEST} năm; hãy chọn ngắn hơn (at most {LONGEST} years)."
        )
    if question.since is None:
        since = max(since, min((day for day in days if day <= until), default=since))
    return since, until


def _within(one: Collected, scope: Subject) -> bool:
    """Whether a newspaper may hold articles of the scope."""
    given = {"source": one.source.name, "source_level": one.source.level}
    return all(
        all(value == given[name] for value in scope.filters.get(name, ()))
        and given[name] not in scope.excluded.get(name, ())
        for name in given
    )


def _numbered(lines: list[Line]) -> list[Line]:
    """The lines with their bursts numbered from 1 on, line by line."""
    numbers = count(1)
    return [
        line.model_copy(
            update={
                "bursts": [one.model_copy(update={"number": next(numbers)}) for one in line.bursts]
            }
        )
        for line in lines
    ]


def address(subject: Subject, since: date, until: date) -> str:
    """The search page of the articles of a subject in some days."""
    pairs = [("q", subject.query)] if subject.query else []
    for name, given in (("filter", subject.filters), ("exclude", subject.excluded)):
        pairs += [(name, f"{field}:{value}") for field, values in given.items() for value in values]
    return "/?" + urlencode([*pairs, ("since", since.isoformat()), ("until", until.isoformat())])

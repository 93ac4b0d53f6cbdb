"""What the index is asked for an analysis. Stories are counted by one search a stretch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from search_api.index.base import SearchRequest
from search_api.query.calendar import span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from search_api.analysis.stretches import Stretch
    from search_api.index.base import SearchIndex, SearchResult

MOST_VALUES = 1000
"""Values of a facet that are counted."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted: its printed name, its search and filters, and the page of its articles."""

    name: str
    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def request(self, since: date | None = None, until: date | None = None) -> SearchRequest:
        """The search for its articles, newest first."""
        return SearchRequest(
            query=self.query,
            filters=self.filters,
            excluded=self.excluded,
            since=since,
            until=until,
            sort="date",
            limit=1,
            fold_stories=False,
        )

    def within(self, name: str, value: str, title: str) -> Subject:
        """The same, of one value of a facet."""
        chosen = {**self.filters, name: (*self.filters.get(name, ()), value)}
        return replace(self, name=title, filters=chosen)


@dataclass(frozen=True, slots=True)
class Counts:
    """Articles by local day over all time, and what the period holds."""

    days: Mapping[date, int]
    articles: int
    stories: int
    facets: Mapping[str, Mapping[str, int]]
    notices: tuple[str, ...]


def days_of(index: SearchIndex, subject: Subject) -> dict[date, int]:
    """Articles by local day, over all time. Raises BadInputError for a search with a mistake."""
    found = index.search(replace(subject.request(), timeline="day"))
    return {days[0]: bar.articles for bar in found.timeline if (days := span(bar.key))}


def counts_of(
    index: SearchIndex,
    subject: Subject,
    days: Mapping[date, int],
    since: date,
    until: date,
    facets: tuple[str, ...] = (),
) -> Counts:
    """The counts of the period beside those of all days."""
    wanted = replace(subject.request(since, until), facets=facets, facet_limit=MOST_VALUES)
    found: SearchResult = index.search(wanted)
    return Counts(
        days=days,
        articles=found.total,
        stories=found.stories,
        facets={
            name: {one.value: one.count for one in found.facets.get(name, ())} for name in facets
        },
        notices=found.notices,
    )


def stories_of(
    index: SearchIndex, subject: Subject, over: Sequence[Stretch], articles: Sequence[int]
) -> list[int]:
    """Stories told in each stretch; a story that goes on counts in each stretch that tells it."""
    return [
        count if count < 2 else index.search(subject.request(one.since, one.until)).stories
        for one, count in zip(over, articles, strict=True)
    ]

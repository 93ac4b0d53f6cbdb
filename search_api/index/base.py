"""What every search engine of diembao does, and the shapes that go in and come out.

An index is a projection of the archive: it can be deleted and rebuilt. No caller knows which
engine it talks to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from search_api.query.calendar import Interval as Interval  # noqa: TC001 - part of this contract

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from search_api.index.document import Document

FACETS = (
    "source", "source_level", "source_province", "province", "unit", "person", "award", "award_level",
    "model", "movement", "place", "month",
)  # fmt: skip
"""Facet fields. Values are source names, level and province slugs, entity ids, `YYYY-MM`."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. An empty query means everything.

    `filters`: each given value must hold; `excluded`: none may. `since` and `until` are local days
    (Asia/Ho_Chi_Minh), both included. With `fold_stories` reprints stand under the first hit of
    their story.
    """

    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: Literal["relevance", "date"] = "relevance"
    limit: int = 20
    cursor: str | None = None
    fold_stories: bool = True
    facets: tuple[str, ...] = ()
    facet_limit: int = 12
    timeline: Interval | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found; `reprints` are the other found articles of its story."""

    article_id: int
    story_id: int | None
    score: float
    reprints: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and the number of articles found that carry it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of local time: `2024-12-11`, `2024-W50`, `2024-12` or `2024-Q4`."""

    key: str
    articles: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found. `notices` are for the user, in Vietnamese.

    `total` counts articles, `stories` what they tell, reprints once: about so many if not
    `is_exact`. Counts of the facets in `estimated` are estimates, as an engine may give for a
    result of very many articles.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    timeline: tuple[Bucket, ...]
    cursor: str | None
    notices: tuple[str, ...] = ()
    stories: int = 0
    is_exact: bool = True
    estimated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name offered while typing: an entity, its label, and in about how many articles it stands."""

    entity_id: str
    label: str
    name: str
    articles: int


class Taking(Protocol):
    """Fills a new index."""

    def __call__(self, documents: Sequence[Document], /) -> Collection[int]:
        """Take documents; the articles that are refused."""


class SearchIndex(Protocol):
    """The contract of both engines. Raises IndexUnavailableError when it cannot answer."""

    def put(self, documents: Sequence[Document]) -> None:
        """Write documents durably; one with the same article id is replaced unless it is newer."""

    def delete(self, article_ids: Sequence[int]) -> None:
        """Take articles out."""

    def clear(self) -> None:
        """Take everything out."""

    def count(self) -> int:
        """Number of articles in the index."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises BadInputError with the place of the mistake."""

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Names of entities of which a word begins so, most frequent first; accents are free."""

"""The state of a search, which is its address: the same parameters for the page and for the API.

`filter` and `exclude` are `FIELD:VALUE`, any number of times, with the facet fields of
`search_api.index.base`. Empty parameters, as forms send them, are none. An address without `sort` sorts by relevance
where there are words, and by date where there are none.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from diembao.errors import BadInputError
from search_api.index.base import FACETS, Interval, SearchRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

TIMELINE_DAYS = {"day": 62, "week": 400}
"""The longest period (days) drawn in days and in weeks; longer ones are drawn in months."""


def none_if_empty(value: Any) -> Any:
    """Forms send empty fields; they mean nothing."""
    return None if value == "" else value


def _facet_value(value: str) -> str:
    name, colon, wanted = value.partition(":")
    if name not in FACETS or not colon or not wanted:
        raise ValueError(f"FIELD:VALUE, FIELD = {', '.join(FACETS)}")
    return value


_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def _day(value: Any) -> Any:
    """Days come as `24/11/2026` from people and as `2026-11-24` from programs."""
    if not isinstance(value, str):
        return value
    if found := _DAY_FIRST.fullmatch(value.strip()):
        day, month, year = (int(part) for part in found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise ValueError(f"{value.strip()} không có trên lịch (no such day)") from None
    return none_if_empty(value.strip())


def in_order(since: date | None, until: date | None) -> None:
    """Raises BadInputError where a period ends before it begins."""
    if since and until and since > until:
        raise BadInputError(
            f"Ngày đầu {since:%d/%m/%Y} sau ngày cuối {until:%d/%m/%Y}; hãy đổi lại."
        )


FacetValue = Annotated[str, AfterValidator(_facet_value)]
Day = Annotated[date | None, BeforeValidator(_day)]


class SearchParams(BaseModel):
    """Parameters of a search."""

    model_config = ConfigDict(frozen=True)

    q: str = Field(
        default="",
        max_length=2000,
        description="Query; empty finds everything.",
        examples=["dan van kheo"],
    )
    filter: list[FacetValue] = Field(
        default=[], description="FIELD:VALUE that must hold.", examples=[["source:laodongthudo"]]
    )
    exclude: list[FacetValue] = Field(default=[], description="FIELD:VALUE that must not hold.")
    since: Day = Field(default=None, description="First local day.")
    until: Day = Field(default=None, description="Last local day.")
    sort: Annotated[Literal["relevance", "date"] | None, BeforeValidator(none_if_empty)] = None
    fold: bool = Field(
        default=True, description="Reprints stand under the first article of their story."
    )
    limit: int = Field(default=20, ge=1, le=100, description="Stories of an answer.")
    cursor: Annotated[str | None, BeforeValidator(none_if_empty)] = Field(
        default=None, max_length=500, description="`cursor` of the answer before."
    )

    @property
    def order(self) -> Literal["relevance", "date"]:
        """The order that holds."""
        return self.sort or ("relevance" if self.q.strip() else "date")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words limits the search."""
        return bool(self.filter or self.exclude or self.since or self.until)

    def request(self) -> SearchRequest:
        """What the index is asked. Raises BadInputError where the period ends before it begins."""
        in_order(self.since, self.until)
        return SearchRequest(
            query=self.q,
            filters=grouped(self.filter),
            excluded=grouped(self.exclude),
            since=self.since,
            until=self.until,
            sort=self.order,
            limit=self.limit,
            cursor=self.cursor,
            fold_stories=self.fold,
            facets=FACETS,
            timeline=self.interval,
        )

    @property
    def interval(self) -> Interval:
        """The stretches in which the chosen period is drawn."""
        if not (self.since and self.until):
            return "month"
        days = (self.until - self.since).days
        if days <= TIMELINE_DAYS["day"]:
            return "day"
        return "week" if days <= TIMELINE_DAYS["week"] else "month"

    def changed(self, **changes: Any) -> SearchParams:
        """The state after a change, from its first page on."""
        return self.model_copy(update={"cursor": None, **changes})

    def adding(self, value: str) -> SearchParams:
        """With one more filter."""
        kept = [one for one in self.exclude if one != value]
        return self.changed(filter=[*self._without(value), value], exclude=kept)

    def excluding(self, value: str) -> SearchParams:
        """With one more exclusion."""
        kept = [one for one in self.exclude if one != value]
        return self.changed(filter=self._without(value), exclude=[*kept, value])

    def removing(self, value: str) -> SearchParams:
        """Without this filter or exclusion."""
        kept = [one for one in self.exclude if one != value]
        return self.changed(filter=self._without(value), exclude=kept)

    def _without(self, value: str) -> list[str]:
        return [one for one in self.filter if one != value]

    def pairs(self, *left_out: str) -> list[tuple[str, str]]:
        """The parameters that differ from their defaults, for an address or for hidden fields."""
        found: list[tuple[str, str]] = []
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if name in left_out or value == field.default:
                continue
            values = value if isinstance(value, list) else [value]
            found += [(name, "0" if one is False else str(one)) for one in values]
        return found

    def file(self, form: str) -> str:
        """All that is found as a file."""
        pairs = self.pairs("sort", "fold", "limit", "cursor")
        return f"/api/v1/search.{form}" + (f"?{urlencode(pairs)}" if pairs else "")

    @property
    def why(self) -> str:
        """What of the state tells an article's page why the article was found."""
        return urlencode([pair for pair in self.pairs() if pair[0] in ("q", "filter")])

    @property
    def address(self) -> str:
        """The page of this state."""
        pairs = self.pairs()
        return f"/?{urlencode(pairs)}" if pairs else "/"


def grouped(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """FIELD:VALUE pairs by field."""
    grouped: dict[str, tuple[str, ...]] = {}
    for value in values:
        name, _, wanted = value.partition(":")
        grouped[name] = (*grouped.get(name, ()), wanted)
    return grouped

"""Following a search: the address of the form that makes a subscription of it.

Words and filters go along as they are. A period (days, or a month of the timeline) lies in the past,
where nothing new comes up, so it stays behind and the form says so. A search that would match nearly
everything is not followed; the reason is told in its place.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from diembao.archive import registers
from diembao.errors import BadInputError
from search_api.alerts.asking import Asked, field_of, signed
from search_api.page.texts import word
from search_api.routes.facets import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from search_api.page.texts import Language
    from search_api.routes.state import SearchParams

PERIOD = "month"
"""The facet that is a period."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Where the search is followed, or the reason why not; neither for a search for everything."""

    address: str = ""
    reason: str = ""


def followed(params: SearchParams) -> Followed:
    """How a search is followed."""
    kept = params.model_copy(
        update={
            "filter": [one for one in params.filter if field_of(one) != PERIOD],
            "exclude": [one for one in params.exclude if field_of(one) != PERIOD],
            "since": None,
            "until": None,
        }
    )
    asked = Asked(kept.q.strip(), signed(kept.filter, kept.exclude))
    if asked.is_everything:
        return Followed()
    try:
        asked.check()
    except BadInputError as error:
        return Followed(reason=str(error))
    pairs = [*kept.pairs("sort", "fold", "limit", "cursor"), ("subject", "story")]
    if kept != params:
        pairs.append(("dated", "1"))
    return Followed(f"/theo-doi/moi?{urlencode(pairs)}")


def filter_names(
    connection: Connection, filters: Iterable[str], language: Language
) -> dict[str, str]:
    """Filters `FIELD:VALUE` as they are printed: `Báo: Báo Thủ Đô Mới`."""
    pairs = {one: tuple(one.partition(":")[::2]) for one in filters}
    now = registers.present_ids(connection, [value for _, value in pairs.values()])
    values: dict[str, set[str]] = defaultdict(set)
    for field, value in pairs.values():
        values[field].add(now.get(value, value))
    names = names_of(connection, values, language)
    return {
        one: f"{word(language, f'facet.{field}')}: {names[field, now.get(value, value)]}"
        for one, (field, value) in pairs.items()
    }

"""What every route is given: the archive, the index, the settings and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Path, Request

if TYPE_CHECKING:
    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.index.base import SearchIndex


@dataclass(frozen=True, slots=True)
class Context:
    """The parts that the routes work with."""

    archive: Archive
    index: SearchIndex
    settings: Settings

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


def _of(request: Request) -> Context:
    return cast("Context", request.app.state.context)


Here = Annotated[Context, Depends(_of)]
"""The type of a route's parameter that receives the context."""

LARGEST_ID = 2**31 - 1
"""The largest number that an integer column of every database takes."""

RowId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="Its number in the archive.")]
"""The number of a row, in an address."""

EntityId = Annotated[str, Path(max_length=200, description="Identifier of an entity.")]
"""An entity, in an address."""

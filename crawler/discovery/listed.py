"""One announced address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """An address as it stands in a feed, sitemap or listing page.

    `dated` is the latest moment given for it, `published` the one given as its publication.
    """

    url: str
    dated: datetime | None = None
    published: datetime | None = None

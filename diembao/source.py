"""A newspaper as the archive and the page know it. How to crawl it is the crawler's declaration."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class SourceLevel(StrEnum):
    """Whose voice a newspaper is."""

    CENTRAL = "central"
    MINISTRY = "ministry"
    MASS_ORGANISATION = "mass-organisation"
    CITY = "city"
    PROVINCE = "province"
    MAGAZINE = "magazine"


class Source(BaseModel):
    """`name` is the slug (`laodongthudo`), `title` the printed name, `province` one of the 34 slugs."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    domain: str
    owner: str | None = None
    level: SourceLevel | None = None
    province: str | None = None

"""An article as it stands in the archive: the current version with everything known about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from diembao.article import Article
    from diembao.records import Extraction, Label
    from diembao.source import Source


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical unit, person, model, award kind, movement or place.

    `province` is the slug of the present province (of 34) of a place or unit, where known.
    """

    id: str
    label: Label
    name: str
    aliases: tuple[str, ...] = ()
    province: str | None = None


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """The current version of an article, its extraction with resolved entities, story and events.

    In `extraction.mentions`, `entity` is a key of `entities`. `event_ids` runs parallel to
    `extraction.awards`. `extraction` is None until the article has been extracted.
    """

    id: int
    version: int
    article: Article
    source: Source
    extraction: Extraction | None
    entities: Mapping[str, Entity]
    story_id: int | None
    event_ids: tuple[int, ...]
    first_seen_at: datetime

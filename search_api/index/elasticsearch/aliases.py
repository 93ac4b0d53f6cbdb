"""Which indices are in force: aliases over numbered generations.

`PREFIX-articles` is an alias of `PREFIX-articles-SCHEMA-NUMBER`, and so for the other collections; a
generation that is being filled carries `PREFIX-articles-building`. Aliases move in one step, so a
search sees the old generation or the new. Everything is written through an alias, never by the name
of an index, so that no write brings a dropped index back to life.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elasticsearch import BadRequestError

from diembao.errors import IndexUnavailableError
from search_api.index.elasticsearch.mappings import ARTICLES, COLLECTIONS, SCHEMA, template
from search_api.index.generations import REINDEX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elasticsearch import Elasticsearch

FIRST = 1

FILLED = {
    "refresh_interval": "-1",
    "auto_expand_replicas": False,
    "number_of_replicas": 0,
    # tombstones outlive any batch that was read before its article was withdrawn
    "gc_deletes": "1h",
}
"""Settings of a generation while it is filled."""

SETTLED = {"refresh_interval": None, "auto_expand_replicas": "0-1", "gc_deletes": None}
"""The same when it is put in force."""


@dataclass(frozen=True, slots=True)
class Present:
    """Numbers of the generations: in force, being filled, and all that there are, each with what
    tells it from any other that ever had its number. `schema` is that of the one in force.
    """

    current: int | None
    schema: int | None
    building: int | None
    all: Mapping[int, str]


class Aliases:
    """The indices of one prefix."""

    def __init__(self, client: Elasticsearch, prefix: str, shards: int) -> None:
        self.client = client
        self.prefix = prefix
        self.shards = shards

    def alias(self, collection: str) -> str:
        """Through which the generation in force is read and written."""
        return f"{self.prefix}-{collection}"

    def building(self, collection: str) -> str:
        """Through which a generation is filled."""
        return f"{self.prefix}-{collection}-building"

    def index(self, collection: str, number: int) -> str:
        """The index itself."""
        return f"{self.prefix}-{collection}-{SCHEMA}-{number:06}"

    def present(self) -> Present:
        """What there is now."""
        answer = self.client.indices.get(
            index=f"{self.alias(ARTICLES)}-*", filter_path="*.aliases,*.settings.index.uuid"
        )
        current = schema = building = None
        numbers = {}
        for name, about in answer.body.items():
            found = re.fullmatch(rf"{re.escape(self.alias(ARTICLES))}-(\d+)-(\d+)", name)
            if not found:
                continue
            number = int(found[2])
            numbers[number] = about["settings"]["index"]["uuid"]
            if self.alias(ARTICLES) in about["aliases"]:
                schema, current = int(found[1]), number
            if self.building(ARTICLES) in about["aliases"]:
                building = number
        return Present(current, schema, building, numbers)

    def in_force(self) -> Present:
        """The same, once there is a generation in force; the first is made where there never was one.

        Raises IndexUnavailableError if it is of another schema, or was lost.
        """
        present = self.present()
        if not present.all:
            self.create(FIRST)
            present = self.present()
        if present.current is None:
            raise IndexUnavailableError(
                f"Chỉ mục {self.prefix} trên Elasticsearch thiếu; {REINDEX}."
            )
        if present.schema != SCHEMA:
            raise IndexUnavailableError(
                f"Chỉ mục {self.prefix} thuộc một phiên bản khác của diembao; {REINDEX}."
            )
        return present

    def create(self, number: int, *, filled: bool = False) -> bool:
        """Make a generation, in force or to be filled. False if another process made it."""
        for collection in COLLECTIONS:
            pattern = f"{self.prefix}-{collection}-{SCHEMA}-*"
            named = template(collection, pattern, self.shards)
            self.client.indices.put_index_template(name=self.alias(collection), **named)
        # articles last: where they are in force, all are
        made = [self._create(collection, number, filled) for collection in reversed(COLLECTIONS)]
        return all(made)

    def _create(self, collection: str, number: int, filled: bool) -> bool:
        alias = self.building(collection) if filled else self.alias(collection)
        try:
            self.client.indices.create(
                index=self.index(collection, number),
                aliases={alias: {}},
                settings=FILLED if filled else {},
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
            return False
        return True

    def put_in_force(self, number: int) -> None:
        """Let a filled generation be searched instead of any other."""
        names = [self.index(collection, number) for collection in COLLECTIONS]
        self.client.indices.refresh(index=names)
        self.client.indices.put_settings(index=names, settings=SETTLED)
        self.client.cluster.health(index=names, wait_for_status="yellow", timeout="60s")
        actions: list[dict[str, Any]] = []
        for collection, name in zip(COLLECTIONS, names, strict=True):
            alias = self.alias(collection)
            others = {"index": f"{alias}-*", "alias": alias, "must_exist": False}
            actions.append({"remove": others})
            actions.append({"remove": {"index": name, "alias": self.building(collection)}})
            actions.append({"add": {"index": name, "alias": alias}})
        self.client.indices.update_aliases(actions=actions)

    def drop(self) -> None:
        """Remove every generation that is neither in force nor being filled."""
        answer = self.client.indices.get_alias(
            index=[f"{self.alias(collection)}-*" for collection in COLLECTIONS]
        )
        if names := [name for name, about in answer.body.items() if not about["aliases"]]:
            self.client.indices.delete(index=names, ignore_unavailable=True)

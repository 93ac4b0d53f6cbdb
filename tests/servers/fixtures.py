"""The real servers that tests talk to, each started once when the first test asks for it.

`DIEMBAO_TEST_ELASTICSEARCH_URL` (with user and password in it, if any) and
`DIEMBAO_TEST_POSTGRESQL_URL` name servers that are there already; tests that kill a server are then
left out. An Elasticsearch is else assembled by Maven, or started by Docker.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from diembao.archive.migration import open_archive
from diembao.settings import Settings
from tests.servers.docker import Container
from tests.servers.elasticsearch_node import PASSWORD, USER, VERSION, Node
from tests.servers.parts import ELASTICSEARCH_URL, OWN_ELASTICSEARCH, POSTGRESQL_URL
from tests.servers.postgresql_cluster import Cluster

_numbers = itertools.count(1)


@dataclass
class Server:
    """An Elasticsearch, and the node if it is ours."""

    url: str
    node: Node | None = None

    def settings(self) -> dict[str, str]:
        """Settings of an index of its own on this server."""
        chosen = {"index": self.url, "index_prefix": f"test-{os.getpid()}-{next(_numbers)}"}
        if self.node:
            chosen |= {"index_ca": str(self.node.authority), "index_user": USER}
            chosen["index_password"] = PASSWORD
        return chosen


@contextmanager
def _started(server: Any) -> Iterator[Any]:
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[Server]:
    """A server that answers."""
    if ELASTICSEARCH_URL:
        yield Server(ELASTICSEARCH_URL)
    elif OWN_ELASTICSEARCH or os.environ.get("CI") == "true":
        with _started(Node()) as node:
            yield Server(node.url, node)
    else:
        with _started(Container(VERSION)) as container:
            yield Server(container.url)


@pytest.fixture
def elasticsearch_settings(elasticsearch: Server) -> Iterator[dict[str, str]]:
    """Settings of an index of the test's own, removed at its end."""
    from search_api.index.elasticsearch import ElasticsearchIndex

    chosen = elasticsearch.settings()
    yield chosen
    index = ElasticsearchIndex(Settings(**chosen))  # type: ignore[arg-type]
    index.aliases.drop(None)
    index.client.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[tuple[str, Cluster | None]]:
    """The URL of a server that answers, and the server if it is ours."""
    if POSTGRESQL_URL:
        yield POSTGRESQL_URL, None
    else:
        with _started(Cluster()) as cluster:
            yield cluster.url, cluster


def _run(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def migrated(postgresql: tuple[str, Cluster | None]) -> Iterator[Callable[[], str]]:
    """Makes databases with an empty archive; all are removed at the end."""
    server, _ = postgresql
    made = [f"diembao_{os.getpid()}"]
    _run(server, f"CREATE DATABASE {made[0]}")

    def url(name: str) -> str:
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    open_archive(url(made[0])).close()

    def make() -> str:
        name = f"{made[0]}_{next(_numbers)}"
        _run(server, f"CREATE DATABASE {name} TEMPLATE {made[0]}")
        made.append(name)
        return url(name)

    yield make
    for name in made:
        _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def postgresql_url(migrated: Callable[[], str]) -> str:
    """The URL of an empty archive of the test's own."""
    return migrated()

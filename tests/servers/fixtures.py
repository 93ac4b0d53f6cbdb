"""The real servers that tests talk to, each started once when the first test asks for it.

`DIEMBAO_TEST_ELASTICSEARCH_URL` (with user and password in it, if any) and
`DIEMBAO_TEST_POSTGRESQL_URL` name servers that are there already; tests that kill a server are then
left out. An Elasticsearch is else assembled by Maven, or started by Docker.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from diembao.archive.migration import open_archive
from diembao.settings import Settings
from search_api.index.elasticsearch.connection import connect
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

    def forget(self, chosen: dict[str, str]) -> None:
        """Remove all that stands under the prefix of these settings."""
        with connect(Settings(**chosen)) as client:  # type: ignore[arg-type]
            pattern = f"{chosen['index_prefix']}-*"
            if names := list(client.indices.get_alias(index=pattern)):
                client.indices.delete(index=names)
            client.options(ignore_status=404).indices.delete_index_template(name=pattern)


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
    chosen = elasticsearch.settings()
    yield chosen
    elasticsearch.forget(chosen)


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


def _url(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _database(server: str, more: str = "") -> Iterator[str]:
    name = f"diembao_{os.getpid()}_{next(_numbers)}"
    _run(server, f"CREATE DATABASE {name} {more}")
    try:
        yield name
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated(postgresql: tuple[str, Cluster | None]) -> Iterator[str]:
    """The name of a database with an empty archive, from which others are copied."""
    server, _ = postgresql
    with _database(server) as name:
        open_archive(_url(server, name)).close()
        yield name


@pytest.fixture
def postgresql_url(postgresql: tuple[str, Cluster | None], migrated: str) -> Iterator[str]:
    """The URL of an empty archive of the test's own."""
    with _database(postgresql[0], f"TEMPLATE {migrated} STRATEGY FILE_COPY") as name:
        yield _url(postgresql[0], name)


@pytest.fixture
def bare_postgresql_url(postgresql: tuple[str, Cluster | None]) -> Iterator[str]:
    """The URL of a database of the test's own in which there is nothing yet."""
    with _database(postgresql[0]) as name:
        yield _url(postgresql[0], name)


@pytest.fixture
def own_postgresql() -> Iterator[Cluster]:
    """A server that the test may kill."""
    with _started(Cluster()) as cluster:
        yield cluster


EITHER = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)]


@pytest.fixture(params=EITHER)
def either_archive_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an archive on each of the two databases in turn."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql_url")
        return url
    return f"sqlite:///{tmp_path / 'archive.db'}"


@pytest.fixture(params=EITHER)
def either_bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same of an archive that is not there yet."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("bare_postgresql_url")
        return url
    return f"sqlite:///{tmp_path / 'new' / 'archive.db'}"

"""What happens to an Elasticsearch, and to the articles meanwhile: full disks, poisoned documents,
refusals on the way, lost indices, a server that is killed. No fault loses an article or doubles one.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from diembao.errors import IndexUnavailableError
from diembao.settings import Settings
from search_api.app import create_app
from search_api.index import open_index, sync
from search_api.index.base import SearchRequest
from search_api.index.document import build
from search_api.index.elasticsearch import ElasticsearchIndex
from search_api.index.elasticsearch.mappings import ARTICLES, CONFERMENTS
from tests.search_api.index.archiving import (
    LATER,
    causes,
    drain,
    drain_all,
    found,
    keep,
    keep_all,
    waiting,
)
from tests.servers.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from diembao.archive.engine import Archive
    from tests.servers.fixtures import Server

    from .conftest import Writer

pytestmark = pytest.mark.needs_elasticsearch


@pytest.fixture
def settings(elasticsearch_settings: dict[str, str], tmp_path: Path, monkeypatch: Any) -> Settings:
    monkeypatch.setattr("search_api.index.elasticsearch.engine.GRACE", 0)
    return Settings(home=tmp_path, **elasticsearch_settings)  # type: ignore[arg-type]


@pytest.fixture
def index(settings: Settings) -> ElasticsearchIndex:
    return ElasticsearchIndex(settings, writable=True)


def held(index: ElasticsearchIndex) -> tuple[int, int]:
    """How many articles and conferments there are."""
    names = [index.aliases.alias(collection) for collection in (ARTICLES, CONFERMENTS)]
    articles, conferments = (index.client.count(index=name)["count"] for name in names)
    return articles, conferments


def lock(index: ElasticsearchIndex, block: str, *, locked: bool) -> None:
    index.client.indices.put_settings(
        index=index.aliases.alias(ARTICLES), settings={f"index.blocks.{block}": locked or None}
    )


@pytest.mark.parametrize("block", ["read_only_allow_delete", "read_only", "write"])
def test_an_index_that_is_read_only_is_told_as_such_and_articles_wait(
    archive: Archive, index: ElasticsearchIndex, settings: Settings, write: Writer, block: str, monkeypatch: Any
) -> None:  # fmt: skip
    monkeypatch.setattr("search_api.index.elasticsearch.writing.FIRST_REST", 0.01)
    keep(archive, write, 1, "dân vận")
    drain(archive, index, settings)
    lock(index, block, locked=True)
    keep(archive, write, 2, "dân vận")
    with pytest.raises(IndexUnavailableError, match="khoá ghi"):
        drain(archive, index, settings)
    assert (found(index, "dân"), waiting(archive)) == ([1], (1, 0))
    lock(index, block, locked=False)
    drain(archive, index, settings, LATER)
    assert (found(index, "dân"), waiting(archive)) == ([1, 2], (0, 0))


UNBEARABLE = "mục " * 10_000
"""Longer than the server takes one value of a field."""


def test_a_document_that_the_server_refuses_is_set_aside_with_its_cause(
    archive: Archive, index: ElasticsearchIndex, settings: Settings, write: Writer
) -> None:
    for number in range(1, 5):
        keep(archive, write, number, "dân vận", UNBEARABLE if number == 2 else None)
    drain_all(archive, index, settings)
    assert found(index, "dân") == [1, 3, 4]
    assert waiting(archive) == (0, 1)
    assert "immense term" in causes(archive)["2"]


def test_reindexing_leaves_out_what_the_server_refuses_and_sets_it_aside(
    archive: Archive, index: ElasticsearchIndex, settings: Settings, write: Writer
) -> None:
    for number in range(1, 5):
        keep(archive, write, number, "dân vận", UNBEARABLE if number == 2 else None)
    assert sync.reindex(archive, settings) == 3
    assert found(index, "dân") == [1, 3, 4]
    drain_all(archive, index, settings, datetime.now(UTC))
    assert (waiting(archive), held(index)[0]) == ((0, 1), 3)


@pytest.fixture
def proxy(elasticsearch: Server) -> Iterator[Proxy]:
    assert elasticsearch.node
    with Proxy(elasticsearch.url, elasticsearch.node.authority) as running:
        yield running
        running.shutdown()


def through(proxy: Proxy, settings: Settings) -> Settings:
    return settings.model_copy(update={"index": proxy.url, "index_ca": None})


@pytest.mark.needs_own_elasticsearch
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_is_busy_for_a_while_is_asked_again(
    proxy: Proxy, settings: Settings, write: Writer, status: int
) -> None:
    index = open_index(through(proxy, settings), writable=True)
    index.put([build(write(1, "dân vận"))])
    proxy.refusals = [status, status]
    index.put([build(write(2, "dân vận"))])
    proxy.refusals = [status, status]
    assert found(index, "dân") == [1, 2]
    assert proxy.refused == 4
    proxy.refusals = [status] * 4
    with pytest.raises(IndexUnavailableError, match="quá tải"):
        index.search(SearchRequest("dân"))


@pytest.mark.needs_own_elasticsearch
def test_a_document_too_large_for_the_way_is_set_aside_and_blocks_no_other(
    archive: Archive, proxy: Proxy, settings: Settings, write: Writer
) -> None:
    chosen = through(proxy, settings)
    index = open_index(chosen, writable=True)
    proxy.limit = 100_000
    for number in range(1, 4):
        keep(archive, write, number, "dân vận " * (20_000 if number == 2 else 1))
    drain_all(archive, index, chosen)
    assert found(index, "dân") == [1, 3]
    assert waiting(archive) == (0, 1)
    assert "413" in causes(archive)["2"]


def test_an_index_that_was_lost_comes_back_whole(
    archive: Archive, index: ElasticsearchIndex, settings: Settings, write: Writer
) -> None:
    keep_all(archive, write, range(1, 6), "đường phố")
    drain(archive, index, settings)
    assert found(index, "phố") == [1, 2, 3, 4, 5]
    names = list(index.client.indices.get_alias(index=f"{settings.index_prefix}-*"))
    index.client.indices.delete(index=names)
    with pytest.raises(IndexUnavailableError, match="diembao reindex"):
        index.search(SearchRequest("phố"))
    assert sync.reindex(archive, settings) == 5
    keep(archive, write, 6, "đường phố")
    drain(archive, index, settings)
    assert found(index, "đuong phố") == [1, 2, 3, 4, 5, 6]


def test_where_part_of_an_index_was_lost_a_search_says_so(
    index: ElasticsearchIndex, write: Writer
) -> None:
    index.put([build(write(1, "đường phố"))])
    lost = index.client.indices.get_alias(name=index.aliases.alias(CONFERMENTS))
    index.client.indices.delete(index=list(lost))
    with pytest.raises(IndexUnavailableError, match="diembao reindex"):
        index.search(SearchRequest("conferment:(level:state)"))


def test_searches_have_no_gap_while_the_index_is_rebuilt_again_and_again(
    archive: Archive, index: ElasticsearchIndex, settings: Settings, write: Writer
) -> None:
    keep_all(archive, write, range(1, 31), "đường phố")
    drain(archive, index, settings)
    reading = open_index(settings)
    over = threading.Event()
    counts: set[tuple[int, int]] = set()
    broken: list[Exception] = []

    def search() -> None:
        while not over.is_set():
            try:
                marked = reading.search(SearchRequest("đuong phố"))
                bound = reading.search(SearchRequest("conferment:(level:state)"))
            except IndexUnavailableError as error:
                broken.append(error)
                return
            counts.add((marked.total, bound.total))

    thread = threading.Thread(target=search)
    thread.start()
    try:
        for _ in range(3):
            sync.reindex(archive, settings)
    finally:
        over.set()
        thread.join()
    assert (broken, counts) == ([], {(30, 30)})


def test_one_rebuild_at_a_time_and_a_dead_one_is_no_hindrance(
    index: ElasticsearchIndex, write: Writer, monkeypatch: Any
) -> None:
    index.put([build(write(1, "a"))])
    dead = index.rebuilding()
    dead.__enter__()([build(write(9, "a"))])
    with pytest.raises(IndexUnavailableError, match="đang ghi chỉ mục mới"), index.rebuilding():
        pass
    monkeypatch.setattr("search_api.index.elasticsearch.rebuild.DEAD", 0)
    with index.rebuilding() as take:
        take([build(write(2, "a"))])
    assert found(index, "a") == [2]
    assert len(index.aliases.present().all) == 1


@pytest.mark.needs_own_elasticsearch
def test_a_server_killed_while_indexing_loses_nothing_and_doubles_nothing(
    archive: Archive, index: ElasticsearchIndex, settings: Settings, write: Writer, elasticsearch: Server, monkeypatch: Any
) -> None:  # fmt: skip
    assert elasticsearch.node
    monkeypatch.setattr(sync, "BATCH", 10)
    kept = keep_all(archive, write, range(1, 121), "dân vận")
    assert sync.index_batch(archive, index, "worker", LATER, settings) == 10
    faults: list[Exception] = []

    def work() -> None:
        try:
            drain(archive, index, settings)
        except IndexUnavailableError as error:
            faults.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        elasticsearch.node.kill()
        worker.join()
        assert "Không tới được Elasticsearch" in str(faults[0])
        kept += keep_all(archive, write, range(121, 141), "dân vận")
        app = create_app(archive, open_index(settings), settings)
        with TestClient(app, raise_server_exceptions=False) as client:
            told = client.get("/api/v1/search?q=dan")
            assert (told.status_code, told.json()["error"]["code"]) == (503, "unavailable")
            assert "bài vẫn được lưu và sẽ vào chỉ mục sau" in told.json()["error"]["message"]
            assert client.get("/?q=dan").status_code == 503
    finally:
        elasticsearch.node.start()
    before, _ = waiting(archive)
    assert before >= 20
    drain(archive, index, settings, LATER)
    assert found(index, "dân") == kept
    assert (held(index), waiting(archive)) == ((140, 140), (0, 0))

"""The indices on the server: strict, of one schema, in the shards that are set; `diembao reindex`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from elasticsearch import BadRequestError
from typer.testing import CliRunner

from diembao.archive.migration import open_archive
from diembao.cli.commands import app
from diembao.errors import IndexUnavailableError
from diembao.settings import Settings
from search_api.index import open_index
from search_api.index.base import SearchRequest
from search_api.index.document import build
from search_api.index.elasticsearch import ElasticsearchIndex
from search_api.index.elasticsearch.mappings import COLLECTIONS
from tests.search_api.index.archiving import found, keep_all

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Writer

pytestmark = pytest.mark.needs_elasticsearch


@pytest.fixture
def settings(elasticsearch_settings: dict[str, str], tmp_path: Path, monkeypatch: Any) -> Settings:
    monkeypatch.setattr("search_api.index.elasticsearch.engine.GRACE", 0)
    return Settings(home=tmp_path, index_shards=2, **elasticsearch_settings)  # type: ignore[arg-type]


@pytest.fixture
def index(settings: Settings) -> ElasticsearchIndex:
    return ElasticsearchIndex(settings, writable=True)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_field_that_the_mapping_lacks_is_refused(
    index: ElasticsearchIndex, write: Writer, collection: str
) -> None:
    index.put([build(write(1, "a"))])
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
        index.client.index(index=index.aliases.alias(collection), document={"colour": "red"})


def test_articles_lie_in_the_shards_that_are_set_and_are_kept_nowhere_else(
    index: ElasticsearchIndex, write: Writer
) -> None:
    index.put([build(write(1, "dân vận"))])
    name = index.aliases.alias("articles")
    (about,) = index.client.indices.get(index=name).body.values()
    assert about["settings"]["index"]["number_of_shards"] == "2"
    assert index.client.get(index=name, id="1")["_source"] == {"conferments": 0}


def test_an_index_of_another_schema_is_rebuilt_beside_the_old_one(
    index: ElasticsearchIndex, settings: Settings, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.put([build(write(1, "cũ"))])
    assert found(index, "cũ") == [1]
    for module in ("aliases", "mappings"):
        monkeypatch.setattr(f"search_api.index.elasticsearch.{module}.SCHEMA", 99)
    newer = ElasticsearchIndex(settings, writable=True)
    with pytest.raises(IndexUnavailableError, match="diembao reindex"):
        newer.search(SearchRequest("cũ"))
    with pytest.raises(IndexUnavailableError, match="diembao reindex"):
        newer.put([build(write(2, "mới"))])
    with newer.rebuilding() as take:
        take([build(write(2, "mới"))])
        assert found(index, "cũ") == [1]
    assert found(newer, "mới") == [2]
    assert list(newer.aliases.present().all) == [2]


def test_the_command_rebuilds_the_index_and_finds_in_it(
    settings: Settings, elasticsearch_settings: dict[str, str], write: Writer, monkeypatch: Any
) -> None:
    archive = open_archive(settings.archive_url)
    keep_all(archive, write, range(1, 4), "dân vận khéo")
    archive.close()
    for name, value in {"home": str(settings.home), **elasticsearch_settings}.items():
        monkeypatch.setenv(f"DIEMBAO_{name.upper()}", value)
    runner = CliRunner()
    rebuilt = runner.invoke(app, ["reindex"])
    assert (rebuilt.exit_code, "3" in rebuilt.output) == (0, True)
    assert open_index(settings).count() == 3
    asked = runner.invoke(app, ["search", "dan van", "--json"])
    assert '"total": 3' in asked.output

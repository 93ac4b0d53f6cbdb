"""Who may talk to an Elasticsearch, and what is said where the connection fails: TLS, keys, users."""

from __future__ import annotations

import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from diembao.errors import BadInputError, IndexUnavailableError
from diembao.settings import Settings
from search_api.index import open_index, rebuilding
from search_api.index.document import build
from tests.search_api.index.archiving import found
from tests.servers.elasticsearch_node import PASSWORD, READER, USER, WRITER
from tests.servers.machine import free_port
from tests.servers.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.fixtures import Server

    from .conftest import Writer

pytestmark = pytest.mark.needs_own_elasticsearch


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_api.index.elasticsearch.engine.GRACE", 0)


def settings_of(chosen: dict[str, str], **changed: Any) -> Settings:
    kept = {name: value for name, value in (chosen | changed).items() if value is not None}
    return Settings(**kept)


def refusal(settings: Settings) -> str:
    with pytest.raises(IndexUnavailableError) as told:
        open_index(settings).count()
    return str(told.value)


def test_few_rights_suffice_for_all_that_the_engine_does(
    elasticsearch_settings: dict[str, str], write: Writer
) -> None:
    settings = settings_of(elasticsearch_settings, index_user=WRITER)
    index = open_index(settings, writable=True)
    index.put([build(write(1, "dân vận"))])
    with rebuilding(settings) as take:
        take([build(write(number, "dân vận")) for number in (1, 2)])
    index.delete([2])
    assert found(open_index(settings), "dân") == [1]
    elsewhere = settings_of(elasticsearch_settings, index_user=WRITER, index_prefix="other")
    assert "từ chối" in refusal(elsewhere)


def test_who_may_only_read_can_search(
    elasticsearch_settings: dict[str, str], write: Writer
) -> None:
    open_index(settings_of(elasticsearch_settings), writable=True).put([build(write(1, "vận"))])
    settings = settings_of(elasticsearch_settings, index_user=READER)
    assert found(open_index(settings), "van") == [1]
    with pytest.raises(IndexUnavailableError, match="từ chối"):
        open_index(settings, writable=True).put([build(write(2, "vận"))])


KEY = b64encode(b"key:secret").decode()


def test_an_api_key_is_shown_with_every_request(
    elasticsearch: Server, elasticsearch_settings: dict[str, str], write: Writer
) -> None:
    # the assembled server cannot give out keys; a gateway that knows one stands in for that
    assert elasticsearch.node
    user = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    with Proxy(elasticsearch.url, elasticsearch.node.authority) as gateway:
        gateway.passes = {f"ApiKey {KEY}": f"Basic {user}"}
        keyed = elasticsearch_settings | {"index": gateway.url, "index_api_key": KEY}
        settings = settings_of(keyed, index_ca=None, index_user=None, index_password=None)
        index = open_index(settings, writable=True)
        index.put([build(write(1, "dân vận"))])
        assert found(index, "dan") == [1]
        gateway.shutdown()


def test_a_wrong_password_or_key_is_told_as_such(elasticsearch_settings: dict[str, str]) -> None:
    assert "DIEMBAO_INDEX_PASSWORD" in refusal(
        settings_of(elasticsearch_settings, index_password="sai")
    )
    by_key = {"index_user": None, "index_password": None, "index_api_key": "c2FpOnNhaQ=="}
    assert "DIEMBAO_INDEX_API_KEY" in refusal(settings_of(elasticsearch_settings, **by_key))


def test_a_server_whose_certificate_is_not_trusted_is_not_talked_to(
    elasticsearch_settings: dict[str, str],
) -> None:
    assert "chứng chỉ" in refusal(settings_of(elasticsearch_settings, index_ca=None))


def test_a_server_that_speaks_tls_is_not_reached_without_it(
    elasticsearch_settings: dict[str, str],
) -> None:
    plain = elasticsearch_settings["index"].replace("https:", "http:")
    assert "Không tới được" in refusal(
        settings_of(elasticsearch_settings, index=plain, index_ca=None)
    )


def test_where_nobody_listens_that_is_told_at_once() -> None:
    assert "Không tới được" in refusal(Settings(index=f"http://127.0.0.1:{free_port()}"))


class Something(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")


@pytest.fixture
def something_else() -> Iterator[str]:
    """The address of a server that is no Elasticsearch."""
    with HTTPServer(("127.0.0.1", 0), Something) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_that_is_no_elasticsearch_is_told_as_such(something_else: str) -> None:
    assert "không phải Elasticsearch" in refusal(Settings(index=something_else))


def test_settings_that_cannot_be_are_refused_with_their_names(tmp_path: Path) -> None:
    address = "https://may:9200"
    wrong = {
        "DIEMBAO_INDEX_CA": Settings(index=address, index_ca=tmp_path / "none.pem"),
        "DIEMBAO_INDEX_API_KEY": Settings(index=address, index_api_key="a", index_user="b"),
        "https://may:9200": Settings(index="may"),
    }
    for told, settings in wrong.items():
        with pytest.raises(BadInputError, match=told):
            open_index(settings)

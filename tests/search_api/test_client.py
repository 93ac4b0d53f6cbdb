"""The client of analysts against a running server: whole frames, typed columns, plain errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
import pytest

from diembao.errors import BadInputError, NotFoundError
from search_api.app import create_app
from search_api.client import ARTICLE_COLUMNS, Client, ServerError
from tests.search_api.serving import serving

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

NOTEBOOK = Path(__file__).parents[2] / "docs" / "client.ipynb"


@pytest.fixture(scope="module")
def origin(embedded_shelf: Shelf) -> Iterator[str]:
    with serving(embedded_shelf.app) as address:
        yield address


@pytest.fixture
def client(origin: str) -> Iterator[Client]:
    with Client(origin) as made:
        yield made


def test_articles_are_those_of_the_search_with_local_moments(shelf: Shelf, client: Client) -> None:
    frame = client.articles("dan van kheo", since="2024-12-01")
    found = shelf.client().get("/api/v1/search?q=dan van kheo&since=2024-12-01&fold=0").json()
    assert tuple(frame.columns) == ARTICLE_COLUMNS
    assert set(frame["id"]) == {hit["article"]["id"] for hit in found["hits"]}
    assert str(frame["published_at"].dt.tz) == "Asia/Ho_Chi_Minh"
    assert frame["published_at"].is_monotonic_decreasing
    assert frame["title"].str.len().min() > 0


def test_filters_are_those_of_the_page(client: Client) -> None:
    assert set(client.articles(filter=["source:trungdu"])["source"]) == {"trungdu"}
    assert "trungdu" not in set(client.articles(exclude=["source:trungdu"])["source"])


def test_the_registers_are_frames(shelf: Shelf, client: Client) -> None:
    awards = client.awards(level="grassroots")
    assert set(awards["level"]) == {"grassroots"}
    assert pd.api.types.is_datetime64_any_dtype(awards["date"])
    assert awards["recipients"].map(len).gt(0).all()
    listed = shelf.client().get("/api/v1/models").json()["models"]
    assert list(client.models()["name"]) == [one["name"] for one in listed]


def test_a_timeline_counts_every_article_once(client: Client) -> None:
    assert client.timeline()["articles"].sum() == len(client.articles())


def test_nothing_found_is_an_empty_frame_with_its_columns(client: Client) -> None:
    frame = client.articles("khongcotunay")
    assert frame.empty
    assert tuple(frame.columns) == ARTICLE_COLUMNS


def test_an_article_and_an_entity_have_types(client: Client) -> None:
    number = int(client.articles("dan van kheo")["id"].iloc[0])
    article = client.article(number)
    assert article.article.title
    model = client.models()["id"].iloc[0]
    assert client.entity(model).total > 0


def test_mistakes_are_told_in_the_words_of_the_server(client: Client) -> None:
    with pytest.raises(BadInputError, match="homqua"):
        client.articles("date:homqua")
    with pytest.raises(NotFoundError):
        client.article(999_999)


def test_who_asks_too_often_waits_as_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    settings = shelf.settings.model_copy(update={"api_rate": 1})
    app = create_app(shelf.archive, shelf.index, settings)
    with serving(app) as address, Client(address) as hurried:
        hurried.models()
        with pytest.raises(ServerError, match="dồn dập"):
            hurried.models()
    assert waited
    assert all(1 <= seconds <= 60 for seconds in waited)


def test_a_server_that_is_not_there_is_told_as_that() -> None:
    with Client("http://127.0.0.1:9") as lost, pytest.raises(ServerError, match="không trả lời"):
        lost.models()


class Breaking(BaseHTTPRequestHandler):
    """Ends every file before its last line."""

    whole: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.whole.rsplit(b"\n", 2)[0] + b"\n")

    def log_message(self, *_: Any) -> None:
        pass


def test_a_file_that_broke_off_is_an_error_and_no_short_frame(shelf: Shelf) -> None:
    Breaking.whole = shelf.client().get("/api/v1/search.ndjson").content
    with ThreadingHTTPServer(("127.0.0.1", 0), Breaking) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        with Client(address) as client, pytest.raises(ServerError, match="giữa chừng"):
            client.articles()
        server.shutdown()
        thread.join()


def test_the_notebook_runs_from_top_to_bottom(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIEMBAO_URL", origin)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert len(names["articles"]) > 0
    assert len(names["awards"]) > 0
    assert names["by_month"].to_numpy().sum() == names["awards"]["level"].notna().sum()
    names["diembao"].close()

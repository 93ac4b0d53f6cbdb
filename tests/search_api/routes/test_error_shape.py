"""One error shape on every route; the page tells the same sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from diembao.archive.engine import Archive
from diembao.errors import IndexUnavailableError
from search_api.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from httpx import Response

    from tests.search_api.conftest import Shelf

NOWHERE = "999999"
"""An identifier, of whatever kind, that nothing has."""


def assert_shape(response: Response, status: int) -> dict[str, str]:
    assert response.status_code == status, response.text
    body = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert set(body) == {"type", "title", "status", "detail", "error"}
    assert body["status"] == status
    assert body["detail"] == body["error"]["message"]
    assert body["type"].endswith(body["error"]["code"])
    assert {"code", "message"} <= set(body["error"]) <= {"code", "message", "hint"}
    assert "Traceback" not in response.text
    return body["error"]  # type: ignore[no-any-return]


def api_routes(shelf: Shelf) -> list[tuple[str, str]]:
    """Every operation's address: a choice is its first one, any other part is nowhere."""
    routes = []
    for path, methods in shelf.app.openapi()["paths"].items():
        for method, operation in methods.items():
            choices = {
                one["name"]: one["schema"]["enum"][0]
                for one in operation.get("parameters", ())
                if one["in"] == "path" and "enum" in one["schema"]
            }
            filled = re.sub(r"\{([^}]*)\}", lambda part, c=choices: c.get(part[1], NOWHERE), path)
            routes.append((method.upper(), filled))
    return routes


def test_every_route_refuses_other_methods_in_the_one_shape(shelf: Shelf) -> None:
    client = shelf.client()
    for _, path in api_routes(shelf):
        assert assert_shape(client.request("TRACE", path), 405)["code"] == "method_not_allowed"


def test_every_route_with_an_identifier_says_that_nothing_is_there(shelf: Shelf) -> None:
    client = shelf.client()
    named = [(m, path) for m, path in api_routes(shelf) if m == "GET" and NOWHERE in path]
    assert named
    for method, path in named:
        assert assert_shape(client.request(method, path), 404)["code"] == "not_found"


def test_every_route_is_silent_about_a_dead_index(shelf: Shelf) -> None:
    class Dead:
        def __getattr__(self, name: str) -> object:
            raise IndexUnavailableError("Chỉ mục không trả lời; hãy chạy diembao reindex.")

    app = create_app(shelf.archive, Dead(), shelf.settings)  # type: ignore[arg-type]
    client = TestClient(app, raise_server_exceptions=False)
    for path in ("/healthz", "/api/v1/search", "/api/v1/suggest?q=ha"):
        error = assert_shape(client.get(path), 503)
        assert error["code"] == "unavailable"
        assert "reindex" in error["message"]
    page = client.get("/")
    assert page.status_code == 503
    assert "Chỉ mục không trả lời; hãy chạy diembao reindex." in page.text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/search?filter=unknown:1", 422, "bad_input"),
        ("/api/v1/search?limit=0", 422, "bad_input"),
        ("/api/v1/search?since=2024-13-40", 422, "bad_input"),
        ("/api/v1/search?since=2024-12-31&until=2024-01-01", 422, "bad_input"),
        ("/api/v1/search?cursor=nonsense", 422, "bad_input"),
        ("/api/v1/search?sort=colour", 422, "bad_input"),
        ("/api/v1/articles/abc", 422, "bad_input"),
        ("/api/v1/articles/0", 422, "bad_input"),
        ("/api/v1/awards?level=galaxy", 422, "bad_input"),
        ("/api/v1/awards?cursor=nonsense", 422, "bad_input"),
        ("/api/v1/models?cursor=nonsense", 422, "bad_input"),
        ("/api/v1/suggest", 422, "bad_input"),
    ],
)
def test_a_wrong_request_is_told_in_the_one_shape(
    shelf: Shelf, path: str, status: int, code: str
) -> None:
    assert assert_shape(shelf.client().get(path), status)["code"] == code


def test_a_page_tells_the_sentence_that_the_api_tells(shelf: Shelf) -> None:
    client = shelf.client()
    for page, api in (("/bai/999999", "/api/v1/articles/999999"), ("/x", "/api/v1/x")):
        message = client.get(api).json()["error"]["message"]
        answer = client.get(page)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert message in answer.text


def test_a_query_that_cannot_be_answered_stays_in_the_box(shelf: Shelf) -> None:
    page = shelf.client().get("/", params={"q": "dan van", "cursor": "nonsense"})
    assert page.status_code == 422
    assert 'value="dan van"' in page.text


def test_an_unexpected_fault_tells_nothing_of_the_inside(shelf: Shelf) -> None:
    class Broken:
        def count(self) -> int:
            raise RuntimeError("a secret of the inside")

    app = create_app(shelf.archive, Broken(), shelf.settings)  # type: ignore[arg-type]
    response = TestClient(app, raise_server_exceptions=False).get("/healthz")
    assert assert_shape(response, 500)["code"] == "internal"
    assert "secret" not in response.text


def test_an_archive_that_does_not_answer_is_unavailable(shelf: Shelf, tmp_path: Path) -> None:
    empty = Archive(f"sqlite:///{tmp_path / 'without-tables.db'}")
    client = TestClient(
        create_app(empty, shelf.index, shelf.settings), raise_server_exceptions=False
    )
    assert assert_shape(client.get("/healthz"), 503)["code"] == "unavailable"
    assert client.get("/bao").status_code == 503
    empty.close()

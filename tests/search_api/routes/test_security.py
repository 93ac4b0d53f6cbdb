from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from diembao.archive import jobs
from search_api.app import create_app
from search_api.routes.security import BODY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.search_api.conftest import Shelf

TOKEN = "mot-ma-rat-kho-doan"
FORM = {"url": "https://bao.example/1.html"}
CHANGES = ["/them", "/api/v1/articles/requests"]


def post(client: TestClient, path: str, **headers: str) -> int:
    body = {"json": FORM} if path.startswith("/api") else {"data": FORM}
    return client.post(path, headers=headers, **body).status_code  # type: ignore[arg-type]


def filed(shelf: Shelf) -> int:
    with shelf.archive.read() as connection:
        return jobs.counts(connection).get("read", (0, 0))[0]


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://la.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Origin": "https://la.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.la.example"},
    ],
)
def test_a_form_of_another_site_changes_nothing(
    bare: Shelf, path: str, headers: dict[str, str]
) -> None:
    assert post(bare.client(), path, **headers) == 403
    assert filed(bare) == 0


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
        {"Origin": "http://testserver"},
        {},
    ],
)
def test_the_own_page_and_programs_may_change(
    bare: Shelf, path: str, headers: dict[str, str]
) -> None:
    assert post(bare.client(), path, **headers) < 400
    assert filed(bare) == 1


@pytest.fixture
def guarded(bare: Shelf) -> Iterator[TestClient]:
    settings = bare.settings.model_copy(update={"admin_token": SecretStr(TOKEN)})
    app = create_app(bare.archive, bare.index, settings)
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("path", CHANGES)
def test_with_a_token_set_a_change_must_carry_it(guarded: TestClient, path: str) -> None:
    refused = guarded.post(path, json=FORM)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert post(guarded, path, Authorization="Bearer wrong") == 401
    assert post(guarded, path, Authorization=f"Basic {TOKEN}") == 401
    assert post(guarded, path, Authorization=f"Bearer {TOKEN}") < 400
    assert guarded.get("/").status_code == 200


def test_signing_in_on_the_page_opens_its_forms(guarded: TestClient) -> None:
    refused = guarded.post("/them", data=FORM)
    assert refused.status_code == 401
    assert 'href="/dang-nhap"' in refused.text
    wrong = guarded.post("/dang-nhap", data={"token": "đoán"})
    assert wrong.status_code == 401
    assert "Mã quản trị không đúng" in wrong.text
    right = guarded.post("/dang-nhap", data={"token": TOKEN})
    assert right.status_code == 303
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert post(guarded, "/them") == 303
    assert post(guarded, "/them", Origin="https://la.example") == 403


def test_no_answer_holds_the_token(guarded: TestClient) -> None:
    guarded.post("/dang-nhap", data={"token": TOKEN})
    for path in (
        "/",
        "/dang-nhap",
        "/api",
        "/api/v1/openapi.json",
        "/healthz",
        "/theo-doi",
        "/bao",
    ):
        assert TOKEN not in guarded.get(path).text


@pytest.mark.parametrize("path", ["/", "/api/v1/search", "/nothing", "/static/style.css", "/them"])
def test_every_answer_forbids_foreign_content_and_inline_scripts(shelf: Shelf, path: str) -> None:
    headers = shelf.client().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(bare: Shelf) -> None:
    client = bare.client()
    too_much = b"text=" + b"a" * BODY_LIMIT
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    said = client.post("/them", content=too_much, headers=kind)
    streamed = client.post("/them", content=iter([too_much[:9], too_much[9:]]), headers=kind)
    assert (said.status_code, streamed.status_code) == (413, 411)
    assert "quá dài" in said.text
    as_json = client.post("/api/v1/articles/requests", content=too_much)
    assert as_json.json()["error"]["code"] == "too_large"
    assert filed(bare) == 0

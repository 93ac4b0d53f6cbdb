"""Who may do what, with accounts: by session, by token, by name and password."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from diembao.archive import audit, corrections, users
from diembao.archive.users import Role
from search_api.app import create_app
from search_api.routes.identity import TRIES
from search_api.routes.security import needed
from tests.search_api.conftest import NOW

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

PASSWORD = "mười hai con giáp"
STAFF = {"Đỗ Quyên": Role.READER, "Hạ Vy": Role.EDITOR, "Minh": Role.ADMIN}
MARK = {"correction": {"kind": "mention", "words": "tổ dân phố số 7", "label": "PLACE"}}


@pytest.fixture
def office(own_shelf: Shelf) -> Shelf:
    """A shelf with three accounts."""
    with own_shelf.archive.write() as connection:
        for name, role in STAFF.items():
            users.add(connection, name, role, PASSWORD, "cli", NOW)
    return own_shelf


def sign_in(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> int:
    return client.post("/dang-nhap", data={"name": name, "password": password, **more}).status_code


def basic(name: str, password: str) -> dict[str, str]:
    given = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {given}"}


def correct(shelf: Shelf, client: TestClient, **headers: str) -> int:
    article = shelf.ids["tuyen-duong-bang-khen"]
    return client.post(
        f"/api/v1/articles/{article}/corrections", json=MARK, headers=headers
    ).status_code


def test_without_an_account_nobody_signs_in_and_everything_can_be_done(own_shelf: Shelf) -> None:
    client = own_shelf.client()
    assert correct(own_shelf, client) == 201
    assert client.get("/api/v1/account").json() == {
        "name": "văn phòng", "role": "admin", "has_account": False,
    }  # fmt: skip
    assert "mọi việc đều làm được ngay" in client.get("/dang-nhap").text
    assert "diembao user add" in client.get("/tai-khoan").text
    refused = client.post("/api/v1/account/token")
    assert refused.status_code == 409


CHANGES = {
    Role.READER: [
        "/ho-so/3/bo",
        "/tai-khoan/ma",
        "/api/v1/own/articles/3",
        "/api/v1/account/token",
    ],
    Role.EDITOR: ["/bai/3/sua", "/api/v1/entities/x/merge", "/them", "/theo-doi"],
    Role.ADMIN: ["/bao/them", "/api/v1/sources/requests"],
}


def test_a_change_takes_a_role(office: Shelf) -> None:
    for name, held in STAFF.items():
        client = office.client()
        sign_in(client, name)
        for role, paths in CHANGES.items():
            for path in paths:
                assert needed(path) is role
                status = client.post(path, json={}).status_code
                assert (status not in (401, 403)) is held.covers(role), (name, path, status)
    nobody = office.client()
    for path in [*CHANGES[Role.READER], *CHANGES[Role.EDITOR], *CHANGES[Role.ADMIN]]:
        assert nobody.post(path, json={}).status_code == 401
    assert nobody.get("/").status_code == 200, "reading is open"


def test_who_lacks_a_role_is_told_which(office: Shelf) -> None:
    client = office.client()
    sign_in(client, "Đỗ Quyên")
    assert "Sửa thông tin" not in client.get(f"/bai/{office.ids['giay-khen']}").text
    refused = client.post("/api/v1/articles/requests", json={}).json()
    assert refused["error"]["code"] == "forbidden"
    assert "biên tập viên" in refused["detail"]


def test_what_is_changed_carries_the_name_of_who_changed_it(office: Shelf) -> None:
    client = office.client()
    assert sign_in(client, "hạ vy") == 303
    assert correct(office, client) == 201
    article = office.ids["tuyen-duong-bang-khen"]
    with office.archive.read() as connection:
        [made] = corrections.of_article(connection, article)
        assert made.actor == "Hạ Vy"
        trail = [one.actor for one in audit.entries(connection, f"article:{article}")]
    assert trail == ["Hạ Vy"]
    assert "Hạ Vy" in client.get(f"/bai/{article}").text


def test_the_cookie_of_a_session_is_kept_from_scripts_and_ends_with_it(office: Shelf) -> None:
    client = office.client()
    answer = client.post("/dang-nhap", data={"name": "Minh", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    kept = client.cookies["session"]
    assert client.get("/api/v1/account").json()["name"] == "Minh"
    assert client.get("/ho-so").headers["cache-control"] == "private, no-cache"
    assert client.post("/dang-xuat", headers={"Origin": "https://la.example"}).status_code == 403
    assert client.post("/dang-xuat").status_code == 303
    assert "session" not in client.cookies
    client.cookies.set("session", kept)
    assert client.get("/api/v1/account").status_code == 401, "the session is over on the server too"


def test_signing_in_leads_back_and_nowhere_else(office: Shelf) -> None:
    for back in ("/ho-so", "/bai/3?q=a"):
        assert led_to(office, back) == back
    for back in (
        "//la.example",
        "/\\la.example",
        "https://la.example",
        "/x\r\nSet-Cookie: a=b",
        "",
    ):
        assert led_to(office, back) == "/"


def led_to(office: Shelf, back: str) -> str:
    data = {"name": "Minh", "password": PASSWORD, "back": back}
    return office.client().post("/dang-nhap", data=data).headers["location"]


def test_pages_of_ones_own_ask_for_signing_in(office: Shelf) -> None:
    client = office.client()
    assert client.get("/ho-so").headers["location"] == "/dang-nhap?back=/ho-so"
    refused = client.get("/ho-so/3")
    assert refused.status_code == 401
    assert "/dang-nhap?back=/ho-so/3" in refused.text
    assert client.get("/api/v1/own/tags").headers["www-authenticate"] == "Bearer"


def test_programs_carry_a_token_or_name_and_password(office: Shelf) -> None:
    client = office.client()
    sign_in(client, "Hạ Vy")
    token = client.post("/api/v1/account/token").json()["token"]
    program = office.client()
    assert correct(office, program) == 401
    assert correct(office, program, Authorization=f"Bearer {token}x") == 401
    assert correct(office, program, Authorization=f"Bearer {token}") == 201
    assert correct(office, program, **basic("Hạ Vy", PASSWORD + "?")) == 401
    assert correct(office, program, Authorization="Basic !") == 401
    name = program.get("/api/v1/account", headers=basic("hạ vy", PASSWORD)).json()["name"]
    assert name == "Hạ Vy"
    page = client.post("/tai-khoan/ma")
    assert page.headers["cache-control"] == "no-store"
    assert correct(office, program, Authorization=f"Bearer {token}") == 401, "a newer one was made"


def test_after_too_many_wrong_passwords_the_right_one_waits_too(office: Shelf) -> None:
    client = office.client()
    for _ in range(TRIES):
        assert sign_in(client, "Minh", "đoán mò mãi") == 401
    refused = client.post("/dang-nhap", data={"name": "MINH", "password": PASSWORD})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 300
    assert client.get("/api/v1/account", headers=basic("Minh", PASSWORD)).status_code == 429
    assert sign_in(client, "Hạ Vy") == 303


def test_a_changed_password_ends_all_sessions_and_takes_the_present_one(office: Shelf) -> None:
    client, other = office.client(), office.client()
    for one in (client, other):
        sign_in(one, "Minh")
    wrong = client.post("/tai-khoan/mat-khau", data={"present": "sai bét nhè", "new": "x" * 12})
    assert wrong.status_code == 401
    assert "Tên hoặc mật khẩu không đúng" in wrong.text
    short = client.post("/api/v1/account/password", json={"present": PASSWORD, "new": "ngắn"})
    assert short.status_code == 422
    changed = client.post("/tai-khoan/mat-khau", data={"present": PASSWORD, "new": "x" * 12})
    assert changed.status_code == 303
    assert other.get("/api/v1/account").status_code == 401
    assert sign_in(client, "Minh") == 401
    assert sign_in(client, "Minh", "x" * 12) == 303


def test_no_answer_holds_a_password_or_its_digest(office: Shelf) -> None:
    client = office.client()
    sign_in(client, "Minh")
    for path in ("/", "/tai-khoan", "/ho-so", "/api/v1/account", "/dang-nhap"):
        text = client.get(path).text
        assert PASSWORD not in text
        assert "argon2" not in text


def test_the_administrators_token_stands_beside_accounts(office: Shelf) -> None:
    settings = office.settings.model_copy(update={"admin_token": SecretStr("ma-quan-tri")})
    app = create_app(office.archive, office.index, settings)
    client = TestClient(app, follow_redirects=False)
    assert correct(office, client) == 401
    assert correct(office, client, Authorization="Bearer ma-quan-tri") == 201
    form = client.get("/dang-nhap").text
    assert 'name="token"' in form
    assert 'name="password"' in form
    assert client.post("/dang-nhap", data={"token": "ma-quan-tri"}).status_code == 303
    assert client.get("/api/v1/account").json()["name"] == "quản trị viên"

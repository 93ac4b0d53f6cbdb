"""Editors' merges and splits in the API and on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from search_api.app import create_app
from search_api.index.sync import index_batch
from tests.search_api.conftest import NOW

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def named(shelf: Shelf, name: str) -> str:
    """The identifier of the entity that an article names so."""
    client = shelf.client()
    for article_id in shelf.ids.values():
        entities = client.get(f"/api/v1/articles/{article_id}").json()["entities"]
        for key, entity in entities.items():
            if entity["name"] == name:
                return str(key)
    raise AssertionError(name)


def merged(shelf: Shelf, one: str, other: str) -> Any:
    return shelf.client().post(
        f"/api/v1/entities/{named(shelf, one)}/merge",
        json={"other": named(shelf, other), "reason": "Một người"},
    )


def test_a_merge_shows_at_once_and_the_old_address_leads_on(own_shelf: Shelf) -> None:
    sen, khoat = named(own_shelf, "Phùng Thị Sen"), named(own_shelf, "Lương Đình Khoát")
    answer = merged(own_shelf, "Phùng Thị Sen", "Lương Đình Khoát")
    assert answer.status_code == 201
    assert answer.json()["reason"] == "Một người"
    client = own_shelf.client()
    now = client.get(f"/api/v1/entities/{sen}").json()
    assert client.get(f"/api/v1/entities/{khoat}").json()["id"] == now["id"]
    assert {now["name"], *now["aliases"]} == {"Phùng Thị Sen", "Lương Đình Khoát"}
    gone = {sen, khoat} - {now["id"]}
    moved = client.get(f"/thuc-the/{gone.pop()}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/thuc-the/{now['id']}")
    page = client.get(f"/thuc-the/{now['id']}").text
    assert "“Phùng Thị Sen” và “Lương Đình Khoát” là một" in page


def test_the_index_follows_a_merge(own_shelf: Shelf) -> None:
    merged(own_shelf, "Phùng Thị Sen", "Lương Đình Khoát")
    later = NOW.replace(year=2100)
    while index_batch(own_shelf.archive, own_shelf.index, "w", later, own_shelf.settings):
        pass
    entity = named(own_shelf, "Lương Đình Khoát")
    assert own_shelf.client().get(f"/api/v1/entities/{entity}").json()["total"] == 3


def test_a_split_takes_articles_out_and_can_be_undone(own_shelf: Shelf) -> None:
    client = own_shelf.client()
    unit = named(own_shelf, "UBND phường Bến Gót")
    article = own_shelf.ids["dan-van-kheo-ben-got"]
    made = client.post(
        f"/api/v1/entities/{unit}/split", json={"articles": [article], "reason": "Tỉnh khác"}
    )
    assert made.status_code == 201
    other = made.json()["names"][1]["entity"]
    assert other != unit
    entities = client.get(f"/api/v1/articles/{article}").json()["entities"]
    assert other in entities
    assert unit not in entities
    refused = client.post(f"/api/v1/entities/{unit}/merge", json={"other": other})
    assert refused.status_code == 409
    assert "đã tách hai mục này" in refused.json()["error"]["message"]
    [stands] = client.get(f"/api/v1/entities/{unit}/decisions").json()
    assert stands["articles"] == [article]
    address = f"/api/v1/decisions/{stands['id']}/undo"
    assert client.post(address, json={"reason": "nhầm"}).status_code == 204
    assert unit in client.get(f"/api/v1/articles/{article}").json()["entities"]
    assert client.post(address, json={}).status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("entities/person-0/merge", {"other": "person-1"}, 404),
        ("entities/person-0/split", {"articles": [1]}, 404),
        ("entities/person-0/split", {"articles": [0]}, 422),
        ("decisions/merge-0/undo", {}, 404),
    ],
)
def test_what_is_not_there_is_told(
    shelf: Shelf, path: str, body: dict[str, Any], status: int
) -> None:
    assert shelf.client().post(f"/api/v1/{path}", json=body).status_code == status


def test_the_forms_offer_tell_what_is_wrong_and_lead_back(own_shelf: Shelf) -> None:
    client = own_shelf.client()
    khoat, sen = named(own_shelf, "Lương Đình Khoát"), named(own_shelf, "Phùng Thị Sen")
    assert "Không có mục nào khác" in client.get(f"/thuc-the/{khoat}/gop").text
    offered = client.get(f"/thuc-the/{khoat}/gop", params={"q": "phung sen"}).text
    assert f'value="{sen}"' in offered
    wrong = client.post(f"/thuc-the/{khoat}/gop", data={"other": khoat, "q": "sen"})
    assert wrong.status_code == 422
    assert "đã là một" in wrong.text
    done = client.post(f"/thuc-the/{khoat}/gop", data={"other": sen, "reason": "một người"})
    assert done.status_code == 303
    [stands] = client.get(f"/api/v1/entities/{khoat}/decisions").json()
    assert (stands["reason"], stands["actor"]) == ("một người", "văn phòng")
    undone = client.post(f"/quyet-dinh/{stands['id']}/bo", data={"entity": khoat})
    assert (undone.status_code, undone.headers["location"]) == (303, f"/thuc-the/{khoat}")
    form = client.get(f"/thuc-the/{khoat}/tach").text
    article = own_shelf.ids["tuyen-duong-bang-khen"]
    assert f'value="{article}"' in form
    assert "tặng Bằng khen cho ông <mark>Lương Đình Khoát</mark>" in form
    nothing = client.post(f"/thuc-the/{khoat}/tach", data={})
    assert nothing.status_code == 422
    assert "Hãy chọn từ 1" in nothing.text
    split = client.post(f"/thuc-the/{khoat}/tach", data={"article": [str(article)]})
    assert split.status_code == 303
    assert client.get(split.headers["location"]).status_code == 200


def test_only_who_is_signed_in_decides(own_shelf: Shelf) -> None:
    settings = own_shelf.settings.model_copy(update={"admin_token": SecretStr("một-mã-dài")})
    app = create_app(own_shelf.archive, own_shelf.index, settings)
    client = TestClient(app, follow_redirects=False)
    khoat, sen = named(own_shelf, "Lương Đình Khoát"), named(own_shelf, "Phùng Thị Sen")
    assert f"/thuc-the/{khoat}/gop" not in client.get(f"/thuc-the/{khoat}").text
    address = f"/api/v1/entities/{khoat}/merge"
    assert client.post(address, json={"other": sen}).status_code == 401
    client.post("/dang-nhap", data={"token": "một-mã-dài"})
    assert f"/thuc-the/{khoat}/gop" in client.get(f"/thuc-the/{khoat}").text
    done = client.post(address, json={"other": sen})
    assert (done.status_code, done.json()["actor"]) == (201, "quản trị viên")

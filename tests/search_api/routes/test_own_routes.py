"""Tags, notes, dossiers and past searches through the API and as pages: one's own and nobody else's."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from diembao.archive import audit, users
from diembao.archive.users import Role
from tests.search_api.conftest import NOW

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

PASSWORD = "mười hai con giáp"
KEPT = {"tags": ["Tây Hồ", "điển hình"], "note": "Gọi xã\nxin ảnh", "dossiers": []}


def keep(client: TestClient, article: int, **changes: Any) -> Any:
    answer = client.put(f"/api/v1/own/articles/{article}", json=KEPT | changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


def begin(client: TestClient, name: str) -> int:
    answer = client.post("/api/v1/own/dossiers", json={"name": name})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_what_is_set_of_an_article_is_what_is_read(own_shelf: Shelf) -> None:
    client, article = own_shelf.client(), own_shelf.ids["giay-khen"]
    address = f"/api/v1/own/articles/{article}"
    nothing = {"article_id": article, "tags": [], "note": "", "dossiers": []}
    assert client.get(address).json() == nothing
    dossier = begin(client, "Tiết kiệm điện")
    said = {"article_id": article, **KEPT, "dossiers": [dossier]}
    assert keep(client, article, dossiers=[dossier]) == said
    read = client.get(address)
    assert read.json() == said
    again = client.get(address, headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 304
    assert client.get("/api/v1/own/tags").json() == [
        {"tag": "Tây Hồ", "articles": 1}, {"tag": "điển hình", "articles": 1},
    ]  # fmt: skip
    assert client.put(address, json={}).json() == nothing


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"tags": ["x" * 101]}, 422), ({"dossiers": [77]}, 404), ({"note": "x" * 20_001}, 422)],
)
def test_what_will_not_do_changes_nothing(
    own_shelf: Shelf, changes: dict[str, Any], status: int
) -> None:
    client, article = own_shelf.client(), own_shelf.ids["giay-khen"]
    before = keep(client, article)
    asked = {"tags": ["mới"], "note": "mới", "dossiers": []} | changes
    assert client.put(f"/api/v1/own/articles/{article}", json=asked).status_code == status
    assert client.get(f"/api/v1/own/articles/{article}").json() == before
    assert client.put("/api/v1/own/articles/999999", json=KEPT).status_code == 404


def test_a_dossier_is_begun_filled_renamed_and_taken_away(own_shelf: Shelf) -> None:
    client, ids = own_shelf.client(), own_shelf.ids
    dossier = begin(client, "Dân vận khéo")
    address = f"/api/v1/own/dossiers/{dossier}"
    assert client.post("/api/v1/own/dossiers", json={"name": "DÂN vận khéo"}).status_code == 409
    for slug in ("tuyen-duong-bang-khen", "dan-van-kheo-ben-got", "tin-1"):
        assert client.put(f"{address}/articles/{ids[slug]}").status_code == 204
    assert client.put(f"{address}/articles/999999").status_code == 404
    assert client.delete(f"{address}/articles/{ids['tin-1']}").status_code == 204
    assert client.put(address, json={"name": "DÂN VẬN KHÉO"}).json()["articles"] == 2
    listed = client.get("/api/v1/own/articles", params={"dossier": dossier}).json()
    assert [one["article"]["id"] for one in listed["articles"]] == [
        ids["dan-van-kheo-ben-got"], ids["tuyen-duong-bang-khen"],
    ]  # fmt: skip
    first = client.get("/api/v1/own/articles", params={"dossier": dossier, "limit": 1}).json()
    rest = client.get(
        "/api/v1/own/articles", params={"dossier": dossier, "cursor": first["cursor"]}
    ).json()
    assert first["articles"] + rest["articles"] == listed["articles"]
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.get("/api/v1/own/dossiers").json() == []
    assert client.get(f"/api/v1/articles/{ids['tin-1']}").status_code == 200


def test_a_dossier_is_exported_with_tags_and_notes_and_no_formula(own_shelf: Shelf) -> None:
    client, ids = own_shelf.client(), own_shelf.ids
    dossier = begin(client, "Hồ sơ")
    keep(client, ids["giay-khen"], dossiers=[dossier], note="=1+1")
    keep(client, ids["san-khau"], dossiers=[])
    asked = {"dossier": dossier}
    text = client.get("/api/v1/own/articles.csv", params=asked).content.decode("utf-8-sig")
    head, row, end = csv.reader(io.StringIO(text))
    assert dict(zip(head, row, strict=True)).items() >= {
        "Tiêu đề": "Trao Giấy khen cho 3 tập thể có sáng kiến tiết kiệm điện",
        "Nhãn của tôi": "Tây Hồ; điển hình",
        "Ghi chú của tôi": "'=1+1",
    }.items()  # fmt: skip
    assert end == ["#rows", "1"]
    lines = client.get("/api/v1/own/articles.ndjson").text.splitlines()
    assert json.loads(lines[-1]) == {"rows": 2}
    assert json.loads(lines[0])["note"] == "=1+1"
    for form in ("xlsx", "parquet"):
        assert client.get(f"/api/v1/own/articles.{form}", params=asked).status_code == 200


def test_what_is_anothers_is_not_there(own_shelf: Shelf) -> None:
    with own_shelf.archive.write() as connection:
        tokens = {}
        for name in ("Hạ Vy", "Minh"):
            user = users.add(connection, name, Role.READER, PASSWORD, "cli", NOW)
            tokens[name] = users.new_token(connection, user, name, NOW)
    clients = {}
    for name, token in tokens.items():
        clients[name] = own_shelf.client()
        clients[name].headers["Authorization"] = f"Bearer {token}"
    article = own_shelf.ids["giay-khen"]
    dossier = begin(clients["Hạ Vy"], "Hồ sơ kín")
    keep(clients["Hạ Vy"], article, dossiers=[dossier])
    clients["Hạ Vy"].get("/?q=giay khen")
    other = clients["Minh"]
    assert other.get("/api/v1/own/tags").json() == []
    assert other.get("/api/v1/own/articles").json()["total"] == 0
    assert other.get("/api/v1/own/searches").json() == []
    assert other.get("/api/v1/suggest?q=giay").json()["searches"] == []
    address = f"/api/v1/own/dossiers/{dossier}"
    for method, path in [
        ("GET", address), ("DELETE", address), ("PUT", f"{address}/articles/{article}"),
        ("GET", f"/api/v1/own/articles?dossier={dossier}"), ("GET", f"/ho-so/{dossier}"),
        ("GET", f"/diem-bao?dossier={dossier}"),
        ("GET", f"/api/v1/press-review.docx?since=2024-12-01&dossier={dossier}"),
    ]:  # fmt: skip
        assert other.request(method, path).status_code == 404, (method, path)
    page = other.get(f"/bai/{article}").text
    assert "Hồ sơ kín" not in page
    assert "xin ảnh" not in page
    nobody = own_shelf.client()
    assert "xin ảnh" not in nobody.get(f"/bai/{article}").text
    assert nobody.get(f"/api/v1/own/articles/{article}").status_code == 401


def test_the_page_of_an_article_keeps_what_is_typed(own_shelf: Shelf) -> None:
    client, article = own_shelf.client(), own_shelf.ids["giay-khen"]
    form = {"tags": "điển hình, Tây Hồ,", "note": "Gọi xã", "new_dossier": "Tiết kiệm điện"}
    saved = client.post(f"/ho-so/bai/{article}", data=form)
    assert saved.headers["location"] == f"/bai/{article}?kept=1#own"
    page = client.get(f"/bai/{article}?kept=1").text
    assert "Đã lưu." in page
    assert 'value="Tây Hồ, điển hình"' in page
    assert "Gọi xã</textarea>" in page
    [dossier] = client.get("/api/v1/own/dossiers").json()
    assert (dossier["name"], dossier["articles"]) == ("Tiết kiệm điện", 1)
    same = {**form, "new_dossier": "tiết kiệm ĐIỆN", "dossier": dossier["id"]}
    client.post(f"/ho-so/bai/{article}", data=same)
    assert len(client.get("/api/v1/own/dossiers").json()) == 1, "a known name is the known dossier"
    refused = client.post(f"/ho-so/bai/{article}", data={"tags": "x" * 101, "note": "mới"})
    assert refused.status_code == 422
    assert "Nhãn dài" in refused.text
    assert "mới</textarea>" in refused.text
    assert client.get(f"/api/v1/own/articles/{article}").json()["note"] == "Gọi xã"


def test_the_pages_of_dossiers_and_tags(own_shelf: Shelf) -> None:
    client, article = own_shelf.client(), own_shelf.ids["giay-khen"]
    assert "Chưa có hồ sơ nào" in client.get("/ho-so").text
    page = client.post("/ho-so", data={"name": "Tiết kiệm"}).headers["location"]
    taken = client.post("/ho-so", data={"name": "tiết kiệm"})
    assert taken.status_code == 409
    assert "Đã có hồ sơ" in taken.text
    dossier = int(page.rpartition("/")[2])
    keep(client, article, dossiers=[dossier])
    text = client.get(page).text
    assert "Trao Giấy khen cho 3 tập thể" in text
    assert f"/diem-bao?dossier={dossier}" in text
    assert f"/api/v1/own/articles.xlsx?dossier={dossier}" in text
    tagged = client.get("/ho-so/bai", params={"tag": "tây hồ"}).text
    assert "Trao Giấy khen cho 3 tập thể" in tagged
    assert "/api/v1/own/articles.csv?tag=t%C3%A2y+h%E1%BB%93" in tagged
    client.post(page, data={"name": "Điện"})
    assert "Hồ sơ: Điện" in client.get(page).text
    client.post(f"{page}/bo", data={"article": article})
    assert "Chưa có bài nào ở đây." in client.get(page).text
    assert client.post(f"{page}/xoa").headers["location"] == "/ho-so"
    assert client.get(page).status_code == 404


def test_a_withdrawn_article_leaves_dossiers_and_exports(own_shelf: Shelf) -> None:
    client, article = own_shelf.client(), own_shelf.ids["giay-khen"]
    keep(client, article, dossiers=[begin(client, "Hồ sơ")])
    with own_shelf.archive.write() as connection:
        audit.withdraw(connection, article, "Minh", "Báo đính chính", NOW)
    assert client.get("/api/v1/own/articles").json()["total"] == 0
    assert client.get("/api/v1/own/dossiers").json()[0]["articles"] == 0
    assert client.get(f"/api/v1/own/articles/{article}").status_code == 404


def test_a_dossier_is_drafted_as_a_press_review_of_its_own_days(own_shelf: Shelf) -> None:
    client, ids = own_shelf.client(), own_shelf.ids
    dossier = begin(client, "Dân vận khéo cuối năm")
    for slug in ("san-khau", "tuyen-duong-bang-khen"):
        client.put(f"/api/v1/own/dossiers/{dossier}/articles/{ids[slug]}")
    page = client.get("/diem-bao", params={"dossier": dossier}).text
    assert "<h2>Dân vận khéo cuối năm</h2>" in page
    assert 'name="since" value="2024-11-28"' in page
    assert 'name="until" value="2024-12-11"' in page
    assert page.count('name="article"') == 2
    narrowed = client.get("/diem-bao", params={"dossier": dossier, "since": "2024-12-01"}).text
    assert narrowed.count('name="article"') == 0
    file = client.get("/api/v1/press-review.docx", params={"dossier": dossier})
    assert file.status_code == 200


def test_a_search_that_found_something_is_offered_while_typing(own_shelf: Shelf) -> None:
    client = own_shelf.client()
    for query in ("dan van kheo", "bằng khen", "không có gì như thế này", "  "):
        client.get("/", params={"q": query})
    client.get("/api/v1/search?q=giay khen")
    client.get("/", params={"q": "giấy khen"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert client.get("/api/v1/own/searches").json() == ["bằng khen", "dan van kheo"]
    offered = client.get("/api/v1/suggest", params={"q": "bang"}).json()
    assert offered["searches"] == [{"query": "bằng khen", "title": "đã tìm"}]
    assert client.get("/api/v1/suggest?q=kheo").json()["searches"][0]["query"] == "dan van kheo"
    assert "Đã tìm gần đây" in client.get("/ho-so").text
    assert client.delete("/api/v1/own/searches").status_code == 204
    assert client.get("/api/v1/own/searches").json() == []

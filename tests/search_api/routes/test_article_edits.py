"""Editors' corrections of an article in the API and on the page; index and alerts follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from sqlalchemy import update
from starlette.testclient import TestClient

from diembao.archive import articles
from diembao.archive.schema import subscriptions
from diembao.article import DateDoubt
from search_api.app import create_app
from search_api.index.sync import index_batch
from tests.search_api.conftest import CITY, NOW, PROVINCE, Shelf, keep, write

if TYPE_CHECKING:
    from httpx import Response

AWARD = {
    "kind": "award",
    "value": {"award": "Giấy khen", "recipients": ["hai đơn vị khác"]},
}


def ask(shelf: Shelf, slug: str, correction: dict[str, Any], **more: Any) -> Response:
    body = {"correction": correction, **more}
    return shelf.client().post(f"/api/v1/articles/{shelf.ids[slug]}/corrections", json=body)


def shown(shelf: Shelf, slug: str) -> Any:
    return shelf.client().get(f"/api/v1/articles/{shelf.ids[slug]}").json()


def indexed(shelf: Shelf) -> None:
    later = NOW.replace(year=2100)
    while index_batch(shelf.archive, shelf.index, "w", later, shelf.settings):
        pass


def test_a_corrected_name_is_in_the_article_and_is_found(own_shelf: Shelf) -> None:
    name = {"kind": "mention", "words": "đường dây nóng", "label": "MOVEMENT"}
    made = ask(own_shelf, "giay-khen", name, reason="thử", version=1)
    assert made.status_code == 201
    assert (made.json()["does"], made.json()["stands"]) == ("add", True)
    answer = shown(own_shelf, "giay-khen")
    marked = {answer["text"][m[0] : m[1]] for m in answer["extraction"]["mentions"]}
    assert "đường dây nóng" in marked
    [correction] = answer["corrections"]
    assert (correction["reason"], correction["actor"]) == ("thử", "văn phòng")
    indexed(own_shelf)
    hits = own_shelf.client().get('/api/v1/search?q=movement:"đường dây nóng"').json()
    assert hits["total"] == 1


def test_a_corrected_record_is_in_the_register_until_it_is_taken_back(own_shelf: Shelf) -> None:
    client = own_shelf.client()
    made = ask(
        own_shelf,
        "tin-1",
        {**AWARD, "value": {"award": "Nông dân sản xuất giỏi", "recipients": ["7 hộ"]}},
    )
    assert made.status_code == 201, made.text
    listed = client.get("/api/v1/awards?q=nong dan san xuat gioi").json()["awards"]
    assert [one["recipients"] for one in listed] == [["7 hộ"]]
    number = made.json()["id"]
    assert client.post(f"/api/v1/corrections/{number}/undo", json={}).status_code == 204
    assert client.get("/api/v1/awards?q=nong dan san xuat gioi").json()["awards"] == []
    assert client.post(f"/api/v1/corrections/{number}/undo", json={}).status_code == 409
    [undone] = client.get(f"/api/v1/articles/{own_shelf.ids['tin-1']}/corrections").json()
    assert undone["undone_by"] == "văn phòng"


def test_an_award_that_an_editor_adds_raises_the_alert_that_it_would_have_raised(
    own_shelf: Shelf,
) -> None:
    client = own_shelf.client()
    client.post(
        "/api/v1/subscriptions", json={"query": 'recipient:"hai đơn vị"', "subject": "event"}
    )
    long_ago = NOW.replace(year=2020)
    with own_shelf.archive.write() as connection:
        connection.execute(update(subscriptions).values(created_at=long_ago))

    def alerts() -> list[Any]:
        return list(client.get("/api/v1/alerts").json()["alerts"])

    assert alerts() == []
    ask(own_shelf, "giay-khen", AWARD)
    [alert] = alerts()
    assert alert["message"]["article"]["id"] == own_shelf.ids["giay-khen"]
    ask(own_shelf, "giay-khen", {"kind": "decision", "is_award_article": True})
    assert len(alerts()) == 1, "what was told is not told again"


def test_a_correction_that_the_newspaper_made_idle_is_shown_so(own_shelf: Shelf) -> None:
    ask(
        own_shelf,
        "giay-khen",
        {"kind": "mention", "words": "Công ty Điện lực Bãi Sậy", "label": "PLACE"},
    )
    lines = [
        ("title", "Trao Giấy khen"),
        ("lead", "[UNIT|Sở Công Thương Hà Nội] trao [AWARD|Giấy khen]."),
    ]
    keep(own_shelf.archive, write(CITY, "giay-khen", "2024-12-16T07:05:00+07:00", lines), CITY, NOW)
    [correction] = shown(own_shelf, "giay-khen")["corrections"]
    assert correction["stands"] is False
    page = own_shelf.client().get(f"/bai/{own_shelf.ids['giay-khen']}").text
    assert "Không còn áp dụng" in page
    assert "Đánh dấu “Công ty Điện lực Bãi Sậy”" in page


@pytest.mark.parametrize(
    ("correction", "more", "status"),
    [
        ({"kind": "mention", "words": "không có chữ này", "label": "UNIT"}, {}, 422),
        ({"kind": "mention", "words": "Sở Công Thương", "label": "CITY"}, {}, 422),
        ({"kind": "award", "ordinal": 7, "value": None}, {}, 409),
        ({"kind": "decision", "is_award_article": True}, {"version": 4}, 409),
        ({"kind": "poem"}, {}, 422),
    ],
)
def test_what_cannot_be_is_told(
    shelf: Shelf, correction: dict[str, Any], more: dict[str, Any], status: int
) -> None:
    answer = ask(shelf, "giay-khen", correction, **more)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_the_forms_correct_and_tell_what_is_wrong_beside_what_was_typed(own_shelf: Shelf) -> None:
    client = own_shelf.client()
    path = f"/bai/{own_shelf.ids['giay-khen']}/sua"
    form = client.get(path).text
    assert 'value="Công ty Điện lực Bãi Sậy"' in form
    assert "=HYPERLINK" in form

    def send(**fields: str) -> Response:
        return client.post(path, data={"version": "1", **fields})

    wrong = send(kind="mention", words="điện lực bãi lau", label="UNIT")
    assert wrong.status_code == 422
    assert "Không thấy “điện lực bãi lau” trong bài" in wrong.text
    assert 'value="điện lực bãi lau"' in wrong.text
    assert (
        send(kind="mention", words="Giấy khen", label="AWARD", occurrence="99").status_code == 422
    )
    assert send(kind="award", ordinal="0", seen="Giấy khen", award="").status_code == 422
    no_day = send(kind="award", ordinal="0", seen="Giấy khen", award="Giấy khen", date="31/2/2024")
    assert (no_day.status_code, "31/2/2024" in no_day.text) == (422, True)
    done = send(
        kind="award", ordinal="0", seen="Giấy khen", award="Giấy khen", level="grassroots",
        recipients="Công ty Điện lực Bãi Sậy\r\nba tập thể", date="15/12/2024", reason="đủ tên",
    )  # fmt: skip
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?saved=1")
    [award] = shown(own_shelf, "giay-khen")["extraction"]["awards"]
    assert award["recipients"] == ["Công ty Điện lực Bãi Sậy", "ba tập thể"]
    assert (award["date"], award["conferrer"]) == ("2024-12-15", None)
    send(kind="mention", words="Giấy khen", label="AWARD", occurrence="1")
    send(kind="mention", words="x", was="Công ty Điện lực Bãi Sậy", remove="1")
    send(kind="model", name="phong trào tiết kiệm điện", model_kind="exemplar")
    send(kind="person", name="ba tập thể", role="hai đơn vị khác")
    assert send(kind="decision", is_award_article="false").status_code == 303
    answer = shown(own_shelf, "giay-khen")
    assert answer["extraction"]["models"][0]["kind"] == "exemplar"
    assert answer["extraction"]["people"][0]["role"] == "hai đơn vị khác"
    assert answer["extraction"]["is_award_article"] is False
    undone = client.post(f"/ban-sua/{answer['corrections'][0]['id']}/bo")
    assert undone.headers["location"] == f"{path}?saved=1"
    assert "văn phòng đã bỏ" in client.get(path).text


def test_only_who_is_signed_in_corrects(own_shelf: Shelf) -> None:
    settings = own_shelf.settings.model_copy(update={"admin_token": SecretStr("một-mã-dài")})
    client = TestClient(create_app(own_shelf.archive, own_shelf.index, settings))
    article = own_shelf.ids["giay-khen"]
    body = {"correction": {"kind": "decision", "is_award_article": True}}
    assert client.post(f"/api/v1/articles/{article}/corrections", json=body).status_code == 401
    assert "Sửa thông tin rút ra" not in client.get(f"/bai/{article}").text
    client.post("/dang-nhap", data={"token": "một-mã-dài"})
    assert "Sửa thông tin rút ra" in client.get(f"/bai/{article}").text


def test_an_article_tells_that_its_date_is_doubtful(own_shelf: Shelf) -> None:
    written = write(PROVINCE, "ngay-sai", "2024-12-11T15:30:00+07:00", [("title", "Tin")])
    doubtful = written.article.model_copy(update={"date_doubt": DateDoubt.WEEKDAY})
    with own_shelf.archive.write() as connection:
        saved = articles.save(connection, PROVINCE, doubtful, None, NOW)
    assert "thứ in trên trang không khớp" in own_shelf.client().get(f"/bai/{saved.article_id}").text

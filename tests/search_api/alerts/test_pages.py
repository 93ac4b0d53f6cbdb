"""Subscriptions, inbox and deliveries on the page and in the API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from markupsafe import escape
from pydantic import SecretStr
from starlette.testclient import TestClient

from diembao.archive import articles
from search_api.alerts.channels.webhook import sign
from search_api.alerts.ready_made import READY_MADE
from search_api.alerts.trending import evaluate_due
from search_api.app import create_app
from search_api.index import open_index
from search_api.index.document import build
from search_api.routes.context import Context
from tests.search_api.alerts.conftest import NOW, deliver, make

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The application over the newsroom's archive, by the newsroom's clock."""

    def now(_: Context) -> Any:
        newsroom.clock += timedelta(seconds=1)
        return newsroom.clock

    monkeypatch.setattr(Context, "now", now)
    index = open_index(newsroom.settings, writable=True)
    app = create_app(newsroom.archive, index, newsroom.settings)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def test_the_form_takes_the_query_of_the_search_page(client: TestClient) -> None:
    page = client.get("/theo-doi/moi", params={"q": 'unit:"hội phụ nữ"', "subject": "story"})
    assert page.status_code == 200
    assert 'value="unit:&#34;hội phụ nữ&#34;"' in page.text


def test_a_subscription_made_on_the_page_shows_its_secrets_once(
    client: TestClient, receiver: Any
) -> None:
    form = {"name": "Của tôi", "q": "khoat", "subject": "event", "webhook": receiver.url}
    page = client.post("/theo-doi", data=form)
    assert page.status_code == 201
    assert page.headers["cache-control"] == "no-store"
    assert "/feeds/" in page.text
    for address in ("/theo-doi", "/theo-doi/1", "/api/v1/subscriptions", "/api/v1/subscriptions/1"):
        listed = client.get(address)
        assert listed.status_code == 200
        assert "Của tôi" in listed.text
        assert "/feeds/" not in listed.text
        assert "secret" not in listed.text


def test_the_secret_shown_is_the_one_that_signs(
    client: TestClient, newsroom: Any, given: Any, receiver: Any
) -> None:
    made = make(client, channels=[{"kind": "webhook", "url": receiver.url}])
    [secret] = made["secrets"].values()
    newsroom.publish("mot", given())
    assert deliver(newsroom).sent == 1
    headers, body = receiver.requests[0].headers, receiver.requests[0].body
    assert headers["x-diembao-signature"] == sign(secret, headers["x-diembao-timestamp"], body)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"q": "", "subject": "story"}, "Hãy nhập điều kiện tìm"),
        ({"q": "và của", "subject": "story"}, "từ mang nghĩa"),
        ({"q": "khoat", "webhook": "khong-phai"}, "không phải địa chỉ webhook"),
        ({"q": "khoat", "email": "a@b.vn"}, "DIEMBAO_SMTP_HOST"),
        ({"q": "khoat", "name": "x" * 201}, "quá dài"),
    ],
)
def test_what_can_be_no_subscription_is_refused_in_one_sentence(
    client: TestClient, form: dict[str, str], reason: str
) -> None:
    page = client.post("/theo-doi", data={"subject": "event", **form})
    assert page.status_code == 422
    alert = page.text.partition('role="alert">')[2].partition("</p>")[0]
    assert reason in alert
    assert client.get("/api/v1/subscriptions").json() == []


def test_an_unknown_channel_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/subscriptions", json={"channels": [{"kind": "fax"}]})
    assert answer.status_code == 422
    assert "webhook" in answer.json()["error"]["message"]


def test_private_addresses_are_refused_by_default(client: TestClient, newsroom: Any) -> None:
    closed = newsroom.settings.model_copy(update={"private_networks": False})
    app = create_app(newsroom.archive, open_index(closed), closed)
    with TestClient(app) as default:
        asked = {"channels": [{"kind": "webhook", "url": "http://127.0.0.1/"}]}
        answer = default.post("/api/v1/subscriptions", json=asked)
    assert answer.status_code == 422
    assert "mạng nội bộ" in answer.json()["error"]["message"]


def test_a_channel_that_stays_keeps_its_secret_and_a_new_one_shows_its_own(
    client: TestClient, receiver: Any
) -> None:
    made = make(client, channels=[{"kind": "webhook", "url": receiver.url}])
    [key] = made["secrets"]
    asked = {"keep": [key], "channels": [{"kind": "webhook", "url": receiver.url + "2"}]}
    changed = client.put("/api/v1/subscriptions/1", json=asked).json()
    assert len(changed["subscription"]["channels"]) == 2
    assert key not in changed["secrets"]
    assert len(changed["secrets"]) == 1


def test_one_address_twice_in_a_subscription_is_refused(client: TestClient, receiver: Any) -> None:
    channels = [{"kind": "webhook", "url": receiver.url}] * 2
    answer = client.post("/api/v1/subscriptions", json={"channels": channels})
    assert answer.status_code == 422
    assert "hai lần" in answer.json()["error"]["message"]


def test_pausing_and_deleting_on_the_page(client: TestClient, newsroom: Any, given: Any) -> None:
    make(client)
    client.post("/theo-doi/1", data={"q": "", "subject": "event", "name": "Tạm dừng"})
    assert client.get("/api/v1/subscriptions/1").json()["active"] is False
    assert newsroom.publish("mot", given()) == 0
    assert client.post("/theo-doi/1/xoa").headers["location"] == "/theo-doi"
    assert client.get("/theo-doi/1").status_code == 404
    assert client.delete("/api/v1/subscriptions/1").status_code == 404


def test_the_preview_lists_what_would_have_been_told(
    client: TestClient, newsroom: Any, given: Any
) -> None:
    ids = [newsroom.save("mot", given()), newsroom.save("hai", given(), paper="trungdu")]
    ids.append(newsroom.save("ba", given(recipients=("Phùng Thị Sen",))))
    with newsroom.archive.read() as connection:
        documents = [build(one) for one in articles.load(connection, ids)]
    client.app.state.context.index.put(documents)  # type: ignore[attr-defined]
    address = "/api/v1/subscriptions/preview"
    assert len(client.get(address, params={"q": ""}).json()) == 2
    [message] = client.get(address, params={"q": "recipient:sen"}).json()
    assert message["awards"][0]["recipients"] == ["Phùng Thị Sen"]
    page = client.get("/theo-doi/moi", params={"q": "recipient:sen"})
    assert "30 ngày qua sẽ có 1 cảnh báo" in page.text
    newsroom.clock += timedelta(days=40)
    assert client.get(address, params={"q": ""}).json() == []


# --- ready-made ones, schedules, trends ------------------------------------------------------------


@pytest.mark.parametrize(
    ("ready", "fill", "query", "subject"),
    [
        ("events", "", "", "event"),
        ("high", "", "level:state OR level:prime_minister", "event"),
        ("unit", "Hội “Phụ nữ” xã", 'unit:"Hội Phụ nữ xã" OR "Hội Phụ nữ xã"', "story"),
        (
            "leader",
            "Lương Đình Khoát, Phùng Thị Sen;",
            'person:"Lương Đình Khoát" OR "Lương Đình Khoát" OR person:"Phùng Thị Sen" OR '
            '"Phùng Thị Sen"',
            "story",
        ),
        ("models", "ha-noi", 'province:"ha-noi"', "model"),
        ("first", "Phùng Thị Sen", 'person:"Phùng Thị Sen" OR "Phùng Thị Sen"', "first"),
        ("surge", "Hội Nông dân", 'unit:"Hội Nông dân" OR "Hội Nông dân"', "surge"),
        ("silence", "thudo", 'source:"thudo"', "silence"),
    ],
)
def test_a_ready_made_one_needs_one_thing_filled_in_and_can_be_saved(
    client: TestClient, newsroom: Any, ready: str, fill: str, query: str, subject: str
) -> None:
    newsroom.save("mot")
    assert f'name="ready" value="{ready}"' in (page := client.get("/theo-doi/moi").text) or (
        f"?ready={ready}" in page
    )
    page = client.get("/theo-doi/moi", params={"ready": ready, "fill": fill}).text
    assert f'name="q" type="text" value="{escape(query)}"' in page
    assert f'name="subject" value="{subject}" checked' in page
    assert client.post("/theo-doi", data={"q": query, "subject": subject}).status_code == 201


def test_my_leader_is_found_by_name_whether_or_not_the_extractor_saw_it(
    client: TestClient, newsroom: Any, given: Any
) -> None:
    [ready] = [one for one in READY_MADE if one.key == "leader"]
    make(client, query=ready.query("Lương Đình Khoát"), subject="story")
    assert newsroom.publish("mot", given()) == 1
    assert newsroom.publish("hai", body="Ông Lương Đình Khoát phát biểu.") == 1
    assert newsroom.publish("ba", body="Ông Lương Văn Khoát phát biểu.") == 0


def test_new_models_in_my_province_are_told(client: TestClient, newsroom: Any, run: Any) -> None:
    [ready] = [one for one in READY_MADE if one.key == "models"]
    make(client, query=ready.query("ha-noi"), subject="model")
    assert newsroom.publish("mot", run("Xóm Sáng", "Hội Phụ nữ quận Tây Hồ")) == 1
    assert newsroom.publish("hai", run("Tổ Thủy Lợi")) == 0


def test_a_schedule_set_on_the_page_stands_on_it_and_in_the_api(client: TestClient) -> None:
    form = {
        "q": "khoat", "mode": "hourly", "hour": "17", "quiet_from": "22", "quiet_until": "6",
        "most": "5", "reprints": "true",
    }  # fmt: skip
    assert client.post("/theo-doi", data=form).status_code == 201
    schedule = {
        "mode": "hourly", "hour": 17, "quiet_from": 22, "quiet_until": 6, "most": 5,
        "reprints": True,
    }  # fmt: skip
    assert client.get("/api/v1/subscriptions/1").json()["schedule"] == schedule
    page = client.get("/theo-doi/1").text
    assert '<option value="hourly" selected>' in page
    assert '<option value="22" selected>22:00</option>' in page
    assert 'name="reprints" value="true" checked' in page
    changed = {"q": "khoat", "active": "true", "mode": "instant", "hour": "7"}
    client.post("/theo-doi/1", data=changed)
    after = client.get("/api/v1/subscriptions/1").json()
    assert (after["schedule"]["mode"], after["schedule"]["most"]) == ("instant", None)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"quiet_from": "22"}, "Lịch gửi chưa đúng"),
        ({"most": "nhiều"}, "Lịch gửi chưa đúng"),
        ({"subject": "surge", "factor": "1"}, "xu hướng chưa đúng"),
        ({"subject": "silence", "days": "0"}, "xu hướng chưa đúng"),
    ],
)
def test_a_schedule_or_trend_that_cannot_be_is_refused_and_the_form_keeps_the_rest(
    client: TestClient, form: dict[str, str], reason: str
) -> None:
    page = client.post("/theo-doi", data={"q": "khoat", "name": "Tên của tôi", **form})
    assert page.status_code == 422
    assert reason in page.text.partition('role="alert">')[2].partition("</p>")[0]
    assert 'value="Tên của tôi"' in page.text


def test_the_numbers_of_a_trend_are_kept(client: TestClient) -> None:
    form = {"q": "khoat", "subject": "surge", "factor": "2,5", "least": "8"}
    assert client.post("/theo-doi", data=form).status_code == 201
    trend = client.get("/api/v1/subscriptions/1").json()["trend"]
    assert (trend["factor"], trend["least"]) == (2.5, 8)
    assert 'name="factor" type="number" min="1" max="100" step="0.1" value="2.5"' in (
        client.get("/theo-doi/1").text
    )


def test_a_first_time_that_has_been_is_refused(
    client: TestClient, newsroom: Any, given: Any
) -> None:
    article_id = newsroom.save("mot", given())
    with newsroom.archive.read() as connection:
        [document] = map(build, articles.load(connection, [article_id]))
    client.app.state.context.index.put([document])  # type: ignore[attr-defined]
    page = client.post("/theo-doi", data={"q": "khoat", "subject": "first"})
    assert page.status_code == 422
    assert "đã có 1 bài khớp" in page.text


def test_the_preview_keeps_what_was_filled_in_and_out_of_the_address(
    client: TestClient, receiver: Any
) -> None:
    page = client.post("/theo-doi/moi", data={"q": "khoat", "slack": receiver.url, "hour": "9"})
    assert page.status_code == 200
    assert f'value="{receiver.url}"' in page.text
    assert "30 ngày qua sẽ có 0 cảnh báo" in page.text
    assert client.get("/api/v1/subscriptions").json() == []


def test_the_form_offers_the_channels_that_are_set_up(client: TestClient, newsroom: Any) -> None:
    page = client.get("/theo-doi/moi").text
    assert 'name="slack"' in page
    assert 'name="webhook"' in page
    assert not any(f'name="{kind}"' in page for kind in ("email", "telegram", "zalo"))
    opened = newsroom.settings.model_copy(
        update={"telegram_token": SecretStr("t"), "smtp_host": "127.0.0.1"}
    )
    with TestClient(create_app(newsroom.archive, open_index(opened), opened)) as other:
        page = other.get("/theo-doi/moi").text
    assert 'name="telegram"' in page
    assert 'name="email"' in page


def test_a_trend_stands_in_the_inbox_with_its_numbers(client: TestClient, newsroom: Any) -> None:
    newsroom.subscribe("đồi chè", "surge")
    ids = [newsroom.save(f"bai-{n}", at=NOW - timedelta(days=n)) for n in range(1, 64)]
    ids += [
        newsroom.save(f"htx-{n}", body="Xã Đồi Chè.", at=NOW - timedelta(days=2)) for n in range(6)
    ]
    index = client.app.state.context.index  # type: ignore[attr-defined]
    with newsroom.archive.read() as connection:
        index.put([build(one) for one in articles.load(connection, ids)])
    assert evaluate_due(newsroom.archive, index, newsroom.settings, NOW) == 1
    page = client.get("/hop-thu").text
    assert "6 bài trong 7 ngày qua" in page
    assert "Mức thường:" in page


def test_a_test_message_is_signed_and_says_that_it_is_one(
    client: TestClient, receiver: Any
) -> None:
    made = make(client, channels=[{"kind": "webhook", "url": receiver.url}])
    [(key, secret)] = made["secrets"].items()
    assert client.post("/theo-doi/1/thu", data={"key": key}).status_code == 200
    headers, body = receiver.requests[0].headers, receiver.requests[0].body
    assert json.loads(body)["type"] == headers["x-diembao-event"] == "trial"
    assert headers["x-diembao-signature"] == sign(secret, headers["x-diembao-timestamp"], body)


@pytest.mark.parametrize(("word", "reason"), [("500", "HTTP 500"), ("hang", "giây")])
def test_a_test_message_that_fails_says_why(
    client: TestClient, receiver: Any, word: str, reason: str
) -> None:
    made = make(client, channels=[{"kind": "webhook", "url": receiver.url}])
    [key] = made["secrets"]
    receiver.script.extend([word, word])
    answer = client.post(f"/api/v1/subscriptions/1/channels/{key}/trial").json()
    assert answer["accepted"] is False
    assert reason in answer["error"]
    page = client.post("/theo-doi/1/thu", data={"key": key})
    assert page.status_code == 502
    assert reason in page.text


# --- inbox and deliveries --------------------------------------------------------------------------


def test_the_inbox_counts_what_is_unread(client: TestClient, newsroom: Any, given: Any) -> None:
    make(client)
    for number in range(3):
        newsroom.publish(f"bai-{number}", given(recipients=(f"Tổ {number}",)))
    assert client.get("/api/v1/alerts").json()["unread"] == 3
    assert client.post("/hop-thu/1/doc").status_code == 303
    assert client.get("/api/v1/subscriptions").json()[0]["unread"] == 2
    unread = client.get("/api/v1/alerts", params={"unread": True}).json()["alerts"]
    assert [alert["id"] for alert in unread] == [3, 2]
    assert client.post("/api/v1/alerts/read", params={"up_to": 2}).json() == {"read": 1}
    client.post("/hop-thu/doc", data={"up_to": 3})
    assert client.get("/api/v1/alerts").json()["unread"] == 0
    assert client.post("/api/v1/alerts/99/read").status_code == 404


def test_the_inbox_is_read_page_by_page(client: TestClient, newsroom: Any, given: Any) -> None:
    make(client)
    for number in range(5):
        newsroom.publish(f"bai-{number}", given(recipients=(f"Tổ {number}",)))
    seen: list[int] = []
    before: int | None = None
    while True:
        params = {"limit": 2} | ({"before": before} if before else {})
        page = client.get("/api/v1/alerts", params=params).json()
        seen += [alert["id"] for alert in page["alerts"]]
        before = page["before"]
        if before is None:
            break
    assert seen == [5, 4, 3, 2, 1]


def test_the_inbox_page_prints_the_message(client: TestClient, newsroom: Any, given: Any) -> None:
    make(client)
    newsroom.publish("mot", given(recipients=("Tổ <b>5</b>",)))
    page = client.get("/hop-thu").text
    assert "Tổ &lt;b&gt;5&lt;/b&gt; được tặng Bằng khen" in page
    assert "Người nhận" in page


def test_dead_letters_are_listed_and_sent_again(
    client: TestClient, newsroom: Any, given: Any, receiver: Any
) -> None:
    make(client, channels=[{"kind": "webhook", "url": receiver.url}])
    receiver.script.append("410")
    newsroom.publish("mot", given())
    assert deliver(newsroom).dead == 1
    [dead] = client.get("/api/v1/deliveries", params={"state": "dead"}).json()
    assert dead["last_error"] == "HTTP 410"
    assert receiver.url not in json.dumps(dead)
    assert "HTTP 410" in client.get("/theo-doi/luot-gui").text
    assert client.post(f"/theo-doi/luot-gui/{dead['id']}/gui-lai").status_code == 303
    assert deliver(newsroom).sent == 1
    assert receiver.keys == [dead["id"]] * 2
    assert client.post(f"/api/v1/deliveries/{dead['id']}/again").status_code == 404

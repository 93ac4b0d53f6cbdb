"""Subscriptions, inbox and deliveries on the page and in the API."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from diembao.archive import articles
from search_api.alerts.channels.webhook import sign
from search_api.alerts.delivery import deliver_due
from search_api.app import create_app
from search_api.index import open_index
from search_api.index.document import build
from search_api.routes.context import Context

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


def make(client: TestClient, **asked: Any) -> Any:
    answer = client.post("/api/v1/subscriptions", json=asked)
    assert answer.status_code == 201, answer.text
    return answer.json()


def deliver(newsroom: Any, hours: float = 0) -> Any:
    newsroom.clock += timedelta(hours=hours, seconds=1)
    chance = random.Random(1)
    return deliver_due(newsroom.archive, newsroom.settings, newsroom.clock, chance=chance)


# --- subscriptions ---------------------------------------------------------------------------------


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


# --- test messages ---------------------------------------------------------------------------------


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

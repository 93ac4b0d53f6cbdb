"""Webhook signatures, mails and feeds as receivers see them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from lxml import etree
from starlette.testclient import TestClient

from diembao.archive import alerts
from search_api.alerts.channels import email, webhook
from search_api.alerts.channels.base import Parcel
from search_api.alerts.delivery import deliver_due
from search_api.alerts.message import Message
from search_api.app import create_app
from search_api.index import open_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.search_api.postbox import Postbox

DOCS = Path(__file__).parents[3] / "docs" / "alerts.md"


def test_the_signature_is_what_the_documentation_verifies(
    newsroom: Any, given: Any, receiver: Any
) -> None:
    """The snippet of docs/alerts.md runs as it stands."""
    newsroom.subscribe(channels=[{"kind": "webhook", "url": receiver.url, "secret": "khoá"}])
    newsroom.publish("mot", given())
    deliver_due(newsroom.archive, newsroom.settings, newsroom.clock)
    request = receiver.requests[0]
    snippet = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert snippet
    names: dict[str, Any] = {}
    exec(snippet[1], names)
    now = newsroom.clock.timestamp()
    is_genuine = names["is_genuine"]
    assert is_genuine("khoá", request.headers, request.body, now)
    assert not is_genuine("khác", request.headers, request.body, now)
    assert not is_genuine("khoá", request.headers, request.body + b" ", now)
    assert not is_genuine("khoá", request.headers, request.body, now + 3600), "an old request"
    moved = {**request.headers, "x-diembao-timestamp": str(int(now) + 1)}
    assert not is_genuine("khoá", moved, request.body, now)


def test_the_body_holds_what_the_documentation_lists(
    newsroom: Any, given: Any, receiver: Any
) -> None:
    newsroom.subscribe(channels=[{"kind": "webhook", "url": receiver.url, "secret": "khoá"}])
    newsroom.publish("mot", given())
    deliver_due(newsroom.archive, newsroom.settings, newsroom.clock)
    request = receiver.requests[0]
    body = json.loads(request.body)
    section = DOCS.read_text(encoding="utf-8").partition("## Webhooks")[2].partition("## ")[0]
    table = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert list(body) == table
    assert request.headers["x-diembao-event"] == body["type"] == "alert.created"
    assert request.headers["x-diembao-delivery"] == request.headers["idempotency-key"] == body["id"]


def test_signing_is_keyed() -> None:
    assert webhook.sign("a", "1", b"{}") != webhook.sign("b", "1", b"{}")


# --- e-mail ----------------------------------------------------------------------------------------


def test_a_mail_is_readable_twice_and_the_same_at_every_attempt(
    newsroom: Any, given: Any, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    box.refusals = 1
    newsroom.settings = newsroom.settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    )
    to = {"kind": "email", "to": "vanphong@example.org", "way_out": "loi-ra"}
    newsroom.subscribe(channels=[to])
    newsroom.publish("mot", given())
    assert deliver_due(newsroom.archive, newsroom.settings, newsroom.clock).retried == 1
    later = newsroom.clock + timedelta(hours=1)
    assert deliver_due(newsroom.archive, newsroom.settings, later).sent == 1
    [mail] = box.mails
    assert mail["Subject"] == "Lương Đình Khoát được tặng Bằng khen của UBND thành phố Hà Nội"
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8000/thoi-nhan/1/loi-ra>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<[0-9a-f-]{36}@localhost>", mail["Message-ID"])
    plain, html = mail.iter_parts()
    assert "Người nhận: Lương Đình Khoát" in plain.get_content()
    assert html.get_content_type() == "text/html"


@pytest.mark.parametrize("host", ["bao.example", f"diem-bao.{'thanh-pho-' * 8}x.example"])
def test_the_way_out_is_sent_as_it_is_however_long(newsroom: Any, given: Any, host: str) -> None:
    newsroom.settings = newsroom.settings.model_copy(update={"public_url": f"https://{host}"})
    newsroom.subscribe()
    newsroom.publish("mot", given())
    message = Message.model_validate(newsroom.alerts()[0].message)
    parcel = Parcel("mot", 1, message, newsroom.clock)
    channel = {"kind": "email", "to": "a@example.org", "way_out": "loi-ra"}
    sent = email.compose(parcel, channel, newsroom.settings).as_bytes(policy=policy.SMTP)
    lines = sent.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert f"List-Unsubscribe: <https://{host}/thoi-nhan/1/loi-ra>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


# --- feeds -----------------------------------------------------------------------------------------


@pytest.fixture
def client(newsroom: Any) -> Iterator[TestClient]:
    """The application over the newsroom's archive."""
    index = open_index(newsroom.settings)
    app = create_app(newsroom.archive, index, newsroom.settings)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def subscribed_feed(newsroom: Any) -> str:
    newsroom.subscribe()
    with newsroom.archive.write() as connection:
        alerts.renew_feed_token(connection, 1, "bi-mat")
    return "/feeds/bi-mat.atom"


def test_the_feed_is_atom_and_its_entries_keep_their_ids(
    newsroom: Any, given: Any, client: TestClient
) -> None:
    address = subscribed_feed(newsroom)
    newsroom.publish("mot", given())
    first = feedparser.parse(client.get(address).content)
    newsroom.publish("hai", given(recipients=("Phùng Thị Sen",)))
    answer = client.get(address)
    second = feedparser.parse(answer.content)
    assert not second.bozo
    assert second.version == "atom10"
    assert [entry.title[:15] for entry in second.entries] == ["Phùng Thị Sen đ", "Lương Đình Khoá"]
    assert second.entries[1].id == first.entries[0].id
    assert first.feed.id == second.feed.id
    _check_atom(answer.content)


def _check_atom(xml: bytes) -> None:
    """What RFC 4287 requires of a feed and its entries."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = etree.fromstring(xml)
    assert feed.tag == f"{atom}feed"
    assert feed.find(f"{atom}link[@rel='self']") is not None
    assert feed.find(f"{atom}author/{atom}name") is not None
    parts = [feed, *feed.findall(f"{atom}entry")]
    for part in parts:
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{atom}{name}")) == 1
    ids = [part.findtext(f"{atom}id") for part in parts]
    assert len(set(ids)) == len(ids)


def test_an_unchanged_feed_is_not_sent_again(newsroom: Any, given: Any, client: TestClient) -> None:
    address = subscribed_feed(newsroom)
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    newsroom.publish("mot", given())
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_feed_opens_to_its_present_token_only(newsroom: Any, client: TestClient) -> None:
    address = subscribed_feed(newsroom)
    renewed = client.post("/api/v1/subscriptions/1/feed").json()["feed_url"]
    assert client.get(address).status_code == 404
    assert client.get(renewed.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert client.get("/feeds/.atom").status_code == 404

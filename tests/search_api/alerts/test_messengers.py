"""Telegram, Slack and Zalo against servers on loopback that answer as theirs do."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr

from diembao.archive import deliveries
from diembao.errors import BadInputError
from search_api.alerts import wording
from search_api.alerts.channels import CHANNELS
from search_api.alerts.delivery import deliver_due

TOKEN = "123:bi-mat"
LONG = "Nguyễn Thị Mến 🏅 " * 400


@pytest.fixture
def office(newsroom: Any, receiver: Any) -> Any:
    """A newsroom whose bot and account talk to the receiver."""
    base = receiver.url.removesuffix("/hook")
    newsroom.settings = newsroom.settings.model_copy(
        update={
            "telegram_api": base,
            "telegram_token": SecretStr(TOKEN),
            "zalo_api": base,
            "zalo_oauth": base,
            "zalo_app": "77",
            "zalo_secret": SecretStr("app-secret"),
            "zalo_refresh_token": SecretStr("refresh-0"),
        }
    )
    return newsroom


def tell(office: Any, given: Any, *channels: dict[str, str], **of: Any) -> None:
    office.subscribe(channels=channels)
    office.publish("mot", given(**of))


def drain(office: Any, hours: float = 0) -> Any:
    office.clock += timedelta(hours=hours, seconds=1)
    chance = random.Random(1)
    return deliver_due(office.archive, office.settings, office.clock, chance=chance)


def last_error(office: Any) -> str:
    with office.archive.read() as connection:
        return deliveries.list_deliveries(connection)[0].last_error or ""


# --- Telegram --------------------------------------------------------------------------------------

CHAT = {"kind": "telegram", "to": "-100123"}


def test_a_telegram_message_has_its_title_bold_and_needs_no_escaping(
    office: Any, given: Any, receiver: Any
) -> None:
    tell(office, given, CHAT, recipients=("Tổ *5* <b>_xóm_</b> 🏅",))
    assert drain(office).sent == 1
    [request] = receiver.requests
    assert request.path == f"/bot{TOKEN}/sendMessage"
    body = json.loads(request.body)
    assert body["chat_id"] == "-100123"
    assert "parse_mode" not in body
    title = body["text"].splitlines()[0]
    assert title.startswith("Tổ *5* <b>_xóm_</b> 🏅 được tặng")
    assert body["entities"] == [{"type": "bold", "offset": 0, "length": len(title) + 1}]


def test_telegram_names_its_rest_in_the_body(office: Any, given: Any, receiver: Any) -> None:
    receiver.script.append('429 {"ok": false, "parameters": {"retry_after": 3600}}')
    tell(office, given, CHAT)
    assert drain(office).retried == 1
    assert drain(office, hours=0.9).sent == 0
    assert drain(office, hours=0.2).sent == 1


def test_a_bot_that_was_blocked_writes_no_more(office: Any, given: Any, receiver: Any) -> None:
    receiver.script.append('403 {"ok": false, "description": "bot was blocked by the user"}')
    tell(office, given, CHAT)
    assert drain(office).dead == 1
    assert "bot was blocked" in last_error(office)


def test_a_group_that_became_a_supergroup_is_followed(
    office: Any, given: Any, receiver: Any
) -> None:
    receiver.script.append('400 {"ok": false, "parameters": {"migrate_to_chat_id": -100999}}')
    tell(office, given, CHAT)
    assert drain(office).sent == 1
    assert [json.loads(one.body)["chat_id"] for one in receiver.requests] == ["-100123", "-100999"]


@pytest.mark.parametrize("word", ["500", "cut", "hang", "400 {oh"])
def test_what_telegram_does_not_take_is_sent_again_and_no_error_holds_the_token(
    office: Any, given: Any, receiver: Any, word: str
) -> None:
    receiver.script.append(word)
    tell(office, given, CHAT)
    assert drain(office).retried == 1
    assert TOKEN not in last_error(office)
    assert drain(office, hours=1).sent == 1


def test_a_refused_connection_does_not_tell_the_token(office: Any, given: Any) -> None:
    office.settings = office.settings.model_copy(update={"telegram_api": "http://127.0.0.1:9"})
    tell(office, given, CHAT)
    assert drain(office).retried == 1
    assert TOKEN not in last_error(office)


# --- Slack -----------------------------------------------------------------------------------------


def test_a_slack_message_is_escaped_and_not_formatted(
    office: Any, given: Any, receiver: Any
) -> None:
    tell(office, given, {"kind": "slack", "url": receiver.url}, recipients=("Tổ <5> & *6*",))
    assert drain(office).sent == 1
    body = json.loads(receiver.requests[0].body)
    assert body["text"].startswith("Tổ &lt;5&gt; &amp; *6* được tặng")
    assert body["mrkdwn"] is False


@pytest.mark.parametrize(
    ("word", "retried", "dead"),
    [("500", 1, 0), ("cut", 1, 0), ("hang", 1, 0), ("404 {gone}", 0, 1), ("410", 0, 1)],
)
def test_what_slack_answers_decides_whether_it_is_tried_again(
    office: Any, given: Any, receiver: Any, word: str, retried: int, dead: int
) -> None:
    receiver.script.append(word)
    tell(office, given, {"kind": "slack", "url": receiver.url})
    outcome = drain(office)
    assert (outcome.retried, outcome.dead) == (retried, dead)
    assert drain(office, hours=1).sent == retried


def test_slack_may_name_its_rest(office: Any, given: Any, receiver: Any) -> None:
    receiver.script.append("429 Retry-After=3600")
    tell(office, given, {"kind": "slack", "url": receiver.url})
    drain(office)
    assert drain(office, hours=0.9).sent == 0
    assert drain(office, hours=0.2).sent == 1


# --- Zalo ------------------------------------------------------------------------------------------

PERSON = {"kind": "zalo", "to": "4455"}
TAKEN = '200 {"error": 0, "message": "Success"}'


def renewed(number: int, seconds: int = 90_000) -> str:
    given = {
        "access_token": f"access-{number}",
        "refresh_token": f"refresh-{number}",
        "expires_in": str(seconds),
    }
    return f"200 {json.dumps(given)}"


def test_zalo_is_written_to_with_a_token_that_is_fetched_first(
    office: Any, given: Any, receiver: Any
) -> None:
    receiver.script.extend([renewed(1), TAKEN])
    tell(office, given, PERSON)
    assert drain(office).sent == 1
    token, message = receiver.requests
    assert token.path == "/v4/oa/access_token"
    assert token.headers["secret_key"] == "app-secret"
    assert parse_qs(token.body.decode()) == {
        "refresh_token": ["refresh-0"],
        "app_id": ["77"],
        "grant_type": ["refresh_token"],
    }
    assert message.path == "/v3.0/oa/message/cs"
    assert message.headers["access_token"] == "access-1"
    assert json.loads(message.body)["recipient"] == {"user_id": "4455"}


def test_a_token_is_kept_until_it_ends_and_paid_with_the_last_refresh_token(
    office: Any, given: Any, receiver: Any
) -> None:
    receiver.script.extend([renewed(1), TAKEN, TAKEN, renewed(2), TAKEN])
    tell(office, given, PERSON)
    assert drain(office).sent == 1
    office.publish("hai", given(recipients=("Tổ 2",)))
    assert drain(office).sent == 1
    office.publish("ba", given(recipients=("Tổ 3",)))
    assert drain(office, hours=25).sent == 1
    paid = [parse_qs(one.body.decode()) for one in receiver.requests if "oauth" in one.path or "access_token" in one.path]  # fmt: skip
    assert [one["refresh_token"] for one in paid] == [["refresh-0"], ["refresh-1"]]


def test_a_token_that_zalo_refuses_is_renewed_at_once(
    office: Any, given: Any, receiver: Any
) -> None:
    refused = '200 {"error": -216, "message": "Access token is invalid"}'
    receiver.script.extend([renewed(1), refused, renewed(2), TAKEN])
    tell(office, given, PERSON)
    assert drain(office).sent == 1
    assert receiver.requests[3].headers["access_token"] == "access-2"


def test_another_refresh_token_in_the_settings_begins_a_new_chain(
    office: Any, given: Any, receiver: Any
) -> None:
    broken = '200 {"error": -14014, "error_description": "Invalid refresh token"}'
    receiver.script.extend([broken, renewed(1), TAKEN])
    tell(office, given, PERSON)
    assert drain(office).retried == 1
    assert "DIEMBAO_ZALO_REFRESH_TOKEN" in last_error(office)
    office.settings = office.settings.model_copy(
        update={"zalo_refresh_token": SecretStr("refresh-9")}
    )
    assert drain(office, hours=1).sent == 1
    assert parse_qs(receiver.requests[1].body.decode())["refresh_token"] == ["refresh-9"]


def test_many_people_at_once_are_written_to_with_one_renewal(
    office: Any, given: Any, receiver: Any
) -> None:
    receiver.script.extend([renewed(1), *[TAKEN] * 8])
    tell(office, given, *({"kind": "zalo", "to": str(number)} for number in range(4)))
    assert sum(drain(office, hours=hours).sent for hours in (0, 1)) == 4
    assert [one.path for one in receiver.requests].count("/v4/oa/access_token") == 1


@pytest.mark.parametrize(
    ("answer", "retried", "dead"),
    [
        ('200 {"error": -213, "message": "User has not followed OA"}', 0, 1),
        ('200 {"error": -32, "message": "Rate limit"}', 1, 0),
        ('200 {"error": -200, "message": "Send message failed"}', 1, 0),
        ("200 {oh", 1, 0),
        ("500", 1, 0),
        ("cut", 1, 0),
        ("hang", 1, 0),
    ],
)
def test_what_zalo_answers_decides_whether_it_is_tried_again(
    office: Any, given: Any, receiver: Any, answer: str, retried: int, dead: int
) -> None:
    receiver.script.extend([renewed(1), answer, TAKEN])
    tell(office, given, PERSON)
    outcome = drain(office)
    assert (outcome.retried, outcome.dead) == (retried, dead)
    assert drain(office, hours=2).sent == retried


# --- all of them -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "limit"), [("telegram", 4096), ("slack", 3000), ("zalo", 2000)])
def test_a_message_that_is_too_long_ends_with_the_way_to_all_of_it(
    office: Any, given: Any, receiver: Any, kind: str, limit: int
) -> None:
    receiver.script.extend([renewed(1)] if kind == "zalo" else [])
    receiver.script.append(TAKEN)
    field = CHANNELS[kind].field
    to = receiver.url if kind == "slack" else "4455"
    tell(office, given, {"kind": kind, field: to}, recipients=(LONG.strip(),), conferrer=None)
    assert drain(office).sent == 1
    body = json.loads(receiver.requests[-1].body)
    text = body["message"]["text"] if kind == "zalo" else body["text"]
    assert wording.units(text) <= limit
    assert text.endswith(
        "…\nĐọc bài: http://127.0.0.1:8000/bai/1\n"
        "Xem đủ: http://127.0.0.1:8000/hop-thu?subscription=1"
    )


@pytest.mark.parametrize(
    ("channel", "reason"),
    [
        ({"kind": "telegram", "to": "Nhóm của tôi"}, "không phải mã cuộc trò chuyện Telegram"),
        ({"kind": "telegram", "to": "@tên"}, "không phải mã cuộc trò chuyện Telegram"),
        ({"kind": "telegram", "to": "٣٤"}, "không phải mã cuộc trò chuyện Telegram"),
        ({"kind": "telegram", "to": "-100123"}, "DIEMBAO_TELEGRAM_TOKEN"),
        ({"kind": "zalo", "to": "0912 345"}, "không phải mã người dùng Zalo"),
        ({"kind": "zalo", "to": "4455"}, "DIEMBAO_ZALO_APP"),
        ({"kind": "slack", "url": "hooks"}, "không phải địa chỉ webhook"),
    ],
)
def test_what_leads_nowhere_is_refused_in_one_sentence(
    newsroom: Any, channel: dict[str, str], reason: str
) -> None:
    with pytest.raises(BadInputError, match=reason):
        asyncio.run(CHANNELS[channel["kind"]].check(channel, newsroom.settings))


@pytest.mark.parametrize("to", ["-100123", "42", "@thidua_khenthuong"])
def test_chats_and_channels_of_telegram_are_taken(office: Any, to: str) -> None:
    checked = asyncio.run(CHANNELS["telegram"].check({"to": f" {to} "}, office.settings))
    assert checked == {"kind": "telegram", "to": to}

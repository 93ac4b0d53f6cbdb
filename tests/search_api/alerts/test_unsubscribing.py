"""The way out of a mail: one click of the mail program, no account, for that address alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from search_api.app import create_app
from search_api.index import open_index
from tests.search_api.alerts.conftest import deliver, make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.search_api.postbox import Postbox

SIGNED_IN = {"Authorization": "Bearer mot-ma-rat-kho-doan"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def office(newsroom: Any, postbox: tuple[Postbox, int]) -> Any:
    """A newsroom that sends mails, and lets those who sign in change things."""
    newsroom.settings = newsroom.settings.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": postbox[1],
            "smtp_security": "none",
            "admin_token": SecretStr("mot-ma-rat-kho-doan"),
        }
    )
    return newsroom


@pytest.fixture
def mail_program(office: Any) -> Iterator[TestClient]:
    """Somebody who has the mail and no account."""
    app = create_app(office.archive, open_index(office.settings), office.settings)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def follow(client: TestClient, *addresses: str) -> None:
    client.headers.update(SIGNED_IN)
    make(client, channels=[{"kind": "email", "to": to} for to in addresses])
    del client.headers["Authorization"]


def way_out(office: Any, given: Any, box: Postbox, slug: str) -> str:
    """The path in the mail about the next award."""
    office.clock = datetime.now(UTC)
    told = given(recipients=(f"Cụ {slug}",))
    office.publish(slug, told, body=f"Tin {slug} của xã {slug}.", at=office.clock)
    deliver(office)
    return str(urlsplit(box.mails[-1]["List-Unsubscribe"].strip("<>")).path)


def test_one_click_ends_the_mails_to_that_address_alone(
    office: Any, given: Any, mail_program: TestClient, postbox: tuple[Postbox, int]
) -> None:
    box, _ = postbox
    follow(mail_program, "mot@example.org", "hai@example.org")
    way_out(office, given, box, "mot")
    first = next(mail for mail in box.mails if mail["To"] == "mot@example.org")
    path = urlsplit(first["List-Unsubscribe"].strip("<>")).path
    assert mail_program.post(path, data=ONE_CLICK).status_code == 200
    before = len(box.mails)
    way_out(office, given, box, "hai")
    assert [mail["To"] for mail in box.mails[before:]] == ["hai@example.org"]
    assert len(office.alerts()) == 2


def test_opening_the_address_asks_first_and_ends_nothing(
    office: Any, given: Any, mail_program: TestClient, postbox: tuple[Postbox, int]
) -> None:
    box, _ = postbox
    follow(mail_program, "mot@example.org")
    path = way_out(office, given, box, "mot")
    assert (
        "Thôi gửi cảnh báo của mục theo dõi này tới mot@example.org?" in mail_program.get(path).text
    )
    way_out(office, given, box, "hai")
    assert len(box.mails) == 2


def test_ending_twice_and_a_wrong_token_are_answered_alike(
    office: Any, given: Any, mail_program: TestClient, postbox: tuple[Postbox, int]
) -> None:
    box, _ = postbox
    follow(mail_program, "mot@example.org")
    path = way_out(office, given, box, "mot")
    answers = [
        mail_program.post(one, data=ONE_CLICK)
        for one in ("/thoi-nhan/1/doan-mo", "/thoi-nhan/99/doan-mo", path, path)
    ]
    assert {one.status_code for one in answers} == {200}
    assert len({one.text.replace(path, "") for one in answers[2:]}) == 1
    assert mail_program.get(path).text.count("không còn nhận thư") == 1


def test_a_wrong_token_and_one_of_another_subscription_end_nothing(
    office: Any, given: Any, mail_program: TestClient, postbox: tuple[Postbox, int]
) -> None:
    box, _ = postbox
    follow(mail_program, "mot@example.org")
    follow(mail_program, "hai@example.org")
    token = way_out(office, given, box, "mot").rpartition("/")[2]
    other = 2 if box.mails[-1]["To"] == "mot@example.org" else 1
    for path in ("/thoi-nhan/1/", f"/thoi-nhan/1/{token[:-1]}", f"/thoi-nhan/{other}/{token}"):
        mail_program.post(path, data=ONE_CLICK)
    before = len(box.mails)
    way_out(office, given, box, "hai")
    assert len(box.mails) == before + 2


def test_no_answer_shows_the_token(office: Any, mail_program: TestClient) -> None:
    follow(mail_program, "mot@example.org")
    with office.archive.read() as connection:
        token = connection.exec_driver_sql("SELECT channels FROM subscriptions").scalar_one()
    kept = token if isinstance(token, str) else str(token)
    secret = kept.partition('way_out": "')[2].partition('"')[0]
    assert len(secret) > 20
    for path in ("/api/v1/subscriptions", "/theo-doi", "/theo-doi/1"):
        assert secret not in mail_program.get(path).text

"""Accounts: names, passwords, tokens and sessions, and what the first one takes over."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from diembao.archive import audit, dossiers, own, past_searches, users
from diembao.archive.schema import sessions
from diembao.archive.schema import users as table
from diembao.archive.users import Role
from diembao.errors import BadInputError, ConflictError, NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive

PASSWORD = "mười hai con giáp"


def test_a_password_opens_its_account_in_any_normal_form(archive: Archive, now: datetime) -> None:
    with archive.write() as conn:
        made = users.add(conn, "  Hạ  Vy ", Role.EDITOR, PASSWORD, "cli", now)
        assert made.name == "Hạ Vy"
        decomposed = unicodedata.normalize("NFD", PASSWORD)
        assert users.by_password(conn, "hạ vy", decomposed) == made
        assert users.by_password(conn, "hạ vy", PASSWORD + " ") is None
        assert users.by_password(conn, "ha vy", PASSWORD) is None, "Hạ is not Ha"
        stored = conn.execute(select(table.c.password)).scalar_one()
        assert stored.startswith("$argon2id$")


@pytest.mark.parametrize("name", ["", "  ", "a:b", "x" * 65, "\x00"])
def test_a_name_that_will_not_do_is_refused(archive: Archive, now: datetime, name: str) -> None:
    with archive.write() as conn, pytest.raises(BadInputError):
        users.add(conn, name, Role.READER, PASSWORD, "cli", now)


def test_a_short_password_and_a_taken_name_are_refused(archive: Archive, now: datetime) -> None:
    with archive.write() as conn:
        with pytest.raises(BadInputError):
            users.add(conn, "lan", Role.READER, "ngắn quá", "cli", now)
        users.add(conn, "Hòa", Role.READER, PASSWORD, "cli", now)
        with pytest.raises(ConflictError):
            users.add(conn, "hoà", Role.READER, PASSWORD, "cli", now)
        assert users.count(conn) == 1
        with pytest.raises(NotFoundError):
            users.named(conn, "lan")


def test_a_session_ends_by_itself_by_signing_out_and_with_a_new_password(
    archive: Archive, now: datetime
) -> None:
    with archive.write() as conn:
        lan = users.add(conn, "lan", Role.READER, PASSWORD, "cli", now)
        first, second = (users.open_session(conn, lan, now) for _ in range(2))
        assert users.by_session(conn, first, now) == lan
        assert users.by_session(conn, first + "x", now) is None
        assert first not in conn.execute(select(sessions.c.token)).scalars().all()
        users.close_session(conn, first)
        assert users.by_session(conn, first, now) is None
        late = now + users.SESSION
        assert users.by_session(conn, second, late - timedelta(seconds=1)) == lan
        assert users.by_session(conn, second, late) is None
        users.open_session(conn, lan, late)
        assert len(conn.execute(select(sessions.c.token)).all()) == 1, "what is over is cleared"
        third = users.open_session(conn, lan, now)
        users.set_password(conn, lan, PASSWORD[::-1], "lan", now)
        assert users.by_session(conn, third, now) is None
        assert users.by_password(conn, "lan", PASSWORD) is None
        assert users.by_password(conn, "lan", PASSWORD[::-1]) == lan


def test_a_new_token_ends_the_one_before(archive: Archive, now: datetime) -> None:
    with archive.write() as conn:
        lan = users.add(conn, "lan", Role.READER, PASSWORD, "cli", now)
        first = users.new_token(conn, lan, "lan", now)
        assert users.by_token(conn, first) == lan
        second = users.new_token(conn, lan, "lan", now)
        assert users.by_token(conn, first) is None
        assert users.by_token(conn, second) == lan


def test_the_first_account_takes_over_what_was_kept_before(
    archive: Archive, desk: Any, now: datetime
) -> None:
    article = desk.save("Tin\nTrời nắng.").article_id
    with archive.write() as conn:
        keep_everything(conn, own.OFFICE, article, now)
        lan = users.add(conn, "lan", Role.ADMIN, PASSWORD, "cli", now)
        assert kept(conn, lan.id, article) == (["nắng"], "hay", ["Thời tiết"], ["troi nang"])
        assert kept(conn, own.OFFICE, article) == ([], "", [], [])
        keep_everything(conn, own.OFFICE, article, now)
        mai = users.add(conn, "mai", Role.READER, PASSWORD, "cli", now)
        assert kept(conn, mai.id, article) == ([], "", [], [])


def test_with_an_account_goes_what_is_its_own_and_nothing_else(
    archive: Archive, desk: Any, now: datetime
) -> None:
    article = desk.save("Tin\nTrời nắng.").article_id
    with archive.write() as conn:
        lan = users.add(conn, "lan", Role.READER, PASSWORD, "cli", now)
        mai = users.add(conn, "mai", Role.READER, PASSWORD, "cli", now)
        for one in (lan, mai):
            keep_everything(conn, one.id, article, now)
        users.open_session(conn, lan, now)
        users.remove(conn, lan, "cli", now)
        assert [one.name for one in users.everyone(conn)] == ["mai"]
        assert kept(conn, lan.id, article) == ([], "", [], [])
        assert kept(conn, mai.id, article) == (["nắng"], "hay", ["Thời tiết"], ["troi nang"])
        again = users.add(conn, "lan", Role.READER, PASSWORD, "cli", now)
        assert again.id != lan.id


def test_every_change_of_an_account_is_on_record(archive: Archive, now: datetime) -> None:
    with archive.write() as conn:
        lan = users.add(conn, "lan", Role.READER, PASSWORD, "minh", now)
        users.set_role(conn, lan, Role.EDITOR, "minh", now)
        users.set_password(conn, lan, PASSWORD * 2, "lan", now)
        users.new_token(conn, lan, "lan", now)
        users.remove(conn, lan, "minh", now)
        entries = audit.entries(conn, "user:lan")
        assert [(one.action, one.actor, one.reason) for one in entries] == [
            ("user_add", "minh", "reader"),
            ("user_role", "minh", "editor"),
            ("user_password", "lan", ""),
            ("user_token", "lan", ""),
            ("user_remove", "minh", ""),
        ]


@pytest.mark.parametrize(
    ("role", "covered"),
    [
        (Role.READER, {Role.READER}),
        (Role.EDITOR, {Role.READER, Role.EDITOR}),
        (Role.ADMIN, set(Role)),
    ],
)
def test_a_higher_role_covers_the_lower_ones(role: Role, covered: set[Role]) -> None:
    assert {needed for needed in Role if role.covers(needed)} == covered


def keep_everything(conn: Any, owner: int, article: int, now: datetime) -> None:
    own.set_tags(conn, owner, article, ["nắng"])
    own.set_note(conn, owner, article, "hay", now)
    dossier = dossiers.add(conn, owner, "Thời tiết", now)
    dossiers.put_in(conn, owner, dossier.id, article, now)
    past_searches.remember(conn, owner, "troi nang", now)


def kept(conn: Any, owner: int, article: int) -> tuple[list[str], str, list[str], list[str]]:
    return (
        own.tags_of(conn, owner, [article])[article],
        own.notes_of(conn, owner, [article]).get(article, ""),
        [one.name for one in dossiers.of_owner(conn, owner) if one.articles],
        past_searches.latest(conn, owner),
    )

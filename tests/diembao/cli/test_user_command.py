"""`diembao user`, and what `serve` says where nobody has an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from diembao.archive import users
from diembao.archive.migration import open_archive
from diembao.archive.users import Role
from diembao.cli.commands import app
from diembao.cli.serving import is_open_to_others
from diembao.errors import BadInputError, ConflictError, NotFoundError
from diembao.settings import Settings
from tests.search_api.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from diembao.archive.engine import Archive

PASSWORD = "mười hai con giáp"


def user(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(app, ["user", *arguments], input=said)


def test_accounts_are_made_listed_changed_and_ended(home: Path) -> None:
    made = user("add", "Hạ Vy", "--role", "editor", said=f"{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert "Từ nay ai muốn thêm, sửa, theo dõi đều phải đăng nhập" in made.stdout
    assert "Từ nay" not in user("add", "minh", said=f"{PASSWORD}\n").stdout
    rows = [line.split("\t")[:2] for line in user("list").stdout.splitlines()]
    assert rows == [["Hạ Vy", "editor"], ["minh", "reader"]]
    assert "minh nay là admin" in user("role", "MINH", "admin").stdout
    assert user("password", "minh", said=f"{PASSWORD} mới\n").exit_code == 0
    token = user("token", "minh").stdout.strip()
    archive = open_archive(f"sqlite:///{home / 'archive.db'}")
    with archive.read() as connection:
        found = users.by_token(connection, token)
        assert found is not None
        assert (found.name, found.role) == ("minh", Role.ADMIN)
        assert users.by_password(connection, "minh", f"{PASSWORD} mới") == found
    archive.close()
    assert user("remove", "minh", said="n\n").exit_code == 1
    assert user("remove", "minh", said="y\n").exit_code == 0
    last = user("remove", "Hạ Vy", "--yes")
    assert "Không còn tài khoản nào" in last.stdout
    assert "Chưa có tài khoản nào" in user("list").stdout


@pytest.mark.parametrize(
    ("arguments", "said", "fault"),
    [
        (("add", "lan"), "ngắn\n", BadInputError),
        (("add", "a:b"), f"{PASSWORD}\n", BadInputError),
        (("add", "HẠ VY"), f"{PASSWORD}\n", ConflictError),
        (("role", "Hạ Vy", "chef"), "", BadInputError),
        (("password", "ai"), f"{PASSWORD}\n", NotFoundError),
        (("remove", "ai"), "", NotFoundError),
    ],
)
def test_what_cannot_be_done_is_told(
    home: Path, arguments: tuple[str, ...], said: str, fault: type[Exception]
) -> None:
    user("add", "Hạ Vy", said=f"{PASSWORD}\n")
    refused = user(*arguments, said=said)
    assert isinstance(refused.exception, fault)


@pytest.mark.parametrize(
    ("host", "is_open"),
    [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True), ("::", True)],
)
def test_a_page_that_others_reach_is_told_to_be_open(
    archive: Archive, host: str, is_open: bool
) -> None:
    settings = Settings(host=host)
    assert is_open_to_others(settings, archive) is is_open
    guarded = settings.model_copy(update={"admin_token": SecretStr("x")})
    assert not is_open_to_others(guarded, archive)
    with archive.write() as connection:
        users.add(connection, "minh", Role.ADMIN, PASSWORD, "cli", NOW)
    assert not is_open_to_others(settings, archive)

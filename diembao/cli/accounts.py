"""`diembao user`: accounts of the people who use the page. A password is typed unseen, or comes on standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from diembao.cli.output import console
from diembao.language import say

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive
    from diembao.archive.users import Role

user = typer.Typer(
    no_args_is_help=True,
    help=say(
        "Tài khoản của người dùng trang. Chưa có tài khoản nào thì ai mở được trang đều làm được mọi việc.",
        "Accounts of the page. Without any, whoever reaches the page may do everything.",
    ),
)

ROLES = say(
    "reader (đọc, giữ hồ sơ riêng), editor (thêm sửa bài, theo dõi), admin (thêm cả báo).",
    "reader (reads, keeps own dossiers), editor (adds, corrects, follows), admin (newspapers too).",
)
Name = Annotated[str, typer.Argument(help=say("Tên tài khoản.", "Name of the account."))]
RoleName = Annotated[str, typer.Option("--role", help=ROLES)]


@user.callback()
def group() -> None:
    """Commands about accounts."""


@user.command(help=say("Tạo tài khoản.", "Make an account."))
def add(name: Name, role: RoleName = "reader") -> None:
    """Make an account; the first one takes over what was kept before."""
    from diembao.archive import users

    archive, chosen = _archive(), _role(role)
    with archive.read() as connection:
        is_first = not users.exist(connection)
    password = _password()
    with archive.write() as connection:
        made = users.add(connection, name, chosen, password, _actor(), _now())
    _tell(
        say(
            f"Đã tạo tài khoản {made.name} ({chosen}).", f"Made the account {made.name} ({chosen})."
        )
    )
    if is_first:
        _tell(
            say(
                "Từ nay ai muốn thêm, sửa, theo dõi đều phải đăng nhập; hồ sơ, ghi chú đã có thuộc tài khoản này.",
                "From now on adding, correcting and following take signing in; dossiers and notes of before belong to this account.",
            )
        )


@user.command("list", help=say("Liệt kê các tài khoản.", "List the accounts."))
def list_() -> None:
    """Name, role and day of making, a line each."""
    from diembao.archive import users
    from diembao.vietnamese.dates import local

    with _archive().read() as connection:
        found = users.everyone(connection)
    for one in found:
        print(f"{one.name}\t{one.role}\t{local(one.created_at):%d/%m/%Y}")
    if not found:
        _tell(say("Chưa có tài khoản nào.", "There are no accounts."))


@user.command(
    help=say(
        "Xóa tài khoản cùng hồ sơ, nhãn, ghi chú riêng.",
        "Remove an account with its dossiers, tags and notes.",
    )
)
def remove(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help=say("Không hỏi lại.", "Do not ask."))] = False,
) -> None:
    """End an account; what it changed in the archive stays, under its name."""
    from diembao.archive import users

    archive = _archive()
    with archive.read() as connection:
        found = users.named(connection, name)
    question = say(
        f"Xóa {found.name} cùng mọi hồ sơ, nhãn, ghi chú riêng?",
        f"Remove {found.name} with all their dossiers, tags and notes?",
    )
    if not yes and not typer.confirm(question, err=True):
        raise typer.Exit(1)
    with archive.write() as connection:
        users.remove(connection, found, _actor(), _now())
        is_last = not users.exist(connection)
    _tell(say(f"Đã xóa {found.name}.", f"Removed {found.name}."))
    if is_last:
        _tell(
            say(
                "Không còn tài khoản nào: ai mở được trang đều làm được mọi việc.",
                "No account is left: whoever reaches the page may do everything.",
            )
        )


@user.command(
    help=say(
        "Đặt mật khẩu mới; mọi nơi đang đăng nhập phải đăng nhập lại.",
        "Set a new password; everybody signed in with it must sign in again.",
    )
)
def password(name: Name) -> None:
    """Set a new password."""
    from diembao.archive import users

    archive = _archive()
    with archive.read() as connection:
        found = users.named(connection, name)
    typed = _password()
    with archive.write() as connection:
        users.set_password(connection, found, typed, _actor(), _now())
    _tell(say(f"Đã đổi mật khẩu của {found.name}.", f"Changed the password of {found.name}."))


@user.command(help=say("Đổi quyền của tài khoản.", "Change the role of an account."))
def role(name: Name, new: Annotated[str, typer.Argument(help=ROLES)]) -> None:
    """Let an account do more or less."""
    from diembao.archive import users

    chosen = _role(new)
    with _archive().write() as connection:
        found = users.named(connection, name)
        users.set_role(connection, found, chosen, _actor(), _now())
    _tell(say(f"{found.name} nay là {chosen}.", f"{found.name} is {chosen} now."))


@user.command(
    help=say(
        "In mã mới cho chương trình gọi API; mã cũ hết dùng.",
        "Print a new token for programs that call the API; the old one ends.",
    )
)
def token(name: Name) -> None:
    """Print a new token; nothing else goes to standard output."""
    from diembao.archive import users

    with _archive().write() as connection:
        found = users.named(connection, name)
        made = users.new_token(connection, found, _actor(), _now())
    print(made)


def _archive() -> Archive:
    from diembao import settings
    from diembao.archive.migration import open_archive

    return open_archive(settings.load().archive_url)


def _role(name: str) -> Role:
    from diembao.archive.users import Role
    from diembao.errors import BadInputError

    try:
        return Role(name)
    except ValueError as error:
        known = ", ".join(Role)
        raise BadInputError(
            say(
                f"Không có quyền “{name}”; các quyền là {known}.",
                f"No role “{name}”; the roles are {known}.",
            )
        ) from error


def _password() -> str:
    """Typed twice unseen; the first line of standard input where nobody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    prompt = say("Mật khẩu (ít nhất 10 ký tự)", "Password (10 characters at least)")
    again = say("Gõ lại mật khẩu", "Type it again")
    typed: str = typer.prompt(prompt, hide_input=True, confirmation_prompt=again, err=True)
    return typed


def _actor() -> str:
    import getpass

    return getpass.getuser()


def _now() -> datetime:
    from diembao import pipeline

    return pipeline.now()


def _tell(sentence: str) -> None:
    console.print(sentence, markup=False)

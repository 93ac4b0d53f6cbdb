"""Faults that a user or an administrator can put right, each told in one sentence.

They are our own errors, commands written wrongly, files and folders that cannot be used, and an
archive that does not answer. Anything else is a mistake of ours and stays a traceback.
"""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from typer import Abort
from typer.exceptions import TyperException

from diembao.errors import DiembaoError
from diembao.language import say


def told(error: Exception) -> tuple[int, str] | None:
    """The exit code and the sentence for such a fault; None for any other error."""
    if isinstance(error, DiembaoError):
        return 1, str(error)
    if isinstance(error, Abort):  # Ctrl+C at a question, or nobody there to answer it
        return 130, ""
    if isinstance(error, TyperException):
        return error.exit_code, _usage(error)
    if isinstance(error, OSError) and error.strerror:
        return 1, _file(error)
    # Its other kinds are mistakes in our statements.
    if isinstance(error, OperationalError) or type(error) is DatabaseError:
        return 1, _archive(error)
    return None


def _usage(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "diembao"
    if not (message := error.format_message()):  # no command was named: its help is on the screen
        return ""
    return say(
        f"Lệnh viết chưa đúng: {message.rstrip('.')}; xem `{command} --help`.",
        f"{message.rstrip('.')}; see `{command} --help`.",
    )


def _file(error: OSError) -> str:
    name = error.filename or say("tệp", "the file")
    return say(
        f"Không dùng được {name}: {error.strerror}; kiểm tra đường dẫn và quyền, "
        "hoặc đặt DIEMBAO_HOME sang một thư mục ghi được.",
        f"Cannot use {name}: {error.strerror}; check the path and its permissions, "
        "or set DIEMBAO_HOME to a folder that can be written.",
    )


def _archive(error: DatabaseError) -> str:
    from diembao import settings

    url = make_url(settings.load().archive_url)
    place = url.render_as_string(hide_password=True)
    if url.get_backend_name() != "sqlite":
        cause = str(error.orig).partition("\n")[0]
        return say(
            f"Kho lưu trữ {place} không dùng được ({cause}); kiểm tra máy chủ PostgreSQL có đang chạy, "
            "DIEMBAO_ARCHIVE và DIEMBAO_ARCHIVE_PASSWORD.",
            f"The archive {place} cannot be used ({cause}); check that PostgreSQL runs, "
            "DIEMBAO_ARCHIVE and DIEMBAO_ARCHIVE_PASSWORD.",
        )
    return say(
        f"Kho lưu trữ {place} không dùng được ({error.orig}); kiểm tra quyền và ổ đĩa; "
        "nếu tệp hỏng, chép lại từ bản sao lưu, hoặc đổi tên nó để bắt đầu kho mới.",
        f"The archive {place} cannot be used ({error.orig}); check permissions and disk; "
        "if the file is damaged, put a backup in its place, or rename it to start a new one.",
    )

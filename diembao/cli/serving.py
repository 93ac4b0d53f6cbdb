"""`diembao serve`: the API and the page."""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from diembao.cli.output import hints
from diembao.errors import BadInputError
from diembao.language import say

if TYPE_CHECKING:
    from diembao.archive.engine import Archive
    from diembao.settings import Settings


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; BadInputError names a taken port and the way out."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise BadInputError(
            say(
                f"Không mở được {host}:{port} ({error.strerror}); chọn cổng khác: --port 8001.",
                f"Cannot listen on {host}:{port} ({error.strerror}); choose another port: --port 8001.",
            )
        ) from error
    return listener


def is_open_to_others(settings: Settings, archive: Archive) -> bool:
    """Whether other machines may reach the page and change anything on it."""
    from diembao.archive import users

    try:
        is_loopback = ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        is_loopback = settings.host == "localhost"
    if is_loopback or settings.admin_token is not None:
        return False
    with archive.read() as connection:
        return not users.exist(connection)


def serve(
    host: Annotated[
        str | None, typer.Option(help=say("Địa chỉ lắng nghe.", "Address to listen on."))
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(help=say("Cổng; 0 là cổng trống bất kỳ.", "Port; 0 takes a free one.")),
    ] = None,
) -> None:
    """Serve the page and the API."""
    from diembao.cli.workers import stopping

    stop = stopping()
    import uvicorn

    from diembao import settings
    from diembao.archive.migration import open_archive
    from search_api.app import create_app
    from search_api.index import open_index

    given = {"host": host, "port": port}
    chosen = settings.load(**{key: value for key, value in given.items() if value is not None})
    listener = listen(chosen.host, chosen.port)
    bound = chosen.model_copy(update={"port": listener.getsockname()[1]})
    archive = open_archive(bound.archive_url)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(archive, open_index(bound), bound),
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
    )

    def end() -> None:
        stop.wait()
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    print(say(f"Trang điểm báo: {bound.public_url}", f"Page: {bound.public_url}"), flush=True)
    if is_open_to_others(bound, archive):
        hints.print(
            say(
                f"Trang lắng nghe ở {bound.host} mà chưa có tài khoản nào: ai tới được đều làm được mọi việc; "
                "hãy tạo: diembao user add TÊN --role admin",
                f"The page listens on {bound.host} and there are no accounts: whoever reaches it may do everything; "
                "make one: diembao user add NAME --role admin",
            ),
            markup=False,
        )
    server.run(sockets=[listener])

"""`diembao serve`: the API and the page."""

from __future__ import annotations

import socket
import threading
from typing import Annotated

import typer

from diembao.errors import BadInputError
from diembao.language import say


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
    server.run(sockets=[listener])

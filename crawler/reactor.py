"""Scrapy's reactor: an asyncio loop in a thread of its own for the life of the process."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, cast

from scrapy.utils.reactor import install_reactor, is_reactor_installed

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from concurrent.futures import Future

_starting = threading.Lock()


def submit(crawl: Coroutine[Any, Any, None]) -> Future[None]:
    """Run a coroutine in the reactor's thread, which is started on first use."""
    with _starting:
        if not is_reactor_installed():
            _start()
    from twisted.internet import reactor

    loop: asyncio.AbstractEventLoop = cast("Any", reactor)._asyncioEventloop
    return asyncio.run_coroutine_threadsafe(crawl, loop)


def _start() -> None:
    started = threading.Event()

    def run() -> None:
        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        from twisted.internet import reactor as installed

        reactor = cast("Any", installed)
        # Its threads look host names up; the process must not wait for them when it ends.
        reactor.getThreadPool().threadFactory = _daemon
        reactor.callWhenRunning(started.set)
        reactor.run(installSignalHandlers=False)

    threading.Thread(target=run, name="reactor", daemon=True).start()
    started.wait()


def _daemon(*args: Any, **kwargs: Any) -> threading.Thread:
    thread = threading.Thread(*args, **kwargs)
    thread.daemon = True
    return thread

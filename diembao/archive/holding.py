"""Keeping leased jobs while one works on them, however long that takes.

A thread renews the leases. A process that dies or stands still renews nothing, so its jobs are free
again when the lease ends.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from diembao.archive import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from diembao.archive.engine import Archive
    from diembao.archive.jobs import Job

log = logging.getLogger("diembao.work")

BEATS = 3
"""Renewals within the length of a lease."""


@contextmanager
def held(archive: Archive, leased: Sequence[Job], seconds: float) -> Iterator[Callable[[], None]]:
    """Keep the jobs for `seconds` more, again and again; the function given ends that, and so does the end.

    End it before the jobs are ended: a renewal would be in the way.
    """
    over = threading.Event()

    def renew() -> None:
        while not over.wait(seconds / BEATS):
            try:
                with archive.write() as connection:
                    jobs.renew(connection, leased, datetime.now(UTC), seconds)
            except OperationalError as error:
                log.warning("chưa giữ được việc (leases not renewed): %s", error)

    beating = threading.Thread(target=renew, daemon=True)

    def let_go() -> None:
        over.set()
        beating.join()

    beating.start()
    try:
        yield let_go
    finally:
        let_go()

"""Work that is done once for each question, in threads beside the one that asks.

The engine lets go of Python's lock while it works, so two works of one search go on at once.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")

_WORKING = ThreadPoolExecutor(thread_name_prefix="searching")


class Once(Generic[T]):
    """Keeps the answers to the latest questions, `most` of them; a failure is not kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[Hashable, Future[T]] = {}
        self._guard = threading.Lock()

    def begin(self, question: Hashable, work: Callable[[], T]) -> Future[T]:
        """The answer, known or under way."""
        with self._guard:
            known = self._known.pop(question, None)
            if known is None or (known.done() and known.exception()):
                known = _WORKING.submit(work)
            self._known[question] = known
            if len(self._known) > self._most:
                del self._known[next(iter(self._known))]
        return known

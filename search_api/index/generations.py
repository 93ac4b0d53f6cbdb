"""Where the embedded index lies: one folder a generation, and a file that names the one in force.

A rebuild fills a new generation beside the old one and then renames `current.json` over the former,
so a reader sees the old index or the new, never half of one. One writer at a time, over all
processes, holds `write.lock`; a process that dies gives it back.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from diembao.errors import IndexUnavailableError
from search_api.index.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REINDEX = "hãy chạy `diembao reindex` để dựng lại từ kho lưu trữ (run `diembao reindex`)"


class Generations:
    """The folder of an embedded index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pointer = folder / "current.json"
        self._lock = FileLock(folder / "write.lock")

    @contextmanager
    def writing(self, patience: float) -> Iterator[None]:
        """Hold the one right to write. Raises IndexUnavailableError after `patience` seconds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=patience)
        except Timeout as error:
            raise IndexUnavailableError(
                f"Một tiến trình khác đang ghi chỉ mục {self.folder}; hãy đợi nó xong rồi thử lại "
                "(another process is writing the index)."
            ) from error
        try:
            yield
        finally:
            self._lock.release()

    def is_new(self) -> bool:
        """Whether nothing was ever indexed here."""
        metas = list(self.folder.glob("generation-*/meta.json"))
        return not self.pointer.exists() and not any(
            b"segment_id" in meta.read_bytes() for meta in metas
        )

    def current(self) -> Path:
        """The generation in force. Raises IndexUnavailableError if there is none of this schema."""
        try:
            named = json.loads(self.pointer.read_text(encoding="utf-8"))
            schema, generation = named["schema"], self.folder / str(named["generation"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnavailableError(
                f"Chỉ mục {self.folder} thiếu hoặc hỏng; {REINDEX}."
            ) from error
        if schema != SCHEMA:
            raise IndexUnavailableError(
                f"Chỉ mục {self.folder} thuộc một phiên bản khác của diembao; {REINDEX}."
            )
        return generation

    def begin(self) -> Path:
        """An empty folder for the next generation. Needs the lock."""
        present = self._numbers()
        folder = self.folder / f"generation-{max(present, default=0) + 1}"
        folder.mkdir(parents=True)
        return folder

    def switch(self, generation: Path) -> None:
        """Put a generation in force and remove the others. Needs the lock."""
        named = {"schema": SCHEMA, "generation": generation.name}
        draft = self.pointer.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(named, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.pointer)
        for number in self._numbers():
            folder = self.folder / f"generation-{number}"
            if folder != generation:
                self.discard(folder)

    def discard(self, generation: Path) -> None:
        """Remove a generation that is not in force. Needs the lock."""
        # a reader may hold its files open where that forbids removal; the next switch tries again
        shutil.rmtree(generation, ignore_errors=True)

    def _numbers(self) -> list[int]:
        names = (
            folder.name.removeprefix("generation-") for folder in self.folder.glob("generation-*")
        )
        return [int(name) for name in names if name.isdecimal()]

"""What every server needs that tests start: a folder, a port, and a user who is not root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs

NOBODY: dict[str, Any] = (
    {"user": "nobody", "group": "nogroup", "extra_groups": []}
    if hasattr(os, "geteuid") and os.geteuid() == 0
    else {}
)
"""For `subprocess`: these servers refuse to run as root."""

MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000
"""Bytes that the servers of a test run are sure to get by with."""

WATCHED = ["bash", "-c", 'exec 3<&0; "$0" "$@" & cat <&3 >/dev/null & wait -n; kill -KILL 0']
"""Before a command: it runs until it ends, or until whoever started it is gone, however that came.

Its standard input must be a pipe, and its session its own.
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def cache() -> Path:
    """A folder that outlives the tests and that the servers' user can read."""
    named = os.environ.get("DIEMBAO_TEST_CACHE")
    as_root = platformdirs.site_cache_path("diembao-tests", appauthor=False)
    as_user = platformdirs.user_cache_path("diembao-tests", appauthor=False)
    folder = Path(named) if named else as_root if NOBODY else as_user
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def own_folder(*, in_memory: bool = True) -> Path:
    """An empty folder that belongs to the servers' user, in memory where there is room."""
    fits = in_memory and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="diembao-server-", dir=MEMORY if fits else None))
    give(folder)
    return folder


def give(folder: Path) -> None:
    """Make the folder and all in it the servers' user's."""
    if NOBODY:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, NOBODY["user"], NOBODY["group"])


def wait_until(
    answers: Callable[[], object], process: subprocess.Popen[bytes], log: Path, seconds: float = 180
) -> None:
    """Return once the server answers; fail with its own words when it ends or is too slow."""
    end = time.monotonic() + seconds
    while not answers():
        told = log.read_text(encoding="utf-8", errors="replace")[-4000:] if log.exists() else ""
        assert process.poll() is None, f"the server ended by itself:\n{told}"
        assert time.monotonic() < end, f"the server does not answer:\n{told}"
        time.sleep(0.1)

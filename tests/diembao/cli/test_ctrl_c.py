"""Ctrl+C at a terminal reaches the command and all its children; all end without a word of Python."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.road.process import free_port


@pytest.mark.parametrize(
    ("arguments", "code", "sign"), [(("up",), 0, "http"), (("demo", "--once"), 130, "")]
)
def test_ctrl_c_ends_a_command_and_its_children_silently(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, sign: str
) -> None:
    (tmp_path / "none").mkdir()
    offline = {
        "DIEMBAO_PORT": str(free_port()),
        "DIEMBAO_SOURCES": str(tmp_path / "none"),
        "DIEMBAO_LANGUAGE": "en",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "diembao", *arguments],
        env=os.environ | offline, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    while sign and "Open the page" not in process.stdout.readline():
        pass
    if not sign:  # the sample newspapers are being served
        declared = home / "demo" / "sources"
        while not (declared.is_dir() and any(declared.iterdir())):
            assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (code, "")

"""The command line as a user runs it, over the sample newspapers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from diembao.cli.commands import app


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own, in Vietnamese, without politeness."""
    for name, value in {
        "HOME": tmp_path / "home",
        "LANGUAGE": "vi",
        "CRAWL_DELAY": "0",
        "CRAWL_TIMEOUT": "3",
        "PRIVATE_NETWORKS": "true",
    }.items():
        monkeypatch.setenv(f"DIEMBAO_{name}", str(value))
    return tmp_path / "home"


@pytest.fixture
def samples(press: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The sample newspapers, declared."""
    press.write_declarations(home / "mau")
    monkeypatch.setenv("DIEMBAO_SOURCES", str(home / "mau"))
    return press


@pytest.fixture
def run(home: Path) -> Callable[..., Result]:
    """Run `diembao` with arguments."""
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])

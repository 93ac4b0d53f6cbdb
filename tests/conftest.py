"""Shared fixtures, and what happens where a part of the machine is missing.

Markers name the part that a test needs. With CI=true every test runs or fails; elsewhere tests
whose part is missing are left out, with one closing line for each missing part.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diembao.archive.migration import open_archive
from tests.servers import parts as servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from diembao.archive.engine import Archive

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("DIEMBAO_SHARED", ROOT.parent / "shared"))
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

PARTS = {
    "needs_shared": (SHARED.is_dir(), "the annotated corpus (folder ../shared, or DIEMBAO_SHARED)"),
    "needs_chromium": (CHROMIUM is not None, "Chromium (Debian, Ubuntu: apt install chromium)"),
    **servers.PARTS,
}
left_out: dict[str, int] = {}

pytest_plugins = ["tests.servers.fixtures"]


def pytest_configure(config: pytest.Config) -> None:
    for marker, (_, part) in PARTS.items():
        config.addinivalue_line("markers", f"{marker}: needs {part}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("CI") == "true":
        return
    missing = {marker for marker, (present, _) in PARTS.items() if not present}
    kept, dropped = [], []
    for item in items:
        lacks = {mark.name for mark in item.iter_markers()} & missing
        for marker in lacks:
            left_out[marker] = left_out.get(marker, 0) + 1
        (dropped if lacks else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that reports what was left out in this one."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = left_out


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear it there; every process left out the same."""
    left_out.update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for marker, count in left_out.items():
        terminalreporter.write_line(
            f"LEFT OUT: {count} tests, for want of {PARTS[marker][1]}", red=True
        )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the annotated corpus and the third-party data."""
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium."""
    assert CHROMIUM, PARTS["needs_chromium"][1]
    return CHROMIUM


@pytest.fixture
def archive_url(tmp_path: Path) -> str:
    """Of an archive in a file."""
    return f"sqlite:///{tmp_path / 'archive.db'}"


@pytest.fixture
def archive(archive_url: str) -> Iterator[Archive]:
    """An empty archive."""
    opened = open_archive(archive_url)
    yield opened
    opened.close()


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def press_module() -> ModuleType:
    """The server module of the sample newspapers."""
    sys.path.insert(0, str(ROOT / "tests" / "press"))
    return _load("press_server", ROOT / "tests" / "press" / "server.py")


@pytest.fixture
def press(press_module: ModuleType) -> Iterator[object]:
    """The sample newspapers, served on loopback."""
    with press_module.Press() as running:
        yield running

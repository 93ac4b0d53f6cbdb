"""The page in Chromium: served on loopback, its console watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.search_api.conftest import Shelf, fill
from tests.search_api.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Shelf]]:
    """A shelf of its own, served on a free port of loopback."""
    for shelf in fill(tmp_path_factory.mktemp("browser")):
        with serving(shelf.app) as origin:
            yield origin, shelf


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, served: tuple[str, Shelf]) -> Iterator[Page]:
    """A page that fails its test when the console holds an error."""
    context = browser.new_context(
        base_url=served[0], locale="vi-VN", viewport={"width": 1280, "height": 900}
    )
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            faults.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    yield opened
    context.close()
    assert [fault for fault in faults if "404" not in fault] == []

"""WCAG 2.2 A and AA on every page as axe-core judges it, on a desk and on a phone, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest

from tests.search_api.page.test_browser import PHONE, VIEWS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.search_api.conftest import Shelf

pytestmark = pytest.mark.needs_chromium

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "async (tags) => (await axe.run({runOnly: {type: 'tag', values: tags}})).violations"
DESK = {"width": 1280, "height": 900}


def findings(page: Page) -> list[str]:
    """Rule, how grave, and the elements, of each violation."""
    page.evaluate(AXE)
    violations: list[dict[str, Any]] = page.evaluate(RUN, RULES)
    return [
        f"{one['id']} ({one['impact']}): {', '.join(node['html'][:120] for node in one['nodes'][:3])}"
        for one in violations
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(
    page: Page, served: tuple[str, Shelf], theme: str, size: dict[str, int]
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    found = {}
    for path in (*VIEWS, f"/bai/{served[1].ids['tuyen-duong-bang-khen']}"):
        page.goto(path)
        if told := findings(page):
            found[path] = told
    assert found == {}


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.goto("/")
    page.evaluate("document.body.append(document.createElement('button'))")
    assert any(one.startswith("button-name (critical)") for one in findings(page))

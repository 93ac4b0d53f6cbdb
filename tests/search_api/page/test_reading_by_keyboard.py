"""A reader without a mouse: from the search to an article, its evidence, its versions and its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.search_api.conftest import CITY, NOW, keep, library
from tests.search_api.page.test_accessibility import findings
from tests.search_api.page.test_editing_pages import tab_to

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

pytestmark = pytest.mark.needs_chromium


def test_an_article_is_reached_and_read_by_keyboard_alone(
    page: Page, served: tuple[str, Shelf]
) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("person:khoat source:thudo")
    page.keyboard.press("Enter")
    tab_to(page, page.locator(".story h3 a").first)
    page.keyboard.press("Enter")
    reasons = page.locator(".card", has_text="Vì sao tìm thấy bài này")
    expect(reasons).to_contain_text("Người: Lương Đình Khoát")
    tab_to(page, page.locator(".side").get_by_role("link", name="Bằng khen", exact=True).first)
    page.keyboard.press("Enter")
    expect(page.locator("#award-0")).to_be_in_viewport()
    tab_to(page, page.locator(".sheet a.mention").first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("UBND phường Bến Gót")


def test_a_changed_award_is_pointed_out_and_reached_by_keyboard(
    page: Page, served: tuple[str, Shelf]
) -> None:
    [first] = [one for one in library() if one.extraction.id == "giay-khen"]
    told = first.extraction.awards[0].model_copy(update={"award": "Bằng khen"})
    blocks = tuple(
        block.model_copy(update={"text": block.text.replace("Giấy khen", "Bằng khen")})
        for block in first.article.blocks
    )
    text = first.extraction.text.replace("Giấy khen", "Bằng khen")
    edited = type(first)(
        first.article.model_copy(update={"blocks": blocks}),
        first.extraction.model_copy(update={"text": text, "awards": (told,)}),
    )
    article = keep(served[1].archive, edited, CITY, NOW)
    page.goto(f"/bai/{article}")
    expect(page.get_by_text("Khen thưởng hoặc tên đã đổi sau khi đăng")).to_be_visible()
    tab_to(page, page.locator(".sheet .notice a"))
    page.keyboard.press("Enter")
    expect(page.locator(".facts-changed")).to_contain_text("Giấy khen Bằng khen")
    assert findings(page) == []

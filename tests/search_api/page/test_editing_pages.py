"""An editor at work in the browser: names, records, merges and splits, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.search_api.page.test_accessibility import DESK, findings
from tests.search_api.page.test_browser import PHONE

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

pytestmark = pytest.mark.needs_chromium

SELECT = """
(words) => {
  const walker = document.createTreeWalker(document.getElementById("printed"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.textContent.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
}
"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Reach an element by the Tab key alone."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("the keyboard does not reach it")


def test_an_editor_marks_a_name_and_takes_it_back_by_keyboard(
    page: Page, served: tuple[str, Shelf]
) -> None:
    article = served[1].ids["tuyen-duong-bang-khen"]
    page.goto(f"/bai/{article}")
    tab_to(page, page.get_by_role("link", name="Sửa thông tin rút ra"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/bai/{article}/sua")
    page.evaluate(SELECT, "tổ dân phố số 7")
    expect(page.locator("#words")).to_have_value("tổ dân phố số 7")
    expect(page.locator("#occurrence")).to_have_value("1")
    tab_to(page, page.locator("#label"))
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Đã ghi chỗ sửa.")
    expect(page.locator("#printed .mention.place").first).to_have_text("tổ dân phố số 7")
    undo = page.get_by_role("button", name="Bỏ chỗ sửa số").first
    tab_to(page, undo)
    page.keyboard.press("Enter")
    expect(page.locator("#printed .mention.place")).to_have_text(["phường Bến Gót"])


def test_an_editor_changes_a_record_by_keyboard(page: Page, served: tuple[str, Shelf]) -> None:
    article = served[1].ids["giay-khen"]
    page.goto(f"/bai/{article}/sua")
    summary = page.locator("summary", has_text="Giấy khen").filter(has_text="Bãi Sậy")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    recipients = page.get_by_label("Người nhận").first
    tab_to(page, recipients)
    page.keyboard.press("Control+A")
    page.keyboard.type("Công ty Điện lực Bãi Sậy")
    tab_to(page, page.get_by_label("Nơi tặng").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"/bai/{article}")
    expect(page.locator(".records .facts").first).not_to_contain_text("=HYPERLINK")
    expect(page.get_by_text("Sửa khen thưởng “Giấy khen”")).to_be_visible()


def test_an_editor_merges_two_names_and_undoes_it_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("Phùng Thị Sen")
    page.locator("#q").press("Enter")
    page.locator(".story h3 a").first.click()
    page.locator(".sheet").get_by_role("link", name="Phùng Thị Sen").click()
    tab_to(page, page.get_by_role("link", name="Gộp với…"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#q"))
    page.keyboard.type("luong dinh khoat")
    page.keyboard.press("Enter")
    choice = page.get_by_role("radio")
    expect(choice).to_have_count(1)
    tab_to(page, choice)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    tab_to(page, page.locator("#reason"))
    page.keyboard.type("một người hai tên")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Lương Đình Khoát")
    expect(page.get_by_text("“Phùng Thị Sen” và “Lương Đình Khoát” là một")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Bỏ quyết định"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Quyết định của biên tập viên")).to_have_count(0)


def test_an_editor_splits_a_unit_by_keyboard(page: Page, served: tuple[str, Shelf]) -> None:
    page.goto(f"/bai/{served[1].ids['dan-van-kheo-ben-got']}")
    page.locator(".sheet").get_by_role("link", name="UBND phường Bến Gót").click()
    tab_to(page, page.get_by_role("link", name="Tách…"))
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Phường Bến Gót lan tỏa")
    tab_to(page, box)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Tách các bài đã chọn"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("“UBND phường Bến Gót” trong 1 bài là mục khác")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_editors_work(
    page: Page, served: tuple[str, Shelf], theme: str, size: dict[str, int]
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(f"/bai/{served[1].ids['san-khau']}")
    entity = page.locator(".sheet a.mention").first.get_attribute("href")
    for path in (
        f"/bai/{served[1].ids['san-khau']}/sua",
        entity,
        f"{entity}/gop?q=s",
        f"{entity}/tach",
    ):
        page.goto(str(path))
        page.evaluate(
            "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
        )
        assert findings(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], path

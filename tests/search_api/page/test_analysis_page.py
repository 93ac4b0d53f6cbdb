"""The analysis page as an analyst uses it, over a year of three newspapers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.search_api.analysis.conftest import fill_year
from tests.search_api.page.test_browser import PHONE
from tests.search_api.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.search_api.conftest import Shelf

pytestmark = pytest.mark.needs_chromium

YEAR = "since=2024-01-01&until=2024-12-31"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Shelf]]:
    """The year, served on a free port of loopback."""
    for shelf in fill_year(tmp_path_factory.mktemp("year-in-browser")):
        with serving(shelf.app) as origin:
            yield origin, shelf


def test_two_searches_are_compared_and_the_burst_leads_to_its_award(page: Page) -> None:
    page.goto("/phan-tich")
    page.get_by_role("combobox", name="Thêm một câu tìm").fill("tổ liên gia")
    page.get_by_label("Từ ngày").fill("01/01/2024")
    page.get_by_label("Đến ngày").fill("31/12/2024")
    page.get_by_label("Chia theo").select_option("Tuần")
    page.get_by_role("button", name="Phân tích").click()
    expect(page.get_by_label("Câu tìm 1")).to_have_value("tổ liên gia")
    page.get_by_role("combobox", name="Thêm một câu tìm").fill("chợ quê")
    page.get_by_role("button", name="Phân tích").click()
    expect(page.get_by_label("Câu tìm 2")).to_have_value("chợ quê")
    address = page.url
    expect(page.locator(".timeline .on-desk .line1").first).to_be_attached()
    summary = page.get_by_role("heading", name="Tóm tắt").locator("+ .table tbody tr")
    expect(summary).to_have_count(2)
    expect(summary.first).to_contain_text("24")
    burst = page.locator(".bursts li.card").first
    expect(burst).to_contain_text("14/10/2024 – 27/10/2024")
    burst.get_by_role("link", name="Bằng khen – Hội Phụ nữ phường Bến Gót").click()
    expect(page.locator("h1")).to_contain_text("Tặng Bằng khen")
    page.goto(address)
    page.locator(".bursts li.card").first.get_by_role("link", name="14/10/2024").click()
    expect(page.locator("#found")).to_contain_text("12 bài")


def test_the_table_beside_the_picture_leads_to_the_articles_of_a_month(page: Page) -> None:
    page.goto(f"/phan-tich?q=lien gia&interval=month&{YEAR}")
    page.get_by_text("Xem số liệu dạng bảng").first.click()
    row = page.get_by_role("row", name="10/2024")
    row.get_by_role("link", name="13").click()
    expect(page.locator("#found")).to_contain_text("13 bài")
    assert "since=2024-10-01&until=2024-10-31" in page.url


def test_gaps_are_grey_and_the_line_breaks_there(page: Page) -> None:
    page.goto(f"/phan-tich?q=lien gia&interval=week&{YEAR}")
    assert page.locator(".timeline .on-desk .grey").count() >= 6
    path = page.locator(".timeline .on-desk path.line0").first.get_attribute("d") or ""
    assert path.count("M") > 1, "nothing is drawn where nothing was collected"
    expect(page.get_by_text("không có nghĩa là báo chí im lặng")).to_be_visible()


def test_a_split_by_newspaper_and_the_map_of_one_subject(page: Page) -> None:
    page.goto(f"/phan-tich?q=lien gia&q=cho&{YEAR}")
    page.get_by_label("Tách theo").select_option("Báo")
    page.get_by_role("button", name="Phân tích").click()
    expect(page.get_by_role("heading", name="Theo: Báo")).to_be_visible()
    page.get_by_role("link", name="cho", exact=True).last.click()
    page.wait_for_url("**map=1**")
    tiles = page.locator(".provinces .on-desk")
    expect(tiles.get_by_text("Hoàng Sa")).to_be_visible()
    expect(tiles.get_by_text("(thuộc Khánh Hòa)")).to_be_visible()


@pytest.mark.parametrize("form", ["SVG", "PNG", "CSV", "Excel"])
def test_pictures_and_numbers_are_downloaded(page: Page, form: str) -> None:
    page.goto(f"/phan-tich?q=lien gia&{YEAR}")
    with page.expect_download() as started:
        page.get_by_role("link", name=form, exact=True).first.click()
    assert started.value.path().stat().st_size > 1000


def test_on_a_phone_the_narrow_picture_is_shown(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"/phan-tich?q=lien gia&by=source&{YEAR}")
    expect(page.locator(".timeline .on-phone")).to_be_visible()
    expect(page.locator(".timeline .on-desk")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_form_is_sent_by_keyboard_alone(page: Page) -> None:
    page.goto("/phan-tich")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Thêm một câu tìm")).to_be_focused()
    page.keyboard.type("lien gia")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Câu tìm 1")).to_have_value("lien gia")

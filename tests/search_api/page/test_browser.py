"""The page in a real browser: by keyboard, on a phone, without scripts, without a console error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from diembao.archive import jobs
from tests.search_api.conftest import NOW, Shelf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.needs_chromium

VIEWS = (
    "/",
    "/?q=dan",
    "/khen-thuong",
    "/diem-bao?since=2024-12-01&until=2024-12-31",
    "/mo-hinh",
    "/nguoi",
    "/to-chuc",
    "/phan-tich?q=dan&q=che&by=source&since=2024-07-01&until=2024-12-31",
    "/bao",
    "/them",
    "/theo-doi",
    "/hop-thu",
    "/ho-so",
    "/tai-khoan",
    "/dang-nhap",
    "/api",
    "/x",
)
PHONE = {"width": 360, "height": 740}


def test_a_search_without_accents_by_keyboard_alone(page: Page) -> None:
    page.goto("/bao")
    page.goto("/?q=kho")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("dan van kheo")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_have_text("2 bài")
    title = page.locator(".story h3 a").first
    expect(title.locator("mark")).to_have_text("Dân vận khéo")
    for _ in range(60):
        page.keyboard.press("Tab")
        if title.evaluate("element => element === document.activeElement"):
            break
    expect(title).to_be_focused()
    assert title.evaluate("e => getComputedStyle(e).outlineStyle") == "solid", "the focus is seen"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Dân vận khéo")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page: Page) -> None:
    page.goto("/bao")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_names_and_past_searches_are_offered_while_typing_and_chosen_by_keyboard(
    page: Page,
) -> None:
    page.goto("/?q=khoát tổ dân phố")
    page.goto("/")
    box = page.get_by_role("combobox", name="Tìm trong các báo")
    box.press_sequentially("khoat")
    offers = page.get_by_role("option")
    expect(offers).to_have_text(["khoát tổ dân phố đã tìm", re.compile("^Lương Đình Khoát Người")])
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("Escape")
    expect(offers).to_have_count(0)
    expect(box).to_have_value("khoat")
    box.press_sequentially(" ")
    box.press("Backspace")
    expect(offers).to_have_count(2)
    box.press("ArrowUp")
    expect(offers.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(offers.first).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("#found")).to_have_text("2 bài")
    expect(page.locator("#q")).to_have_value('"Lương Đình Khoát"')
    page.locator("#q").fill("khoat")
    offers.filter(has_text="khoát tổ").click()
    expect(page.locator("#q")).to_have_value("khoát tổ dân phố")


def test_a_facet_is_added_excluded_and_removed_and_each_state_is_an_address(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#found")).to_have_text("10 bài")
    papers = page.get_by_role("region", name="Báo", exact=True)
    papers.get_by_role("link", name="Báo Thủ Đô Mới", exact=True).click()
    expect(page.locator("#found")).to_have_text("2 bài")
    assert "filter=source%3Athudo" in page.url
    page.get_by_role("link", name="Loại trừ Giấy khen").click()
    expect(page.locator("#found")).to_have_text("1 bài")
    address = page.url
    page.get_by_role("region", name="Điều kiện đang chọn").get_by_role(
        "link", name="Báo Thủ Đô Mới"
    ).click()
    expect(page.locator("#found")).to_have_text("9 bài")
    page.goto(address)
    expect(page.locator("#found")).to_have_text("1 bài")
    page.get_by_role("link", name="Bỏ hết").click()
    expect(page.locator("#found")).to_have_text("10 bài")


def test_the_timeline_leads_to_its_period(page: Page) -> None:
    page.goto("/")
    bars = page.locator(".timeline svg a")
    expect(bars).to_have_count(6)
    bars.last.click()
    expect(page.locator("#found")).to_have_text("3 bài")
    assert "since=2024-12-01&until=2024-12-31" in page.url
    page.goto("/")
    page.get_by_text("Xem dạng bảng").click()
    page.get_by_role("link", name="11/2024", exact=True).first.click()
    expect(page.locator("#found")).to_have_text("3 bài")


def test_reprints_unfold(page: Page) -> None:
    page.goto("/?q=dan van kheo")
    reprint = page.get_by_role("link", name="Tuyên dương các mô hình", exact=False)
    expect(reprint).to_be_hidden()
    page.get_by_text("1 báo khác đăng lại").click()
    expect(reprint).to_be_visible()


def test_an_article_leads_from_a_record_to_its_evidence_and_from_a_name_to_its_articles(
    page: Page, served: tuple[str, Shelf]
) -> None:
    page.goto(f"/bai/{served[1].ids['tuyen-duong-bang-khen']}")
    page.locator(".side").get_by_role("link", name="Bằng khen").click()
    evidence = page.locator("#award-0")
    expect(evidence).to_be_in_viewport()
    expect(evidence).to_contain_text("tặng Bằng khen cho ông Lương Đình Khoát")
    page.locator(".sheet").get_by_role("link", name="Lương Đình Khoát").click()
    expect(page.locator("h1")).to_have_text("Lương Đình Khoát")
    page.get_by_role("link", name="Tất cả 2 bài").click()
    expect(page.locator("#found")).to_have_text("2 bài")


def test_text_of_an_article_is_never_markup(page: Page, served: tuple[str, Shelf]) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(f"/bai/{served[1].ids['san-khau']}")
    expect(page.locator("h1")).to_have_text(
        'Công nhân <b>Nhà máy Sợi</b> & câu chuyện "giữ lửa" nghề'
    )
    page.goto('/?q="><script>alert(1)</script>')
    expect(page.locator("#q")).to_have_value('"><script>alert(1)</script>')


def test_the_register_is_filtered_and_downloaded(page: Page) -> None:
    page.goto("/khen-thuong")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Cấp khen thưởng").select_option("Cấp cơ sở")
    page.get_by_role("button", name="Tìm").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    text = started.value.path().read_bytes().decode("utf-8-sig")
    assert "Giấy khen" in text
    assert "Bằng khen" not in text


def test_a_press_review_is_put_in_order_and_downloaded(page: Page) -> None:
    page.goto("/diem-bao")
    page.get_by_label("Từ ngày").fill("01/12/2024")
    page.get_by_label("Đến ngày").fill("31/12/2024")
    page.get_by_role("button", name="Soạn bản nháp").click()
    titles = page.locator(".review-form h3")
    expect(titles.first).to_contain_text("Trao Giấy khen")
    page.get_by_label("Thứ tự").first.fill("9")
    page.get_by_label("Nhận xét").first.fill("Theo dõi tiếp")
    page.get_by_role("button", name="Cập nhật bản nháp").click()
    expect(titles.last).to_contain_text("Trao Giấy khen")
    expect(page.get_by_label("Nhận xét").last).to_have_value("Theo dõi tiếp")
    page.get_by_label("Bỏ bài này").first.check()
    with page.expect_download() as started:
        page.get_by_role("button", name="Tải bản Word").click()
    written = [one.text for one in Document(str(started.value.path())).paragraphs]
    assert "Nhận xét: Theo dõi tiếp" in written
    assert [line for line in written if line.startswith(("1.", "2."))] == [
        "1. Trao Giấy khen cho 3 tập thể có sáng kiến tiết kiệm điện"
    ]


def test_a_pasted_article_is_filed_and_its_fate_is_told(
    page: Page, served: tuple[str, Shelf]
) -> None:
    page.goto("/them")
    page.get_by_label("Văn bản của bài").fill("Khen thưởng đột xuất\nXã khen ba hộ dân.")
    page.locator("form").nth(1).get_by_role("button", name="Đọc bài này").click()
    expect(page.get_by_role("heading", name="Đang đọc bài")).to_be_visible()
    archive = served[1].archive
    with archive.write() as connection:
        [job] = jobs.lease(connection, "read", "a worker", NOW.replace(year=2100), 1, 60)
        jobs.fail(connection, job, "Không nhận ra bài báo nào trong văn bản.", NOW, 1)
    expect(page.get_by_text("Không nhận ra bài báo nào trong văn bản.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_scrolls_one_way_only(page: Page, served: tuple[str, Shelf], theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for path in (*VIEWS, f"/bai/{served[1].ids['tuyen-duong-bang-khen']}"):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], path
    page.goto("/?q=dan")
    page.locator(".filters > summary").click()
    expect(page.get_by_role("region", name="Báo", exact=True)).to_be_visible()


CONTRAST = """
() => {
  const channel = (v) => (v /= 255, v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const rgba = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest("svg")) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)} ${element.textContent.trim().slice(0, 30)}`);
  }
  return poor;
}
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_is_legible(page: Page, served: tuple[str, Shelf], theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for path in (*VIEWS, f"/bai/{served[1].ids['tuyen-duong-bang-khen']}"):
        page.goto(path)
        assert page.evaluate(CONTRAST) == [], path


def test_every_control_has_a_name_and_every_view_one_heading(
    page: Page, served: tuple[str, Shelf]
) -> None:
    for path in (*VIEWS, f"/bai/{served[1].ids['tuyen-duong-bang-khen']}"):
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        snapshot = page.locator("body").aria_snapshot()
        nameless = re.findall(
            r"^\s*- (link|button|textbox|searchbox|combobox|checkbox)(?: \[.*\])?:?$",
            snapshot,
            re.M,
        )
        assert nameless == [], path


def test_the_page_works_without_scripts(browser: Browser, served: tuple[str, Shelf]) -> None:
    context = browser.new_context(base_url=served[0], java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("#q").fill("dan van kheo")
    page.locator("#q").press("Enter")
    expect(page.locator("#found")).to_have_text("2 bài")
    page.get_by_role("link", name="Loại trừ Báo Trung Du").click()
    expect(page.locator("#found")).to_have_text("1 bài")
    context.close()

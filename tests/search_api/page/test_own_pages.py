"""A clerk with an account in the browser: signs in, keeps tags, a note and a dossier, signs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from diembao.archive import users
from diembao.archive.users import Role
from tests.search_api.conftest import NOW, Shelf
from tests.search_api.page.test_accessibility import DESK, findings
from tests.search_api.page.test_browser import CONTRAST, PHONE
from tests.search_api.page.test_editing_pages import tab_to

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.needs_chromium

PASSWORD = "mười hai con giáp"


@pytest.fixture
def signed_in(page: Page, served: tuple[str, Shelf]) -> Iterator[Page]:
    """A page at which a reader has signed in; the account ends with the test."""
    archive = served[1].archive
    with archive.write() as connection:
        reader = users.add(connection, "Đỗ Quyên", Role.READER, PASSWORD, "cli", NOW)
    page.goto("/ho-so")
    page.get_by_label("Tên tài khoản").fill("Đỗ Quyên")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Hồ sơ của tôi")).to_be_visible()
    yield page
    with archive.write() as connection:
        users.remove(connection, reader, "cli", NOW)


def test_a_clerk_keeps_an_article_by_keyboard_and_finds_it_again(
    signed_in: Page, served: tuple[str, Shelf]
) -> None:
    page, article = signed_in, served[1].ids["giay-khen"]
    expect(page.get_by_role("link", name="Đỗ Quyên")).to_be_visible()
    page.goto(f"/bai/{article}")
    expect(page.get_by_role("link", name="Sửa thông tin rút ra")).to_have_count(0)
    tab_to(page, page.get_by_label("Nhãn của tôi"))
    page.keyboard.type("điển hình, Tây Hồ")
    tab_to(page, page.get_by_label("Ghi chú của tôi"))
    page.keyboard.type("Gọi xã xin ảnh")
    tab_to(page, page.get_by_label("Cho vào hồ sơ mới tên là"))
    page.keyboard.type("Tiết kiệm điện")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Đã lưu.")
    expect(page.get_by_role("checkbox", name="Tiết kiệm điện")).to_be_checked()
    page.get_by_role("link", name="Tây Hồ", exact=True).click()
    expect(page.locator("h1")).to_have_text("Bài có nhãn “Tây Hồ”")
    expect(page.locator(".note")).to_contain_text("Gọi xã xin ảnh")
    page.goto("/ho-so")
    page.get_by_role("link", name="Tiết kiệm điện", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    assert "Gọi xã xin ảnh" in started.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="Soạn điểm báo từ hồ sơ").click()
    expect(page.locator(".review-form h3")).to_have_text(
        "Trao Giấy khen cho 3 tập thể có sáng kiến tiết kiệm điện"
    )
    page.get_by_role("link", name="Đỗ Quyên").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto(f"/bai/{article}")
    expect(page.get_by_label("Ghi chú của tôi")).to_have_count(0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_ones_own(
    signed_in: Page, served: tuple[str, Shelf], theme: str, size: dict[str, int]
) -> None:
    page, article = signed_in, served[1].ids["giay-khen"]
    form = {"tags": "điển hình", "note": "xin ảnh", "new_dossier": "Tiết kiệm điện"}
    page.request.post(f"/ho-so/bai/{article}", form=form)
    page.goto("/?q=khen")
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/ho-so")
    dossier = page.get_by_role("link", name="Tiết kiệm điện", exact=True).get_attribute("href")
    for path in (
        "/ho-so", str(dossier), "/ho-so/bai?tag=điển hình", "/tai-khoan", "/dang-nhap",
        f"/bai/{article}", f"/diem-bao?dossier={str(dossier).rpartition('/')[2]}",
    ):  # fmt: skip
        page.goto(path)
        page.evaluate(
            "document.querySelectorAll('main details').forEach((one) => (one.open = true))"
        )
        assert findings(page) == [], path
        assert page.evaluate(CONTRAST) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    page.goto("/")
    page.locator("#q").press_sequentially("khe")
    expect(page.get_by_role("option").first).to_have_text("khen đã tìm")
    assert findings(page) == []

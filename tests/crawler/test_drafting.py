"""Drafting a declaration from an address: what it finds is what the newspaper declares itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler import declarations, drafting
from crawler.declarations import Declaration
from crawler.drafting import paging, shapes
from crawler.run import crawl_once
from diembao.archive.engine import Archive
from diembao.errors import BadInputError, FetchError, ReadError
from diembao.settings import Settings

SITES = ("mau-cuulong", "mau-datto", "mau-kinhbac", "mau-laodongthudo", "mau-tiengnoidoanvien")


@pytest.mark.parametrize("site", SITES)
def test_a_drafted_declaration_collects_the_whole_newspaper(
    press: Any, archive: Archive, hurried: Settings, tmp_path: Path, site: str
) -> None:
    drafted = drafting.draft(f"{press.origins[site]}/thoi-su", hurried, {})
    assert len(drafted.read) == 5
    path = drafting.write(drafted.declaration, tmp_path / "sources")
    declared = declarations.load(tmp_path / "sources")
    assert list(declared.values()) == [drafted.declaration]
    # Sample articles are older than the horizon that drafts get.
    whole = drafted.declaration.model_copy(update={"horizon_days": None})
    report = crawl_once(archive, {path.stem: whole}, hurried)
    printed = [article for article in press.articles if article.site == site]
    assert (report.new, report.failed) == (len(printed), 0)


def test_a_draft_names_feeds_sitemaps_listings_and_further_pages(
    press: Any, hurried: Settings
) -> None:
    base = press.origins["mau-tiengnoidoanvien"]
    declared = drafting.draft(base, hurried, {}).declaration
    assert declared.title == "Báo Tiếng nói Đoàn viên (mẫu)"
    assert declared.feeds == (f"{base}/rss/home.rss",)
    assert declared.sitemaps == (f"{base}/sitemap.xml",)
    listings = {one.url: one.next for one in declared.listings}
    assert listings[f"{base}/cong-doan.htm"] == f"{base}/cong-doan/trang-{{page}}.htm"


def test_articles_read_wrongly_leave_a_doubt(press: Any, hurried: Settings) -> None:
    def without_dates(reply: Any, path: str, headers: Any) -> Any:
        text = reply.body.decode().replace("/2026", "/").replace("2026-", "-")
        return type(reply)(200, reply.headers, text.encode())

    press.misbehave("mau-cuulong", r"-a\d+\.html", without_dates)
    (doubt,) = drafting.draft(press.origins["mau-cuulong"], hurried, {}).doubts
    assert "no article is dated" in doubt


def test_a_declared_newspaper_is_not_drafted_again(
    press: Any, declared: dict[str, Declaration], hurried: Settings
) -> None:
    with pytest.raises(BadInputError, match="declared already, as mau-kinhbac"):
        drafting.draft(press.origins["mau-kinhbac"], hurried, declared)


def test_a_newspaper_that_refuses_is_told(press: Any, press_module: Any, hurried: Settings) -> None:
    press.misbehave("mau-kinhbac", "", press_module.status(403))
    with pytest.raises(FetchError, match="HTTP 403"):
        drafting.draft(press.origins["mau-kinhbac"], hurried, {})


def test_a_site_without_articles_is_told(press: Any, hurried: Settings) -> None:
    def empty(reply: Any, path: str, headers: Any) -> Any:
        return type(reply)(
            200, {"Content-Type": "text/html"}, b"<html><p>Xin ch\xc3\xa0o</p></html>"
        )

    press.misbehave("mau-kinhbac", "", empty)
    with pytest.raises(ReadError, match="declare it by hand"):
        drafting.draft(press.origins["mau-kinhbac"], hurried, {})


@pytest.mark.parametrize(
    ("paths", "patterns"),
    [
        (["/trao-thuong-1234.html", "/gap-mat-12345.html"], [r"-\d{3,6}\.html$"]),
        (["/a-b-post12.html", "/xa/le-post98123.html", "/d-e-post99123.html"], [r"-post\d{4,6}\.html$"]),
        (["/tin/202412/trao-thuong/", "/tin/202501/gap-mat/"], [r"/\d{6,7}/[^/]+/?$"]),
        (["/viewer/12345.aspx", "/viewer/22345.aspx"], [r"/\d{4,6}\.aspx$"]),
        (
            ["/trao-bang-khen-cho-nong-dan.html", "/xa-hoi/bay-gia-dinh-duoc-khen-thuong-nay.html"],
            [r"^(/[^/]+)*/[a-z0-9]+(-[a-z0-9]+){5,}\.html$"],
        ),
        (["/thoi-su", "/lien-he"], []),
    ],
)  # fmt: skip
def test_shapes_are_guessed_from_addresses(paths: list[str], patterns: list[str]) -> None:
    assert shapes.guess(f"https://bao.example{path}" for path in paths) == patterns


def test_a_shape_of_few_addresses_is_left_out() -> None:
    many = [
        f"https://bao.example/bai-so-{number}-post{number}.html" for number in range(1000, 1020)
    ]
    assert shapes.guess([*many, "https://bao.example/su-kien-777.htm"]) == [r"-post\d{3,5}\.html$"]


@pytest.mark.parametrize(
    ("link", "form"),
    [
        ("/thoi-su?page=2", ("https://bao.example/thoi-su?page={page}", 1)),
        ("/thoi-su/trang-2.htm", ("https://bao.example/thoi-su/trang-{page}.htm", 1)),
        ("/thoi-su/p/2", ("https://bao.example/thoi-su/p/{page}", 1)),
        ("/thoi-su?BRSR=16", ("https://bao.example/thoi-su?BRSR={offset}", 16)),
        ("/kinh-te?page=2", None),
        ("/thoi-su/trao-thuong-222.html", None),
    ],
)
def test_further_pages_are_told_by_the_link_to_the_second(
    link: str, form: tuple[str, int] | None
) -> None:
    links = ["https://bao.example/thoi-su", f"https://bao.example{link}"]
    assert paging.following("https://bao.example/thoi-su", links) == form

"""Declarations: what is bundled is sound, and every fault names file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import declarations
from crawler.declarations import BUNDLED
from diembao import settings
from diembao.errors import DeclarationError
from diembao.source import SourceLevel
from diembao.vietnamese.provinces import present_provinces

LISTS = (
    "/",
    "/thoi-su",
    "/chinh-tri/xay-dung-dang/",
    "/xa-hoi.htm",
    "/kinh-te.html",
    "/tag/bang-khen-123456.html",
    "/tags/bang-khen-cua-thu-tuong-chinh-phu-123456.html",
    "/chu-de/phong-trao-thi-dua-yeu-nuoc-4567.html",
    "/tu-khoa/dan-van-kheo-123456.htm",
    "/tim-kiem?q=bang-khen-12345.html",
    "/phong-trao-thi-dua-yeu-nuoc-event123.html",
    "/phong-trao-thi-dua-yeu-nuoc-topic123.html",
    "/dai-hoi-thi-dua-yeu-nuoc-lan-thu-xi-ct0.htm",
    "/rss/xa-hoi-123456.rss",
)

GOOD = """\
name = "mau"
title = "Báo Mẫu"
domain = "baomau.vn"
level = "province"
province = "ha-noi"
feeds = ["https://baomau.vn/rss"]
article_urls = ['-\\d+\\.html$']

[[listings]]
url = "https://baomau.vn/thoi-su"
next = "/thoi-su?BRSR={offset}"
step = 16
pages = 3

[[listings]]
url = "https://baomau.vn/xa-hoi"

[selectors]
body = ".noi-dung"

[[layouts]]
valid_until = 2020-12-31
body = ".detail_info"
"""


def declare(folder: Path, text: str) -> Path:
    path = folder / "mau.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_bundled_newspapers_are_sound_and_say_that_they_were_not_checked() -> None:
    bundled = declarations.load()
    assert len(bundled) >= 75
    assert not any(declaration.checked for declaration in bundled.values())
    for declaration in bundled.values():
        assert declaration.feeds or declaration.sitemaps or declaration.listings, declaration.name


def test_every_province_has_a_newspaper_and_every_level_is_there() -> None:
    bundled = declarations.load().values()
    assert {one.province for one in bundled} - {None} == set(present_provinces())
    assert {one.level for one in bundled} == set(SourceLevel)


def test_no_host_belongs_to_two_newspapers() -> None:
    hosts = [host for one in declarations.load().values() for host in one.all_hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize("name", declarations.load())
def test_bundled_patterns_take_no_list_for_an_article(name: str) -> None:
    declared = declarations.load()[name]
    pages = [page for listing in declared.listings for page in listing.addresses]
    pages += [*declared.feeds, *declared.sitemaps]
    pages += [f"https://{declared.domain}{path}" for path in LISTS]
    assert [page for page in pages if declared.is_article(page)] == []
    assert (BUNDLED / f"{name}.toml").read_text("utf-8").startswith("# Rests on ")


def test_the_users_own_declarations_add_to_the_bundled_ones_and_win(tmp_path: Path) -> None:
    chosen = settings.load(home=tmp_path, sources=None)
    bundled = declarations.load_all(chosen)
    assert bundled == declarations.load()
    own = declarations.own_folder(chosen)
    own.mkdir()
    declare(own, GOOD)
    changed = (BUNDLED / "hanoimoi.toml").read_text("utf-8").replace("Hànộimới", "Hà Nội mới")
    (own / "hanoimoi.toml").write_text(changed, "utf-8")
    both = declarations.load_all(chosen)
    assert set(both) == {*bundled, "mau"}
    assert both["hanoimoi"].title == "Hà Nội mới"


def test_a_named_folder_stands_instead_of_the_bundled_ones(tmp_path: Path) -> None:
    declare(tmp_path, GOOD)
    assert set(declarations.load_all(settings.load(home=tmp_path, sources=tmp_path))) == {"mau"}


def test_a_declaration_is_read_whole(tmp_path: Path) -> None:
    declared = declarations.read(declare(tmp_path, GOOD))
    assert declared.source.level is SourceLevel.PROVINCE
    assert declared.source.title == "Báo Mẫu"
    assert declared.listings[0].addresses == [
        "https://baomau.vn/thoi-su",
        "https://baomau.vn/thoi-su?BRSR=16",
        "https://baomau.vn/thoi-su?BRSR=32",
    ]
    assert declared.timezone == "Asia/Ho_Chi_Minh"
    assert declared.layouts[0].body == ".detail_info"


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ('title = "Báo Mẫu"\n', "", 1, "title"),
        ('province = "ha-noi"', 'province = "ha-tay"', 5, "province"),
        ('level = "province"', 'level = "xã"', 4, "level"),
        ("'-\\d+\\.html$'", "'-(\\d+'", 7, "article_urls"),
        ('"https://baomau.vn/rss"', '"ftp://baomau.vn/rss"', 6, "feeds"),
        ("pages = 3", "pages = 0", 13, "listings.0.pages"),
        ('next = "/thoi-su?BRSR={offset}"\n', "", 9, "listings.0"),
        ('url = "https://baomau.vn/xa-hoi"', 'url = "xa-hoi"', 16, "listings.1.url"),
        ('body = ".noi-dung"', 'body = "..noi"', 19, "selectors.body"),
        ('body = ".noi-dung"', 'bodi = ".noi"', 19, "selectors.bodi"),
        ("valid_until = 2020-12-31", 'valid_until = "xưa"', 22, "layouts.0.valid_until"),
        ('name = "mau"', 'name = "khac"', 1, "name"),
    ],
)
def test_a_fault_names_file_line_and_field(
    tmp_path: Path, old: str, new: str, line: int, field: str
) -> None:
    assert old in GOOD
    path = declare(tmp_path, GOOD.replace(old, new))
    with pytest.raises(DeclarationError) as caught:
        declarations.read(path)
    assert f"{path}:{line}: {field}" in str(caught.value)


def test_broken_toml_names_the_file_and_the_line(tmp_path: Path) -> None:
    path = declare(tmp_path, 'name = "mau"\ntitle = \n')
    with pytest.raises(DeclarationError, match=r"mau\.toml.*line 2"):
        declarations.read(path)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no such folder"):
        declarations.load(tmp_path / "none")


@pytest.mark.parametrize(
    ("address", "is_article"),
    [
        ("https://baomau.vn/trao-bang-khen-12.html", True),
        ("https://www.baomau.vn/trao-bang-khen-12.html", True),
        ("https://baomau.vn/thoi-su", False),
        ("https://baokhac.vn/trao-bang-khen-12.html", False),
    ],
)
def test_only_declared_addresses_on_its_own_hosts_are_articles(
    tmp_path: Path, address: str, is_article: bool
) -> None:
    assert declarations.read(declare(tmp_path, GOOD)).is_article(address) is is_article

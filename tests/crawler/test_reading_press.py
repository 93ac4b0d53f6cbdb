"""Every article of every sample newspaper is read exactly as it was printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler import reading
from crawler.declarations import Declaration
from crawler.fetching import FetchedPage
from diembao.article import Article, BlockKind
from diembao.errors import ReadError
from diembao.vietnamese.folding import nfc

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
SITES = ["mau-cuulong", "mau-datto", "mau-kinhbac", "mau-laodongthudo", "mau-tiengnoidoanvien"]
OUTSIDE = (BlockKind.TITLE, BlockKind.LEAD, BlockKind.BYLINE)


def read(press: Any, declared: dict[str, Declaration], site: str, path: str) -> Article:
    page = press.sites[site].page(path)
    fetched = FetchedPage(
        press.sites[site].origin + path, NOW, {"content-type": page.content_type}, page.body
    )
    return reading.read_page(fetched, declared[site], NOW)


def both(press: Any, declared: dict[str, Declaration], site: str) -> Iterator[tuple[Article, Any]]:
    for printed in press.articles:
        if printed.site == site:
            yield read(press, declared, site, printed.path), printed


@pytest.mark.parametrize("site", SITES)
def test_every_part_is_read_as_printed(
    press: Any, declared: dict[str, Declaration], site: str
) -> None:
    for article, printed in both(press, declared, site):
        assert article.title == nfc(printed.title)
        assert article.lead == nfc(printed.lead)
        assert article.byline == nfc(printed.byline)
        body = [(b.kind.value, b.text) for b in article.blocks if b.kind not in OUTSIDE]
        assert body == [(block.kind, nfc(block.text)) for block in printed.body]
        assert article.published_at == printed.published_at
        assert article.canonical_url == printed.url
        assert article.section == press.sites[site].config["sections"][printed.section]
        assert article.kind.value == printed.kind


@pytest.mark.parametrize("site", SITES)
def test_related_headlines_are_kept_apart_and_never_in_the_text(
    press: Any, declared: dict[str, Declaration], site: str
) -> None:
    for article, printed in both(press, declared, site):
        assert set(article.related) == set(map(nfc, printed.related))
        text = nfc(printed.text)
        leaked = [h for h in map(nfc, printed.related) if h in article.text and h not in text]
        assert not leaked


@pytest.mark.parametrize("site", ["mau-laodongthudo", "mau-tiengnoidoanvien"])
def test_the_page_for_phones_is_the_same_article(
    press: Any, declared: dict[str, Declaration], site: str
) -> None:
    for printed in (article for article in press.articles if article.site == site):
        article = read(press, declared, site, press.sites[site].mobile_path(printed))
        assert (article.title, article.lead, article.byline) == (
            nfc(printed.title),
            nfc(printed.lead),
            nfc(printed.byline),
        )
        assert article.canonical_url == printed.url
        assert article.published_at == printed.published_at


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("is_declared", [True, False])
def test_front_and_section_pages_are_no_articles(
    press: Any, declared: dict[str, Declaration], site: str, is_declared: bool
) -> None:
    newspaper = press.sites[site]
    pages = ["/", *(newspaper.listing_path(section) for section in newspaper.config["sections"])]
    for path in pages:
        page = newspaper.page(path)
        fetched = FetchedPage(
            newspaper.origin + path, NOW, {"content-type": page.content_type}, page.body
        )
        with pytest.raises(ReadError):
            reading.read_page(fetched, declared[site] if is_declared else None, NOW)

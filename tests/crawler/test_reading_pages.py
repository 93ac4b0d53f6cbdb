"""Forty pages in the markup of newspaper families, and fourteen real ones, read as they are printed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from crawler import reading
from crawler.fetching import FetchedPage
from crawler.reading import lines
from diembao.article import Article, BlockKind, DateDoubt

PAGES = Path(__file__).parent / "pages"
FITTED = sorted(path.stem for path in PAGES.glob("*.json"))
LATER = sorted(f"later/{path.stem}" for path in PAGES.glob("later/*.json"))
NAMES = [*FITTED, *LATER]
REAL = json.loads((Path(__file__).parent / "real_pages.json").read_text())
OUTSIDE = (BlockKind.TITLE, BlockKind.LEAD, BlockKind.BYLINE)
TEXT = (BlockKind.PARAGRAPH, BlockKind.SUBHEAD, BlockKind.ITEM, BlockKind.ROW)
NEWSPAPER_TIME = "+07:00"


def gold(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAGES / f"{name}.json").read_text())
    return found


@cache
def read(name: str) -> Article:
    wanted = gold(name)
    now = datetime.fromisoformat(wanted["fetched_at"])
    headers = {"content-type": wanted["content_type"]}
    files = {wanted["url"]: f"{Path(name).name}.html", **wanted.get("parts", {})}
    pages = [
        FetchedPage(url, now, headers, (PAGES / name).with_name(file).read_bytes())
        for url, file in files.items()
    ]
    return reading.read_page(reading.joined(pages), None, now)


def body(article: Article) -> list[list[str]]:
    return [[block.kind, block.text] for block in article.blocks if block.kind not in OUTSIDE]


def words(blocks: list[list[str]]) -> Counter[str]:
    return Counter(word for kind, text in blocks if kind != "caption" for word in text.split())


def test_there_are_forty() -> None:
    assert len(FITTED) == 40


@pytest.mark.parametrize("name", NAMES)
def test_title_lead_and_minute_are_exact(name: str) -> None:
    wanted, article = gold(name), read(name)
    at = wanted["published_at"]
    at = datetime.fromisoformat(at if "T" in at else f"{at}T00:00{NEWSPAPER_TIME}")
    assert article.title == wanted["title"]
    assert article.lead == wanted["lead"]
    assert article.published_at
    assert article.published_at.replace(second=0) == at


@pytest.mark.parametrize("name", NAMES)
def test_every_block_stands_in_its_place_and_no_other_article_is_in_the_text(name: str) -> None:
    wanted, article = gold(name), read(name)
    assert body(article) == wanted["body"]
    assert not [headline for headline in article.related if headline in article.text]
    assert set(wanted["related"]) <= set(article.related)


@pytest.mark.parametrize("name", NAMES)
def test_section_tags_form_and_access(name: str) -> None:
    wanted, article = gold(name), read(name)
    assert article.section == wanted["section"]
    assert list(article.tags) == wanted["tags"]
    assert article.kind == wanted["kind"]
    assert article.free_access == wanted.get("free_access", True)


def test_body_and_bylines_over_all() -> None:
    found = wanted = both = signed = 0
    for name in NAMES:
        mine, right = words(body(read(name))), words(gold(name)["body"])
        found, wanted, both = (
            found + mine.total(),
            wanted + right.total(),
            both + (mine & right).total(),
        )
        signed += read(name).byline == gold(name)["byline"]
    assert 2 * both / (found + wanted) >= 0.98
    assert signed / len(NAMES) >= 0.95


def test_a_weekday_that_is_another_is_told() -> None:
    doubtful = [name for name in NAMES if gold(name).get("weekday_agrees") is False]
    assert doubtful
    for name in NAMES:
        assert read(name).date_doubt == (DateDoubt.WEEKDAY if name in doubtful else None)


def digest(text: str) -> str:
    return sha256(lines.key(text).encode()).hexdigest()[:12]


@pytest.mark.needs_shared
@pytest.mark.parametrize("path", REAL)
def test_real_pages_are_read_as_printed(shared: Path, path: str) -> None:
    wanted = REAL[path]
    article = reading.read_file(shared / "data" / "html" / path, {}, datetime.now(UTC))

    def of(*kinds: BlockKind) -> list[str]:
        return [digest(block.text) for block in article.blocks if block.kind in kinds]

    assert article.published_at
    assert article.published_at.strftime("%Y-%m-%dT%H:%MZ") == wanted["published_at"]
    assert digest(article.title) == wanted["title"]
    assert digest(article.lead) == wanted["lead"]
    assert (digest(article.byline) if article.byline else None) == wanted["byline"]
    assert of(*TEXT) == wanted["body"]
    assert of(BlockKind.CAPTION) == wanted["captions"]

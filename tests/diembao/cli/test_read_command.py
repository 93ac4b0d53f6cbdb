"""`diembao read PAGE.html [--url URL] --json`: the article as read, in the form that scripts rely on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
PAGES = Path(__file__).parents[2] / "crawler" / "pages"
FIXED = ["title", "lead", "paragraphs", "captions", "byline", "published_at", "section", "tags", "related"]  # fmt: skip
GOLD = sorted(
    path for path in PAGES.glob("*.json") if not json.loads(path.read_text()).get("parts")
)


@pytest.mark.parametrize("path", GOLD[::8], ids=lambda path: path.stem)
def test_every_part_of_a_page_is_printed(path: Path, run: Run) -> None:
    gold = json.loads(path.read_text())
    result = run("read", path.with_suffix(".html"), "--url", gold["url"], "--json")
    read = json.loads(result.stdout)
    assert list(read)[: len(FIXED)] == FIXED
    for part in ("title", "lead", "byline"):
        assert read[part] == (gold[part] or "")
    body = [text for kind, text in gold["body"] if kind != "caption"]
    assert read["paragraphs"] == body
    assert read["captions"] == [text for kind, text in gold["body"] if kind == "caption"]
    found, wanted = (datetime.fromisoformat(one["published_at"]) for one in (read, gold))
    assert found.replace(second=0) == wanted.replace(second=0)
    assert not set(read["related"]) & set(body)


def test_without_json_each_line_is_shown_with_its_kind(run: Run) -> None:
    gold = json.loads(GOLD[0].read_text())
    shown = run("read", GOLD[0].with_suffix(".html"), "--url", gold["url"]).output
    assert shown.startswith("title")
    assert "paragraph" in shown

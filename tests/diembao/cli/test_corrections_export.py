"""`diembao corrections export`: corrected articles in the form of the annotated corpus."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pydantic import TypeAdapter

from diembao.archive import articles
from diembao.archive.migration import open_archive
from diembao.article import Article, Block, BlockKind
from diembao.correcting.asking import Asked
from diembao.corrections import correct, take_back
from diembao.records import Extraction, Label, Mention
from diembao.settings import load
from diembao.settling import settle
from diembao.source import Source
from extraction.training import corpus

Run = Callable[..., Result]
NOW = datetime(2026, 3, 4, 18, tzinfo=UTC)
TITLE = "Đồi Chè trao Giấy khen"
BODY = "Hội Phụ nữ xã Đồi Chè tặng Giấy khen cho bà Trần Thị Thắm và 15 tập thể, nhân rộng mô hình Ngõ sạch."
ASKED = [
    {"kind": "award", "value": {"award": "Giấy khen", "recipients": ["Trần Thị Thắm"], "conferrer": "Hội Phụ nữ xã Đồi Chè", "for_model": "Ngõ sạch"}},
    {"kind": "award", "value": {"award": "Giấy khen", "recipients": ["15 tập thể"]}},
    {"kind": "model", "value": {"name": "Ngõ sạch", "owner": "Hội Phụ nữ xã Đồi Chè"}},
    {"kind": "person", "value": {"name": "Trần Thị Thắm"}},
]  # fmt: skip


@pytest.fixture
def exported(home: Path, run: Run, tmp_path: Path) -> list[dict[str, Any]]:
    """The rows of an archive of three articles, one corrected, one whose correction was undone."""
    archive = open_archive(load().archive_url)
    source = Source(name="doi-che", title="Báo Đồi Chè", domain="doiche.example")
    text = f"{TITLE}\n{BODY}"
    start = text.index("Hội Phụ nữ")
    unit = Mention(start, start + len("Hội Phụ nữ xã Đồi Chè"), Label.UNIT, 0.7, "UNIT:hội")
    for number in (1, 2, 3):
        url = f"https://doiche.example/{number}"
        article = Article(
            url=url, canonical_url=url, source=source.name, fetched_at=NOW,
            blocks=(
                Block(kind=BlockKind.TITLE, text=TITLE),
                Block(kind=BlockKind.PARAGRAPH, text=BODY),
            ),
        )  # fmt: skip
        with archive.write() as connection:
            saved = articles.save(connection, source, article, None, NOW)
            read = Extraction(id="", text=text, mentions=(unit,))
            settle(connection, saved.article_id, 1, article, read, NOW)
    adapter: TypeAdapter[Asked] = TypeAdapter(Asked)
    with archive.write() as connection:
        for one in ASKED:
            correct(connection, 2, adapter.validate_python(one), "Bùi Sửa", "", NOW)
        decision = adapter.validate_python({"kind": "decision", "is_award_article": True})
        made = correct(connection, 3, decision, "Bùi Sửa", "", NOW)
        take_back(connection, made, "Bùi Sửa", "", NOW)
    archive.close()
    result = run("corrections", "export", tmp_path / "sua.jsonl")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("1 bài đã sửa")
    lines = (tmp_path / "sua.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_only_corrected_articles_are_exported_with_what_was_corrected(
    exported: list[dict[str, Any]],
) -> None:
    [row] = exported
    assert (row["id"], row["genre"], row["date"]) == ("doi-che-2", "award", "2026-03-05")
    assert [one["recipients"] for one in row["awards"]] == [["Trần Thị Thắm"], "15 tập thể"]
    assert row["models"] == [
        {"name": "Ngõ sạch", "kind": "model", "owner": "Hội Phụ nữ xã Đồi Chè"}
    ]
    marked = {row["text"][start:end]: label for start, end, label in row["mentions"]}
    assert marked == {
        "Hội Phụ nữ xã Đồi Chè": "UNIT", "Giấy khen": "AWARD", "Ngõ sạch": "MODEL",
        "Trần Thị Thắm": "PERSON",
    }  # fmt: skip


def test_the_trainer_reads_what_was_exported(exported: list[dict[str, Any]]) -> None:
    annotated = corpus.annotated(exported[0])
    assert [annotated.text[m.start : m.end] for m in annotated.mentions if m.label is Label.PERSON]


@pytest.mark.needs_shared
def test_the_checker_of_the_corpus_finds_no_fault(
    exported: list[dict[str, Any]], shared: Path
) -> None:
    spec = importlib.util.spec_from_file_location("corpus_check", shared / "corpus" / "check.py")
    assert spec
    assert spec.loader
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    with (shared / "corpus" / "train.jsonl").open(encoding="utf-8") as lines:
        gold = json.loads(lines.readline())
    for row in exported:
        assert set(row) == set(gold)
        assert list(check.faults_of(row["text"], row["mentions"], row)) == []

"""Annotations by offsets: with the texts at hand they give back the articles word for word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from diembao.records import Label
from extraction.training import offsets
from extraction.training.unlabelled import measured_ids

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def press(shared: Path) -> list[dict[str, Any]]:
    return list(offsets.rows(shared))


@pytest.mark.needs_shared
def test_the_words_stand_in_the_text(press: list[dict[str, Any]]) -> None:
    assert len(press) > 200
    for row in press:
        end_before = 0
        for start, end, label in row["mentions"]:
            assert end_before <= start < end <= len(row["text"])
            assert Label(label)
            name = row["text"][start:end]
            assert name == name.strip()
            assert "\n" not in name
            end_before = end


@pytest.mark.needs_shared
def test_names_of_records_are_words_of_the_text(press: list[dict[str, Any]]) -> None:
    for row in press:
        names = {row["text"][start:end] for start, end, _ in row["mentions"]}
        assert {record["name"] for record in row["models"] + row["people"]} <= names


@pytest.mark.needs_shared
def test_no_measured_article_is_among_them(press: list[dict[str, Any]], shared: Path) -> None:
    assert not measured_ids(shared) & {row["id"] for row in press}


def test_the_annotations_hold_numbers_and_no_text() -> None:
    def strings(value: object) -> set[str]:
        if isinstance(value, str):
            return {value}
        parts = value if isinstance(value, list) else []
        return {text for part in parts for text in strings(part)}

    for line in offsets.OFFSETS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert strings(row["mentions"]) <= set(Label)
        for kind in ("awards", "models", "people"):
            values = [value for record in row[kind] for value in record.values()]
            assert strings(values) <= {"model", "exemplar"}

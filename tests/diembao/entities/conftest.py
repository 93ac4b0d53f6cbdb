"""Reads `pairs.jsonl`: two sightings of a name, each in a small article, and whether they are one.

A sighting has `text`, `date`, `province` (of the newspaper, or null), `mentions`, the index of the
one in question (`focus`), and where they matter `people` (name, role, unit) and `models` (name, owner).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from diembao.archive import articles
from diembao.archive.schema import mentions
from diembao.article import Article, Block, BlockKind
from diembao.entities import resolve
from diembao.records import EmulationModel, Extraction, Label, Mention, Position, Span
from diembao.source import Source

if TYPE_CHECKING:
    from diembao.archive.engine import Archive

Sighting = dict[str, Any]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def pairs() -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def key(sighting: Sighting) -> str:
    return json.dumps(sighting, sort_keys=True)


def distinct() -> list[Sighting]:
    found = {key(side): side for pair in pairs() for side in (pair["a"], pair["b"])}
    return list(found.values())


def extraction(sighting: Sighting) -> Extraction:
    text = sighting["text"]

    def evidence(name: str) -> Span:
        return Span(text.index(name), text.index(name) + len(name))

    return Extraction(
        id="",
        text=text,
        mentions=tuple(
            Mention(start, end, Label(label), 1.0, f"{label}:{text[start:end]}")
            for start, end, label in sighting["mentions"]
        ),
        people=tuple(
            Position(name=name, role=role, unit=unit, evidence=evidence(name))
            for name, role, unit in sighting.get("people", ())
        ),
        models=tuple(
            EmulationModel(name=name, owner=owner, evidence=evidence(name))
            for name, owner in sighting.get("models", ())
        ),
    )


class Album:
    """An archive into which sightings are put, each as an article."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.placed: dict[str, int] = {}

    def put(self, sighting: Sighting) -> int:
        """Archive and resolve a sighting, or a new version of it; the article's id."""
        date = datetime.fromisoformat(sighting["date"]).replace(tzinfo=UTC)
        paper = Source(
            name=f"bao-{sighting['province'] or 'trung-uong'}",
            title="Báo",
            domain="bao.vn",
            province=sighting["province"],
        )
        url = sighting.get("url", key(sighting))
        article = Article(
            url=url,
            canonical_url=url,
            source=paper.name,
            blocks=(Block(kind=BlockKind.PARAGRAPH, text=sighting["text"]),),
            published_at=date,
            fetched_at=NOW,
        )
        with self.archive.write() as connection:
            saved = articles.save(connection, paper, article, None, NOW)
            resolve(connection, saved.article_id, extraction(sighting), date, NOW)
        self.placed[key(sighting)] = saved.article_id
        return saved.article_id

    def meant(self) -> dict[str, str | None]:
        """The entity that each sighting's focus means now."""
        with self.archive.read() as connection:
            links = {
                (row.article_id, row.start): row.entity_id
                for row in connection.execute(
                    select(mentions.c.article_id, mentions.c.start, mentions.c.entity_id)
                )
            }
        found = {}
        for name, article_id in self.placed.items():
            sighting = json.loads(name)
            found[name] = links[article_id, sighting["mentions"][sighting["focus"]][0]]
        return found


@pytest.fixture
def album(archive: Archive) -> Album:
    return Album(archive)


@pytest.fixture(scope="session")
def judged_pairs() -> list[tuple[str, str, bool]]:
    """The keys of two sightings, and whether they are one."""
    return [(key(pair["a"]), key(pair["b"]), pair["same"]) for pair in pairs()]


@pytest.fixture(scope="session")
def all_sightings() -> list[Sighting]:
    return distinct()

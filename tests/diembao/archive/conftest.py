"""A newspaper, articles and extractions to put into an archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from diembao.archive import articles, events, extractions, stories
from diembao.article import Article, Block, BlockKind
from diembao.entities import resolve
from diembao.records import Conferment, Extraction, Label, Mention, Span
from diembao.source import Source

if TYPE_CHECKING:
    from diembao.archive.articles import Saved
    from diembao.archive.engine import Archive

NOW = datetime(2024, 12, 20, 8, tzinfo=UTC)


class Desk:
    """Writes articles into an archive and extracts them by hand.

    `awards` of a telling are (award, recipients, conferrer or None); `units` and `people` the names
    in the text that are mentions.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def article(self, text: str, **fields: Any) -> Article:
        """The first line is the headline, the rest paragraphs."""
        title, *lines = text.split("\n")
        blocks = (Block(kind=BlockKind.TITLE, text=title),)
        blocks += tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines)
        url = fields.pop("url", f"https://bao.vn/{abs(hash(text))}.html")
        values = {"source": "bao", "published_at": NOW, "fetched_at": NOW} | fields
        return Article(url=url, canonical_url=url, blocks=blocks, **values)

    def source(self, name: str = "bao", **fields: Any) -> Source:
        return Source(name=name, title=f"Báo {name}", domain=f"{name}.vn", **fields)

    def save(self, text: str, *, province: str | None = None, **fields: Any) -> Saved:
        article = self.article(text, **fields)
        with self.archive.write() as connection:
            paper = self.source(article.source, province=province)
            return articles.save(connection, paper, article, None, NOW)

    def tell(
        self,
        text: str,
        awards: list[tuple[str, list[str], str | None]] | None = None,
        *,
        units: tuple[str, ...] = (),
        people: tuple[str, ...] = (),
        days: int = 0,
        now: datetime = NOW,
        **fields: Any,
    ) -> tuple[int, tuple[int, ...]]:
        """Archive, extract and resolve an article; its id and the events of its awards."""
        saved = self.save(text, published_at=NOW + timedelta(days=days), **fields)
        with self.archive.write() as connection:
            current = articles.load(connection, [saved.article_id])[0].article
            extraction = _extraction(current.text, awards or [], units, people)
            extractions.save(connection, saved.article_id, saved.version, extraction, now)
            resolved = resolve(connection, saved.article_id, extraction, current.date, now)
            stories.assign(connection, saved.article_id, current, now)
            told = events.assign(connection, saved.article_id, resolved, current.date, now)
        return saved.article_id, told


def _extraction(
    text: str,
    awards: list[tuple[str, list[str], str | None]],
    units: tuple[str, ...],
    people: tuple[str, ...],
) -> Extraction:
    def mention(form: str, label: Label) -> Mention:
        start = text.index(form)
        return Mention(start, start + len(form), label, 1.0, f"{label}:{form}")

    named = [mention(form, Label.UNIT) for form in units]
    named += [mention(form, Label.PERSON) for form in people]
    return Extraction(
        id="",
        text=text,
        mentions=tuple(sorted(named)),
        awards=tuple(
            Conferment(
                award=award,
                recipients=tuple(recipients),
                conferrer=conferrer,
                evidence=Span(text.index(award), len(text)),
            )
            for award, recipients, conferrer in awards
        ),
        extractor="by hand",
    )


@pytest.fixture
def desk(archive: Archive) -> Desk:
    return Desk(archive)


@pytest.fixture
def now() -> datetime:
    return NOW

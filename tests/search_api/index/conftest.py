"""Made-up articles, and a reader who decides by looking at each article whether a query finds it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from diembao.archived import ArchivedArticle, Entity
from diembao.article import Article, Block, BlockKind
from diembao.records import Conferment, Extraction, Label, Level, Mention, Span
from diembao.settings import Settings
from diembao.source import Source, SourceLevel
from search_api.index import open_index, rebuilding
from search_api.index.elasticsearch import ElasticsearchIndex
from search_api.query import tree
from tests.search_api.engines import ENGINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from diembao.vietnamese.marks import Typed
    from search_api.index.base import SearchIndex
    from search_api.index.document import Document


class Writer(Protocol):
    """Makes an article; names are lines of the text too."""

    def __call__(
        self,
        number: int,
        *lines: str,
        title: str = "",
        at: str = "2024-12-11T08:30:00+07:00",
        version: int = 1,
        story: int | None = None,
        source: str = "thudo",
        province: str | None = None,
        related: Sequence[str] = (),
        names: Mapping[Label, Sequence[str]] | None = None,
        awards: Sequence[tuple[str, str, Level | None]] = (),
        compounds: Sequence[str] = (),
        section: str | None = None,
    ) -> ArchivedArticle: ...


def _write(
    number: int,
    *lines: str,
    title: str = "",
    at: str = "2024-12-11T08:30:00+07:00",
    version: int = 1,
    story: int | None = None,
    source: str = "thudo",
    province: str | None = None,
    related: Sequence[str] = (),
    names: Mapping[Label, Sequence[str]] | None = None,
    awards: Sequence[tuple[str, str, Level | None]] = (),
    compounds: Sequence[str] = (),
    section: str | None = None,
) -> ArchivedArticle:
    moment = datetime.fromisoformat(at).astimezone(UTC)
    labelled = [(label, name) for label, given in (names or {}).items() for name in given]
    blocks = [Block(kind=BlockKind.TITLE, text=title)] if title else []
    blocks += [Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines]
    blocks += [Block(kind=BlockKind.ITEM, text=name) for _, name in labelled]
    article = Article(
        url=f"https://{source}.example/{number}",
        canonical_url=f"https://{source}.example/{number}",
        source=source,
        blocks=tuple(blocks),
        related=tuple(related),
        section=section,
        published_at=moment,
        fetched_at=moment,
    )
    text = article.text
    mentions = [
        Mention(text.index(name), text.index(name) + len(name), label, entity=f"{label}:{name}")
        for label, name in labelled
    ]
    extraction = Extraction(
        id=str(number),
        text=text,
        mentions=tuple(mentions),
        awards=tuple(
            Conferment(award=award, recipients=(recipient,), level=level, evidence=Span(0, 1))
            for award, recipient, level in awards
        ),
        compounds=tuple(Span(text.index(word), text.index(word) + len(word)) for word in compounds),
    )
    return ArchivedArticle(
        id=number,
        version=version,
        article=article,
        source=Source(
            name=source,
            title=f"Báo {source.title()}",
            domain=f"{source}.example",
            level=SourceLevel.CITY,
            province=province,
        ),
        extraction=extraction,
        entities={
            mention.entity: Entity(mention.entity, label, name)
            for mention, (label, name) in zip(mentions, labelled, strict=True)
            if mention.entity
        },
        story_id=story,
        event_ids=(),
        first_seen_at=moment,
    )


@pytest.fixture(scope="session")
def write() -> Writer:
    return _write


@dataclass(frozen=True)
class Engine:
    """One of the two engines, by the settings that choose it."""

    settings: Settings

    @property
    def is_elasticsearch(self) -> bool:
        return self.settings.index is not None

    def open(self, *, writable: bool = True) -> SearchIndex:
        return open_index(self.settings, writable=writable)

    def generations(self) -> int:
        """How many there are, in force or not."""
        if self.is_elasticsearch:
            return len(ElasticsearchIndex(self.settings).aliases.present().all)
        return len(list(self.settings.index_path.glob("generation-*")))

    def rebuilding(self) -> AbstractContextManager[Callable[[Sequence[Document]], None]]:
        return rebuilding(self.settings)


@pytest.fixture(params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Engine:
    """An engine with nothing in it."""
    chosen = {}
    if request.param == "elasticsearch":
        chosen = request.getfixturevalue("elasticsearch_settings")
        monkeypatch.setattr("search_api.index.elasticsearch.engine.GRACE", 0)
    return Engine(Settings(home=tmp_path, **chosen))


@pytest.fixture
def index(engine: Engine) -> SearchIndex:
    """An empty index of each engine."""
    return engine.open()


class Reader:
    """Decides by the rules of the language alone, without any index, form or vocabulary."""

    def finds(self, node: tree.Node, archived: ArchivedArticle) -> bool:
        match node:
            case tree.Everything():
                return True
            case tree.Text(words, field):
                return any(self.holds(line, words) for line in self.lines(archived, field))
            case tree.Dates(since, until):
                # Vietnam has kept UTC+7 for as long as these articles go back
                day = datetime.fromtimestamp(
                    archived.article.date.timestamp() + 7 * 3600, UTC
                ).date()
                return (since or date.min) <= day <= (until or date.max)
            case tree.Keyword("level", value):
                return any(award.level == value for award in self.awards(archived))
            case tree.Keyword():
                raise AssertionError(node)
            case tree.And(nodes):
                return all(self.finds(child, archived) for child in nodes)
            case tree.Or(nodes):
                return any(self.finds(child, archived) for child in nodes)
            case tree.Not(child):
                return not self.finds(child, archived)
            case tree.Conferment(child):
                return any(self.confers(child, award) for award in self.awards(archived))

    def confers(self, node: tree.Node, award: Conferment) -> bool:
        match node:
            case tree.Everything():
                return True
            case tree.Text(words, field):
                parts = {"award": [award.award], "recipient": [*award.recipients]}
                named = (
                    parts.get(field, [])
                    if field
                    else [line for part in parts.values() for line in part]
                )
                return any(self.holds(line, words) for line in named)
            case tree.Keyword("level", value):
                return award.level == value
            case tree.And(nodes):
                return all(self.confers(child, award) for child in nodes)
            case tree.Or(nodes):
                return any(self.confers(child, award) for child in nodes)
            case tree.Not(child):
                return not self.confers(child, award)
            case _:
                raise AssertionError(node)

    def awards(self, archived: ArchivedArticle) -> Iterable[Conferment]:
        return archived.extraction.awards if archived.extraction else ()

    def lines(self, archived: ArchivedArticle, field: str | None) -> list[str]:
        if field is None:
            return [block.text for block in archived.article.blocks]
        if field == "title":
            return [archived.article.title]
        if field == "recipient":
            return [name for award in self.awards(archived) for name in award.recipients]
        named = [
            entity.name for entity in archived.entities.values() if entity.label == field.upper()
        ]
        return named + [award.award for award in self.awards(archived) if field == "award"]

    def holds(self, line: str, words: Sequence[Typed]) -> bool:
        printed = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", line))
        return any(
            all(
                self.answers(word, seen) for word, seen in zip(words, printed[start:], strict=False)
            )
            for start in range(len(printed) - len(words) + 1)
        )

    def answers(self, word: Typed, seen: str) -> bool:
        """Letter by letter; the words used here carry one tone at most."""
        given, there = self.spelt(word.exact), self.spelt(seen)
        if word.only:
            return given == there
        (bases, marks, tone), (seen_bases, seen_marks, seen_tone) = given, there
        return (
            bases == seen_bases
            and all(mark in ("", other) for mark, other in zip(marks, seen_marks, strict=True))
            and tone in ("", seen_tone)
        )

    def spelt(self, word: str) -> tuple[str, list[str], str]:
        bases, marks, tone = "", [], ""
        for char in unicodedata.normalize("NFD", word.lower().replace("ð", "đ")):
            if char in "\u0300\u0301\u0303\u0309\u0323":
                tone += char
            elif unicodedata.combining(char):
                marks[-1] += char
            else:
                bases += "d" if char == "đ" else char
                marks.append("stroke" if char == "đ" else "")
        return bases, marks, tone


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()

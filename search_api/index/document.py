"""What an engine is given of an article, every text already in the forms that it is matched in.

A searched text is a row of stretches (a printed line, a name); no phrase crosses from one into the
next. Each stretch stands in two forms, words parted by blanks: *folded*, and *exact*, in which a word
is written `duong=đường`, so that all written forms of a folded word stand together in an engine's
dictionary. `text` is what is searched by default: title, lead, body and captions, never `related`.
Compounds (`dân_vận`) raise rank only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from diembao.article import BlockKind
from diembao.records import Label
from diembao.vietnamese.marks import tokens
from search_api.query.calendar import INTERVALS, key, local_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from diembao.archived import ArchivedArticle, Entity
    from diembao.records import Conferment, Extraction

TEXT_FIELDS = (
    "text", "title", "lead", "unit", "person", "role", "model", "owner", "award", "movement",
    "place", "recipient", "conferrer", "source", "section", "tag",
)  # fmt: skip
"""Fields in which words are looked for."""

CONFERMENT_FIELDS = ("text", "award", "recipient", "conferrer", "model")
"""The same of one conferment; `text` is all of them."""

KEYWORDS = (
    "source", "source_level", "source_province", "province", "unit", "person", "award", "award_level",
    "model", "movement", "place", "section", "tag", "day", "week", "month", "quarter",
)  # fmt: skip
"""Fields with whole values, which filters name and facets count."""

NAMED = (Label.UNIT, Label.PERSON, Label.AWARD, Label.MODEL, Label.MOVEMENT, Label.PLACE)
"""Kinds of entities that are facets."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One line or name in its two forms."""

    folded: str
    exact: str


Texts = dict[str, tuple[Stretch, ...]]


@dataclass(frozen=True, slots=True)
class ConfermentDocument:
    """One conferment, in a collection of its own."""

    level: str | None
    texts: Mapping[str, tuple[Stretch, ...]]


@dataclass(frozen=True, slots=True)
class Document:
    """One article as engines see it."""

    article_id: int
    version: int
    story_id: int | None
    published_at: datetime
    texts: Mapping[str, tuple[Stretch, ...]]
    keywords: Mapping[str, tuple[str, ...]]
    compounds: tuple[str, ...]
    conferments: tuple[ConfermentDocument, ...]
    entities: tuple[Entity, ...]


def written(exact: str, folded: str) -> str:
    """A word in the exact form."""
    return f"{folded}={exact}"


def build(archived: ArchivedArticle) -> Document:
    """The document of an article."""
    extraction = archived.extraction
    return Document(
        article_id=archived.id,
        version=archived.version,
        story_id=archived.story_id,
        published_at=archived.article.date,
        texts=_texts(printed(archived)),
        keywords=_keywords(archived),
        compounds=_compounds(extraction) if extraction else (),
        conferments=_conferments(extraction) if extraction else (),
        entities=tuple(archived.entities.values()),
    )


def printed(archived: ArchivedArticle) -> dict[str, list[str]]:
    """The stretches of each searched text, as they are printed."""
    article, extraction = archived.article, archived.extraction
    lines = {
        "text": [block.text for block in article.blocks if block.kind is not BlockKind.BYLINE],
        "title": [article.title],
        "lead": [article.lead],
        "source": [archived.source.name, archived.source.title],
        "section": [article.section or ""],
        "tag": list(article.tags),
    }
    if extraction:
        lines |= _names(extraction, archived.entities)
    return lines


def _names(extraction: Extraction, entities: Mapping[str, Entity]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {label.lower(): [] for label in Label}
    names |= {"recipient": [], "conferrer": [], "owner": []}
    for mention in extraction.mentions:
        names[mention.label.lower()].append(extraction.text[mention.start : mention.end])
    for entity in entities.values():
        names[entity.label.lower()] += [entity.name, *entity.aliases]
    for award in extraction.awards:
        names["award"].append(award.award)
        names["recipient"] += award.recipients
        names["conferrer"].append(award.conferrer or "")
    names["model"] += [model.name for model in extraction.models]
    names["owner"] += [model.owner or "" for model in extraction.models]
    names["person"] += [person.name for person in extraction.people]
    names["role"] += [person.role or "" for person in extraction.people]
    return names


def _texts(lines_of: Mapping[str, Iterable[str]]) -> Texts:
    return {
        field: stretches
        for field, lines in lines_of.items()
        if (stretches := tuple(filter(None, map(_stretch, dict.fromkeys(lines)))))
    }


@lru_cache(maxsize=2048)  # an article and its records one by one share their lines
def _stretch(line: str) -> Stretch | None:
    words = tokens(line)
    if not words:
        return None
    return Stretch(
        folded=" ".join(word.folded for word in words),
        exact=" ".join(written(word.exact, word.folded) for word in words),
    )


def _keywords(archived: ArchivedArticle) -> dict[str, tuple[str, ...]]:
    article, source = archived.article, archived.source
    day = local_day(article.date)
    values: dict[str, Iterable[str | None]] = {
        "source": [source.name],
        "source_level": [source.level],
        "source_province": [source.province],
        # where the article is about; the newspaper's own province where its text names none
        "province": [entity.province for entity in archived.entities.values() if entity.province]
        or [source.province],
        "section": [article.section],
        "tag": article.tags,
    }
    values |= {interval: [key(day, interval)] for interval in INTERVALS}
    for label in NAMED:
        values[label.lower()] = [e.id for e in archived.entities.values() if e.label is label]
    if archived.extraction:
        values["award_level"] = [award.level for award in archived.extraction.awards]
    return {
        field: kept
        for field, given in values.items()
        if (kept := tuple(str(value) for value in dict.fromkeys(given) if value))
    }


def _compounds(extraction: Extraction) -> tuple[str, ...]:
    joined: list[str] = []
    for start, end in extraction.compounds:
        words = tokens(extraction.text[start:end])
        forms = {"_".join(word.exact for word in words), "_".join(word.folded for word in words)}
        joined += sorted(forms)
    return tuple(joined)


def _conferments(extraction: Extraction) -> tuple[ConfermentDocument, ...]:
    return tuple(
        ConfermentDocument(award.level, _texts(printed_of(award))) for award in extraction.awards
    )


def printed_of(award: Conferment) -> dict[str, list[str]]:
    """The stretches of each searched text of one conferment."""
    lines = {
        "award": [award.award],
        "recipient": list(award.recipients),
        "conferrer": [award.conferrer or ""],
        "model": [award.for_model or ""],
    }
    return {**lines, "text": [name for names in lines.values() for name in names]}

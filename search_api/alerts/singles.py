"""One record of an article, and the article as if it had been printed with that record alone.

So conditions on a record (`level:`, `recipient:`, `conferrer:`; `model:`, `owner:`) hold for the one
record or not at all, while words are looked for in the whole article.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from diembao.records import Conferment, EmulationModel, Label
from diembao.vietnamese.folding import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from diembao.archived import ArchivedArticle
    from diembao.records import Extraction, Mention


@dataclass(frozen=True, slots=True, eq=False)
class AwardSingle:
    """A conferment of an article. `subject` is its event."""

    archived: ArchivedArticle
    extraction: Extraction
    ordinal: int

    @property
    def record(self) -> Conferment:
        """The conferment."""
        return self.extraction.awards[self.ordinal]

    @property
    def subject(self) -> str:
        """What is told once."""
        return f"event:{self.archived.event_ids[self.ordinal]}"

    def alone(self) -> ArchivedArticle:
        """The article with that conferment only."""
        start, end = self.record.evidence
        kept = _only(self.archived, self.extraction, Label.AWARD, lambda m: start <= m.start < end)
        return replace(
            kept[0],
            extraction=kept[1].model_copy(update={"awards": (self.record,)}),
            event_ids=self.archived.event_ids[self.ordinal : self.ordinal + 1],
        )


@dataclass(frozen=True, slots=True, eq=False)
class ModelSingle:
    """A model or exemplar of an article. `entity` is None where its name is no mention."""

    archived: ArchivedArticle
    extraction: Extraction
    ordinal: int

    @property
    def record(self) -> EmulationModel:
        """The model."""
        return self.extraction.models[self.ordinal]

    @property
    def entity(self) -> str | None:
        """The model among the archive's entities."""
        named = filter(self._is_named, self.extraction.mentions)
        return next((mention.entity for mention in named if mention.entity), None)

    @property
    def subject(self) -> str:
        """What is told once."""
        return f"model:{self.entity or exact(self.record.name)}"

    def alone(self) -> ArchivedArticle:
        """The article with that model only."""
        kept, extraction = _only(self.archived, self.extraction, Label.MODEL, self._is_named)
        return replace(kept, extraction=extraction.model_copy(update={"models": (self.record,)}))

    def _is_named(self, mention: Mention) -> bool:
        said = self.extraction.text[mention.start : mention.end]
        return mention.label is Label.MODEL and said == self.record.name


Single = AwardSingle | ModelSingle
Record = Conferment | EmulationModel


def awards_of(archived: Iterable[ArchivedArticle]) -> list[AwardSingle]:
    """The conferments of articles, in their order."""
    return [
        AwardSingle(article, article.extraction, ordinal)
        for article in archived
        if article.extraction
        for ordinal in range(len(article.event_ids))
    ]


def models_of(archived: Iterable[ArchivedArticle]) -> list[ModelSingle]:
    """The models and exemplars of articles, in their order."""
    return [
        ModelSingle(article, article.extraction, ordinal)
        for article in archived
        if article.extraction
        for ordinal in range(len(article.extraction.models))
    ]


def _only(
    archived: ArchivedArticle, extraction: Extraction, label: Label, is_its: Callable[[Any], bool]
) -> tuple[ArchivedArticle, Extraction]:
    """Article and extraction without the other mentions of that label, and their entities."""
    mentions = tuple(m for m in extraction.mentions if m.label is not label or is_its(m))
    linked = {mention.entity for mention in mentions}
    entities = {
        key: entity
        for key, entity in archived.entities.items()
        if entity.label is not label or key in linked
    }
    kept = extraction.model_copy(update={"mentions": mentions})
    return replace(archived, entities=entities), kept

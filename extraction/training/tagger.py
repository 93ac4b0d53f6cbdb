"""Training the tagger from articles to its model files, and judging recipes by cross-validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.tagging import load_tagger, weights
from extraction.tagging.tagger import MODEL, Tagger
from extraction.training import readings
from extraction.training.score import count, figures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from extraction.training.corpus import Annotated
    from extraction.training.crf import Recipe
    from extraction.training.score import Figures


def train(
    articles: Sequence[Annotated], out: Path = MODEL, report: Callable[[str], object] = print
) -> None:
    """Write both readings to the folder; the same articles in the same order, the same bytes."""
    sheets = [readings.prepare(article) for article in articles]
    report(f"{len(sheets)} articles")
    for name, trained in zip(readings.NAMES, readings.fit(sheets, report=report), strict=True):
        weights.save(out / name, trained)
    load_tagger.cache_clear()


def crossvalidate(
    articles: Sequence[Annotated], recipe: Recipe | None = None, folds: int = 5
) -> Figures:
    """The figures over all articles, each tagged by a tagger that has not seen it."""
    sheets = [readings.prepare(article) for article in articles]
    counts = []
    for fold in range(folds):
        seen = [sheet for sheet in sheets if sheet.order % folds != fold]
        judge = Tagger(*readings.fit(seen, recipe))
        unseen = (sheet.article for sheet in sheets if sheet.order % folds == fold)
        counts += [count(article.row, predict(judge, article)) for article in unseen]
    return figures(counts)


def predict(tagger: Tagger, article: Annotated) -> dict[str, object]:
    """A row with the mentions that the tagger reads."""
    mentions = tagger.tag(article.text)
    return {
        "id": article.id,
        "mentions": [[m.start, m.end, str(m.label)] for m in mentions],
    }

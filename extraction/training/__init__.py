"""Training and measuring of the extractor, on the annotated corpus of a shared folder.

`train_all` trains the tagger, then the rest of the extractor with it, on `corpus/train.jsonl`,
`corpus/real-train.jsonl`, the articles of `training/articles/` and the press articles annotated in
`training/offsets/`; measures `dev` and `real-dev`;
and writes `model/card.json`: digests of the model files, the training files and the measured
files, the identifiers trained on, and the figures. Nothing of dev or of the reserved articles takes part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TRAINING = ("train.jsonl", "real-train.jsonl")
MEASURED = ("dev.jsonl", "real-dev.jsonl")


def train_all(shared: Path, report: Callable[[str], object] = print) -> None:
    """Train everything, measure it and write the card; minutes of work.

    Raises ExtractError where an article that is kept for measuring stands among those to train on.
    """
    from extraction.components import records
    from extraction.training import card, tagger

    articles = card.training_articles(shared)
    card.check_apart(articles, shared)
    tagger.train(articles, report=report)
    report("records")
    records.fit([article.row for article in articles])
    card.write(shared, report=report)

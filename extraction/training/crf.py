"""Training of the tagger: a linear-chain CRF by CRFsuite (L-BFGS, elastic net), then our own form.

The features are the ones that the tagger computes, so training and use cannot differ. The same
articles in the same order give the same file.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pycrfsuite

from extraction.tagging import templates, weights
from extraction.tagging.tokens import tokenize
from extraction.training.corpus import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extraction.training.corpus import Annotated

PARAMETERS: dict[str, float | int | bool] = {
    "c1": 0.06,
    "c2": 0.01,
    "max_iterations": 120,
    "feature.minfreq": 1,
}


def fit(articles: Iterable[Annotated], **parameters: float) -> weights.Weights:
    """Weights trained on the articles; `parameters` are CRFsuite's, over `PARAMETERS`."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for article in articles:
        spans = tokenize(article.text)
        columns, lengths = templates.text_columns(article.text, spans)
        features = templates.keys(columns, lengths).astype(str)
        labels = labels_of(spans, article.mentions)
        at = 0
        for length in lengths:
            lines = features[at : at + length].tolist()
            trainer.append(pycrfsuite.ItemSequence(lines), labels[at : at + length])
            at += length
    trainer.set_params({**PARAMETERS, **parameters})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return _read(path)


def _read(path: Path) -> weights.Weights:
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    info = tagger.info()
    labels = tuple(sorted(info.labels))
    index = {label: i for i, label in enumerate(labels)}
    names = sorted({int(key) for key, _ in info.state_features})
    rows = {key: i for i, key in enumerate(names)}
    scores = np.zeros((len(names), len(labels)), np.float32)
    for (key, label), weight in info.state_features.items():
        scores[rows[int(key)], index[label]] = weight
    transitions = np.zeros((len(labels), len(labels)), np.float32)
    for (before, after), weight in info.transitions.items():
        transitions[index[before], index[after]] = weight
    tagger.close()
    return weights.build(labels, np.array(names, np.uint64), scores, transitions)

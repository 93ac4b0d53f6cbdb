"""Training of both readings: the second learns from what first readings get wrong.

For the second reading each article is read by a first reading that has not seen it, as it will be
in use.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from extraction.tagging import templates
from extraction.tagging.page import Page, read_page
from extraction.tagging.tagger import Reading, cut
from extraction.tagging.tokens import tokenize
from extraction.training import crf
from extraction.training.corpus import Annotated, labels_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from extraction.tagging.weights import Weights

NAMES = ("first.npz", "second.npz")
"""Files of the two readings."""

FOLDS = 3


@dataclass(frozen=True)
class Sheet:
    """An article made ready for training."""

    article: Annotated
    page: Page
    first: crf.Lines

    def second(self, reader: Reading) -> crf.Lines:
        """The lines for a second reading, after a first by `reader`."""
        labels = reader.labels(list(cut(self.page)), self.first.keys)
        more = templates.keys(self.page.again(labels), templates.SECOND_TEMPLATES)
        keys = np.hstack([self.first.keys, more])
        return crf.Lines(keys, self.first.labels, self.first.lengths)

    @property
    def order(self) -> int:
        """A number from the identifier alone, for folds."""
        return zlib.crc32(self.article.id.encode())


def prepare(article: Annotated) -> Sheet:
    """The sheet of an article."""
    spans = tokenize(article.text)
    page = read_page(article.text, spans)
    keys = templates.keys(page, templates.FIRST_TEMPLATES)
    return Sheet(article, page, crf.Lines(keys, labels_of(spans, article.mentions), page.lengths))


def fit(
    sheets: Sequence[Sheet],
    recipe: crf.Recipe | None = None,
    folds: int = FOLDS,
    report: Callable[[str], object] = lambda _: None,
) -> tuple[Weights, Weights]:
    """The weights of the first and of the second reading."""
    first = crf.fit(crf.join([sheet.first for sheet in sheets]), recipe)
    report("first reading")
    seconds: list[crf.Lines] = []
    for fold in range(folds):
        seen = [sheet.first for sheet in sheets if sheet.order // 5 % folds != fold]
        reader = Reading(crf.fit(crf.join(seen), recipe))
        seconds += [s.second(reader) for s in sheets if s.order // 5 % folds == fold]
        report(f"second reading: part {fold + 1} of {folds}")
    return first, crf.fit(crf.join(seconds), recipe)

"""Records: conferments, models with owners and positions.

needs: doc._.mentions. gives: doc._.conferments, doc._.models, doc._.positions and
doc._.certainty (the highest probability that a name is a recipient).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spacy.language import Language

from extraction.records import rankers, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Doc


@Language.factory(
    "records",
    requires=["doc._.mentions"],
    assigns=["doc._.conferments", "doc._.models", "doc._.positions", "doc._.certainty"],
)
class Records:
    """The component of a pipeline."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002  spaCy passes both by name
        self.name = name
        self._rankers = rankers()

    def __call__(self, doc: Doc) -> Doc:
        """Set the records and their certainty."""
        found = read(doc._.printed, doc._.mentions, self._rankers)
        doc._.conferments, doc._.models, doc._.positions, doc._.certainty = found
        return doc


def fit(rows: Sequence[Mapping[str, Any]]) -> None:
    """Train the rankers and the decision on annotated articles (rows of the corpus) and keep them."""
    from extraction.records import fitting  # scikit-learn is needed for training only

    fitting.fit(rows)

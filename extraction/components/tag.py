"""Tag: the names in the text.

needs: nothing. gives: doc.ents and doc._.tagged (mentions with scores, not yet clustered).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.util import filter_spans

from extraction.tagging import load_tagger

if TYPE_CHECKING:
    from spacy.tokens import Doc


@Language.factory("tag", assigns=["doc.ents", "doc._.tagged"])
class Tag:
    """The component of a pipeline."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002  spaCy passes both by name
        self.name = name
        self._tagger = load_tagger()

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc.ents` and `doc._.tagged`."""
        doc._.tagged = tuple(self._tagger.tag(doc._.printed))
        spans = (
            doc.char_span(m.start, m.end, label=str(m.label), alignment_mode="expand")
            for m in doc._.tagged
        )
        doc.ents = tuple(filter_spans([span for span in spans if span is not None]))
        return doc

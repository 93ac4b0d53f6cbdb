"""Text → mentions: a tagger over syllables, trained on the annotated corpus.

`tokens` cuts the text, `attributes` says what one syllable is, `context` what stands around it,
`templates` combines both into features, `weights` scores them and `tagger` reads the mentions.
"""

from __future__ import annotations

from extraction.tagging.tagger import Tagger, load_tagger

__all__ = ["Tagger", "load_tagger"]

"""Tokens of a document: syllables, numbers and marks, with the white space between them.

The text is never changed: `doc.text` equals the input, whatever it holds. One space behind a token
belongs to it, any other white space is a token of its own, as in every spaCy pipeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.tokens import Doc

from extraction.tagging.tokens import tokenize

if TYPE_CHECKING:
    from spacy.vocab import Vocab


class SyllableTokenizer:
    """Cuts a text where the tagger cuts it."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The text as a document of tokens."""
        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for start, end in tokenize(text):
            if at < start and spaces and text[at] == " ":
                spaces[-1] = True
                at += 1
            if at < start:
                words.append(text[at:start])
                spaces.append(False)
            words.append(text[start:end])
            spaces.append(False)
            at = end
        if at < len(text) and spaces and text[at] == " ":
            spaces[-1] = True
            at += 1
        if at < len(text):
            words.append(text[at:])
            spaces.append(False)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc._.printed = text
        return doc

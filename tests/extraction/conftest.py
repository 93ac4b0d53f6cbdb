"""A pipeline, and documents whose names are marked by hand: `[U|Hội Nông dân xã Đồng Lâm]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import extraction
from diembao.records import Label, Mention

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language
    from spacy.tokens import Doc

TAG = re.compile(r"\[([UPRMAVL])\|([^\[\]\n]+)\]")
LABELS = {
    "U": Label.UNIT,
    "P": Label.PERSON,
    "R": Label.ROLE,
    "M": Label.MODEL,
    "A": Label.AWARD,
    "V": Label.MOVEMENT,
    "L": Label.PLACE,
}


def unmarked(marked: str) -> tuple[str, tuple[Mention, ...]]:
    """The plain text of a marked one, and its mentions."""
    text, mentions, at = "", [], 0
    for tag in TAG.finditer(marked):
        text += marked[at : tag.start()]
        mentions.append(Mention(len(text), len(text) + len(tag[2]), LABELS[tag[1]]))
        text += tag[2]
        at = tag.end()
    return text + marked[at:], tuple(mentions)


@pytest.fixture(scope="session")
def nlp() -> Language:
    return extraction.load()


@pytest.fixture(scope="session")
def annotated(nlp: Language) -> Callable[[str], Doc]:
    """Reads a marked text with all parts of the pipeline but the tagger."""

    def read(marked: str) -> Doc:
        text, mentions = unmarked(marked)
        doc = nlp.make_doc(text)
        doc._.tagged = mentions
        for name in ("cluster", "records", "decide"):
            doc = nlp.get_pipe(name)(doc)
        return doc

    return read

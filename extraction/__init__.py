"""From the text of a press article to its mentions and records.

`nlp = load()` gives a spaCy `Language`; `nlp(text)` a `Doc` with `doc.ents`, `doc._.conferments`,
`doc._.models`, `doc._.positions`. `extract` gives the `Extraction` that the archive keeps.
Extraction is a function of one article: nothing is looked up elsewhere.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language

from diembao.records import Extraction
from diembao.vietnamese.folding import nfc
from extraction import components
from extraction.components import cluster, decide, records, segment, tag  # noqa: F401  registers them
from extraction.components.tokenizer import SyllableTokenizer
from extraction.marked import html

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc

__all__ = ["EXTRACTOR", "extract", "extract_many", "html", "load"]

LONGEST = 16 * 1024 * 1024
"""Code points of a text at most."""

_BATCH = 64
"""Articles that are handed to the workers at once, for each of them."""


def _version() -> str:
    """A digest of all that decides what comes out: rules, lexicons and trained weights."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for folder in ("components", "records", "tagging", "lexicons", "model"):
        for path in sorted((here / folder).rglob("*")):
            if path.is_file() and path.suffix != ".md" and "__pycache__" not in path.parts:
                digest.update(path.relative_to(here).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


EXTRACTOR = _version()
"""Identifies the extractor: another value means that articles must be read again."""


def load() -> Language:
    """The pipeline; a plain `Language` whose documents hold the input unchanged."""
    nlp = Language(max_length=LONGEST, meta={"name": "diembao", "lang": "vi"})
    nlp.tokenizer = SyllableTokenizer(nlp.vocab)
    for name in components.ORDER:
        nlp.add_pipe(name)
    components.check(nlp)
    return nlp


def extract(nlp: Language, text: str, id: str = "") -> Extraction:
    """What the text states, offsets in its NFC form."""
    doc = nlp(nfc(text))
    return _extraction(doc, id)


def _extraction(doc: Doc, id: str) -> Extraction:
    return Extraction(
        id=id,
        text=doc._.printed,
        mentions=doc._.mentions,
        awards=doc._.conferments,
        models=doc._.models,
        people=doc._.positions,
        is_award_article=doc._.is_award_article,
        award_score=doc._.award_score,
        compounds=doc._.compounds,
        extractor=EXTRACTOR,
    )


def extract_many(
    nlp: Language, pairs: Iterable[tuple[str, str]], workers: int = 1
) -> Iterator[Extraction]:
    """The extractions of (id, text) pairs in their order, with that many processes."""
    if workers <= 1:
        yield from (extract(nlp, text, id) for id, text in pairs)
        return
    waiting = iter(pairs)
    with ProcessPoolExecutor(workers, get_context("spawn"), _start) as pool:
        while batch := list(islice(waiting, _BATCH * workers)):
            yield from pool.map(_work, batch, chunksize=8)


_WORKER: list[Language] = []


def _start() -> None:
    _WORKER.append(load())


def _work(pair: tuple[str, str]) -> Extraction:
    return extract(_WORKER[0], pair[1], pair[0])

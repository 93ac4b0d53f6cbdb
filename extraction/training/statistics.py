"""Counts over the unlabelled press: how syllables are cased, and which ones cling together.

Writes two lexicons (run by hand, the results are kept; no text is):

- `lexicons/casing.tsv.gz`: form, how often of ten it is capitalised inside a sentence, and how often
  of ten all in capitals; forms of six occurrences or more
- `lexicons/bonds.tsv.gz`: two forms and the strength (1 to 4) of their bond, by normalised pointwise
  mutual information; pairs of five occurrences or more
"""

from __future__ import annotations

import gzip
import math
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.tagging.attributes import LEXICONS, shape_of, word_of
from extraction.tagging.tokens import tokenize
from extraction.training.unlabelled import read_news

if TYPE_CHECKING:
    from collections.abc import Iterable

STRENGTHS = (0.25, 0.4, 0.55, 0.7)
_STOPS = frozenset('.!?:;"(-')


def build(shared: Path, target: Path = LEXICONS) -> tuple[int, int]:
    """Write both lexicons; their numbers of rows."""
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    inside: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    for article in read_news(shared):
        for line in article.text.split("\n"):
            tokens = [line[start:end] for start, end in tokenize(line)]
            words = [word_of(token) for token in tokens]
            singles.update(words)
            pairs.update((a, b) for a, b in pairwise(words) if a.isalpha() and b.isalpha())
            for before, token, word in zip(words, tokens[1:], words[1:], strict=False):
                if word.isalpha() and before not in _STOPS:
                    shape = shape_of(token)
                    inside[word] += 1
                    capital[word] += shape == "Xx"
                    capitals[word] += shape == "XX"
    casing = [
        f"{w}\t{round(10 * capital[w] / n)}\t{round(10 * capitals[w] / n)}"
        for w, n in sorted(inside.items())
        if n >= 6
    ]
    total = sum(singles.values())
    bonds = []
    for (a, b), n in sorted(pairs.items()):
        if n >= 5:
            strength = math.log(n * total / (singles[a] * singles[b])) / -math.log(n / total)
            level = sum(strength > limit for limit in STRENGTHS)
            if level:
                bonds.append(f"{a}\t{b}\t{level}")
    _write(target / "casing.tsv.gz", casing)
    _write(target / "bonds.tsv.gz", bonds)
    return len(casing), len(bonds)


def _write(path: Path, lines: Iterable[str]) -> None:
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))

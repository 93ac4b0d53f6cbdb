"""Names of units, places, offices, awards and movements that the press often prints, as a lexicon.

A trained tagger reads the unlabelled news; what it calls the same in three articles or more becomes
an entry of `lexicons/names.tsv.gz` (words, kind; `+` where eight or more say so). Articles that are
trained on are left out, so that in training the lexicon helps no more than it will in use. Names of
people and of models are not kept. Run by hand after training; the tagger is then trained anew.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.tagging import load_tagger
from extraction.tagging.attributes import LEXICONS
from extraction.tagging.phrases import words_of
from extraction.training.card import training_articles
from extraction.training.unlabelled import read_news

if TYPE_CHECKING:
    from collections.abc import Mapping

KEPT = frozenset({"UNIT", "PLACE", "ROLE", "AWARD", "MOVEMENT"})
LONGEST = 14
LEAST, LEAST_ALONE, OFTEN = 3, 5, 8
AGREED = 0.7


def build(shared: Path, target: Path = LEXICONS / "names.tsv.gz") -> int:
    """Read the news and write the lexicon; the number of names."""
    trained = {article.id for article in training_articles(shared)}
    tagger = load_tagger()
    called: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for article in read_news(shared):
        if article.id not in trained:
            found = {
                (article.text[m.start : m.end], str(m.label)) for m in tagger.tag(article.text)
            }
            for name, label in found:
                called[words_of(name)][label] += 1
    lines = sorted(filter(None, (_entry(words, kinds) for words, kinds in called.items())))
    with gzip.GzipFile(target, "wb", mtime=0) as file:
        file.write("".join(lines).encode())
    return len(lines)


def _entry(words: tuple[str, ...], kinds: Mapping[str, int]) -> str:
    """The line of a name, or nothing where it is rare, disputed or not to be kept."""
    label, times = max(kinds.items(), key=lambda item: item[1])
    total = sum(kinds.values())
    least = LEAST if len(words) > 1 else LEAST_ALONE
    if total < least or times < AGREED * total or label not in KEPT or len(words) > LONGEST:
        return ""
    if label == "ROLE" and len(words) == 1:
        return ""
    return f"{' '.join(words)}\t{label.lower()}{'+' if total >= OFTEN else ''}\n"


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))

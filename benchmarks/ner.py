"""The tagger's architecture beside published figures, and beside underthesea's `ner()`.

    python benchmarks/ner.py [../shared]

Trains the first reading's features and trainer on PhoNER_COVID19 (syllables; train and dev) and on
VLSP 2018 (outermost names), each alone, and prints micro F1 on their test sets beside published
figures without a transformer. These sets may only be measured with: nothing of them is kept. Then
prints, on our two development sets, ours beside underthesea's `ner()`, whose PER, ORG and LOC count as
PERSON, UNIT and PLACE with honorifics, roles and marks taken off its spans; other labels are left out.
A set that is not there is passed over with a line that says so.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:] = [place for place in sys.path if Path(place).resolve() != Path(__file__).parent]

from diembao.records import Mention  # noqa: E402
from diembao.vietnamese.folding import nfc  # noqa: E402
from extraction.tagging import load_tagger  # noqa: E402
from extraction.tagging.echo import runs  # noqa: E402
from extraction.tagging.tagger import Reading, cut, trim  # noqa: E402
from extraction.training import MEASURED, crf, readings  # noqa: E402
from extraction.training.corpus import Annotated, read  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Span = tuple[int, int, str]
PUBLISHED = {
    "PhoNER_COVID19": "BiLSTM-CNN-CRF 0.906 (syllables), 0.910 (words)",
    "VLSP 2018": "VNER 0.775, vietner CRF 0.766",
}
_TAG = re.compile(r"<(/?)ENAMEX(?:\s+TYPE=\"([^\"]*)\")?[^>]*>")
_KINDLY = {"PER": "PERSON", "ORG": "UNIT", "LOC": "PLACE"}


def conll(path: Path) -> Iterator[Annotated]:
    """The sentences of a two-column file."""
    for number, block in enumerate(re.split(r"\n\s*\n", path.read_text("utf-8").strip())):
        text, spans = "", []
        for line in block.splitlines():
            word, label = line.split()
            start = len(text)
            text += nfc(word) + " "
            if label.startswith("B-"):
                spans.append([start, len(text) - 1, label[2:]])
            elif label.startswith("I-") and spans:
                spans[-1][1] = len(text) - 1
        yield annotated(f"{path.stem}-{number}", text, spans)


def vlsp(path: Path) -> Iterator[Annotated]:
    """The articles of a VLSP 2018 file with their outermost names."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            text, spans, depth, at = "", [], 0, 0
            marked = nfc(row["text"])
            for tag in _TAG.finditer(marked):
                text += marked[at : tag.start()]
                at = tag.end()
                depth += -1 if tag[1] else 1
                if not tag[1] and depth == 1:
                    spans.append([len(text), len(text), tag[2]])
                elif tag[1] and depth == 0 and spans:
                    spans[-1][1] = len(text)
            yield annotated(row["file"], text + marked[at:], spans)


def annotated(name: str, text: str, spans: Iterable[list[object]]) -> Annotated:
    """An article whose labels are those of the set."""
    mentions = tuple(Mention(*span) for span in spans)  # type: ignore[arg-type]
    return Annotated(name, text, mentions, {})


def f1(gold: Iterable[set[Span]], found: Iterable[set[Span]]) -> float:
    """Micro F1 of exact spans."""
    hits = wanted = said = 0
    for want, got in zip(gold, found, strict=True):
        hits, wanted, said = hits + len(want & got), wanted + len(want), said + len(got)
    return 2 * hits / (wanted + said) if hits else 0.0


def trained_f1(train: Iterable[Annotated], test: Iterable[Annotated]) -> float:
    """F1 on `test` of a first reading trained on `train`, with the labels of the set."""
    lines = crf.join([readings.prepare(article).first for article in train])
    reader = Reading(crf.fit(lines))
    gold, found = [], []
    for sheet in map(readings.prepare, test):
        gold.append(set(runs(sheet.first.labels)))
        found.append(set(runs(reader.labels(list(cut(sheet.page)), sheet.first.keys))))
    return f1(gold, found)


def kindly(text: str) -> set[Span]:
    """The names of underthesea's `ner()` as ours."""
    from underthesea import ner

    spans: set[Span] = set()
    start = end = at = 0
    kind = ""
    for word, *_, label in [*ner(text), ("", "", "", "O")]:
        place = text.find(word, at) if word else len(text)
        if place < 0:
            continue
        if kind and not label.startswith("I-"):
            if kind in _KINDLY and (trimmed := trim(text, start, end)):
                spans.add((*trimmed, _KINDLY[kind]))
            kind = ""
        if label.startswith("B-"):
            start, kind = place, label[2:]
        at = end = place + len(word)
    return spans


def beside(articles: Iterable[Annotated], reader: Callable[[str], set[Span]]) -> float:
    """F1 on PERSON, UNIT and PLACE, line by line."""
    gold, found = [], []
    for article in articles:
        lines, at = [], 0
        for line in article.text.split("\n"):
            lines.append((at, at + len(line)))
            at += len(line) + 1
        kept = set(_KINDLY.values())
        gold.append({(m.start, m.end, str(m.label)) for m in article.mentions if m.label in kept})
        found.append(
            {
                (a + s, a + e, k)
                for a, b in lines
                for s, e, k in reader(article.text[a:b])
                if k in kept
            }
        )
    return f1(gold, found)


def main() -> None:
    """Train, measure and print."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    covid = shared / "data" / "ner" / "phoner_covid19" / "syllable"
    sets: dict[str, tuple[Path, Callable[[Path], Iterator[Annotated]], list[Path], list[Path]]] = {}
    files = sorted(covid.glob("*_syllable.conll"))
    sets["PhoNER_COVID19"] = (
        covid, conll, [f for f in files if "test" not in f.name], [f for f in files if "test" in f.name],
    )  # fmt: skip
    folder = shared / "data" / "ner" / "vlsp2018_datnnt1997"
    files = sorted(folder.glob("*.jsonl.gz"))
    sets["VLSP 2018"] = (
        folder, vlsp, [f for f in files if "test" not in f.name], [f for f in files if "test" in f.name],
    )  # fmt: skip
    for name, (place, reader, train, test) in sets.items():
        if not train or not test:
            print(f"{name}: passed over, no files in {place}")
            continue
        score = trained_f1(
            (a for path in train for a in reader(path)), (a for path in test for a in reader(path))
        )
        print(f"{name}: ours {score:.3f}; published without a transformer: {PUBLISHED[name]}")
    tagger = load_tagger()
    for name in MEASURED:
        articles = read([shared / "corpus" / name])
        ours = f1(
            [{(m.start, m.end, str(m.label)) for m in a.mentions if m.label in _KINDLY.values()} for a in articles],
            [{(m.start, m.end, str(m.label)) for m in tagger.tag(a.text) if m.label in _KINDLY.values()} for a in articles],
        )  # fmt: skip
        print(
            f"{name}, PERSON UNIT PLACE: ours {ours:.3f}, underthesea ner() {beside(articles, kindly):.3f}"
        )


if __name__ == "__main__":
    main()

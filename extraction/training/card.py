"""The model card: what the model was made of and what it reaches.

`model/card.json` names by SHA-256 every file of the model and the lexicons, every training file and
every measured file; lists the identifiers trained on; and holds the figures of the whole extractor
on the measured files with 95 % intervals. `model/README.md` says the same for readers: the text
around its table is written by hand, the table by `write`. To measure again without training:
`python -m extraction.training.card ../shared`.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diembao.errors import ExtractError
from extraction.training import MEASURED, TRAINING, offsets
from extraction.training.corpus import annotated, read
from extraction.training.score import intervals, score
from extraction.training.unlabelled import measured_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from extraction.training.corpus import Annotated
    from extraction.training.score import Figures

HERE = Path(__file__).parent.parent
CARD = HERE / "model" / "card.json"
READABLE = HERE / "model" / "README.md"
_TABLE = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def training_files(shared: Path) -> list[Path]:
    """The files to train on: the corpus, and what this repository adds to it."""
    ours = sorted((HERE / "training" / "articles").glob("*.txt"))
    return [shared / "corpus" / name for name in TRAINING] + ours + [offsets.OFFSETS]


def training_articles(shared: Path) -> list[Annotated]:
    """The articles of those files. Raises ExtractError where the text of an annotated one is missing."""
    files = [path for path in training_files(shared) if path != offsets.OFFSETS]
    return read(files) + [annotated(row) for row in offsets.rows(shared)]


def check_apart(articles: Iterable[Annotated], shared: Path) -> None:
    """Raise ExtractError where an article kept for measuring is among those to train on."""
    both = {article.id for article in articles} & measured_ids(shared)
    if both:
        listed = ", ".join(sorted(both)[:5])
        raise ExtractError(
            f"Bài giữ để đo không được dùng để huấn luyện; bỏ chúng khỏi tệp huấn luyện "
            f"(articles kept for measuring; take them out of the training files): {listed}"
        )


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def model_files() -> list[Path]:
    """The files that decide what the extractor reads, the card apart."""
    folders = (HERE / "model", HERE / "lexicons", HERE / "records" / "weights")
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    return [path for path in files if path not in (CARD, READABLE)]


def write(shared: Path, report: Callable[[str], object] = print) -> None:
    """Measure the extractor as it stands and write the card."""
    figures: dict[str, Any] = {}
    for name in MEASURED:
        table, spread = measure(shared / "corpus" / name)
        figures[name] = {key: {**row, "interval": spread[key]} for key, row in table.items()}
        report(f"{name}: mentions {table['micro']['f1']:.3f}")
    card = {
        "model": {path.relative_to(HERE).as_posix(): digest(path) for path in model_files()},
        "training": {path.name: digest(path) for path in training_files(shared)},
        "measured": {name: digest(shared / "corpus" / name) for name in MEASURED},
        "figures": figures,
        "articles": [article.id for article in training_articles(shared)],
    }
    CARD.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page = READABLE.read_text(encoding="utf-8")
    table_of = _table(figures)
    READABLE.write_text(_TABLE.sub(lambda m: m[1] + table_of + m[2], page), encoding="utf-8")


def measure(path: Path) -> tuple[Figures, dict[str, tuple[float, float]]]:
    """The figures of the whole extractor on an annotated file, and the intervals of F1."""
    import extraction

    gold = {article.id: article.row for article in read([path])}
    texts = [(key, str(row["text"])) for key, row in gold.items()]
    found = extraction.extract_many(extraction.load(), texts)
    predicted = {result.id: result.model_dump(mode="json") for result in found}
    return score(gold, predicted), intervals(gold, predicted)


def _table(figures: Mapping[str, Any]) -> str:
    names = list(figures)
    head = (
        "| figure | " + " | ".join(f"{n.removesuffix('.jsonl')} F1 | 95 %" for n in names) + " |\n"
    )
    lines = [head, "| --- |" + " --- |" * (2 * len(names)) + "\n"]
    for key in figures[names[0]]:
        cells = []
        for name in names:
            row = figures[name][key]
            low, high = row["interval"]
            detail = [
                f"; {k.removesuffix('_accuracy')} right {v:.3f}"
                for k, v in row.items()
                if k.endswith("_accuracy")
            ]
            cells += [
                f"{row['f1']:.3f} of {row['gold']}{''.join(detail)}",
                f"{low:.3f} to {high:.3f}",
            ]
        lines.append(f"| {key} | " + " | ".join(cells) + " |\n")
    return "".join(lines)


if __name__ == "__main__":
    write(Path(sys.argv[1]))

"""`diembao extract`, `evaluate` and `train`: the extractor alone, without an archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from diembao.cli.output import console, files_in, hints, opened, progress, read_utf8
from diembao.errors import BadInputError
from diembao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STANDARD_INPUT = Path("-")
ANNOTATED = {"mentions", "is_award_article"}
"""What a line must have, beside `id` and `text`, to be scored against."""


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file with `id` and `text`, one at a time.

    Raises BadInputError, which names the bad line, once the rows before it are out.
    """
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip(b"\xef\xbb\xbf \t\r\n"):
                continue
            try:
                row = json.loads(line.decode("utf-8-sig"))
                row["text"].encode()  # a string, and no half of a surrogate pair
                row["id"] = str(row["id"])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BadInputError(
                    say(
                        f"{path}, dòng {number}: cần một đối tượng JSON, mã UTF-8, "
                        "có `id` và `text` (chuỗi).",
                        f"{path}, line {number}: needs one JSON object in UTF-8 "
                        "with `id` and `text` (a string).",
                    )
                ) from error
            yield row


class Texts:
    """(id, text) of everything asked for, one at a time; `faults` are of what could not be read.

    A file that cannot be read is passed over; a JSON lines file ends at its first bad line.
    """

    def __init__(self, paths: Sequence[Path], jsonl: Path | None) -> None:
        self.paths = paths
        self.jsonl = jsonl
        self.faults: list[BadInputError] = []

    def __iter__(self) -> Iterator[tuple[str, str]]:
        if self.jsonl:
            try:
                yield from ((row["id"], row["text"]) for row in rows_of(self.jsonl))
            except BadInputError as error:
                self.faults.append(error)
        for path in self._files():
            try:
                text = read_utf8(path)
            except BadInputError as error:
                self.faults.append(error)
            else:
                yield ("-" if path == STANDARD_INPUT else path.stem), text

    def _files(self) -> Iterator[Path]:
        for path in self.paths:
            try:
                yield from [path] if path == STANDARD_INPUT else files_in([path], (".txt",))
            except BadInputError as error:
                self.faults.append(error)

    @property
    def fault(self) -> BadInputError | None:
        """All faults as one, told at the end."""
        if len(self.faults) < 2:
            return next(iter(self.faults), None)
        count, told = len(self.faults), "".join(f"\n  {fault}" for fault in self.faults)
        return BadInputError(
            say(f"{count} tệp không đọc được:", f"{count} files could not be read:") + told
        )


def extract(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help=say(
                "Tệp, thư mục .txt, hoặc - là đầu vào chuẩn.",
                "Files, folders of .txt, or - for standard input.",
            )
        ),
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "Tệp JSON lines có `id` và `text`; - là đầu vào chuẩn.",
                "A JSON lines file with `id` and `text`; - is standard input.",
            )
        ),
    ] = None,
    html: Annotated[
        bool,
        typer.Option(
            "--html", help=say("In trang HTML đã đánh dấu.", "Print a page with the text marked.")
        ),
    ] = False,
    json_lines: Annotated[
        bool,
        typer.Option(
            "--json",
            help=say("Mỗi bài một dòng JSON (mặc định).", "One JSON object a line (default)."),
        ),
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, help=say("Số tiến trình song song.", "Processes side by side."))
    ] = 1,
) -> None:
    """Extract from texts."""
    if html and json_lines:
        raise BadInputError(say("Chọn --html hoặc --json.", "Choose --html or --json."))
    if not paths and not jsonl:
        raise BadInputError(
            say("Cho biết tệp, thư mục, - hoặc --jsonl.", "Name files, folders, - or --jsonl.")
        )
    import extraction

    # Many texts are taken at a time: what was read before a fault still comes out.
    texts = Texts(paths or [], jsonl)
    nlp = extraction.load()
    with progress() as bar:
        task = bar.add_task(say("Trích xuất", "Extracting"), total=None)
        if html:
            for _, text in texts:
                print(extraction.html(nlp(text)))
        else:
            for result in extraction.extract_many(nlp, texts, workers=workers):
                print(result.model_dump_json(), flush=True)
                bar.advance(task)
    if fault := texts.fault:
        raise fault


def evaluate(
    gold: Annotated[
        Path, typer.Argument(help=say("Tệp .jsonl đã chú giải.", "An annotated .jsonl file."))
    ],
    json_: Annotated[bool, typer.Option("--json", help=say("In JSON.", "Print JSON."))] = False,
) -> None:
    """Score the extractor on annotated articles."""
    import extraction
    from extraction.training.score import score

    rows = {row["id"]: row for row in rows_of(gold)}
    if not rows or any(not row.keys() >= ANNOTATED for row in rows.values()):
        raise BadInputError(
            say(
                f"{gold} chưa phải bài đã chú giải: mỗi dòng cần {', '.join(sorted(ANNOTATED))}.",
                f"{gold} is not annotated: each line needs {', '.join(sorted(ANNOTATED))}.",
            )
        )
    nlp = extraction.load()
    with progress() as bar:
        task = bar.add_task(say("Chấm", "Scoring"), total=len(rows))
        predicted = {}
        for result in extraction.extract_many(
            nlp, [(key, str(row["text"])) for key, row in rows.items()]
        ):
            predicted[result.id] = result.model_dump(mode="json")
            bar.advance(task)
    table = score(rows, predicted)
    if json_:
        print(json.dumps(table, ensure_ascii=False))
        return
    console.print(f"{'':10} {'P':>7} {'R':>7} {'F1':>7} {'gold':>6}")
    for name, row in table.items():
        extra = " ".join(
            f"{key} {value:.3f}" for key, value in row.items() if key.endswith("accuracy")
        )
        console.print(
            f"{name:10} {row['precision']:7.3f} {row['recall']:7.3f} {row['f1']:7.3f} {row['gold']:6} {extra}"
        )


def train(
    shared: Annotated[
        Path,
        typer.Option(
            help=say(
                "Thư mục chứa corpus/ đã chú giải.", "Folder that holds the annotated corpus/."
            )
        ),
    ] = Path("../shared"),
) -> None:
    """Train the model again."""
    if not (shared / "corpus" / "train.jsonl").is_file():
        raise BadInputError(
            say(
                f"Không thấy {shared / 'corpus' / 'train.jsonl'}; chỉ đường bằng --shared.",
                f"There is no {shared / 'corpus' / 'train.jsonl'}; name the folder by --shared.",
            )
        )
    from extraction.training import train_all

    train_all(shared, report=hints.print)

"""`diembao reparse`: the kept pages read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diembao.cli.output import console, hints, progress
from diembao.errors import BadInputError
from diembao.language import say

if TYPE_CHECKING:
    from crawler.rereading import Outcome

LONGEST = 70
"""Characters of an example that are shown."""


def reparse(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help=say(
                "Tệp WARC; bỏ trống thì đọc lại trang trong kho.",
                "WARC files; the kept pages if none.",
            )
        ),
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help=say("Chỉ các báo này.", "Only these newspapers."))
    ] = None,
    declaration: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "Đọc bằng khai báo trong tệp này thay cho khai báo đang dùng.",
                "Read with the declaration in this file instead of the one in use.",
            )
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help=say("Ghi kết quả vào kho.", "Change the archive."))
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help=say("In JSON.", "Print JSON."))] = False,
) -> None:
    """Read kept pages again and show what changes; change it only with --apply."""
    from crawler import declarations, rereading
    from diembao import pipeline, settings
    from diembao.archive.migration import open_archive
    from diembao.cli.newspapers import known_names

    chosen = settings.load()
    archive = open_archive(chosen.archive_url)
    declared = dict(declarations.load_all(chosen))
    if declaration:
        trial = declarations.read(declaration)
        declared[trial.name] = trial
        source = source or [trial.name]
    names = known_names(source, declared)
    if files and source:
        declared = {name: declared[name] for name in names}
    with progress() as bar:
        task = bar.add_task(say("Đọc lại", "Reading again"), total=None)

        def show(_: str) -> None:
            bar.advance(task)

        if files:
            if missing := [path for path in files if not path.is_file()]:
                raise BadInputError(
                    say(f"Không có tệp {missing[0]}.", f"There is no file {missing[0]}.")
                )
            found = rereading.reread_files(
                archive, declared, files, pipeline.now(), is_applied=apply, on_page=show
            )
        else:
            found = rereading.reread(
                archive, declared, names, pipeline.now(), is_applied=apply, on_page=show
            )
    if json_:
        rows = {name: _row(outcome) for name, outcome in found.items()}
        print(json.dumps(rows, ensure_ascii=False))
        return
    for name, outcome in rereading.by_newspaper(found):
        for line in lines(name, outcome):
            console.print(line, markup=False)
    if not found:
        hints.print(say("Chưa có trang nào để đọc lại.", "There are no pages to read again."))
    elif not apply:
        hints.print(
            say(
                "Chưa thay đổi gì; thêm --apply để ghi vào kho.",
                "Nothing is changed yet; add --apply to change the archive.",
            )
        )


def _row(outcome: Outcome) -> dict[str, object]:
    return {**vars(outcome), "examples": [change._asdict() for change in outcome.examples]}


def lines(name: str, outcome: Outcome) -> list[str]:
    """What reading again comes to for one newspaper."""
    shown = [
        say(
            f"{name}: {outcome.pages} trang, {outcome.same} như cũ, {outcome.altered} đọc khác, "
            f"{outcome.gained} nay thành bài, {outcome.lost} không còn đọc được",
            f"{name}: {outcome.pages} pages, {outcome.same} the same, {outcome.altered} read differently, "
            f"{outcome.gained} become articles, {outcome.lost} can no longer be read",
        )
    ]
    if outcome.held:
        shown.append(
            say(
                f"  {outcome.held} trang vẫn bị cách ly; sửa khai báo, hoặc `diembao sources release {name}`",
                f"  {outcome.held} pages stay in quarantine; mend the declaration, or `diembao sources release {name}`",
            )
        )
    shown += [f"  {part}: {count}" for part, count in outcome.changed.most_common()]
    for change in outcome.examples:
        shown += [
            f"  {change.url} {change.part}",
            f"    - {_short(change.before)}",
            f"    + {_short(change.after)}",
        ]
    return shown


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[:LONGEST]}…"

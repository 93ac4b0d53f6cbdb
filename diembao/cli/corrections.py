"""`diembao corrections export`: what editors corrected, as training data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from diembao.cli.output import console
from diembao.language import say

corrections = typer.Typer(
    no_args_is_help=True,
    help=say("Những chỗ biên tập viên đã sửa.", "What editors corrected."),
)


@corrections.callback()
def group() -> None:
    """Commands about corrections."""


@corrections.command(
    help=say(
        "Xuất các bài đã sửa thành dữ liệu huấn luyện, mỗi bài một dòng JSON như kho chú giải.",
        "Export corrected articles as training data, a JSON line each in the form of the corpus.",
    )
)
def export(
    file: Annotated[Path, typer.Argument(help=say("Tệp .jsonl để ghi.", "The .jsonl to write."))],
) -> None:
    """Write the articles with a correction that stands."""
    from diembao import settings
    from diembao.archive import articles
    from diembao.archive import corrections as kept
    from diembao.archive.migration import open_archive
    from diembao.correcting.corpus import row

    written = 0
    with (
        open_archive(settings.load().archive_url).read() as connection,
        file.open("w", encoding="utf-8") as out,
    ):
        wanted = kept.corrected_articles(connection)
        for start in range(0, len(wanted), articles.BATCH):
            for article in articles.load(connection, wanted[start : start + articles.BATCH]):
                if article.extraction is not None:
                    out.write(json.dumps(row(article, article.extraction), ensure_ascii=False))
                    out.write("\n")
                    written += 1
    console.print(
        say(f"{written} bài đã sửa, ghi vào {file}", f"{written} corrected articles in {file}"),
        markup=False,
    )

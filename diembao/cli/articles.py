"""`diembao import` and `read`: articles out of saved pages and pasted text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diembao.cli.output import console, files_in, hints, progress
from diembao.errors import BadInputError, DiembaoError
from diembao.language import say

if TYPE_CHECKING:
    from diembao.archived import ArchivedArticle
    from diembao.article import Article

SAVED_PAGES = (".html", ".htm", ".mhtml", ".txt", ".gz")


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help=say(
                "Trang đã lưu, văn bản đã chép, hoặc thư mục.",
                "Saved pages, pasted text, or folders.",
            )
        ),
    ],
) -> None:
    """Import files."""
    import extraction
    from crawler import declarations, reading
    from diembao import pipeline, settings
    from diembao.archive import articles
    from diembao.archive.migration import open_archive
    from diembao.cli.workers import worker_name
    from diembao.errors import IndexUnavailableError
    from search_api.index import open_index

    chosen = settings.load()
    archive = open_archive(chosen.archive_url)
    declared = declarations.load_all(chosen)
    files = list(files_in(paths, SAVED_PAGES))
    saved: list[int] = []
    faults: list[str] = []
    with progress() as bar:
        task = bar.add_task(say("Đọc", "Reading"), total=len(files))
        for path in files:
            try:
                article = reading.read_file(path, declared, pipeline.now())
                with archive.write() as conn:
                    saved.append(pipeline.save(conn, article, declared).article_id)
            except DiembaoError as error:
                faults.append(f"{path}: {error}")
            bar.advance(task)
    if saved:
        nlp = extraction.load()
        name = worker_name("import")
        while pipeline.extract_batch(archive, nlp, chosen, name).taken:
            pass
        try:
            index = open_index(chosen, writable=True)
            while pipeline.index_batch(archive, index, chosen, name):
                pass
        except IndexUnavailableError as error:
            hints.print(
                say(
                    f"Chỉ mục đang bận, bộ lập chỉ mục sẽ đưa bài vào sau ({error}).",
                    f"The index is busy; its worker will take the articles in ({error}).",
                )
            )
    with archive.read() as conn:
        for item in articles.load(conn, saved):
            _print_found(item)
    if faults:
        raise BadInputError(
            say(f"{len(faults)} tệp không đọc được:", f"{len(faults)} files could not be read:")
            + "".join(f"\n  {fault}" for fault in faults)
        )


def withdraw(
    reason: Annotated[str, typer.Option(help=say("Lý do, ghi vào sổ.", "Why; goes on record."))],
    article: Annotated[
        int | None, typer.Argument(help=say("Số của bài.", "The article's number."))
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            help=say(
                "Họ tên đầy đủ của một người, che ở mọi bài, kể cả người trùng tên.",
                "A person's full name, covered in all articles, namesakes too.",
            )
        ),
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help=say("Cho hiện lại tên đã gỡ.", "Show the name again."))
    ] = False,
) -> None:
    """Take an article, or a person's name, out of everything that is shown; the archive keeps it."""
    import getpass

    from diembao import pipeline, settings, withdrawing
    from diembao.archive import audit
    from diembao.archive.migration import open_archive

    if (article is None) == (name is None) or (restore and name is None):
        raise BadInputError(
            say(
                "Cho biết số của bài, hoặc --name HỌ TÊN (thêm --restore để cho hiện lại).",
                "Give an article's number, or --name NAME (with --restore to show it again).",
            )
        )
    actor, now = getpass.getuser(), pipeline.now()
    with open_archive(settings.load().archive_url).write() as conn:
        if name is not None:
            change = withdrawing.restore_name if restore else withdrawing.withdraw_name
            count = change(conn, name, actor, reason, now)
            told = say(
                f"{count} bài có tên này sẽ được đọc và lập chỉ mục lại.",
                f"{count} articles with the name will be read and indexed again.",
            )
        else:
            assert article is not None
            title = audit.withdraw(conn, article, actor, reason, now)
            told = say(f"Đã gỡ bài: {title}", f"Withdrawn: {title}")
    console.print(told, markup=False)


def _print_found(item: ArchivedArticle) -> None:
    article, found = item.article, item.extraction
    console.rule(style="dim")
    console.print(f"[{item.id}] {article.title}", style="bold", markup=False)
    _print_blocks(article)
    if not found:
        return
    for award in found.awards:
        by = f" ← {award.conferrer}" if award.conferrer else ""
        model = f" ({award.for_model})" if award.for_model else ""
        line = f"{award.award}: {', '.join(award.recipients)}{by}{model}"
        console.print(say("Khen thưởng  ", "Award        ") + line, markup=False)
    for run in found.models:
        kind = say("Mô hình", "Model") if run.kind == "model" else say("Điển hình", "Exemplar")
        console.print(
            f"{kind:12} {run.name}" + (f" ← {run.owner}" if run.owner else ""), markup=False
        )
    for person in found.people:
        console.print(
            f"{say('Người', 'Person'):12} {person.name}"
            + (f": {person.role}" if person.role else ""),
            markup=False,
        )


def _print_blocks(article: Article) -> None:
    from diembao.article import BlockKind

    count = {kind: sum(block.kind is kind for block in article.blocks) for kind in BlockKind}
    console.print(say("Sapo: ", "Lead: ") + (article.lead or "-"), markup=False)
    console.print(
        say(
            f"{count[BlockKind.PARAGRAPH]} đoạn, {count[BlockKind.CAPTION]} chú thích ảnh, "
            f"tác giả: {article.byline or '-'}, {len(article.related)} tiêu đề liên quan để ngoài",
            f"{count[BlockKind.PARAGRAPH]} paragraphs, {count[BlockKind.CAPTION]} captions, "
            f"byline: {article.byline or '-'}, {len(article.related)} related headlines left out",
        ),
        markup=False,
    )


def read(
    page: Annotated[
        Path, typer.Argument(help=say("Trang đã lưu hoặc văn bản.", "A saved page or text."))
    ],
    url: Annotated[
        str | None, typer.Option(help=say("Địa chỉ của trang.", "The page's address."))
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help=say("In JSON.", "Print JSON."))] = False,
) -> None:
    """Show how a page is read; nothing is kept."""
    from crawler import declarations, reading
    from diembao import pipeline, settings
    from diembao.article import BlockKind

    (path,) = files_in([page], SAVED_PAGES)
    article = reading.read_file(
        path, declarations.load_all(settings.load()), pipeline.now(), url=url
    )

    def of(*kinds: BlockKind) -> list[str]:
        return [block.text for block in article.blocks if block.kind in kinds]

    if json_:
        fields = {
            "title": article.title,
            "lead": article.lead,
            "paragraphs": of(BlockKind.PARAGRAPH, BlockKind.SUBHEAD, BlockKind.ITEM, BlockKind.ROW),
            "captions": of(BlockKind.CAPTION),
            "byline": article.byline,
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "section": article.section,
            "tags": list(article.tags),
            "related": list(article.related),
            "canonical_url": article.canonical_url,
            "kind": article.kind,
            "date_source": article.date_source,
            "date_doubt": article.date_doubt,
            "blocks": [block.model_dump(mode="json") for block in article.blocks],
        }
        print(json.dumps(fields, ensure_ascii=False))
        return
    for block in article.blocks:
        console.print(f"{block.kind.value:10} {block.text}", markup=False)

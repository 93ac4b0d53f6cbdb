"""`diembao search` and `reindex`."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from diembao.cli.output import console, hints, progress
from diembao.language import say


def search(
    query: Annotated[
        str, typer.Argument(help=say("Câu tìm, gõ có dấu hay không dấu.", "The query."))
    ],
    limit: Annotated[int, typer.Option(min=1, max=1000, help=say("Số kết quả.", "Results."))] = 10,
    sort: Annotated[
        str, typer.Option(help=say("relevance hoặc date.", "relevance or date."))
    ] = "relevance",
    json_: Annotated[bool, typer.Option("--json", help=say("In JSON.", "Print JSON."))] = False,
) -> None:
    """Search the archived articles."""
    from diembao import settings
    from diembao.archive import articles
    from diembao.archive.migration import open_archive
    from diembao.errors import BadInputError
    from diembao.vietnamese.dates import local
    from search_api.index import open_index
    from search_api.index.base import SearchRequest

    orders: dict[str, Literal["relevance", "date"]] = {"relevance": "relevance", "date": "date"}
    if sort not in orders:
        raise BadInputError(say("--sort là relevance hoặc date.", "--sort is relevance or date."))
    chosen = settings.load()
    result = open_index(chosen).search(SearchRequest(query=query, limit=limit, sort=orders[sort]))
    with open_archive(chosen.archive_url).read() as conn:
        found = {
            item.id: item for item in articles.load(conn, [hit.article_id for hit in result.hits])
        }
    rows = [
        {
            "id": item.id,
            "title": item.article.title,
            "source": item.source.name,
            "date": local(item.article.date).isoformat(),
            "url": item.article.canonical_url,
            "score": hit.score,
            "reprints": list(hit.reprints),
            "is_award_article": bool(item.extraction and item.extraction.is_award_article),
        }
        for hit in result.hits
        if (item := found.get(hit.article_id))
    ]
    if json_:
        print(
            json.dumps(
                {"total": result.total, "notices": result.notices, "hits": rows}, ensure_ascii=False
            )
        )
        return
    for notice in result.notices:
        hints.print(notice)
    console.print(say(f"{result.total} bài", f"{result.total} articles"))
    for row in rows:
        console.print(f"{str(row['date'])[:16]}  {row['source']:22}  {row['title']}", markup=False)


def reindex() -> None:
    """Rebuild the index from the archive."""
    from diembao import settings
    from diembao.archive.migration import open_archive
    from search_api.index import sync

    chosen = settings.load()
    archive = open_archive(chosen.archive_url)
    with progress() as bar:
        task = bar.add_task(say("Lập chỉ mục", "Indexing"), total=None)
        count = sync.reindex(
            archive,
            chosen,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    console.print(say(f"Đã lập chỉ mục {count} bài.", f"{count} articles indexed."))

"""`diembao crawl` and `sources`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from diembao.cli.output import console, hints, progress
from diembao.errors import BadInputError, DiembaoError
from diembao.language import say
from diembao.vietnamese.dates import VIETNAM, local

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.checking import Finding
    from crawler.declarations import Declaration
    from crawler.drafting import Draft
    from crawler.run import CrawlReport
    from diembao.archive.condition import Condition
    from diembao.archive.crawl import Fault
    from diembao.archive.sources import SourceHealth

sources = typer.Typer(
    invoke_without_command=True,
    help=say(
        "Các báo đã khai và tình trạng của chúng.", "The declared newspapers and their health."
    ),
)


@sources.callback()
def list_sources(
    context: typer.Context,
    json_: Annotated[bool, typer.Option("--json", help=say("In JSON.", "Print JSON."))] = False,
) -> None:
    """List the newspapers."""
    if context.invoked_subcommand:
        return
    from crawler import declarations
    from diembao import settings
    from diembao.archive import condition
    from diembao.archive import crawl as state
    from diembao.archive import sources as archived
    from diembao.archive.migration import open_archive

    chosen = settings.load()
    declared = declarations.load_all(chosen)
    with open_archive(chosen.archive_url).read() as conn:
        health = {row.source.name: row for row in archived.health(conn)}
        conditions = condition.conditions(conn, datetime.now(UTC))
        faults = state.faults(conn)
    rows = [
        {
            **declaration.source.model_dump(mode="json"),
            "checked": declaration.checked,
            **_health(health.get(name), conditions.get(name), faults.get(name, [])),
        }
        for name, declaration in sorted(declared.items())
    ]
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        for number, line in enumerate(health_lines(row)):
            is_wrong = bool(number) or bool(row["last_error"])
            console.print(line, markup=False, style="red" if is_wrong else None)


def _moment(at: datetime | None) -> str | None:
    return local(at).isoformat() if at else None


def _health(
    known: SourceHealth | None, found: Condition | None, faults: Sequence[Fault]
) -> dict[str, Any]:
    return {
        "last_crawl_at": _moment(known.last_crawl_at) if known else None,
        "last_success_at": _moment(found.last_success_at) if found else None,
        "last_article_at": _moment(known.last_article_at) if known else None,
        "last_error": known.last_error if known else None,
        "last_day": found.last_day if found else 0,
        "usual_day": found.usual_day if found else None,
        "dated": found.dated if found else None,
        "signed": found.signed if found else None,
        "faults": [asdict(fault) for fault in faults],
        "gaps": [
            {"since": _moment(gap.since), "until": _moment(gap.until)}
            for gap in (found.gaps if found else ())
        ],
        "quarantine": [one.fault for one in (found.quarantine if found else ())],
    }


def health_lines(row: Mapping[str, Any]) -> list[str]:
    """A newspaper and its health: one line, and one for each thing that is wrong."""
    unchecked = "" if row["checked"] else say(" (chưa kiểm tra)", " (not checked)")
    if not row["last_crawl_at"]:
        health = say("chưa thu thập", "not crawled yet")
    else:
        usual = "-" if row["usual_day"] is None else f"{row['usual_day']:.1f}"
        shares = [
            "-" if row[part] is None else f"{100 * row[part]:.0f}%" for part in ("dated", "signed")
        ]
        health = say(
            f"tốt lần cuối {row['last_success_at'] or '-'}; 24 giờ qua {row['last_day']} bài "
            f"(thường {usual}); có ngày {shares[0]}, có tác giả {shares[1]}",
            f"last good {row['last_success_at'] or '-'}; {row['last_day']} articles in 24 hours "
            f"(usually {usual}); dated {shares[0]}, signed {shares[1]}",
        )
    lines = [f"{row['name']:24} {row['title']}{unchecked}: {health}"]
    lines += [f"    {row['last_error']}"] if row["last_error"] else []
    lines += [f"    {one['count']} × {one['kind']}: {one['cause']}" for one in row["faults"]]
    lines += [
        say(f"    bố cục bị cách ly: {fault}", f"    layout in quarantine: {fault}")
        for fault in row["quarantine"]
    ]
    return lines + [
        say(
            f"    không thu thập được từ {gap['since']} đến {gap['until'] or 'nay'}",
            f"    not collected from {gap['since']} to {gap['until'] or 'now'}",
        )
        for gap in row["gaps"]
    ]


@sources.command(
    help=say(
        "Bỏ cách ly các bố cục của một báo và đưa các trang đã giữ vào kho như đang đọc được.",
        "Release a newspaper's layouts from quarantine, and take its kept pages in as they are read now.",
    )
)
def release(
    name: Annotated[str, typer.Argument(help=say("Tên báo.", "The newspaper."))],
) -> None:
    """End a quarantine by hand."""
    from crawler import declarations, rereading
    from diembao import settings
    from diembao.archive import layouts
    from diembao.archive.migration import open_archive

    chosen = settings.load()
    declared = declarations.load_all(chosen)
    known_names([name], declared)
    archive = open_archive(chosen.archive_url)
    with archive.write() as conn:
        count = layouts.release(conn, name)
    found = rereading.reread(archive, declared, [name], datetime.now(UTC), is_applied=True)
    gained = found[name].gained if name in found else 0
    console.print(
        say(
            f"Đã bỏ cách ly {count} bố cục của {name}; {gained} trang thành bài.",
            f"{count} layouts of {name} are out of quarantine; {gained} pages became articles.",
        ),
        markup=False,
    )


@sources.command(
    help=say(
        "Hỏi thử từng báo xem khai báo còn đúng không, và nói rõ chỗ nào sai.",
        "Ask each newspaper whether its declaration still holds, and say what is wrong.",
    )
)
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(help=say("Tên báo; bỏ trống là tất cả.", "Newspapers; all if none.")),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help=say("In JSON.", "Print JSON."))] = False,
) -> None:
    """Check declarations against the live sites; exit 1 where something is wrong."""
    from crawler import checking, declarations
    from diembao import settings

    chosen = settings.load()
    declared = declarations.load_all(chosen)
    found: dict[str, list[Finding]] = {}
    for name in known_names(names, declared):
        if not json_:
            console.print(f"{name}: {declared[name].title}", style="bold", markup=False)

        def tell(finding: Finding) -> None:
            if not json_ and (names or finding.state is not checking.State.FINE):
                console.print(finding_line(finding), markup=False)

        found[name] = checking.check(declared[name], chosen, tell)
    faulty = [
        name
        for name, findings in found.items()
        if any(finding.state is checking.State.FAULT for finding in findings)
    ]
    if json_:
        rows = {name: [asdict(one) for one in findings] for name, findings in found.items()}
        print(json.dumps(rows, ensure_ascii=False))
    else:
        right = len(found) - len(faulty)
        console.print(
            say(
                f"{right} báo đúng, {len(faulty)} báo có chỗ sai.",
                f"{right} newspapers are right, {len(faulty)} have something wrong.",
            )
        )
    if faulty:
        raise typer.Exit(1)


@sources.command(
    help=say(
        "Thêm một báo chỉ bằng địa chỉ: tự tìm nguồn tin, đọc thử năm bài, viết khai báo.",
        "Add a newspaper by its address: find its feeds, read five articles, write the declaration.",
    )
)
def add(
    url: Annotated[str, typer.Argument(help=say("Địa chỉ của báo.", "The newspaper's address."))],
) -> None:
    """Declare a newspaper by looking at it."""
    from crawler import declarations, drafting
    from diembao import pipeline, settings
    from diembao.archive.migration import open_archive

    chosen = settings.load()
    with progress() as bar:
        bar.add_task(say("Đang xem báo", "Looking at the newspaper"), total=None)
        draft = drafting.draft(url, chosen, declarations.load_all(chosen))
    path = drafting.write(draft.declaration, declarations.own_folder(chosen))
    with open_archive(chosen.archive_url).write() as conn:
        pipeline.add_newspaper(conn, draft)
    for line in draft_lines(draft):
        console.print(line, markup=False)
    console.print(say(f"Khai báo ở {path}", f"Declared in {path}"), markup=False)


def draft_lines(draft: Draft) -> list[str]:
    """What was found at a newspaper, and what was read of it."""
    declared = draft.declaration
    lines = [f"{declared.name}: {declared.title}"]
    lines += [f"  feed     {url}" for url in declared.feeds]
    lines += [f"  sitemap  {url}" for url in declared.sitemaps]
    lines += [f"  listing  {one.url}" for one in declared.listings]
    lines += [f"  {say('bài', 'article'):8} {pattern}" for pattern in declared.article_urls]
    for article, _ in draft.read:
        day = f"{local(article.published_at):%d/%m/%Y %H:%M}" if article.published_at else "-"
        lines.append(f"  {day}  {article.title}")
        by = say("tác giả", "byline")
        lines.append(f"      {by}: {article.byline or '-'}; sapo: {article.lead or '-'}")
    return [*lines, *(f"  • {doubt}" for doubt in draft.doubts)]


def finding_line(finding: Finding) -> str:
    """A finding of `sources check` as one line."""
    mark = {"fine": "✓", "note": "•", "fault": "✗"}[finding.state]
    return f"  {mark} {finding.part} {finding.subject}: {finding.text}"


def known_names(names: Sequence[str] | None, declared: Mapping[str, Declaration]) -> Sequence[str]:
    """The names given, or all. Raises BadInputError for unknown ones."""
    if unknown := [name for name in names or () if name not in declared]:
        raise BadInputError(
            say(
                f"Không có báo nào tên {', '.join(unknown)}; xem `diembao sources`.",
                f"No newspaper is called {', '.join(unknown)}; see `diembao sources`.",
            )
        )
    return names or sorted(declared)


def crawl(
    source: Annotated[
        list[str] | None, typer.Option(help=say("Chỉ các báo này.", "Only these newspapers."))
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help=say(
                "Lùi về quá khứ tới ngày này (2024-01-01); dừng bằng Ctrl+C, chạy lại thì tiếp tục.",
                "Go back to this day (2024-01-01); Ctrl+C stops, running it again goes on.",
            ),
        ),
    ] = None,
) -> None:
    """Collect the declared newspapers once, or walk back through their archives."""
    from crawler import declarations
    from crawler.run import crawl_once
    from diembao import settings
    from diembao.archive.migration import open_archive

    chosen = settings.load()
    with progress() as bar:
        task = bar.add_task(say("Thu thập", "Crawling"), total=None)

        def show(report: CrawlReport) -> None:
            bar.update(task, completed=report.fetched, total=report.listed)

        try:
            report = crawl_once(
                open_archive(chosen.archive_url),
                declarations.load_all(chosen),
                chosen,
                only=source,
                since=since and since.replace(tzinfo=VIETNAM),
                on_progress=show,
            )
        except KeyboardInterrupt:
            bar.stop()
            hints.print(
                say(
                    "Đã dừng; chạy lại lệnh này để tiếp tục từ chỗ dừng.",
                    "Stopped; run this command again to go on from here.",
                )
            )
            raise typer.Exit(130) from None
    for line in report_lines(report):
        console.print(line, markup=False)
    if report.failed and not report.fetched:
        raise DiembaoError(
            say(
                "Không lấy được trang nào; xem nguyên nhân ở trên.",
                "No page could be fetched; see the causes above.",
            )
        )


def report_lines(report: CrawlReport) -> list[str]:
    """A crawl in a few lines."""
    lines = [
        say(
            f"{report.fetched} trang, {report.not_modified} không đổi, {report.new} bài mới, "
            f"{report.edited} bài sửa, {report.failed} lỗi",
            f"{report.fetched} pages, {report.not_modified} unchanged, {report.new} new articles, "
            f"{report.edited} edited, {report.failed} failed",
        )
    ]
    lines += [f"  {count} × {cause}" for cause, count in report.causes.items()]
    lines += [
        say(
            f"  {name}: {one.disallowed} bài robots.txt không cho lấy",
            f"  {name}: {one.disallowed} articles that robots.txt forbids",
        )
        for name, one in report.sources.items()
        if one.disallowed
    ]
    return lines

"""All commands, in the order in which `diembao --help` shows them."""

from __future__ import annotations

import typer

from diembao.cli import articles, demo, doctor, extractor, newspapers, searching, serving, supervisor, workers
from diembao.language import say

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=say(
        "Điểm báo: thu thập báo chí, đọc ra ai được khen thưởng gì, tìm kiếm và cảnh báo.",
        "Press review: collects newspapers, reads who was awarded what, searches and alerts.",
    ),
)
for command in (
    demo.demo,
    supervisor.up,
    doctor.doctor,
    newspapers.crawl,
    articles.import_,
    articles.read,
    extractor.extract,
    extractor.evaluate,
    extractor.train,
    searching.search,
    searching.reindex,
    serving.serve,
):
    app.command(command.__name__.rstrip("_"))(command)
app.add_typer(newspapers.sources, name="sources")
app.add_typer(workers.work, name="work")

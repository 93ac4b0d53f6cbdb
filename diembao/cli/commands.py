"""All commands, in the order in which `diembao --help` shows them."""

from __future__ import annotations

import typer

from diembao.cli import (
    accounts,
    articles,
    backup,
    corrections,
    demo,
    doctor,
    exporting,
    extractor,
    newspapers,
    reparse,
    searching,
    serving,
    supervisor,
    workers,
)
from diembao.language import say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=say(
        "Điểm báo: thu thập báo chí, đọc ra ai được khen thưởng gì, tìm kiếm và cảnh báo.",
        "Press review: collects newspapers, reads who was awarded what, searches and alerts.",
    ),
)
for command, help_text in (
    (demo.demo, say("Chạy thử với các báo mẫu đi kèm, không cần mạng.", "Try it on the bundled sample newspapers, offline.")),
    (supervisor.up, say("Chạy tất cả: trang web, thu thập, trích xuất, chỉ mục, cảnh báo.", "Run everything: page, crawling, extraction, index, alerts.")),
    (doctor.doctor, say("Kiểm tra máy này có chạy được không, thiếu gì.", "Check this machine and say what is missing.")),
    (newspapers.crawl, say("Thu thập một lượt các báo đã khai.", "Collect the declared newspapers once.")),
    (articles.import_, say("Đưa trang đã lưu hoặc văn bản đã chép vào kho, in ra những gì đọc được.", "Take in saved pages or pasted text and print what was found.")),
    (articles.read, say("Xem một trang được đọc thành gì; không lưu.", "Show how a page is read; nothing is kept.")),
    (reparse.reparse, say("Đọc lại các trang đã giữ và cho thấy gì sẽ đổi; --apply mới ghi.", "Read the kept pages again and show what would change; --apply changes it.")),
    (articles.withdraw, say("Gỡ một bài hoặc tên một người khỏi mọi nơi hiển thị, có ghi lý do.", "Take an article or a person's name out of everything shown, with the reason on record.")),
    (extractor.extract, say("Đọc ra tổ chức, người, mô hình, khen thưởng từ văn bản.", "Read units, people, models and awards out of texts.")),
    (extractor.evaluate, say("Chấm bộ trích xuất trên các bài đã chú giải.", "Score the extractor on annotated articles.")),
    (extractor.train, say("Huấn luyện lại mô hình từ kho chú giải.", "Train the model again from the annotated corpus.")),
    (searching.search, say("Tìm trong các bài đã lưu.", "Search the archived articles.")),
    (exporting.export, say("Xuất kết quả tìm hay sổ khen thưởng, mô hình ra tệp.", "Write a result or a register to a file.")),
    (searching.reindex, say("Dựng lại chỉ mục từ kho lưu trữ.", "Rebuild the index from the archive.")),
    (backup.backup, say("Sao lưu kho lưu trữ và những gì không dựng lại được, trong khi mọi thứ vẫn chạy.", "Back up the archive and all that cannot be made again, while everything runs.")),
    (backup.restore, say("Khôi phục từ bản sao lưu vào một kho trống.", "Restore a backup into an empty archive.")),
    (serving.serve, say("Chạy trang web và API.", "Serve the page and the API.")),
):  # fmt: skip
    app.command(command.__name__.rstrip("_"), help=help_text)(command)
app.add_typer(newspapers.sources, name="sources")
app.add_typer(corrections.corrections, name="corrections")
app.add_typer(accounts.user, name="user")
app.add_typer(workers.work, name="work")

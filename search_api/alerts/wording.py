"""A message in print: Vietnamese that can be forwarded as it is, as plain text and as HTML.

Both are made of the same lines. `brief` keeps to the length that a channel takes: it leaves out
lines from the middle, never the title, the links of the article or the way to the rest.
"""

from __future__ import annotations

import html as markup
from typing import TYPE_CHECKING

from diembao.vietnamese.dates import local

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from search_api.alerts.message import Line, Message, Printed, Reprint

CUT = "…"


def text(message: Message) -> str:
    """Plain text."""
    return "\n\n".join([message.title, *map(_block, _blocks(message)), _why(message)]) + "\n"


def html(message: Message) -> str:
    """A fragment of HTML that needs no style sheet."""
    parts = [f"<h2>{markup.escape(message.title)}</h2>"]
    parts += map(_table, _blocks(message))
    parts.append(f"<p><small>{markup.escape(_why(message))}</small></p>")
    return "\n".join(parts)


def brief(message: Message, limit: int, rest: str) -> str:
    """Plain text of at most `limit` UTF-16 units; `rest` is the address at which all of it stands."""
    whole = text(message).rstrip()
    if units(whole) <= limit:
        return whole
    end = [CUT, f"Xem đủ: {rest}"]
    if message.article:
        end.insert(1, _block([("Đọc bài", message.article.url)]))
    tail = "\n".join(end)
    lines: list[str] = []
    left = limit - units(tail)
    for line in whole.split("\n"):
        left -= units(line) + 1
        if left < 0:
            break
        lines.append(line)
    if not lines:
        return shortened(message.title, limit - units(tail) - 1) + "\n" + tail
    return "\n".join(lines).rstrip() + "\n" + tail


def shortened(line: str, limit: int) -> str:
    """A line of at most `limit` UTF-16 units."""
    if units(line) <= limit:
        return line
    kept = line
    while kept and units(kept) >= limit:
        kept = kept[:-1]
    return kept.rstrip() + CUT


def units(text: str) -> int:
    """Length as Telegram and Zalo count it: code units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def local_moment(moment: datetime) -> str:
    """`15:30 ngày 11/12/2024`, Vietnamese time."""
    return f"{local(moment):%H:%M ngày %d/%m/%Y}"


def _blocks(message: Message) -> Iterator[list[Line]]:
    for number, item in enumerate(message.items, 1):
        yield list(_item(number, item))
    if message.reprints:
        yield [line for one in message.reprints for line in _reprint(one)]
    yield from map(list, _records(message))
    if message.notes:
        yield list(message.notes)
    if message.article:
        yield list(_printed(message.article))


def _records(message: Message) -> Iterator[Iterable[Line]]:
    yield from (award.lines() for award in message.awards)
    yield from (model.lines() for model in message.models)


def _item(number: int, message: Message) -> Iterator[Line]:
    yield f"{number}", message.title
    for record in _records(message):
        yield from record
    yield from message.notes
    if message.article:
        article = message.article
        if article.title != message.title:
            yield "Bài", article.title
        yield "Nguồn", f"{article.source}, {local_moment(article.published_at)}"
        yield "Đọc bài", article.url


def _reprint(reprint: Reprint) -> Iterator[Line]:
    article = reprint.article
    yield "Cũng đăng", reprint.told
    yield "Nguồn", f"{article.source}, {local_moment(article.published_at)}"
    yield "Đọc bài", article.url


def _printed(article: Printed) -> Iterator[Line]:
    yield "Bài", article.title
    if article.lead:
        yield "Tóm tắt", article.lead
    yield "Nguồn", f"{article.source}, {local_moment(article.published_at)}"
    yield "Đọc bài", article.url
    yield "Bản gốc", article.original_url


def _why(message: Message) -> str:
    return f"Điểm báo gửi theo mục theo dõi “{message.subscription}”."


def _block(lines: Iterable[Line]) -> str:
    return "\n".join(
        f"{label}. {value}" if label.isdecimal() else f"{label}: {value}" for label, value in lines
    )


def _table(lines: Iterable[Line]) -> str:
    rows = "".join(
        f'<tr><th align="left" valign="top">{markup.escape(label)}</th><td>{_cell(value)}</td></tr>'
        for label, value in lines
    )
    return f"<table>{rows}</table>"


def _cell(value: str) -> str:
    safe = markup.escape(value)
    is_link = value.startswith(("http://", "https://")) and not any(map(str.isspace, value))
    return f'<a href="{safe}">{safe}</a>' if is_link else safe

"""How the further pages of a listing page are addressed, told by its links to the second one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import urls

if TYPE_CHECKING:
    from collections.abc import Iterable

_OFFSET = re.compile(r"(?<=[?&])(BRSR|offset|start)=(\d+)")
_SECOND = re.compile(r"(?<!\d)2(?!\d)")


def following(url: str, links: Iterable[str]) -> tuple[str, int] | None:
    """The form of further pages (`{page}` or `{offset}`) and the step; None where no link shows it."""
    stem = re.sub(r"(\.\w+)?/?$", "", urlsplit(url).path)
    steps: list[tuple[int, str]] = []
    for link in links:
        address = urls.canonical(link)
        if address is None or urls.host_of(address) != urls.host_of(url) or address == url:
            continue
        parts = urlsplit(address)
        if not parts.path.startswith(stem):
            continue
        start = address.index(parts.path) + len(stem)
        head, tail = address[:start], address[start:]
        if (offset := _OFFSET.search(tail)) and int(offset[2]) > 1:
            form = f"{tail[: offset.start(2)]}{{offset}}{tail[offset.end(2) :]}"
            steps.append((int(offset[2]), head + form))
        elif len(_SECOND.findall(tail)) == 1 and len(tail) < 40:
            return head + _SECOND.sub("{page}", tail), 1
    if not steps:
        return None
    step, form = min(steps)
    return form, step

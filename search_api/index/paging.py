"""Pages of hits: reprints folded under the first hit of their story, every hit on exactly one page.

Stories fold inside a window. By date a window is WINDOW hits long and the next begins after its last
one; a cursor names the window and the last hit shown, both by `order`, so articles that come in
meanwhile move nothing. By relevance there is one window of RANKED hits, and a cursor counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from diembao.errors import BadInputError
from search_api.index.base import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = 10_000
RANKED = 1_000

_CURSOR = re.compile(r"d(-?\d+)?:(-?\d+)|r(\d+)")


@dataclass(frozen=True, slots=True)
class Cursor:
    """`window`: order before which the window begins; `last`: order or number of the last one shown."""

    window: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        return f"d{'' if self.window is None else self.window}:{self.last}"


class Found(NamedTuple):
    """One hit as the engine found it. `story` is below zero for an article that has none."""

    article_id: int
    story: int
    order: int
    score: float


def read_cursor(text: str | None, sort: str) -> Cursor:
    """Where to go on. Raises BadInputError if it is not a cursor of this sort."""
    if text is None:
        return Cursor()
    found = _CURSOR.fullmatch(text)
    if not found or (sort == "date") != text.startswith("d") or len(text) > 60:
        raise BadInputError("Con trỏ trang không hợp lệ; hãy tìm lại từ trang đầu (bad cursor).")
    if sort == "date":
        return Cursor(int(found[1]) if found[1] else None, int(found[2]))
    return Cursor(last=int(found[3]))


def fold(found: Sequence[Found], *, by_story: bool) -> list[list[Found]]:
    """Groups in the order of their first hits."""
    if not by_story:
        return [[hit] for hit in found]
    groups: dict[int, list[Found]] = {}
    for hit in found:
        groups.setdefault(hit.story, []).append(hit)
    return list(groups.values())


def hits(groups: Sequence[list[Found]]) -> tuple[Hit, ...]:
    """The groups as hits."""
    return tuple(
        Hit(
            article_id=first.article_id,
            story_id=None if first.story < 0 else first.story,
            score=first.score,
            reprints=tuple(other.article_id for other in others),
        )
        for first, *others in groups
    )


def page_by_date(
    found: Sequence[Found],
    groups: Sequence[list[Found]],
    cursor: Cursor,
    limit: int,
    *,
    is_all: bool,
) -> tuple[Sequence[list[Found]], str | None]:
    """The groups after the cursor, and the next one. `is_all`: nothing lies behind this window."""
    left = [group for group in groups if cursor.last is None or group[0].order < cursor.last]
    page = left[:limit]
    if len(left) > limit:
        return page, str(Cursor(cursor.window, page[-1][0].order))
    if is_all or not found:
        return page, None
    return page, str(Cursor(found[-1].order, found[-1].order))


def page_by_relevance(
    groups: Sequence[list[Found]], cursor: Cursor, limit: int
) -> tuple[Sequence[list[Found]], str | None]:
    """The groups after the first `cursor.last` ones, and the next cursor."""
    start = cursor.last or 0
    end = start + limit
    return groups[start:end], f"r{end}" if end < len(groups) else None

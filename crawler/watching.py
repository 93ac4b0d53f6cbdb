"""How the readings of one newspaper go, and which of its layouts are in quarantine.

The declaration's present selectors are a layout, and so is each of its older ones. A break is told with
the selector that died: the declared one that finds nothing on the page at hand, or the general rules.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from crawler.reading import locating
from diembao.archive import layouts
from diembao.archive.layouts import Layout, Part, Reading
from diembao.article import DateSource

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from crawler.declarations import Declaration
    from crawler.fetching import FetchedPage
    from diembao.archive.engine import Archive
    from diembao.article import Article

log = logging.getLogger("diembao.crawler")

IN_QUARANTINE = "bố cục đang bị cách ly (layout in quarantine)"
_NAMES = {
    "body": "chữ của bài (text)",
    "date": "ngày đăng (date)",
    "byline": "tác giả (byline)",
    "lead": "sapo (lead)",
}


class Watch:
    """The readings of one newspaper during one crawl."""

    def __init__(self, declaration: Declaration, archive: Archive) -> None:
        self._declaration = declaration
        with archive.read() as conn:
            self._layouts = layouts.load(conn, declaration.name)

    def layout_at(self, date: datetime) -> str:
        """The layout that holds for pages of a date."""
        day = date.date()
        older = sorted(one.valid_until for one in self._declaration.layouts)
        return next((until.isoformat() for until in older if day <= until), "")

    def is_quarantined(self, layout: str) -> bool:
        """Whether no article is made of its pages."""
        known = self._layouts.get(layout)
        return known is not None and known.quarantined_at is not None

    def note(self, layout: str, article: Article | None, page: FetchedPage, now: datetime) -> bool:
        """Take in what a page gave, nothing if no article; whether it shows that the layout broke."""
        known = self._layouts.setdefault(layout, Layout())
        broken = known.add(reading_of(article))
        if broken is None or known.quarantined_at:
            return False
        known.quarantined_at = now
        known.fault = f"{_NAMES[broken]}: {self._dead(layout, broken, page)}"
        log.error("%s: %s: %s", self._declaration.name, IN_QUARANTINE, known.fault)
        return True

    def _dead(self, layout: str, part: Part, page: FetchedPage) -> str:
        """The selector that died."""
        older = (one for one in self._declaration.layouts if one.valid_until.isoformat() == layout)
        selectors = next(older, self._declaration.selectors)
        declared = getattr(selectors, part)
        if declared and not locating.selected(page.tree, declared):
            return f"bộ chọn {part} = {declared!r} không còn thấy gì (the selector finds nothing)"
        if declared:
            return f"bộ chọn {part} = {declared!r} không còn thấy đúng (the selector finds the wrong thing)"
        return "quy tắc chung không còn thấy (the general rules find none)"

    def save(self, connection: Connection) -> None:
        """Keep what is known of all layouts."""
        for name, layout in self._layouts.items():
            layouts.save(connection, self._declaration.name, name, layout)


def reading_of(article: Article | None) -> Reading:
    """What counts of an article."""
    if article is None:
        return Reading(0)
    return Reading(
        len(article.text),
        is_dated=article.date_source is not DateSource.FETCHED,
        is_signed=bool(article.byline),
        has_lead=bool(article.lead),
    )

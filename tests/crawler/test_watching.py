"""A silent break puts a layout in quarantine, names the selector that died, and is mended by reading again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from crawler.declarations import Declaration
from crawler.rereading import reread
from crawler.run import crawl_once
from crawler.watching import IN_QUARANTINE
from diembao.archive import layouts
from diembao.archive.engine import Archive
from diembao.archive.layouts import KNOWN, RECENT, Layout, Reading
from diembao.archive.schema import articles
from diembao.settings import Settings

LDTD = "mau-laodongthudo"
USUAL = Reading(1500, is_dated=True, is_signed=True, has_lead=True)


def count(archive: Archive) -> int:
    with archive.read() as conn:
        return int(conn.execute(select(func.count()).select_from(articles)).scalar_one())


def test_it_is_quarantined_named_and_mended(
    press: Any, archive: Archive, declared: dict[str, Declaration], hurried: Settings
) -> None:
    selectors = type(declared[LDTD].selectors)(byline=".tac-gia-cu")
    own = declared[LDTD].model_copy(update={"selectors": selectors, "layouts": ()})
    with archive.write() as conn:
        layout = Layout()
        for _ in range(KNOWN + RECENT):
            layout.add(USUAL)
        layouts.save(conn, LDTD, "", layout)

    def redesigned(reply: Any, path: str, headers: Any) -> Any:
        """The author's name stands in an element that nothing tells from others."""
        text = reply.body.decode()
        article = next(one for one in press.articles if path.startswith(one.path))
        text = re.sub(re.escape(article.byline), "12 345", text) if article.byline else text
        return type(reply)(
            200, reply.headers, text.replace("</h1>", "</h1><x-ten>Hoàng Văn Mẫu</x-ten>").encode()
        )

    press.misbehave(LDTD, r"\.html", redesigned)
    printed = [one for one in press.articles if one.site == LDTD]
    report = crawl_once(archive, {LDTD: own}, hurried)
    held = report.causes[IN_QUARANTINE]
    assert held
    assert count(archive) + held == len(printed)
    with archive.read() as conn:
        (quarantine,) = layouts.quarantined(conn)[LDTD]
    assert "byline = '.tac-gia-cu'" in quarantine.fault

    now = datetime.now(UTC)
    still = reread(archive, {LDTD: own}, [LDTD], now, is_applied=True)[LDTD]
    assert (still.held, still.gained) == (held, 0)
    mended = own.model_copy(update={"selectors": type(selectors)(byline="x-ten")})
    assert reread(archive, {LDTD: mended}, [LDTD], now, is_applied=True)[LDTD].gained == held
    assert count(archive) == len(printed)
    with archive.read() as conn:
        assert layouts.quarantined(conn) == {}

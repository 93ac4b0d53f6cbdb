"""When an article was published and changed.

Sources in order: what the page states (JSON-LD), its meta tags, what is printed between headline and
text. Where only the printed date has the minute, or where a stated time is the printed one with the zone
left out or wrong, the printed one holds. Nothing later than a few minutes after the fetch is believed.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from crawler.reading import blocks, noise
from diembao.article import DateDoubt, DateSource
from diembao.vietnamese import dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import html

    from crawler.declarations import Selectors
    from crawler.reading.structured import Structured
    from diembao.article import Article
    from diembao.vietnamese.dates import PrintedDate

TOLERANCE = timedelta(minutes=5)
EARLIEST_YEAR = 1995
LEVELS = 5
"""How far above the headline its date can stand."""


class Dated(NamedTuple):
    """Published and modified time in UTC, where the former was read, and what speaks against it."""

    published: datetime | None
    modified: datetime | None
    source: DateSource
    doubt: DateDoubt | None


def read(
    tree: html.HtmlElement,
    head: html.HtmlElement | None,
    container: html.HtmlElement,
    said: Structured,
    selectors: Selectors,
    now: datetime,
    zone: tzinfo,
) -> Dated:
    """The dates of an article; the source is FETCHED where none was found."""
    stated = _first(said.published, now, zone)
    meta = _first(said.meta_published, now, zone)
    printed = _printed(tree, head, container, selectors, now, zone)
    changed = _first(said.modified, now, zone)
    source = DateSource.FETCHED
    chosen: PrintedDate | None = None
    for found, named in (
        (stated, DateSource.STRUCTURED),
        (meta, DateSource.META),
        (printed, DateSource.PRINTED),
    ):
        if found and (chosen is None or (found.has_time and not chosen.has_time)):
            chosen, source = found, named
    if chosen and printed and printed.has_time and chosen is not printed:
        gap = abs(printed.at - chosen.at)
        # The page printed the same minute: then the stated zone was wrong, not the clock.
        if timedelta(hours=7) - gap < timedelta(minutes=1) and gap - timedelta(hours=7) < timedelta(
            minutes=1
        ):
            chosen, source = printed, DateSource.PRINTED
    stated_at_all = (*said.published, *said.meta_published)
    doubt = None
    if printed and printed.weekday_agrees is False:
        doubt = DateDoubt.WEEKDAY
    elif not chosen and any(dates.parse(value, zone=zone) for value in stated_at_all):
        doubt = DateDoubt.UNBELIEVABLE
    return Dated(chosen.at if chosen else None, changed.at if changed else None, source, doubt)


def is_believable(moment: datetime, now: datetime) -> bool:
    """Neither later than just after `now` nor before there were newspapers on the web."""
    return moment.year >= EARLIEST_YEAR and moment <= now + TOLERANCE


def _first(values: Iterable[str], now: datetime, zone: tzinfo) -> PrintedDate | None:
    for value in values:
        found = dates.parse(value, now=now, zone=zone)
        if found and is_believable(found.at, now):
            return found
    return None


def _printed(
    tree: html.HtmlElement,
    head: html.HtmlElement | None,
    container: html.HtmlElement,
    selectors: Selectors,
    now: datetime,
    zone: tzinfo,
) -> PrintedDate | None:
    if chosen := selected_text(tree, selectors.date):
        return _first([chosen], now, zone)
    return _first(_candidates(head, container), now, zone)


def selected_text(tree: html.HtmlElement, selector: str | None) -> str:
    """The texts of all alternatives of a selector, joined (day and hour often stand apart)."""
    found = tree.cssselect(selector) if selector else []
    return " ".join(dict.fromkeys(blocks.text_of(element) for element in found))


def _candidates(head: html.HtmlElement | None, container: html.HtmlElement) -> list[str]:
    """Short texts around the headline that can be the printed date, those with the hour first."""
    around: dict[str, None] = {}
    for element in _around(head, container):
        text = element.get("datetime") or ""
        if not text and len(element) < 6:
            text = blocks.text_of(element)
        if 8 <= len(text) <= 120 and any(map(str.isdigit, text)):
            # Day and hour often stand in elements of their own, side by side.
            before = element.getprevious()
            hour = blocks.text_of(before) if before is not None and before is not head else ""
            around |= {f"{hour} {text}": None} if 0 < len(hour) <= 20 else {}
            around[text] = None
    with_time = [t for t in around if (found := dates.parse(t)) and found.has_time]
    return [*with_time, *around]


def _around(
    head: html.HtmlElement | None, container: html.HtmlElement
) -> Iterator[html.HtmlElement]:
    """What stands around the headline, nearest level first, up to the body."""
    holds_head = head is not None and container in head.iterancestors()
    seen = {head}
    for ancestor in islice(head.iterancestors(), LEVELS) if head is not None else ():
        if ancestor.tag == "html":
            return
        for element in ancestor.iter():
            if element is container and not holds_head:
                break
            if element in seen or not isinstance(element.tag, str):
                continue
            seen.add(element)
            if element.tag not in noise.SKIPPED:
                yield element


def dated(article: Article, announced: tuple[datetime, DateSource] | None) -> Article:
    """The article with the date of its announcement, where its page gives none."""
    if article.published_at or announced is None:
        return article
    published, source = announced
    if published > article.fetched_at + TOLERANCE:
        return article
    return article.model_copy(update={"published_at": published, "date_source": source})

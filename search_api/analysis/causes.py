"""What lies behind a burst: the awards that most of its articles tell of, and its most reprinted story."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from diembao.archive import articles
from search_api.analysis.shapes import Cause, Report
from search_api.query.calendar import local_day

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from diembao.archived import ArchivedArticle
    from search_api.analysis.counting import Subject
    from search_api.index.base import SearchIndex

LOOKED_AT = 200
"""Stories of a burst that are looked at, newest first."""

AWARDS = 2
"""Awards that are named at most."""

TOGETHER = 2
"""Articles that must tell of an award or story before it is a cause."""


def causes(
    index: SearchIndex, connection: Connection, subject: Subject, since: date, until: date
) -> list[Cause]:
    """The causes, awards first. An event that one article alone tells of explains no burst."""
    wanted = replace(subject.request(since, until), limit=LOOKED_AT, fold_stories=True)
    hits = index.search(wanted).hits
    ids = [one for hit in hits for one in (hit.article_id, *hit.reprints)]
    loaded = {item.id: item for item in articles.load(connection, ids)}
    found = _awards([loaded[one] for one in ids if one in loaded])
    told = [hit for hit in hits if hit.article_id in loaded and len(hit.reprints) + 1 >= TOGETHER]
    if told:
        best = max(told, key=lambda hit: len(hit.reprints))
        story = report(loaded[best.article_id])
        found.append(
            Cause(kind="story", title=story.title, page=story.page, articles=1 + len(best.reprints))
        )
    return found


def report(item: ArchivedArticle) -> Report:
    """An article in short."""
    day = local_day(item.article.date)
    return Report(article_id=item.id, page=f"/bai/{item.id}", title=item.article.title, date=day)


def _awards(told: list[ArchivedArticle]) -> list[Cause]:
    by_event: Counter[int] = Counter()
    names: dict[int, tuple[str, str]] = {}
    for item in told:
        if item.extraction is None:
            continue
        by_event.update(set(item.event_ids))
        for event, award in zip(item.event_ids, item.extraction.awards, strict=False):
            who = f" – {award.recipients[0]}" if award.recipients else ""
            names.setdefault(event, (f"{award.award}{who}", f"/bai/{item.id}"))
    return [
        Cause(kind="award", title=names[event][0], page=names[event][1], articles=count)
        for event, count in by_event.most_common(AWARDS)
        if count >= TOGETHER and event in names
    ]

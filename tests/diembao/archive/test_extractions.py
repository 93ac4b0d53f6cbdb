"""Extractions of versions, and which articles an extractor has not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diembao.archive import extractions
from diembao.records import Extraction, Label, Mention

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive


def test_an_extraction_comes_back_as_the_extractor_gave_it(
    archive: Archive, desk: Any, now: datetime
) -> None:
    saved = desk.save("A\nB")
    given = Extraction(
        id="1", text="A\nB", mentions=(Mention(0, 1, Label.UNIT, 0.5, "u1"),), extractor="x1"
    )
    with archive.write() as connection:
        extractions.save(connection, saved.article_id, 1, Extraction(id="1", text="A\nB"), now)
        extractions.save(connection, saved.article_id, 1, given, now)
    with archive.read() as connection:
        assert extractions.load(connection, saved.article_id, 1) == given
        assert extractions.load(connection, saved.article_id, 2) is None


def test_articles_are_outdated_until_this_extractor_read_their_current_version(
    archive: Archive, desk: Any, now: datetime
) -> None:
    one = desk.save("A\nB", url="u1").article_id
    two = desk.save("C\nD", url="u2").article_id
    with archive.write() as connection:
        for article_id in (one, two):
            given = Extraction(id="", text="", extractor="x2")
            extractions.save(connection, article_id, 1, given, now)
        assert extractions.outdated(connection, "x2") == []
        assert extractions.outdated(connection, "x3") == [one, two]
    desk.save("A\nBB", url="u1")
    with archive.read() as connection:
        assert extractions.outdated(connection, "x2") == [one]

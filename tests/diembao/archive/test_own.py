"""Tags, notes, dossiers and past searches: whose they are, how names are equal, what lists hold."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from diembao.archive import audit, dossiers, own, past_searches
from diembao.errors import BadInputError, ConflictError, NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive

LAN, MAI = 3, 4


@pytest.fixture
def articles(desk: Any, now: datetime) -> list[int]:
    """Five articles, the oldest first."""
    return [
        desk.save(f"Tin số {n}\nTrời nắng {n}.", published_at=now + timedelta(days=n)).article_id
        for n in range(5)
    ]


def test_a_tag_keeps_its_first_spelling_and_counts_once(
    archive: Archive, articles: list[int]
) -> None:
    with archive.write() as conn:
        own.set_tags(conn, LAN, articles[0], ["  Hòa   Bình ", "điển hình"])
        respelled = unicodedata.normalize("NFD", "hoà bình")
        own.set_tags(conn, LAN, articles[1], [respelled, "HÒA BÌNH"])
        assert own.tags_of(conn, LAN, [articles[1]])[articles[1]] == ["Hòa Bình"]
        own.set_tags(conn, LAN, articles[2], ["hoa binh"])
        counted = [(one.tag, one.articles) for one in own.tags(conn, LAN)]
        assert counted == [("hoa binh", 1), ("Hòa Bình", 2), ("điển hình", 1)]
        own.set_tags(conn, LAN, articles[0], [])
        assert own.tags_of(conn, LAN, [articles[0]])[articles[0]] == []
        assert own.tags(conn, MAI) == []


@pytest.mark.parametrize("tags", [[""], ["x" * 101], ["\x00"], [str(n) for n in range(51)]])
def test_tags_that_will_not_do_are_refused(
    archive: Archive, articles: list[int], tags: list[str]
) -> None:
    with archive.write() as conn, pytest.raises(BadInputError):
        own.set_tags(conn, LAN, articles[0], tags)


def test_a_note_is_kept_as_written_changed_and_taken_away(
    archive: Archive, articles: list[int], now: datetime
) -> None:
    with archive.write() as conn:
        own.set_note(conn, LAN, articles[0], "  Gọi lại\r\nchị Sen\x00 \ud800☺ ", now)
        assert own.notes_of(conn, LAN, articles) == {articles[0]: "Gọi lại\nchị Sen ☺"}
        assert own.notes_of(conn, MAI, articles) == {}
        own.set_note(conn, LAN, articles[0], "Xong", now)
        assert own.notes_of(conn, LAN, articles) == {articles[0]: "Xong"}
        own.set_note(conn, LAN, articles[0], " \n", now)
        assert own.notes_of(conn, LAN, articles) == {}
        with pytest.raises(BadInputError):
            own.set_note(conn, LAN, articles[0], "x" * (own.LONGEST_NOTE + 1), now)


def test_a_dossier_belongs_to_one_owner(
    archive: Archive, articles: list[int], now: datetime
) -> None:
    with archive.write() as conn:
        made = dossiers.add(conn, LAN, "Hồ sơ  chị Sen", now)
        assert made.name == "Hồ sơ chị Sen"
        dossiers.put_in(conn, LAN, made.id, articles[0], now)
        dossiers.put_in(conn, LAN, made.id, articles[0], now)
        assert dossiers.find(conn, LAN, made.id).articles == 1
        for act in (
            lambda: dossiers.find(conn, MAI, made.id),
            lambda: dossiers.rename(conn, MAI, made.id, "Khác"),
            lambda: dossiers.remove(conn, MAI, made.id),
            lambda: dossiers.put_in(conn, MAI, made.id, articles[1], now),
            lambda: dossiers.take_out(conn, MAI, made.id, articles[0]),
            lambda: dossiers.set_holding(conn, MAI, articles[1], [made.id], now),
        ):
            with pytest.raises(NotFoundError):
                act()
        assert dossiers.of_owner(conn, MAI) == []
        assert list(own.kept(conn, MAI, dossier=made.id).rows) == []


def test_a_dossier_has_a_name_of_its_own(archive: Archive, now: datetime) -> None:
    with archive.write() as conn:
        first, second = (dossiers.add(conn, LAN, name, now) for name in ("Hòa Bình", "Hoa"))
        dossiers.add(conn, MAI, "hoà bình", now)
        for taken in ("hoà bình", "HOÀ BÌNH"):
            with pytest.raises(ConflictError):
                dossiers.add(conn, LAN, taken, now)
            with pytest.raises(ConflictError):
                dossiers.rename(conn, LAN, second.id, taken)
        assert dossiers.rename(conn, LAN, first.id, "HÒA BÌNH").name == "HÒA BÌNH"
        with pytest.raises(BadInputError):
            dossiers.add(conn, LAN, " ", now)
        dossiers.remove(conn, LAN, first.id)
        assert dossiers.add(conn, LAN, "Hòa Bình", now).id > second.id, "no number comes again"


def test_an_article_lies_in_the_dossiers_that_were_chosen(
    archive: Archive, articles: list[int], now: datetime
) -> None:
    with archive.write() as conn:
        a, b, c = (dossiers.add(conn, LAN, name, now).id for name in "abc")
        dossiers.set_holding(conn, LAN, articles[0], [a, b], now)
        assert dossiers.holding(conn, LAN, articles[0]) == [a, b]
        dossiers.set_holding(conn, LAN, articles[0], [b, c], now)
        assert dossiers.holding(conn, LAN, articles[0]) == [b, c]
        dossiers.remove(conn, LAN, b)
        assert dossiers.holding(conn, LAN, articles[0]) == [c]


def test_lists_come_newest_first_in_pages_without_what_is_withdrawn(
    archive: Archive, articles: list[int], now: datetime
) -> None:
    with archive.write() as conn:
        dossier = dossiers.add(conn, LAN, "Nắng", now).id
        for article in articles:
            dossiers.put_in(conn, LAN, dossier, article, now)
        own.set_tags(conn, LAN, articles[1], ["hay"])
        own.set_note(conn, LAN, articles[2], "xem", now)
        audit.withdraw(conn, articles[4], "lan", "sai", now)
        assert dossiers.find(conn, LAN, dossier).articles == 4
        pages, cursor = [], None
        while True:
            page = own.kept(conn, LAN, dossier=dossier, limit=3, cursor=cursor)
            pages.append(list(page.rows))
            assert page.total == 4
            if (cursor := page.cursor) is None:
                break
        assert pages == [[articles[3], articles[2], articles[1]], [articles[0]]]
        assert list(own.kept(conn, LAN, tag="HAY").rows) == [articles[1]]
        assert list(own.kept(conn, LAN, is_noted=True).rows) == [articles[2]]
        assert list(own.kept(conn, LAN, is_noted=True, tag="hay").rows) == []
        assert own.kept(conn, LAN).total == 4
        assert own.kept(conn, MAI).total == 0


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "2024-01-01|x", f"2024-01-01|{10**30}", "0001-01-01T00:00:00+14:00|1", "|"],
)
def test_a_broken_cursor_is_refused(archive: Archive, cursor: str) -> None:
    with archive.read() as conn, pytest.raises(BadInputError):
        own.kept(conn, LAN, cursor=cursor)


def test_past_searches_are_offered_by_the_beginning_of_a_word_latest_first(
    archive: Archive, now: datetime
) -> None:
    asked = ["dân vận khéo", "Bằng khen  tây hồ", "vận động", "dân vận khéo"]
    with archive.write() as conn:
        for minute, query in enumerate(asked):
            past_searches.remember(conn, LAN, query, now + timedelta(minutes=minute))
        assert past_searches.latest(conn, LAN) == ["dân vận khéo", "vận động", "Bằng khen tây hồ"]
        assert past_searches.beginning(conn, LAN, "VAN", 9) == ["dân vận khéo", "vận động"]
        assert past_searches.beginning(conn, LAN, "tay h", 9) == ["Bằng khen tây hồ"]
        assert past_searches.beginning(conn, LAN, "an", 9) == []
        assert past_searches.beginning(conn, LAN, "van dong", 9) == [], "it is typed already"
        assert past_searches.beginning(conn, LAN, " ", 9) == []
        assert past_searches.beginning(conn, MAI, "van", 9) == []
        past_searches.forget(conn, LAN)
        assert past_searches.latest(conn, LAN) == []


def test_only_the_latest_searches_are_remembered(archive: Archive, now: datetime) -> None:
    with archive.write() as conn:
        for second in range(past_searches.REMEMBERED + 3):
            past_searches.remember(conn, LAN, f"tin {second}", now + timedelta(seconds=second))
        kept = past_searches.latest(conn, LAN)
    assert len(kept) == past_searches.REMEMBERED
    assert kept[-1] == "tin 3"

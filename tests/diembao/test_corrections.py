"""A correction shows in all that follows from an extraction, lasts, and can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select

from diembao.archive import articles, audit, extractions, jobs, registers
from diembao.archive import corrections as kept
from diembao.archive.schema import record_parts
from diembao.article import Article, Block, BlockKind
from diembao.correcting.asking import Asked
from diembao.corrections import correct, take_back
from diembao.errors import ConflictError, NotFoundError
from diembao.records import Extraction, Label, Mention
from diembao.settling import settle
from diembao.source import Source

if TYPE_CHECKING:
    from diembao.archive.engine import Archive

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAPER = Source(name="bao", title="Báo", domain="bao.example", province="phu-tho")
FIRST = "UBND xã Đồi Chè tặng Giấy khen cho ông Lê Văn Vui vì mô hình Ngõ sạch."
ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)
AWARD = {
    "kind": "award",
    "value": {
        "award": "Giấy khen",
        "recipients": ["Lê Văn Vui"],
        "conferrer": "UBND xã Đồi Chè",
        "for_model": "Ngõ sạch",
    },
}


class Desk:
    """One article of an archive, as an editor has it before them."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.id = self.printed(FIRST, ("UBND xã Đồi Chè", Label.UNIT))

    def printed(self, text: str, *mentions: tuple[str, Label], extractor: str = "một") -> int:
        """The newspaper prints the article, or prints it anew, and the extractor reads it."""
        url = "https://bao.example/1"
        article = Article(
            url=url, canonical_url=url, source=PAPER.name, fetched_at=NOW,
            blocks=(Block(kind=BlockKind.PARAGRAPH, text=text),),
        )  # fmt: skip
        extraction = Extraction(
            id="1",
            text=text,
            extractor=extractor,
            mentions=tuple(
                Mention(text.index(form), text.index(form) + len(form), label, 0.8, f"{label}:{form}")
                for form, label in mentions
            ),
        )  # fmt: skip
        with self.archive.write() as connection:
            saved = articles.save(connection, PAPER, article, None, NOW)
            settle(connection, saved.article_id, saved.version, article, extraction, NOW)
        return saved.article_id

    def ask(self, given: dict[str, Any], version: int | None = None) -> int:
        with self.archive.write() as connection:
            asked = ASKED.validate_python(given)
            return correct(connection, self.id, asked, "Bùi Thị Sửa", "đọc lại", NOW, version)

    def undo(self, correction: int) -> None:
        with self.archive.write() as connection:
            take_back(connection, correction, "Bùi Thị Sửa", "nhầm", NOW)

    def shown(self) -> Extraction:
        with self.archive.read() as connection:
            [found] = articles.load(connection, [self.id])
        assert found.extraction
        return found.extraction

    def forms(self, label: Label) -> list[str]:
        shown = self.shown()
        return [shown.text[m.start : m.end] for m in shown.mentions if m.label is label]

    def events(self) -> tuple[registers.AwardRow, ...]:
        with self.archive.read() as connection:
            return registers.awards(connection).rows

    def made(self) -> list[kept.Correction]:
        with self.archive.read() as connection:
            return kept.of_article(connection, self.id)


@pytest.fixture
def desk(archive: Archive) -> Desk:
    return Desk(archive)


def test_an_added_award_is_an_event_with_entities(desk: Desk) -> None:
    assert desk.events() == ()
    desk.ask({"kind": "mention", "words": "Lê Văn Vui", "label": "PERSON"})
    desk.ask(AWARD)
    [event] = desk.events()
    assert (event.award, event.recipients, event.for_model) == (
        "Giấy khen", ("Lê Văn Vui",), "Ngõ sạch",
    )  # fmt: skip
    person = next(m for m in desk.shown().mentions if m.label is Label.PERSON)
    assert person.entity
    with desk.archive.read() as connection:
        assert registers.entity(connection, person.entity).name == "Lê Văn Vui"
        parts = connection.execute(select(record_parts.c.part, record_parts.c.start)).all()
    assert ("recipient", person.start) in {tuple(row) for row in parts}
    assert desk.shown().is_award_article


def test_it_lasts_when_another_extractor_reads_the_article(desk: Desk) -> None:
    desk.ask(AWARD)
    desk.ask({"kind": "mention", "words": "UBND xã Đồi Chè", "label": None})
    desk.printed(FIRST, ("UBND xã Đồi Chè", Label.UNIT), extractor="hai")
    assert len(desk.events()) == 1
    assert desk.forms(Label.UNIT) == []
    with desk.archive.read() as connection:
        given = extractions.uncorrected(connection, desk.id, 1)
        assert extractions.outdated(connection, "hai") == []
    assert given
    assert [m.label for m in given.mentions] == [Label.UNIT]


def test_it_lasts_through_a_new_version_as_far_as_its_words_stand(desk: Desk) -> None:
    desk.ask(AWARD)
    desk.ask({"kind": "mention", "words": "Ngõ sạch", "label": "MODEL"})
    desk.printed(f"Tin vui. {FIRST}", ("UBND xã Đồi Chè", Label.UNIT))
    assert len(desk.events()) == 1
    assert [one.stands for one in desk.made()] == [True, True]
    desk.printed(FIRST.replace("Lê Văn Vui", "Lê Văn Vụi"), ("UBND xã Đồi Chè", Label.UNIT))
    assert desk.events() == ()
    assert [one.stands for one in desk.made()] == [False, True]
    assert desk.forms(Label.MODEL) == ["Ngõ sạch"]
    desk.printed(FIRST, ("UBND xã Đồi Chè", Label.UNIT))
    assert len(desk.events()) == 1, "the words stand again"


def test_taking_it_back_brings_the_extractors_reading_back(desk: Desk) -> None:
    before = desk.shown()
    first = desk.ask(AWARD)
    second = desk.ask({"kind": "decision", "is_award_article": False})
    desk.undo(first)
    assert desk.events() == ()
    desk.undo(second)
    assert desk.shown() == before
    with pytest.raises(ConflictError, match="đã được Bùi Thị Sửa bỏ"):
        desk.undo(first)
    with pytest.raises(NotFoundError):
        desk.undo(99)


def test_who_did_what_and_why_stays_on_record(desk: Desk) -> None:
    made = desk.ask(AWARD)
    desk.undo(made)
    with desk.archive.read() as connection:
        trail = audit.entries(connection, f"article:{desk.id}")
    assert [(one.actor, one.action, one.reason) for one in trail] == [
        ("Bùi Thị Sửa", "correct award", "đọc lại"),
        ("Bùi Thị Sửa", "undo award", "nhầm"),
    ]
    [one] = desk.made()
    assert one.undone_by == "Bùi Thị Sửa"


def test_the_index_waits_for_the_article(desk: Desk) -> None:
    with desk.archive.write() as connection:
        for job in jobs.lease(connection, "index", "w", NOW + timedelta(days=1), 10, 60):
            jobs.done(connection, job)
    desk.ask(AWARD)
    with desk.archive.write() as connection:
        [job] = jobs.lease(connection, "index", "w", NOW + timedelta(days=1), 10, 60)
    assert job.key == str(desk.id)


def test_an_editor_who_saw_an_older_version_is_told_so(desk: Desk) -> None:
    desk.printed(f"{FIRST} Tin bổ sung.", ("UBND xã Đồi Chè", Label.UNIT))
    with pytest.raises(ConflictError, match="Báo vừa sửa bài này"):
        desk.ask(AWARD, version=1)
    desk.ask(AWARD, version=2)
    desk.id = 99
    with pytest.raises(NotFoundError):
        desk.ask(AWARD)

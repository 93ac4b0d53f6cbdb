"""The life of people, units and models out of dated articles; all names are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from diembao.archive import articles, audit
from diembao.archive.schema import entities
from diembao.article import Article, Block, BlockKind
from diembao.entities.history import History, history
from diembao.errors import NotFoundError
from diembao.records import (
    Conferment,
    EmulationModel,
    Extraction,
    Label,
    Mention,
    Position,
    Span,
)
from diembao.settling import settle
from diembao.source import Source

if TYPE_CHECKING:
    from diembao.archive.engine import Archive

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAPER = Source(name="bao", title="Báo Thủ Đô", domain="bao.example", province="ha-noi")


class Chronicle:
    """An archive of one-line articles of given days."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def tell(self, day: str, text: str, *named: tuple[str, str], **records: Any) -> int:
        """Archive an article; `named` are label and form, records lack their evidence."""
        date = datetime.fromisoformat(day).replace(tzinfo=UTC)
        url = f"https://bao.example/{day}"
        whole = {"evidence": Span(0, len(text))}
        extraction = Extraction(
            id="",
            text=text,
            mentions=tuple(
                Mention(text.index(form), text.index(form) + len(form), Label(label), 1, f"{label}:{form}")
                for label, form in named
            ),
            people=tuple(Position(**one, **whole) for one in records.get("people", ())),
            models=tuple(EmulationModel(**one, **whole) for one in records.get("models", ())),
            awards=tuple(Conferment(**one, **whole) for one in records.get("awards", ())),
        )  # fmt: skip
        article = Article(
            url=url, canonical_url=url, source=PAPER.name, published_at=date, fetched_at=NOW,
            blocks=(Block(kind=BlockKind.TITLE, text=text),),
        )  # fmt: skip
        with self.archive.write() as connection:
            saved = articles.save(connection, PAPER, article, None, NOW)
            settle(connection, saved.article_id, saved.version, article, extraction, NOW)
        return saved.article_id

    def leads(self, day: str, person: str, role: str, unit: str) -> int:
        """An article in which somebody holds an office."""
        people = [{"name": person, "role": f"{role} {unit}", "unit": unit}]
        text = f"{role} {unit} {person} dự lễ ngày {day}."
        return self.tell(day, text, ("PERSON", person), ("UNIT", unit), people=people)

    def of(self, name: str) -> History:
        with self.archive.read() as connection:
            found = connection.execute(select(entities.c.id).where(entities.c.name == name))
            return history(connection, found.scalar_one())


@pytest.fixture
def chronicle(archive: Archive) -> Chronicle:
    return Chronicle(archive)


def test_who_held_which_position_when(chronicle: Chronicle) -> None:
    unit = "UBND phường Gia Thụy"
    first = chronicle.leads("2021-03-01", "Lê Văn Sáng", "Chủ tịch", unit)
    chronicle.leads("2022-05-01", "Lê Văn Sáng", "Chủ tịch", unit)
    last = chronicle.leads("2023-01-15", "Lê Văn Sáng", "Chủ tịch", unit)
    chronicle.leads("2023-06-01", "Trần Thị Thắm", "Chủ tịch", unit)
    [sang, tham] = chronicle.of(unit).positions
    assert (sang.who.name, sang.role, sang.articles) == ("Lê Văn Sáng", "Chủ tịch", 3)
    assert (sang.first.article_id, sang.last.article_id) == (first, last)
    assert sang.first.anchor == "person-0"
    assert tham.who.name == "Trần Thị Thắm"
    [held] = chronicle.of("Lê Văn Sáng").positions
    assert held.what
    assert held.what.name == unit
    assert f"{held.first.date:%Y-%m-%d} {held.last.date:%Y-%m-%d}" == "2021-03-01 2023-01-15"


def test_a_model_has_a_first_mention_owners_and_awards(chronicle: Chronicle) -> None:
    model, award = "Ngõ sạch đèn sáng", "Bằng khen"
    unit, other, city = (
        "Hội Phụ nữ phường Gia Thụy",
        "Hội Phụ nữ phường Cự Khối",
        "UBND thành phố Hà Nội",
    )
    first = chronicle.tell("2020-02-02", f"Có người nhắc tới {model}.", ("MODEL", model))
    for day, owner in (("2021-03-03", unit), ("2022-04-04", other)):
        chronicle.tell(
            day, f"{owner} có mô hình {model}.", ("UNIT", owner), ("MODEL", model),
            models=[{"name": model, "owner": owner}],
        )  # fmt: skip
    chronicle.tell(
        "2022-10-10", f"{city} tặng {award} cho {unit} vì {model}.",
        ("UNIT", city), ("AWARD", award), ("UNIT", unit), ("MODEL", model),
        awards=[{"award": award, "recipients": (unit,), "conferrer": city, "for_model": model}],
        models=[{"name": model, "owner": unit}],
    )  # fmt: skip
    found = chronicle.of(unit)
    assert [run.what and run.what.name for run in found.runs] == [model]
    assert [event.award for event in found.received] == [award]
    assert [event.award for event in chronicle.of(city).given] == [award]
    with chronicle.archive.read() as connection:
        labelled = select(entities.c.id).where(entities.c.label == "MODEL")
        lives = [history(connection, one) for one in connection.execute(labelled).scalars()]
    assert first in {life.first.article_id for life in lives if life.first}
    assert {run.who.name for life in lives for run in life.runs} == {unit, other}
    assert {event.award for life in lives for event in life.received} == {award}


def test_a_ward_and_what_it_went_into_keep_one_history(chronicle: Chronicle) -> None:
    chronicle.leads("2024-05-01", "Lê Văn Sáng", "Chủ tịch", "UBND phường Tứ Liên")
    chronicle.leads("2025-09-01", "Trần Thị Thắm", "Chủ tịch", "UBND phường Hồng Hà")
    now = chronicle.of("UBND phường Hồng Hà")
    before = {one.place: one.entity for one in now.lineage.kin if one.relation == "before"}
    known = before["Phường Tứ Liên, Quận Tây Hồ, Hà Nội"]
    assert known
    assert known.name == "UBND phường Tứ Liên"
    assert before["Phường Phúc Xá, Quận Ba Đình, Hà Nội"] is None
    assert [(one.who.name, one.what and one.what.name) for one in now.positions] == [
        ("Lê Văn Sáng", "UBND phường Tứ Liên"),
        ("Trần Thị Thắm", "UBND phường Hồng Hà"),
    ]
    then = chronicle.of("UBND phường Tứ Liên")
    after = {one.place for one in then.lineage.kin if one.relation == "after"}
    assert after == {"Phường Hồng Hà, Hà Nội", "Phường Tây Hồ, Hà Nội"}
    assert len(then.positions) == 2


def test_a_province_that_was_merged_leads_to_the_present_one(chronicle: Chronicle) -> None:
    chronicle.leads("2024-05-01", "Lê Văn Sáng", "Chủ tịch", "UBND tỉnh Hà Giang")
    chronicle.leads("2025-09-01", "Trần Thị Thắm", "Chủ tịch", "UBND tỉnh Tuyên Quang")
    [after] = chronicle.of("UBND tỉnh Hà Giang").lineage.kin
    assert (after.relation, after.place) == ("after", "Tuyên Quang")
    assert after.entity
    assert after.entity.name == "UBND tỉnh Tuyên Quang"
    [before] = chronicle.of("UBND tỉnh Tuyên Quang").lineage.kin
    assert (before.relation, before.place) == ("before", "Hà Giang")


def test_a_district_was_dissolved(chronicle: Chronicle) -> None:
    chronicle.leads("2024-05-01", "Lê Văn Sáng", "Bí thư", "Quận ủy Tây Hồ")
    found = chronicle.of("Quận ủy Tây Hồ").lineage
    assert found.dissolved
    assert found.kin == ()
    assert not chronicle.of("Lê Văn Sáng").lineage.dissolved


def test_withdrawn_articles_tell_nothing(chronicle: Chronicle) -> None:
    unit = "UBND phường Gia Thụy"
    article = chronicle.leads("2021-03-01", "Lê Văn Sáng", "Chủ tịch", unit)
    chronicle.leads("2023-03-01", "Lê Văn Sáng", "Phó Chủ tịch", unit)
    with chronicle.archive.write() as connection:
        audit.withdraw(connection, article, "Bùi Sửa", "nhầm", NOW)
    found = chronicle.of(unit)
    assert [one.role for one in found.positions] == ["Phó Chủ tịch"]
    assert found.first
    assert found.first.article_id != article
    with chronicle.archive.read() as connection, pytest.raises(NotFoundError):
        history(connection, "unit-0")

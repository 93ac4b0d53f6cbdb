"""The registers of awards, models, people and units, page by page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from diembao.archive import entity_lists, extractions, registers
from diembao.archive.schema import articles as article_table
from diembao.errors import BadInputError, NotFoundError
from diembao.records import Label

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive

CITY = "UBND thành phố Hà Nội"


def tell(desk: Any, name: str, **more: Any) -> tuple[int, tuple[int, ...]]:
    conferrer = more.pop("conferrer", CITY)
    text = f"Tin {more.get('url')}\n{conferrer} tặng Bằng khen cho {name} và 15 tập thể."
    awards = [("Bằng khen", [name, "15 tập thể"], conferrer)]
    told: tuple[int, tuple[int, ...]] = desk.tell(
        text, awards, units=(conferrer,), people=(name,), **more
    )
    return told


def test_an_event_is_one_row_with_all_its_reports(archive: Archive, desk: Any) -> None:
    tell(desk, "Lò Thị Mẩy", url="a")
    tell(desk, "Lò Thị Mẩy", url="b", source="khac", days=1, conferrer="UBND TP. Hà Nội")
    with archive.read() as connection:
        (row,) = registers.awards(connection).rows
    assert row.award == "Bằng khen"
    assert row.recipients == ("Lò Thị Mẩy", "15 tập thể")
    assert row.conferrer == CITY
    assert [(report.url, report.newspaper) for report in row.reports] == [
        ("a", "Báo bao"),
        ("b", "Báo khac"),
    ]


def test_events_come_latest_first_page_by_page(archive: Archive, desk: Any) -> None:
    for day, name in enumerate(["Lò Thị Mẩy", "Vi Văn Sáng", "Hà Thị Bưởi"]):
        tell(desk, name, url=str(day), days=day)
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        with archive.read() as connection:
            page = registers.awards(connection, limit=1, cursor=cursor)
        cursor = page.cursor
        seen += [row.recipients[0] for row in page.rows]
    assert seen == ["Hà Thị Bưởi", "Vi Văn Sáng", "Lò Thị Mẩy"]
    assert cursor is None


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"text": "lo thi may"}, ["Lò Thị Mẩy"]),
        ({"text": "bang khen HÀ NỘI"}, ["Vi Văn Sáng", "Lò Thị Mẩy"]),
        ({"text": "giấy khen"}, []),
        ({"text": "100%"}, []),
        ({"since": date(2024, 12, 21)}, ["Vi Văn Sáng"]),
        ({"until": date(2024, 12, 20)}, ["Lò Thị Mẩy"]),
        ({"since": date(2024, 12, 20), "until": date(2024, 12, 21)}, ["Vi Văn Sáng", "Lò Thị Mẩy"]),
    ],
)
def test_events_by_words_and_days(
    archive: Archive, desk: Any, wanted: dict[str, Any], names: list[str]
) -> None:
    tell(desk, "Lò Thị Mẩy", url="a")
    tell(desk, "Vi Văn Sáng", url="b", days=1)
    with archive.read() as connection:
        rows = registers.awards(connection, **wanted).rows
    assert [row.recipients[0] for row in rows] == names


def test_a_withdrawn_article_is_in_no_register(archive: Archive, desk: Any, now: datetime) -> None:
    article_id, _ = tell(desk, "Lò Thị Mẩy", url="a")
    with archive.write() as connection:
        connection.execute(
            update(article_table).where(article_table.c.id == article_id).values(withdrawn_at=now)
        )
        assert registers.awards(connection).rows == ()
        assert entity_lists.listed(connection, Label.PERSON).rows == ()


def test_a_broken_cursor_is_bad_input(archive: Archive) -> None:
    with archive.read() as connection:
        with pytest.raises(BadInputError, match="Con trỏ"):
            registers.awards(connection, cursor="x")
        with pytest.raises(BadInputError, match="Con trỏ"):
            registers.awards(connection, cursor="2024-12-20T00:00:00+00:00|x")
        with pytest.raises(BadInputError, match="Con trỏ"):
            entity_lists.listed(connection, Label.UNIT, cursor="x|y")


def test_people_come_by_number_of_articles_with_their_latest_role(
    archive: Archive, desk: Any, now: datetime
) -> None:
    from diembao.records import Position, Span

    one, _ = tell(desk, "Lò Thị Mẩy", url="a")
    tell(desk, "Lò Thị Mẩy", url="b", days=2)
    tell(desk, "Vi Văn Sáng", url="c")
    with archive.write() as connection:
        known = extractions.load(connection, one, 1)
        assert known is not None
        role = Position(name="Lò Thị Mẩy", role="Trưởng bản", evidence=Span(0, 1))
        extractions.save(connection, one, 1, known.model_copy(update={"people": (role,)}), now)
        first = entity_lists.listed(connection, Label.PERSON, limit=1)
        second = entity_lists.listed(connection, Label.PERSON, limit=1, cursor=first.cursor)
    (mere,), (sang,) = first.rows, second.rows
    assert (mere.entity.name, mere.articles, mere.detail) == ("Lò Thị Mẩy", 2, "Trưởng bản")
    assert (mere.first_date, (mere.last_date - mere.first_date).days) == (now, 2)
    assert sang.entity.name == "Vi Văn Sáng"
    assert second.cursor is None


def test_units_are_found_without_accents(archive: Archive, desk: Any) -> None:
    tell(desk, "Lò Thị Mẩy", url="a")
    with archive.read() as connection:
        (row,) = entity_lists.listed(connection, Label.UNIT, text="ha noi ubnd").rows
        assert entity_lists.listed(connection, Label.UNIT, text="hai phong").rows == ()
        assert entity_lists.listed(connection, Label.MODEL).rows == ()
    assert (row.entity.label, row.entity.province) == (Label.UNIT, "ha-noi")


def test_entities_by_identifier_and_beside_one_another(archive: Archive, desk: Any) -> None:
    tell(desk, "Lò Thị Mẩy", url="a")
    tell(desk, "Vi Văn Sáng", url="b")
    tell(desk, "Vi Văn Sáng", url="c")
    with archive.read() as connection:
        (unit,) = entity_lists.listed(connection, Label.UNIT).rows
        found = registers.entity(connection, unit.entity.id)
        assert registers.entity_names(connection, [unit.entity.id, "none"]) == {found.id: found}
        beside = registers.co_mentions(connection, unit.entity.id)
        with pytest.raises(NotFoundError, match="none"):
            registers.entity(connection, "none")
    assert [(other.name, count) for other, count in beside] == [
        ("Vi Văn Sáng", 2),
        ("Lò Thị Mẩy", 1),
    ]

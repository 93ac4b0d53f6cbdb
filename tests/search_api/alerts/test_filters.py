"""Subscriptions within the filters of a search: by newspaper, level, place and entity."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from diembao.archive import articles
from diembao.entities.decisions import merge
from diembao.vietnamese.dates import VIETNAM
from search_api.alerts.asking import Asked
from search_api.alerts.preview import preview
from search_api.alerts.rules import check
from search_api.index.document import build
from search_api.index.embedded import EmbeddedIndex

KHOAT, BANG = "Lương Đình Khoát", "Trần Văn Bàng"


def entity_of(newsroom: Any, name: str) -> str:
    """The entity that articles mean by a name."""
    with newsroom.archive.read() as connection:
        [id_] = {
            entity.id
            for one in articles.load(connection, articles.ids(connection))
            for entity in one.entities.values()
            if entity.name == name
        }
    return str(id_)


def told(newsroom: Any) -> list[tuple[int, str]]:
    return [(one.subscription_id, one.message["article"]["title"]) for one in newsroom.alerts()]


def test_what_a_filter_leaves_out_is_not_told(newsroom: Any, given: Any) -> None:
    newsroom.subscribe(subject="story", filters=("source:thudo",))
    newsroom.subscribe("hội nghị", "story", filters=("-source:thudo",))
    newsroom.subscribe("hội nghị", "story", filters=("source:thudo", "award_level:state"))
    newsroom.publish("mot", given(), paper="thudo", body="Hội nghị ở xã Đồi Chè khai mạc sáng nay.")
    newsroom.publish(
        "hai", given("Cờ thi đua", (BANG,)), paper="trungdu", body="Hội nghị ở Bến Gót."
    )
    assert told(newsroom) == [(1, "Tin mot"), (2, "Tin hai")]


def test_an_event_is_told_of_the_conferment_that_the_filters_leave(
    newsroom: Any, given: Any
) -> None:
    newsroom.publish("dau", given(recipients=(KHOAT,)))
    newsroom.subscribe(filters=(f"person:{entity_of(newsroom, KHOAT)}", "award_level:grassroots"))
    newsroom.publish("mot", given("Cờ thi đua", (KHOAT,)), given("Giấy khen", (KHOAT,), level="grassroots"))  # fmt: skip
    [alert] = newsroom.alerts()
    assert [one["award"] for one in alert.message["awards"]] == ["Giấy khen"]


def test_events_may_be_asked_for_by_what_is_left_out_alone(newsroom: Any, given: Any) -> None:
    check(Asked("", ("-award_level:grassroots",)), "event")
    newsroom.subscribe(filters=("-award_level:grassroots",))
    newsroom.publish("mot", given(), given("Giấy khen", (BANG,), level="grassroots"))
    [alert] = newsroom.alerts()
    assert [one["award"] for one in alert.message["awards"]] == ["Bằng khen"]


def test_an_entity_stays_followed_by_the_identifier_it_had_before_a_merge(
    newsroom: Any, given: Any
) -> None:
    newsroom.publish("dau", given(recipients=(KHOAT,)), given("Cờ thi đua", (BANG,)))
    khoat, bang = entity_of(newsroom, KHOAT), entity_of(newsroom, BANG)
    for one in (khoat, bang):
        newsroom.subscribe(subject="story", filters=(f"person:{one}",))
    with newsroom.archive.write() as connection:
        merge(connection, khoat, bang, "bien-tap", "một người", newsroom.clock)
    newsroom.publish(
        "sau", given("Giấy khen", (BANG,)), body="Ông Bàng nhận khen thưởng ở Bến Gót."
    )
    assert told(newsroom) == [(1, "Tin sau"), (2, "Tin sau")]


@pytest.mark.parametrize(
    ("filters", "number"), [(("source:thudo",), 1), (("-source:thudo",), 1), (("source:vang",), 0)]
)
def test_the_preview_keeps_to_the_filters(
    newsroom: Any, given: Any, tmp_path: Any, filters: tuple[str, ...], number: int
) -> None:
    ids = [
        newsroom.save("mot", given(), paper="thudo"),
        newsroom.save("hai", given("Cờ thi đua", (BANG,)), paper="trungdu"),
    ]
    index = EmbeddedIndex(tmp_path / "index", writable=True)
    with newsroom.archive.read() as connection:
        index.put([build(one) for one in articles.load(connection, ids)])
    now = datetime.combine(date(2024, 12, 21), time(8), VIETNAM).astimezone(UTC)
    asked = Asked("khen OR đua", filters)
    assert len(preview(newsroom.archive, index, newsroom.settings, now, asked, "story")) == number

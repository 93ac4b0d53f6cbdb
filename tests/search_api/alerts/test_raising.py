"""One alert an award event and story: who is told what, and who stays silent."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from diembao.records import Level
from tests.servers.fixtures import either_archive_url as archive_url  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Sequence


def titles(newsroom: Any) -> list[str]:
    return [alert.message["title"] for alert in newsroom.alerts()]


def test_an_empty_event_query_tells_every_new_award_event(newsroom: Any, given: Any) -> None:
    newsroom.subscribe()
    newsroom.publish(
        "mot", given(), given(award="Giấy khen", recipients=("Tổ 5",), level=Level.GRASSROOTS)
    )
    newsroom.publish("hai")
    assert titles(newsroom) == [
        "Lương Đình Khoát được tặng Bằng khen của UBND thành phố Hà Nội",
        "Tổ 5 được tặng Giấy khen của UBND thành phố Hà Nội",
    ]


REPORTS: tuple[tuple[str, str, Sequence[dict[str, Any]]], ...] = (
    ("thudo", "goc", [{}]),
    ("trungdu", "dang-lai", [{}]),
    ("congdoan", "viet-tiep", [{"conferrer": None, "level": None}]),
    ("miennui", "hai-nguoi", [{"recipients": ("Lương Đình Khoát", "Phùng Thị Sen")}]),
)


@pytest.mark.parametrize("order", list(permutations(range(4))))
@pytest.mark.parametrize("batch", [1, 2, 4])
def test_an_event_is_told_once_in_whatever_order_newspapers_print_it(
    newsroom: Any, given: Any, order: tuple[int, ...], batch: int
) -> None:
    newsroom.subscribe()
    waiting = []
    for number in order:
        paper, slug, awards = REPORTS[number]
        waiting.append(newsroom.save(slug, *(given(**one) for one in awards), paper=paper))
        if len(waiting) == batch:
            newsroom.judge(*waiting)
            waiting.clear()
    assert len(newsroom.alerts()) == 1


def test_a_bridge_between_two_events_that_were_told_is_silent(newsroom: Any, given: Any) -> None:
    newsroom.subscribe()
    newsroom.publish("mot", given())
    newsroom.publish("hai", given(recipients=("Phùng Thị Sen",)), paper="trungdu")
    newsroom.publish(
        "ba", given(recipients=("Lương Đình Khoát", "Phùng Thị Sen")), paper="congdoan"
    )
    newsroom.publish("bon", given(recipients=("Phùng Thị Sen",)), paper="miennui")
    assert len(newsroom.alerts()) == 2


def test_what_a_merged_event_told_stays_told(newsroom: Any, given: Any) -> None:
    """The article that matched stood in an event that has joined an earlier one since."""
    newsroom.subscribe("recipient:phùng thị sen")
    newsroom.publish("mot", given())
    newsroom.publish("hai", given(recipients=("Phùng Thị Sen",)), paper="trungdu")
    assert len(newsroom.alerts()) == 1
    newsroom.publish(
        "ba", given(recipients=("Lương Đình Khoát", "Phùng Thị Sen")), paper="congdoan"
    )
    assert len(newsroom.alerts()) == 1


def test_only_conferments_that_fulfil_the_query_fire(newsroom: Any, given: Any) -> None:
    newsroom.subscribe("level:ministry_province")
    newsroom.publish(
        "mot", given(), given(award="Giấy khen", recipients=("Tổ 5",), level=Level.GRASSROOTS)
    )
    assert titles(newsroom) == ["Lương Đình Khoát được tặng Bằng khen của UBND thành phố Hà Nội"]


def test_conditions_of_a_record_bind_to_one_conferment(newsroom: Any, given: Any) -> None:
    newsroom.subscribe("level:ministry_province AND recipient:tổ 5")
    newsroom.publish(
        "mot", given(), given(award="Giấy khen", recipients=("Tổ 5",), level=Level.GRASSROOTS)
    )
    assert newsroom.alerts() == []


@pytest.mark.parametrize(
    ("recipients", "level", "is_told"),
    [
        (("Phường Tây Hồ",), Level.PRIME_MINISTER, True),
        (("Tổ 5, phường Tây Hồ",), Level.STATE, True),
        (("Phường Tây Hồ",), Level.MINISTRY_PROVINCE, False),
        (("Phường Bến Gót",), Level.STATE, False),
    ],
)
def test_a_level_or_above_and_a_place_are_asked_of_one_conferment(
    newsroom: Any, given: Any, recipients: tuple[str, ...], level: Level, is_told: bool
) -> None:
    newsroom.subscribe('conferment:((level:prime_minister OR level:state) AND recipient:"tây hồ")')
    other = given(award="Giấy khen", recipients=("Tây Hồ xanh",), level=Level.GRASSROOTS)
    high = given(award="Cờ thi đua", recipients=("Bến Gót",), level=Level.STATE)
    newsroom.publish("mot", given("Bằng khen", recipients, level=level), other, high)
    assert len(newsroom.alerts()) == is_told


def test_a_subscription_is_silent_about_articles_seen_before_it(newsroom: Any, given: Any) -> None:
    article_id = newsroom.save("mot", given())
    newsroom.subscribe()
    assert newsroom.judge(article_id) == 0
    newsroom.publish("mot", given(recipients=("Phùng Thị Sen",)))
    assert newsroom.alerts() == []


def test_a_paused_subscription_is_silent(newsroom: Any, given: Any, archive: Any) -> None:
    from diembao.archive import alerts

    made = newsroom.subscribe()
    with archive.write() as connection:
        alerts.update_subscription(connection, made.id, active=False)
    assert newsroom.publish("mot", given()) == 0


# --- edits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"recipients": ("Phùng Thị Sen",)},
        {"recipients": ("Lương Đình Khoát", "Phùng Thị Sen")},
        {"conferrer": "Ủy ban Mặt trận Tổ quốc thành phố Hà Nội"},
        {"award": "Giấy khen", "level": Level.GRASSROOTS},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edit_that_changes_the_facts_is_told_once_more_as_a_correction(
    newsroom: Any, given: Any, change: dict[str, Any]
) -> None:
    newsroom.subscribe()
    newsroom.publish("mot", given())
    newsroom.publish("mot", given(**change))
    newsroom.publish("mot", given(**change), body="Câu mở đầu đã sửa.")
    told = newsroom.alerts()
    assert [alert.message["correction"] for alert in told] == [False, True]
    assert told[1].message["title"].startswith("Đính chính: ")


def test_an_edit_beside_the_facts_is_silent(newsroom: Any, given: Any) -> None:
    newsroom.subscribe()
    newsroom.subscribe("hội nghị", "story")
    newsroom.publish("mot", given())
    assert newsroom.publish("mot", given(), body="Hội nghị có một câu mở đầu khác.") == 0


def test_an_edit_of_facts_that_were_not_asked_for_is_silent(newsroom: Any, given: Any) -> None:
    newsroom.subscribe("recipient:khoát")
    newsroom.subscribe("recipient:khoát", "story")
    other = given(award="Giấy khen", recipients=("Tổ 5",), level=Level.GRASSROOTS)
    assert newsroom.publish("mot", given(), other) == 2
    assert newsroom.publish("mot", given(), given(award="Giấy khen", recipients=("Tổ 6",))) == 0
    assert newsroom.publish("mot", given(level=Level.STATE), other) == 2


def test_an_edit_that_takes_the_correction_back_is_told(newsroom: Any, given: Any) -> None:
    newsroom.subscribe()
    for recipient in ("Lương Đình Khoát", "Phùng Thị Sen", "Lương Đình Khoát"):
        newsroom.publish("mot", given(recipients=(recipient,)))
    assert [alert.message["correction"] for alert in newsroom.alerts()] == [False, True, True]


def test_an_edit_of_a_reprint_is_silent(newsroom: Any, given: Any) -> None:
    newsroom.subscribe()
    newsroom.publish("mot", given())
    newsroom.publish("hai", given(), paper="trungdu")
    assert newsroom.publish("hai", given(level=None), paper="trungdu") == 0


def test_extracting_a_version_anew_is_silent(newsroom: Any, given: Any) -> None:
    newsroom.subscribe()
    article_id = newsroom.save("mot", given())
    assert newsroom.judge(article_id) == 1
    assert newsroom.judge(article_id) == 0


# --- stories ---------------------------------------------------------------------------------------

PRESS_RELEASE = (
    "Sáng nay xã Đồi Chè ra mắt tổ tự quản bảo vệ môi trường gồm mười hai hội viên, mỗi tháng thu "
    "gom rác hai lần trên các tuyến đường liên thôn và trồng hoa dọc bờ kênh chính của xã."
)


@pytest.mark.parametrize("papers", list(permutations(["thudo", "trungdu", "congdoan"])))
def test_a_story_is_told_once_however_many_newspapers_print_it(
    newsroom: Any, papers: tuple[str, ...]
) -> None:
    newsroom.subscribe("doi che", "story")
    for paper in papers:
        newsroom.publish("thong-cao", body=PRESS_RELEASE, paper=paper)
    newsroom.publish("khac", body="Xã Đồi Chè thu hoạch vụ chè cuối năm.", paper="trungdu")
    assert [alert.subject[:6] for alert in newsroom.alerts()] == ["story:", "story:"]


def test_a_story_is_told_when_an_edit_makes_it_match(newsroom: Any) -> None:
    newsroom.subscribe("doi che", "story")
    assert newsroom.publish("mot", body="Xã thu hoạch vụ chè cuối năm.") == 0
    assert newsroom.publish("mot", body="Xã Đồi Chè thu hoạch vụ chè cuối năm.") == 1
    assert newsroom.publish("mot", body="Xã Đồi Chè thu hoạch xong vụ chè cuối năm.") == 0


def test_a_story_tells_of_awards_that_match_and_corrects_them(newsroom: Any, given: Any) -> None:
    newsroom.subscribe("recipient:khoát", "story")
    other = given(award="Giấy khen", recipients=("Tổ 5",), level=Level.GRASSROOTS)
    newsroom.publish("mot", given(), other)
    newsroom.publish("mot", given(), given(award="Giấy khen", recipients=("Tổ 6",)))
    newsroom.publish("mot", given(level=Level.STATE), other)
    told = newsroom.alerts()
    assert [len(alert.message["awards"]) for alert in told] == [1, 1]
    assert [alert.message["correction"] for alert in told] == [False, True]

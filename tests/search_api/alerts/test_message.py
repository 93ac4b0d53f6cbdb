"""The wording of an alert, as text, HTML and data."""

from __future__ import annotations

from typing import Any

import pytest

from search_api.alerts import wording
from search_api.alerts.message import Award, Message, award_title, trial_message


@pytest.fixture
def message(newsroom: Any, given: Any) -> Message:
    """The message of one award."""
    newsroom.subscribe()
    newsroom.publish("mot", given(conferrer="UBND <thành phố> Hà Nội"))
    return Message.model_validate(newsroom.alerts()[0].message)


def test_the_text_says_who_what_by_whom_where_and_on_what_evidence(message: Message) -> None:
    assert wording.text(message).splitlines() == [
        "Lương Đình Khoát được tặng Bằng khen của UBND <thành phố> Hà Nội",
        "",
        "Người nhận: Lương Đình Khoát",
        "Hình thức: Bằng khen (cấp bộ, ban, ngành, tỉnh, thành phố)",
        "Nơi trao tặng: UBND <thành phố> Hà Nội",
        "Báo viết: “UBND <thành phố> Hà Nội trao Bằng khen cho Lương Đình Khoát.”",
        "",
        "Bài: Tin mot",
        "Nguồn: Báo thudo, 10:00 ngày 20/12/2024",
        "Đọc bài: http://127.0.0.1:8000/bai/1",
        "Bản gốc: https://thudo.example/mot.html",
        "",
        "Điểm báo gửi theo mục theo dõi “Mục theo dõi thử”.",
    ]


def test_the_html_says_the_same_and_escapes_what_was_printed(message: Message) -> None:
    html = wording.html(message)
    assert "UBND &lt;thành phố&gt; Hà Nội" in html
    assert "<thành" not in html
    assert '<a href="http://127.0.0.1:8000/bai/1">' in html


def test_a_long_list_of_recipients_is_counted_in_the_title() -> None:
    award = Award(award="Giấy khen", recipients=("A", "B", "C", "D", "E"), evidence="")
    assert award_title(award) == "A, B, C và 2 tập thể, cá nhân khác được tặng Giấy khen"


def test_the_conferrer_is_not_said_twice() -> None:
    award = Award(
        award="Bằng khen của Thủ tướng Chính phủ",
        recipients=("A",),
        conferrer="Thủ tướng Chính phủ",
        evidence="",
    )
    assert award_title(award) == "A được tặng Bằng khen của Thủ tướng Chính phủ"


def test_a_message_survives_its_json(message: Message) -> None:
    assert Message.model_validate_json(message.model_dump_json()) == message


def test_a_trial_says_that_it_is_one() -> None:
    assert "tin thử" in wording.text(trial_message("Khen thưởng mới"))

"""Words are found again in their sentence, in one much like it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.correcting.anchors import Anchor, anchored, locate, occurrences, sentence_at
from diembao.records import Span

TEXT = (
    "Xã Đồi Chè họp\n"
    "Sáng 3/5, UBND xã Đồi Chè trao thưởng cho 12 hộ. Ông Lê Vui thay mặt xã nhận hoa.\n"
    "Chiều cùng ngày, ông Lê Vui thăm trường."
)


def at(words: str, nth: int = 0) -> Anchor:
    start = occurrences(TEXT, words)[nth]
    return anchored(TEXT, start, start + len(words))


@pytest.mark.parametrize("nth", [0, 1])
def test_each_of_several_occurrences_is_itself(nth: int) -> None:
    start = occurrences(TEXT, "Lê Vui")[nth]
    assert locate(TEXT, at("Lê Vui", nth)) == Span(start, start + 6)


def test_words_move_with_their_sentence() -> None:
    moved = "Tin mới nhất: trời nắng.\n" + TEXT.replace("Xã Đồi Chè họp\n", "")
    found = locate(moved, at("Lê Vui"))
    assert found is not None
    assert moved[found.start - 4 : found.end] == "Ông Lê Vui"


def test_a_sentence_that_changed_a_little_is_still_the_sentence() -> None:
    edited = TEXT.replace("12 hộ", "15 hộ dân")
    found = locate(edited, at("UBND xã Đồi Chè"))
    assert found is not None
    assert edited[slice(*found)] == "UBND xã Đồi Chè"


def test_words_in_quite_another_sentence_are_other_words() -> None:
    other = "Bà con kể chuyện vui về UBND xã Đồi Chè hồi năm ngoái ở chợ phiên."
    assert locate(other, at("UBND xã Đồi Chè")) is None


def test_words_that_are_gone_stand_nowhere() -> None:
    assert locate(TEXT.replace("UBND xã", "Ủy ban nhân dân xã"), at("UBND xã Đồi Chè")) is None


def test_whole_words_are_meant_where_there_are_any() -> None:
    text = "Hội nghịHội Nông dân họp; Hội Nông dânxã vui."
    assert occurrences(text, "Hội Nông dân") == [8, 26]
    assert occurrences("họcgiai", "giai") == [3]


@given(st.text(alphabet="ab .!?\n“”", max_size=80), st.data())
def test_any_stretch_is_found_where_it_was_taken(text: str, data: st.DataObject) -> None:
    places = [n for n, one in enumerate(text) if not one.isspace()]
    if not places:
        return
    start = data.draw(st.sampled_from(places))
    sentence = sentence_at(text, start)
    assert sentence.start <= start <= sentence.end
    assert "\n" not in text[slice(*sentence)]
    line_end = text.find("\n", start)
    end = data.draw(st.integers(start + 1, len(text) if line_end < 0 else line_end))
    found = locate(text, anchored(text, start, end))
    assert found is not None
    assert text[slice(*found)] == text[start:end]

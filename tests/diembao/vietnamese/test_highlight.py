"""Marks in a found text: code points of the text, by the rules of the search."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.vietnamese.highlight import find, fragments
from diembao.vietnamese.marks import tokens, typed

TEXT = "Phong trào “Dân vận khéo” lan tỏa\nĐường phố, dương liễu <b>đường</b> khéo"


def marked(text: str, *terms: str) -> list[str]:
    return [text[start:end] for start, end in find(text, [typed(term) for term in terms])]


def test_words_without_accents_mark_the_accented_text() -> None:
    assert marked(TEXT, "dan", "van", "kheo") == ["Dân vận khéo", "khéo"]


def test_a_phrase_is_marked_only_where_its_words_stand_side_by_side() -> None:
    assert marked(TEXT, "van kheo") == ["vận khéo"]
    assert marked(TEXT, "khéo lan tỏa") == ["khéo” lan tỏa"]
    assert marked(TEXT, "kheo dan") == []


def test_a_phrase_does_not_run_over_the_end_of_a_line() -> None:
    assert marked(TEXT, "tỏa đường") == []


def test_typed_marks_bind() -> None:
    assert marked(TEXT, "đường") == ["Đường", "đường"]
    assert marked(TEXT, "duong") == ["Đường", "dương", "đường"]
    assert marked(TEXT, "=dương") == ["dương"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_normal_form_of_the_query_does_not_matter(form: str) -> None:
    assert marked(TEXT, unicodedata.normalize(form, "tỏa")) == ["tỏa"]
    assert marked("bệnh viện", unicodedata.normalize(form, "bệnh")) == ["bệnh"]


def test_offsets_hold_after_letters_outside_the_basic_plane() -> None:
    assert marked("😀 𝒜 dân", "dan") == ["dân"]


def test_html_in_the_text_is_text_and_spans_never_reach_into_it() -> None:
    assert marked("<mark>dân</mark> & vận", "dan", "mark", "van") == ["mark", "dân", "mark", "vận"]


def test_a_passage_shows_all_words_rather_than_one_word_often() -> None:
    text = "dân " * 30 + "x " * 200 + "dân làm công tác vận động khéo " + "y " * 200
    (passage,) = fragments(text, find(text, [typed(word) for word in ("dan", "van", "kheo")]))
    assert "vận động khéo" in text[passage.start : passage.end]


def test_without_marks_the_passage_is_the_beginning_up_to_a_word() -> None:
    (passage,) = fragments("Một hai ba bốn", (), length=12)
    assert (passage.start, passage.end) == (0, 10)


WORDS = st.sampled_from(
    ["dân", "Dẫn", "vận", "van", "khéo,", "đường\n", "dương", "<b>", "a", "“x”"]
)


@given(
    st.lists(WORDS, max_size=80).map(" ".join),
    st.lists(st.sampled_from(["dan", "đường", "dan van"]), max_size=3),
    st.integers(1, 60),
    st.integers(1, 4),
)
def test_passages_hold_whole_words_and_their_own_spans(
    text: str, terms: list[str], length: int, limit: int
) -> None:
    spans = find(text, [typed(term) for term in terms])
    assert all(a.end < b.start for a, b in pairwise(spans))
    passages = fragments(text, spans, length, limit)
    assert len(passages) <= limit
    assert all(a.end <= b.start for a, b in pairwise(passages))
    for passage in passages:
        assert 0 <= passage.start < passage.end <= len(text)
        assert all(passage.start <= s.start < s.end <= passage.end for s in passage.spans)
        assert set(passage.spans) <= set(spans)
    assert bool(spans) == any(passage.spans for passage in passages)


@given(st.lists(WORDS, max_size=20).map(" ".join))
def test_every_word_of_the_text_marks_itself(text: str) -> None:
    covered = find(text, [typed(text[token.start : token.end]) for token in tokens(text)])
    assert all(any(s.start <= t.start and t.end <= s.end for s in covered) for t in tokens(text))

"""A typed mark binds, a missing mark is free."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.vietnamese.marks import tokens, typed

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


def finds(query: str, printed: str) -> bool:
    (word,) = typed(query)
    (token,) = tokens(unicodedata.normalize("NFC", printed))
    return word.folded == token.folded and word.finds(token.exact)


@pytest.mark.parametrize(
    ("query", "found", "missed"),
    [
        ("duong", "đường dương đương Đường duong đuong", "đuờ dung"),
        ("đường", "đường ĐƯỜNG Ðường", "dương đương duong đướng dường"),
        ("đuong", "đường đương đuong Đưởng", "dương duong dường"),
        ("an", "an án ấn ăn ẩn", "anh"),
        ("án", "án ÁN ấn", "an ăn ạn"),
        ("hòa", "hoà hòa HÒA", "hoa hoá hóa"),
        ("hoà", "hoà hòa Hoà", "hoa hoạ"),
        ("uy", "ủy uỷ uy Úy", "quy"),
        ("chuyèn", "chuyền", "chuyện chuyên"),
        ("vận", "vận VẬN", "van vân vạn văn"),
        ("=lan", "lan Lan LAN", "lân lần làn"),
        ("=đuong", "đuong Ðuong", "đường đương duong"),
        ("=Hòa", "hoà Hòa", "hoa"),
    ],
)
def test_which_written_words_a_typed_word_finds(query: str, found: str, missed: str) -> None:
    assert [word for word in found.split() if not finds(query, word)] == []
    assert [word for word in missed.split() if finds(query, word)] == []


@given(st.text(alphabet=LETTERS, min_size=1, max_size=7))
def test_every_word_finds_itself_and_is_found_without_its_marks(word: str) -> None:
    (token,) = tokens(word)
    assert finds(word, word)
    assert finds(f"={word}", word)
    assert finds(token.folded, word)


@given(st.text(alphabet=LETTERS, min_size=1, max_size=7), st.sampled_from(["NFC", "NFD"]))
def test_case_and_normal_form_of_a_query_never_matter(word: str, form: str) -> None:
    assert typed(unicodedata.normalize(form, word.upper())) == typed(word)


def test_words_are_runs_of_letters_and_digits_at_their_place_in_the_text() -> None:
    text = "Xanh-sạch, 30/4 “Ea H’leo”_A1"
    words = [text[token.start : token.end] for token in tokens(text)]
    assert words == ["Xanh", "sạch", "30", "4", "Ea", "H", "leo", "A1"]


def test_invisible_joiners_inside_a_word_do_not_count() -> None:
    (token,) = tokens("dân\u00advận")
    assert (token.start, token.end, token.exact, token.folded) == (0, 7, "dânvận", "danvan")


def test_a_mark_without_a_composed_letter_belongs_to_its_word() -> None:
    (token,) = tokens("kh\u0301eo")
    assert token.folded == "kheo"
    assert finds("kheo", "kh\u0301eo")


def test_an_equals_sign_inside_a_word_means_nothing() -> None:
    assert [word.only for word in typed("a=b =c (=d) =")] == [False, False, True, True]

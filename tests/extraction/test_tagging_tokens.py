"""Tokens: syllables, numbers and marks, cut where a page lost its spaces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.tagging.tokens import is_syllable, tokenize


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UBND xã Kim Sơn, năm 2012.", ["UBND", "xã", "Kim", "Sơn", ",", "năm", "2012", "."]),
        ("năm 2012.Tới dự", ["năm", "2012", ".", "Tới", "dự"]),
        ("đoạt giảiĐược biết", ["đoạt", "giải", "Được", "biết"]),
        ("họcgiai đoạn", ["học", "giai", "đoạn"]),
        ("UBNDxã Tân Lập", ["UBND", "xã", "Tân", "Lập"]),
        ("Sở GD-ĐT TPHCMTheo", ["Sở", "GD", "-", "ĐT", "TPHCM", "Theo"]),
        ("PV447 hộ", ["PV", "447", "hộ"]),
        ("“Dân vận khéo”", ["“", "Dân", "vận", "khéo", "”"]),
        ("", []),
        (" \r\n\t ", []),
    ],
)
def test_a_text_is_cut_into_syllables_numbers_and_marks(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "word", ["hòa", "nghiêng", "quyết", "Đoàn", "khuỷu", "giữa", "yêu", "UỶ", "ân"]
)
def test_vietnamese_syllables_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["họcgiai", "Washington", "LĐLĐ", "abc"])
def test_other_words_are_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_letters_with_loose_marks_stay_whole() -> None:
    assert words("dân vận".replace("ậ", "a\u0323\u0302")) == ["dân", "va\u0323\u0302n"]


@given(st.text())
def test_tokens_hold_every_visible_character_once_and_in_order(text: str) -> None:
    spans = tokenize(text)
    assert "".join(text[start:end] for start, end in spans) == "".join(text.split())
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))

"""Words are cut as underthesea cuts them, and what is rewritten or joined stays in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from underthesea import word_tokenize

from extraction.components.segment import compounds
from extraction.components.words import Words

LINES = [
    "Thư viện Thanh Sơn trao 12 Giấy khen cho học sinh nghèo vượt khó, ngày 3/4/2024.",
    "TP.HCM: UBND Q.7 (Công ty H&M) thu 1.200.000 đồng; e-mail: an.le@baosonla.vn, http://x.vn/a?b=1",
    "Thessa kể: “Thật là 15-20 km”, v.v... rồi cười :D và Th.S Bùi Thị Xa... đi-về =)) ♥",
    "BOS EOS True False Thes Ths Thesa Th.S. Th.s",
    "MỘT DÒNG TOÀN CHỮ HOA CỦA BAN DÂN VẬN",
    "Oà, hoà bình ở Hòa Bình; qúy vị; 43H-0530, 20:15:30, 4K, +7, -12, 1_000, 12345678901234567890",
    "",
    " ",
    "một",
    "Ủy ban",
]
PARTS = st.sampled_from([*" ".join(LINES[:3]).split(), *" .,-/:()@'&5BA"])
SPACES = st.sampled_from(["", " ", " ", "\t"])

WORDS = Words()


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_cut_as_underthesea_cuts_it(line: str) -> None:
    assert WORDS.cut([line]) == [word_tokenize(line)]


@given(st.lists(st.tuples(PARTS, SPACES), max_size=25))
def test_any_mixture_is_cut_the_same(parts: list[tuple[str, str]]) -> None:
    line = "".join(map("".join, parts))
    assert WORDS.cut([line]) == [word_tokenize(line)]


def test_compounds_are_spans_of_the_printed_text() -> None:
    text = "Ban Dân vận thăm hỏi gia đình.\nHội Nông dân giúp đỡ nhau."
    found = [text[start:end] for start, end in compounds(WORDS, text)]
    assert {"thăm hỏi", "gia đình", "giúp đỡ"} <= set(found)
    assert all("\n" not in word and "_" not in word for word in found)

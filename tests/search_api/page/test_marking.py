from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from search_api.page.difference import difference
from search_api.page.marking import Tag, marked, tagged

nasty = st.text(alphabet=st.sampled_from("aệ<>&\"'đ \n")) | st.text()
stretches = st.lists(st.tuples(st.integers(-2, 30), st.integers(-2, 30)), max_size=8)


def tags(found: list[tuple[int, int]]) -> list[Tag]:
    return [Tag(a, b, Markup("<i>"), Markup("</i>")) for a, b in found]


@given(nasty, stretches)
def test_the_text_is_whole_and_escaped_whatever_is_marked(
    text: str, found: list[tuple[int, int]]
) -> None:
    page = tagged(text, tags(found))
    assert html.unescape(re.sub(r"</?i>", "", page)) == html.unescape(str(Markup.escape(text)))
    assert "<" not in re.sub(r"</?i>", "", page)


@given(nasty, stretches)
def test_elements_are_nested_and_closed(text: str, found: list[tuple[int, int]]) -> None:
    depth = 0
    for tag in re.findall(r"</?i>", tagged(text, tags(found))):
        depth += 1 if tag == "<i>" else -1
        assert depth >= 0
    assert depth == 0


def test_a_mention_stands_inside_its_evidence_and_a_crossing_one_is_left_out() -> None:
    evidence = Tag(0, 8, Markup('<span id="award-0">'), Markup("</span>"))
    inside = Tag(2, 5, Markup("<a>"), Markup("</a>"))
    crossing = Tag(6, 11, Markup("<b>"), Markup("</b>"))
    assert tagged("abcdefghijkl", [crossing, inside, evidence]) == (
        '<span id="award-0">ab<a>cde</a>fgh</span>ijkl'
    )


def test_found_words_are_marked() -> None:
    assert marked("mô hình <Dân vận>", [(9, 16)]) == "mô hình &lt;<mark>Dân vận</mark>&gt;"


lines = st.lists(st.text(alphabet=st.sampled_from("ab đ.ệ"), max_size=8), max_size=6).map("\n".join)


@given(lines, lines)
def test_both_versions_can_be_read_off_their_difference(old: str, new: str) -> None:
    pieces = [piece for line in difference(old, new) for piece in line]
    before = "".join(piece.text for piece in pieces if piece.change != "added")
    after = "".join(piece.text for piece in pieces if piece.change != "removed")
    assert before == old.replace("\n", "")
    assert after == new.replace("\n", "")


@given(lines)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    changes = {piece.change for line in difference(text, text) for piece in line}
    assert changes <= {"same"}

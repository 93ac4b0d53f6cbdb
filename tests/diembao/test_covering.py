"""A withdrawn name is covered letter for letter, wherever and however it is printed; others are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from diembao.article import Article, Block, BlockKind
from diembao.covering import COVER, cover, cover_value, holds, without_hidden
from diembao.records import Conferment, Extraction, Label, Mention, Position, Span

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
NAME = "Lò Thị Mận"


def article(*lines: str, **further: object) -> Article:
    url = "https://bao.example/bai-1.html"
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines)
    return Article(
        url=url, canonical_url=url, source="bao", blocks=blocks, fetched_at=NOW, **further
    )


@pytest.mark.parametrize(
    ("printed", "covered"),
    [
        ("Bà Lò Thị Mận, bà Mận", "Bà ██ ███ ███, bà ███"),
        ("LÒ THỊ MẬN", "██ ███ ███"),
        ("Lò  Thị\u00a0Mận", "██  ███\u00a0███"),
        ("Lo Thi Man", "██ ███ ███"),
        ("Lò Thị Mận Anh", "██ ███ ███ Anh"),
        ("Blò Thị Mận", "Blò Thị Mận"),
        ("Lò Thị Mân", "Lò Thị Mân"),
        ("Lò Thị Mận nói, trưởng thôn Mận kể", "██ ███ ███ nói, trưởng thôn ███ kể"),
        ("Lò Thị Mận cười. Mận chín đầy vườn", "██ ███ ███ cười. Mận chín đầy vườn"),
        ("Lò Thị Mận ở bản Mận Hoa, xã Nà Mận", "██ ███ ███ ở bản Mận Hoa, xã Nà Mận"),
        ("Lò Thị Mận trồng mận", "██ ███ ███ trồng mận"),
        ("Trưởng thôn Mận và bà Mận", "Trưởng thôn Mận và bà Mận"),
    ],
)
def test_letters_are_covered_one_by_one(printed: str, covered: str) -> None:
    assert cover(article(printed), [NAME]).text == covered


def test_the_place_of_tone_marks_and_case_do_not_matter() -> None:
    for printed in ("Hoàng Thúy Hòa", "Hoàng Thuý Hoà", "HOÀNG THÚY HOÀ"):
        assert cover_value(printed, ["Hoàng Thúy Hoà"]) == "█████ ████ ███"
        assert holds(f"của {printed},", "Hoàng Thuý Hòa")


def test_headlines_around_tags_and_section_are_covered_too() -> None:
    shown = cover(
        article("Không có gì.", related=(f"{NAME} kể",), tags=(NAME, "bà Mận"), section=NAME),
        [NAME],
    )
    assert (shown.related, shown.tags) == (("██ ███ ███ kể",), ("██ ███ ███", "bà Mận"))
    assert shown.section == "██ ███ ███"


def test_what_does_not_hold_the_name_is_the_same_article() -> None:
    one = article("Bà Mận ở xã khác.")
    assert cover(one, [NAME]) is one
    assert cover(one, []) is one


def test_values_are_covered_by_the_text_that_they_tell_of() -> None:
    told = {"recipients": ["Mận", "bà Mận", NAME], "count": 3}
    assert cover_value(told, [NAME])["recipients"] == ["Mận", "bà ███", "██ ███ ███"]
    assert cover_value({"a": "bà Mận"}, [NAME], f"Có {NAME}.") == {"a": "bà ███"}
    assert cover_value({"a": "bà Mận"}, [NAME], "Có người khác.") == {"a": "bà Mận"}


@given(
    some.lists(some.sampled_from([NAME, "bà Mận", "chị Đào.", "thôn", "Nà Hin", ",", "LÒ THỊ MẬN"]))
)
def test_length_and_everything_else_stay(words: list[str]) -> None:
    printed = article(" ".join(words) or "x").text
    covered = cover(article(printed), [NAME]).text
    assert len(covered) == len(printed)
    assert all(now in (was, COVER) for was, now in zip(printed, covered, strict=True))
    assert not holds(covered, NAME)


def test_who_has_no_letter_left_is_in_no_record() -> None:
    text = "██ ███ ███ và Vi Thị Sen được tặng Bằng khen; Công ty ██ ███"
    at = text.index("Vi")
    found = without_hidden(
        Extraction(
            id="1",
            text=text,
            mentions=(
                Mention(0, 10, Label.PERSON),
                Mention(at, at + 10, Label.PERSON),
                Mention(text.index("Công"), len(text), Label.UNIT),
            ),
            awards=(
                Conferment(
                    award="Bằng khen",
                    recipients=("██ ███ ███", "Vi Thị Sen"),
                    evidence=Span(0, len(text)),
                ),
                Conferment(
                    award="Giấy khen", recipients=("██ ███ ███",), evidence=Span(0, len(text))
                ),
            ),
            people=(Position(name="██ ███ ███", role="Trưởng thôn", evidence=Span(0, 10)),),
        )
    )
    assert [text[one.start : one.end] for one in found.mentions] == ["Vi Thị Sen", "Công ty ██ ███"]
    assert [(one.award, one.recipients) for one in found.awards] == [("Bằng khen", ("Vi Thị Sen",))]
    assert found.people == ()

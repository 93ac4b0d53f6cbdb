"""The Word document takes whatever a newspaper printed."""

from __future__ import annotations

import io

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from search_api.reports.press_review import Entry, PressReview, Section, docx, roman


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_makes_a_document(text: str) -> None:
    entry = Entry(1, text, text, "11/12/2024", text, (text,), text, text)
    review = PressReview(text, text, (Section(text, (entry,)),), "Nhận xét", True, text, text)
    written = Document(io.BytesIO(docx(review)))
    assert any(paragraph.text.startswith("1. ") for paragraph in written.paragraphs)


@pytest.mark.parametrize(
    ("number", "written"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (99, "XCIX")]
)
def test_roman_numbers(number: int, written: str) -> None:
    assert roman(number) == written

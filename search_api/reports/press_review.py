"""The press review as a Word document: A4, Times New Roman 14, pages and entries numbered.

With the national header the agency's name stands on the left and the motto on the right, as in
Vietnamese offices. Sections carry Roman numbers, entries are numbered through.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, Literal, NamedTuple

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as Written
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_FILE_NAME = re.compile(r"[^\w.]+")
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in the review. `records` are its key facts, a sentence each."""

    article_id: int
    title: str
    newspaper: str
    day: str
    lead: str
    records: tuple[str, ...]
    url: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A topic with its entries in order."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PressReview:
    """The document: `agency` and the one above it stand in the national header, if there is one."""

    title: str
    period: str
    sections: tuple[Section, ...]
    comment_label: str
    national_header: bool = False
    agency: str = ""
    parent: str = ""


def roman(number: int) -> str:
    """`4` as `IV`."""
    out = ""
    for value, sign in _ROMAN:
        out += sign * (number // value)
        number %= value
    return out


class Line(NamedTuple):
    """A line of the review: `heading` of a section, `title` of an entry, `aside` or plain `text`."""

    kind: Literal["heading", "title", "aside", "text"]
    text: str


def lines(review: PressReview) -> Iterator[Line]:
    """What stands under the title and the period, in order."""
    number = 0
    for ordinal, section in enumerate(review.sections, 1):
        yield Line("heading", f"{roman(ordinal)}. {section.title}")
        for entry in section.entries:
            number += 1
            yield Line("title", f"{number}. {entry.title}")
            yield Line("aside", f"{entry.newspaper}, {entry.day}")
            if entry.lead:
                yield Line("text", entry.lead)
            yield from (Line("text", f"- {record}") for record in entry.records)
            if entry.comment:
                yield Line("aside", f"{review.comment_label}: {entry.comment}")
            if entry.url:
                yield Line("text", entry.url)


def docx(review: PressReview) -> bytes:
    """The review as a DOCX file."""
    document = Document()
    _page(document)
    if review.national_header:
        _header(document, review)
    _line(document, review.title.upper(), bold=True, centred=True)
    _line(document, review.period, italic=True, centred=True)
    for kind, text in lines(review):
        stands_above = kind in ("heading", "title")
        written = _line(document, text, bold=stands_above, italic=kind == "aside")
        written.paragraph_format.keep_with_next = stands_above
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def letter(review: PressReview) -> EmailMessage:
    """The review as a mail without sender and receiver: its lines, and the DOCX file attached."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(f"{review.title} {review.period}".split())
    parts = [review.title.upper(), review.period, ""]
    for kind, text in lines(review):
        parts += ["", text] if kind in ("heading", "title") else [text]
    mail.set_content("\n".join(parts))
    mail.add_attachment(
        docx(review), *WORD.split("/"), filename=f"{_FILE_NAME.sub('-', review.title)}.docx"
    )
    return mail


def _page(document: Written) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin = page.bottom_margin = page.right_margin = Cm(2)
    page.left_margin = Cm(3)
    number = page.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._p.append(field)


def _header(document: Written, review: PressReview) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    for cell, lines in (
        (left, ((review.parent.upper(), False), (review.agency.upper(), True))),
        (right, ((COUNTRY, True), (MOTTO, True))),
    ):
        shown = [line for line in lines if line[0]]
        for ordinal, (text, bold) in enumerate(shown):
            paragraph = cell.add_paragraph() if ordinal else cell.paragraphs[0]
            _run(paragraph, text, bold=bold).font.size = Pt(13)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph()


def _run(paragraph: Paragraph, text: str, *, bold: bool = False, italic: bool = False) -> Run:
    run = paragraph.add_run(_NO_XML.sub("", text))
    run.bold, run.italic = bold, italic
    return run


def _line(
    document: Written, text: str, *, bold: bool = False, italic: bool = False, centred: bool = False
) -> Paragraph:
    paragraph = document.add_paragraph()
    _run(paragraph, text, bold=bold, italic=italic)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    return paragraph

"""Bytes to text: byte order mark, HTTP charset, the page's own declaration, detection, in this order.

A text that is valid UTF-8 though something else was declared is UTF-8: no other text looks like it.
Text that was encoded twice (`Ã¡`-runs) is repaired where nothing but good text comes out of it, and text
in the fonts of before Unicode is read by their tables where that is certain (`legacy`).
"""

from __future__ import annotations

import re

import charset_normalizer
import ftfy
from ftfy.badness import badness
from lxml import etree, html
from w3lib.encoding import html_to_unicode

from crawler.fetching import legacy

_TWICE = re.compile(r"Ã[\u0080-ÿ¡-¿]|á[»º][\u0080-ÿ€-™]|Ä[‘\u0090\u0091]|Æ[°¡]")
_SIGNS = 3
_XML = re.compile(r"^\s*<\?xml[^>]*\?>")


class Element(html.HtmlElement):  # type: ignore[misc]
    """An element that remembers what was worked out of it, for as long as somebody holds it.

    `line` is its text on one line, `marks` what its markup says of it; None until they were asked for.
    """

    line: str | None = None
    marks: str | None = None


class Comment(html.HtmlComment):  # type: ignore[misc]
    """A comment, which has no text to read."""

    line = ""


class Instruction(html.HtmlProcessingInstruction):  # type: ignore[misc]
    """A processing instruction, which has none either."""

    line = ""


_PARSER = etree.HTMLParser()
_PARSER.set_element_class_lookup(
    etree.ElementDefaultClassLookup(
        element=Element,
        comment=Comment,
        pi=Instruction,
        entity=html.HtmlEntity,
    )
)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page."""
    if (text := _as_utf8(body)) is not None:
        return repair(text)
    if (meant := legacy.to_unicode(body.decode("latin-1"))) is not None:
        return meant
    _, text = html_to_unicode(
        content_type or None, body, auto_detect_fun=_detect, default_encoding="utf-8"
    )
    return repair(text)


def repair(text: str) -> str:
    """Undo a second encoding or an old font, where that is certain."""
    if len(_TWICE.findall(text)) < _SIGNS:
        return legacy.to_unicode(text) or text
    repaired = ftfy.fix_encoding(text)
    return repaired if badness(repaired) < badness(text) and "\ufffd" not in repaired else text


def is_garbled(text: str) -> bool:
    """Whether the text still shows signs of a wrong encoding."""
    return len(_TWICE.findall(text)) >= _SIGNS or text.count("\ufffd") >= _SIGNS


def parse_html(text: str) -> html.HtmlElement:
    """The tree of a page; an empty page gives an empty tree."""
    written = _XML.sub("", text) or "<html></html>"
    return html.document_fromstring(written, parser=_PARSER, ensure_head_body=True)


def _as_utf8(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text if len(body) - len(text) >= _SIGNS else None


def _detect(body: bytes) -> str | None:
    if _as_utf8(body) is not None:
        return "utf-8"
    best = charset_normalizer.from_bytes(body).best()
    return best.encoding if best else None

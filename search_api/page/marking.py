"""Text with marks in it, as safe HTML: every piece of the text is escaped, tags are only our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Tag:
    """An element around `text[start:end]`: `opening` and `closing` are HTML."""

    start: int
    end: int
    opening: Markup
    closing: Markup


def tagged(text: str, tags: Iterable[Tag]) -> Markup:
    """The text with elements around its stretches, wider ones outside.

    A tag that would cross another is left out, as is an empty one.
    """
    out: list[Markup | str] = []
    still_open: list[Tag] = []
    at = 0

    def advance(to: int) -> None:
        nonlocal at
        while still_open and still_open[-1].end <= to:
            closed = still_open.pop()
            out.extend((escape(text[at : closed.end]), closed.closing))
            at = closed.end
        out.append(escape(text[at:to]))
        at = to

    for tag in sorted(tags, key=lambda tag: (tag.start, -tag.end)):
        start, end = max(tag.start, 0), min(tag.end, len(text))
        if start >= end or start < at:
            continue
        advance(start)
        if still_open and end > still_open[-1].end:
            continue
        out.append(tag.opening)
        still_open.append(Tag(start, end, tag.opening, tag.closing))
    advance(len(text))
    return Markup("").join(out)


_HIT = (Markup("<mark>"), Markup("</mark>"))


def marked(text: str, marks: Sequence[tuple[int, int]]) -> Markup:
    """The text with its found words in `mark` elements."""
    return tagged(text, (Tag(start, end, *_HIT) for start, end in marks))

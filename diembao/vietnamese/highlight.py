"""Where a text answers a query: the same rules of words and marks as the search, for every engine.

Everything is given in code points of the text, so a template slices the text, escapes each piece and
can never break its own HTML. Terms are words or phrases as typed (`diembao.vietnamese.marks`); a
phrase is found within one line.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diembao.records import Span
from diembao.vietnamese.marks import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diembao.vietnamese.marks import Typed


@dataclass(frozen=True, slots=True)
class Fragment:
    """A passage of the text; `spans` are those of the text that lie within it."""

    start: int
    end: int
    spans: tuple[Span, ...]


def find(text: str, terms: Iterable[Sequence[Typed]]) -> tuple[Span, ...]:
    """The stretches of the text that the terms find, in order, apart from one another."""
    words = tokens(text)
    places: dict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(words):
        places[word.folded].append(number)
    found: list[Span] = []
    for term in terms:
        for number in places.get(term[0].folded, ()) if term else ():
            stretch = words[number : number + len(term)]
            if _agree(text, stretch, term):
                found.append(Span(stretch[0].start, stretch[-1].end))
    return _joined(text, sorted(set(found)))


def _agree(text: str, stretch: Sequence[Token], term: Sequence[Typed]) -> bool:
    return (
        len(stretch) == len(term)
        and all(
            word.folded == typed.folded and typed.finds(word.exact)
            for word, typed in zip(stretch, term, strict=True)
        )
        and "\n" not in text[stretch[0].start : stretch[-1].end]
    )


def _joined(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Overlapping spans, and those with a mere blank between them, as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and (span.start <= joined[-1].end or text[joined[-1].end : span.start] == " "):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def fragments(
    text: str, spans: Sequence[Span], length: int = 240, limit: int = 1
) -> tuple[Fragment, ...]:
    """Up to `limit` passages of about `length` code points that hold the most marked text, in order.

    Passages begin and end between words. Without spans: the beginning of the text.
    """
    if not spans:
        end = min(length, len(text))
        return (Fragment(0, _word_end(text, end) or end, ()),) if text else ()
    chosen: list[Fragment] = []
    left = list(spans)
    while left and len(chosen) < limit:
        passages = [_around(text, left, first, length, chosen) for first in range(len(left))]
        best = max(passages, key=lambda passage: _weight(text, passage))
        chosen.append(best)
        left = [span for span in left if span not in best.spans]
    return tuple(sorted(chosen, key=lambda fragment: fragment.start))


def _weight(text: str, fragment: Fragment) -> int:
    """Marked words, each once: a passage with all the words beats one with one of them often."""
    return len({word.folded for start, end in fragment.spans for word in tokens(text[start:end])})


def _around(
    text: str, spans: Sequence[Span], first: int, length: int, taken: Iterable[Fragment]
) -> Fragment:
    """The passage whose first marked stretch is `spans[first]`, between those taken already."""
    floor = max((f.end for f in taken if f.end <= spans[first].start), default=0)
    ceiling = min((f.start for f in taken if f.start >= spans[first].end), default=len(text))
    last = first
    while last + 1 < len(spans) and spans[last + 1].end <= min(
        ceiling, spans[first].start + length
    ):
        last += 1
    # no further than the marked stretches before and after: what is shown is marked
    floor = max(floor, spans[first - 1].end if first else 0)
    ceiling = min(ceiling, spans[last + 1].start if last + 1 < len(spans) else ceiling)
    begin, finish = spans[first].start, spans[last].end
    room = max(0, length - (finish - begin)) // 2
    start = _word_start(text, max(floor, begin - room))
    end = _word_end(text, min(ceiling, finish + room))
    return Fragment(min(start, begin), max(end, finish), tuple(spans[first : last + 1]))


def _word_start(text: str, at: int) -> int:
    while 0 < at < len(text) and not text[at - 1].isspace():
        at += 1
    return at


def _word_end(text: str, at: int) -> int:
    while 0 < at < len(text) and not text[at].isspace():
        at -= 1
    return at

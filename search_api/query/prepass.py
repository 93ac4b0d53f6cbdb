"""What people really type, made fit for the parser of the query language.

The typed text becomes pieces that the parser cannot trip over: only known fields keep their colon,
typographic quotes are quotes, a dash that stands apart is text, brackets and quotes without a partner
go, and so does every other sign that means something to Lucene. The value of `date:` is taken whole,
as a quoted piece. Pieces remember where they stood, so a mistake can be pointed at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from diembao.vietnamese.folding import nfc

FIELDS = (
    "unit", "person", "role", "model", "owner", "award", "level", "recipient", "conferrer",
    "movement", "place", "province", "source", "section", "title", "lead", "tag", "date", "conferment",
)  # fmt: skip
"""Fields that take a colon."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))
_SINGLE_QUOTES = re.compile(r"(?<!\w)[‘']([^‘’'\"]*)[’'](?!\w)")
_PIECE = re.compile(
    rf"""
    (?P<quoted>=?"[^"]*")
  | (?<!\w)(?P<dated>(?i:date))\s*:\s*(?P<days>\[[^\]]*\]?|\{{[^}}]*\}}?|[<>]=?\s*[^\s()"]+|"[^"]*"|[^\s()"]+)
  | (?<!\w)(?P<field>(?i:{"|".join(FIELDS)}))\s*:(?=\s*(?:\(|=?(?:"|[^\W_])))
  | (?P<paren>[()])
  | (?<![^\s(])(?P<minus>-)(?=\(|=?(?:"|[^\W_]))
  | (?P<word>=?[^\W_][^\s"()\[\]{{}}:^~\\<>]*)
    """,
    re.VERBOSE,
)
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text for the parser, and where it stood in what was typed."""

    text: str
    start: int
    is_word: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """`text` is for the parser; `words` is what remains of it when no syntax is meant."""

    typed: str
    pieces: tuple[Piece, ...]
    notices: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the parser is given."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def words(self) -> str:
        """Only words and phrases, for when the rest makes no sense."""
        return " ".join(piece.text for piece in self.pieces if piece.is_word)

    def place(self, position: int) -> int:
        """Where in the typed text a position of `text` stood, from 1."""
        starts = [0]
        for piece in self.pieces:
            starts.append(starts[-1] + len(piece.text) + 1)
        return self.pieces[bisect_right(starts, position) - 1].start + 1


def prepare(typed: str) -> Prepared:
    """Take the typed text apart."""
    text = _SINGLE_QUOTES.sub(r'"\1"', nfc(typed).translate(_QUOTES))
    notices: list[str] = []
    if text.count('"') % 2:
        last = text.rindex('"')
        text = f"{text[:last]} {text[last + 1 :]}"
        notices.append("Có dấu ngoặc kép không đóng; dấu ấy được bỏ qua.")
    pieces: list[Piece] = []
    opened: list[int] = []
    dropped = False
    for found in _PIECE.finditer(text):
        if found["paren"] == ")":
            if not opened:
                dropped = True
            elif opened.pop() == len(pieces) - 1:
                pieces.pop()
            else:
                pieces.append(Piece(")", found.start()))
            continue
        if found["paren"]:
            opened.append(len(pieces))
        pieces += _pieces(found)
    for position in reversed(opened):
        del pieces[position]
    if dropped or opened:
        notices.append("Có dấu ngoặc đơn không đủ đôi; dấu ấy được bỏ qua.")
    return Prepared(nfc(typed), tuple(pieces), tuple(notices))


def _pieces(found: re.Match[str]) -> list[Piece]:
    start = found.start()
    if found["dated"]:
        days = found["days"].strip('"')
        return [Piece("date:", start), Piece(f'"{days}"', found.start("days"))]
    if found["field"]:
        return [Piece(f"{found['field'].lower()}:", start)]
    if found["quoted"]:
        return _quoted(found["quoted"], start)
    if found["word"]:
        return [Piece(found["word"], start, is_word=found["word"] not in _OPERATORS)]
    return [Piece(found.group(), start)]


def _quoted(quoted: str, start: int) -> list[Piece]:
    """A phrase; `="..."` says of each of its words that it is meant exactly so."""
    inside = quoted.strip('="').replace("\\", " ")
    if not re.search(r"[^\W_]", inside):
        return []
    if quoted.startswith("="):
        inside = re.sub(r"(?<![^\W_])[^\W_]", r"=\g<0>", inside)
    return [Piece(f'"{inside}"', start, is_word=True)]

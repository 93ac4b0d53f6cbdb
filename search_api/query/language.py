"""From what was typed to the tree.

Words are all required; names that newspapers abbreviate are found in either form. `"phrases"`, AND,
OR, NOT (or a minus before the word), brackets; a field binds the next word, phrase or bracket. What
does not parse is searched as words, with a notice. A date or level that cannot be, or a field that a
conferment does not have, is a BadInputError that points at the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from luqum import tree as lucene
from luqum.exceptions import ParseError
from luqum.thread import parse as parse_lucene

from diembao.errors import BadInputError
from diembao.records import Level
from diembao.vietnamese.folding import fold
from diembao.vietnamese.marks import Typed, tokens, typed
from search_api.query.abbreviations import each_either, either
from search_api.query.dates import parse_dates
from search_api.query.prepass import Prepared, prepare
from search_api.query.tree import (
    And,
    Conferment,
    Dates,
    Everything,
    Keyword,
    Node,
    Not,
    Or,
    Text,
    wanted_texts,
)

LONGEST = 2000
"""Code points of a query at most."""

DEEPEST = 20
"""Brackets within brackets at most; deeper ones are taken for text."""

CONFERMENT_FIELDS = ("award", "level", "recipient", "conferrer", "model")
"""What `conferment:(...)` can ask for."""

LEVELS = {
    "state": Level.STATE,
    "nha nuoc": Level.STATE,
    "cap nha nuoc": Level.STATE,
    "prime minister": Level.PRIME_MINISTER,
    "thu tuong": Level.PRIME_MINISTER,
    "thu tuong chinh phu": Level.PRIME_MINISTER,
    "ministry province": Level.MINISTRY_PROVINCE,
    "bo": Level.MINISTRY_PROVINCE,
    "bo nganh": Level.MINISTRY_PROVINCE,
    "tinh": Level.MINISTRY_PROVINCE,
    "cap tinh": Level.MINISTRY_PROVINCE,
    "bo tinh": Level.MINISTRY_PROVINCE,
    "grassroots": Level.GRASSROOTS,
    "co so": Level.GRASSROOTS,
    "cap co so": Level.GRASSROOTS,
}
"""Words for the levels, folded."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree, and what the searcher should be told."""

    tree: Node
    notices: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[tuple[Typed, ...], ...]:
        """Words and phrases to be marked in a found text, for `diembao.vietnamese.highlight`."""
        return tuple(dict.fromkeys(text.words for text in wanted_texts(self.tree)))


class _TooDeepError(Exception):
    pass


@lru_cache(maxsize=16_384)  # saved queries come again with every batch
def parse(query: str) -> Parsed:
    """Understand a query. Raises BadInputError with the place of the mistake."""
    if len(query) > LONGEST:
        raise BadInputError(
            f"Câu tìm dài {len(query)} ký tự; hãy rút xuống dưới {LONGEST} (the query is too long)."
        )
    if not query.strip():
        return Parsed(Everything())
    prepared = prepare(query)
    if not any(piece.is_word or piece.text == "date:" for piece in prepared.pieces):
        return Parsed(Everything(), (*prepared.notices, "Câu tìm không có từ nào; đây là mọi bài."))
    try:
        tree = _Reader(prepared).read(parse_lucene(prepared.text), None, 0)
    except (ParseError, _TooDeepError):
        notice = "Cú pháp không rõ nên câu được tìm như các từ; toán tử và tên trường bị bỏ qua."
        words = parse_lucene(prepared.words) if prepared.words else None
        tree = _Reader(prepared).read(words, None, 0) if words else Everything()
        return Parsed(tree, (*prepared.notices, notice))
    return Parsed(tree, prepared.notices)


class _Reader:
    """Reads the parser's tree; `field` is the field in force, None outside any."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.in_conferment = False

    def read(self, item: lucene.Item, field: str | None, depth: int) -> Node:
        if depth > DEEPEST:
            raise _TooDeepError
        match item:
            case lucene.OrOperation():
                return Or(tuple(self.read(child, field, depth) for child in item.children))
            case lucene.UnknownOperation():
                read = [self.read(child, field, depth) for child in item.children]
                return And(tuple(each_either(read)))
            case lucene.BaseOperation():
                return And(tuple(self.read(child, field, depth) for child in item.children))
            case lucene.Not() | lucene.Prohibit():
                return Not(self.read(item.a, field, depth + 1))
            case lucene.BaseGroup():
                return self.read(item.expr, field, depth + 1)
            case lucene.SearchField():
                return self.read_field(item, depth)
            case _:
                return self.read_value(item, field)

    def read_field(self, item: lucene.SearchField, depth: int) -> Node:
        if item.name == "conferment":
            if self.in_conferment:
                raise self.mistake(item, "conferment: không lồng trong conferment:")
            self.in_conferment = True
            node = self.read(item.expr, None, depth + 1)
            self.in_conferment = False
            return Conferment(node)
        if self.in_conferment and item.name not in CONFERMENT_FIELDS:
            known = ", ".join(f"{name}:" for name in CONFERMENT_FIELDS)
            raise self.mistake(item, f"trong conferment:(…) chỉ có {known}")
        return self.read(item.expr, item.name, depth + 1)

    def read_value(self, item: lucene.Item, field: str | None) -> Node:
        value = item.value.strip('"')
        if field == "date":
            return self.read_dates(item, value)
        if field == "level":
            level = LEVELS.get(" ".join(token.folded for token in tokens(value.replace("_", " "))))
            if level is None:
                known = ", ".join(Level)
                raise self.mistake(item, f"cấp khen thưởng “{value}” không có; các cấp là {known}")
            return Keyword("level", level)
        if field == "province":
            return Keyword("province", "-".join(token.folded for token in tokens(fold(value))))
        return either(Text(typed(value), field))

    def read_dates(self, item: lucene.Item, value: str) -> Dates:
        dates = parse_dates(value)
        if dates is None:
            raise self.mistake(
                item,
                f"ngày “{value}” không đọc được; hãy viết như 11/12/2024, 12/2024, 2024 "
                "hoặc [1/11/2024 TO 31/12/2024]",
            )
        return dates

    def mistake(self, item: lucene.Item, what: str) -> BadInputError:
        place = self.prepared.place(item.pos)
        return BadInputError(f"Câu tìm sai ở ký tự {place}: {what} (mistake in the query).")

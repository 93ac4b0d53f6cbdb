"""Whether a query says what it is about, as a saved one must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.vietnamese.folding import exact, fold
from search_api.query.tree import And, Conferment, Dates, Everything, Keyword, Node, Not, Or, Text

if TYPE_CHECKING:
    from diembao.vietnamese.marks import Typed

_WORDS = exact(
    "và của là các những được trong cho với có một này đã về tại ở từ đến để khi thì mà bị do cũng "
    "như không ra vào trên dưới sau trước theo đó đây ấy nên hay hoặc còn chỉ rất lại đang sẽ người "
    "việc ngày năm tháng nhiều qua bằng giữa cùng"
).split()
STOP_WORDS = frozenset(_WORDS)
"""Words that stand in nearly every article."""

_FOLDED_STOP_WORDS = frozenset(map(fold, _WORDS))


def _is_stop_word(word: Typed) -> bool:
    return word.folded in _FOLDED_STOP_WORDS if word.is_plain else word.exact in STOP_WORDS


def is_selective(node: Node) -> bool:
    """Whether every article that it finds must hold a telling word or value."""
    match node:
        case Text(words):
            return len(words) > 1 or not all(map(_is_stop_word, words))
        case Keyword():
            return True
        case And(nodes):
            return any(map(is_selective, nodes))
        case Or(nodes):
            return all(map(is_selective, nodes))
        case Conferment(child):
            return is_selective(child)
        case Everything() | Dates() | Not():
            return False

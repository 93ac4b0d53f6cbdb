"""Words that stand for a name said before: `ông được tặng ...`, `đơn vị vinh dự nhận ...`.

A personal pronoun means the last person named before it whose honorific is of the same sex; a word
for a body means the unit that the text has named most often so far, the later one of equals. Only
pronouns that begin a clause with a verb, or end one behind `cho` or `của`, are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diembao.records import Label, Mention
from diembao.vietnamese.folding import exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MALE = frozenset(exact("ông|anh|chú|thầy").split("|"))
_FEMALE = frozenset(exact("bà|chị|cô|dì").split("|"))
_PERSONAL = exact(
    "ông|bà|anh|chị|cô|em|cụ|thầy|chú|bác|cháu|đồng chí|nữ sinh|nam sinh|hắn|anh ấy|chị ấy"
)
_BODY = exact(
    "tập thể đơn vị|đơn vị|nhà trường|công ty|doanh nghiệp|ngân hàng|bệnh viện|hợp tác xã|htx|"
    "chi bộ|tổng công ty|tập đoàn|câu lạc bộ"
)
_QUANTITIES = frozenset(exact("các|những|nhiều|toàn|mỗi|cả|một|vị|đứa|con|hai|ba").split("|"))
_ACTS = exact(
    "được|đã|từng|vinh dự|nhận|đón|còn|cũng|đạt|đoạt|giành|vừa|liên tục|lại|mới|nhiều lần|hai lần|"
    "luôn|có|xuất sắc|tiếp tục|nhiều năm|là"
)
_PRONOUN = re.compile(
    rf"(?<!\w)(?:(?P<person>{_PERSONAL})|(?P<body>{_BODY}))(?= (?:{_ACTS})(?!\w))"
    rf"|(?<=(?:{exact('cho|của')}) )(?P<given>{_PERSONAL})(?=\s*[.,;])"
)
_BEFORE = re.compile(r"(\w+)\s+$")


def find(low: str, mentions: Iterable[Mention]) -> Iterator[tuple[int, int, str]]:
    """Start, end and meant entity of each pronoun in a text given in the `exact` form."""
    named = [m for m in mentions if m.entity and m.label in (Label.PERSON, Label.UNIT)]
    female: dict[str, bool] = {}
    last: dict[bool | None, str] = {}
    counts: dict[str, int] = {}
    leading: str | None = None
    at = 0
    for match in _PRONOUN.finditer(low):
        while at < len(named) and named[at].end <= match.start():
            mention, at = named[at], at + 1
            entity = mention.entity or ""
            if mention.label is Label.PERSON:
                title = _BEFORE.search(low, max(0, mention.start - 8), mention.start)
                if title and (title[1] in _MALE or title[1] in _FEMALE):
                    female[entity] = title[1] in _FEMALE
                last[None] = entity
                if entity in female:
                    last[female[entity]] = entity
            else:
                counts[entity] = counts.get(entity, 0) + 1
                if leading is None or counts[entity] >= counts[leading]:
                    leading = entity
        word = match["person"] or match["given"]
        sex = True if word in _FEMALE else False if word in _MALE else None
        meant = (last.get(sex) or last.get(None)) if word else leading
        behind = _BEFORE.search(low, max(0, match.start() - 8), match.start())
        if behind and not match["given"] and (behind[1].isdigit() or behind[1] in _QUANTITIES):
            continue
        if meant and not (at < len(named) and named[at].start < match.end()):
            yield match.start(), match.end(), meant

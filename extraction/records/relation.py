"""What a page says about two names together: the features by which the rankers judge a pair.

`anchor` is the award or model, `other` a name that may be its recipient, conferrer or owner. The
features are words in six zones (before and after each name, between the two, in the anchor's
sentence), the order, distance and layout of the two, and what stands next to them. A feature that
is not given is 0.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import log1p

from diembao.records import Label
from diembao.vietnamese.folding import exact
from extraction.records.page import GROUP, Name, Page

NEAR = 32
"""Code points of context on each side of a name."""
LONG = 400
"""Code points between two names, or of a sentence, that are looked at."""

_CUES = {
    "give": "tặng thưởng|trao tặng|trao|tặng|truy tặng|truy phong|phong tặng|tặng cho|gắn|ban hành|ký",
    "honour": "khen thưởng|vinh danh|tuyên dương|tôn vinh|biểu dương|công nhận|thưởng|khen",
    "passive": "được|vinh dự",
    "receive": "nhận|đón nhận|lĩnh|rước",
    "win": "đạt|đoạt|giành|thuộc về|xuất sắc|chiến thắng|lập",
    "to": "cho|đến|tới|đối với|dành cho",
    "of": "của",
    "by": "do|bởi",
    "with": "với|cùng",
    "is": "là|làm|gồm|có",
    "title": "danh hiệu|giải thưởng|giải|phần thưởng|hạng",
    "plan": "đề nghị|xét|sẽ|dự kiến|kế hoạch|hồ sơ|trình|đề xuất|phấn đấu|tiêu chuẩn|quy định|nếu|"
    "thu hồi|tước|hủy|chưa|không|ứng viên|đề cử|cơ cấu|hằng năm|tranh",
    "past": "đã|từng|trước đó|năm|vừa|nhiều lần",
    "among": "trong đó|trong số|bao gồm|điển hình|tiêu biểu|đơn cử|như|nổi bật|cụ thể",
    "proxy": "thừa ủy quyền|thừa lệnh|thay mặt|ủy quyền|đại diện|tham dự|dự|chủ trì|chứng kiến|cùng dự",
    "speak": "phát biểu|cho biết|chia sẻ|nói|nhấn mạnh|khẳng định|chúc mừng|cảm ơn|theo|ghi nhận|bày tỏ",
    "merit": "thành tích|đóng góp|vì|trong công tác|sự nghiệp",
    "run": "thực hiện|triển khai|xây dựng|ra mắt|thành lập|duy trì|phụ trách|làm chủ|đảm nhận|"
    "sáng lập|khởi xướng|phát động|tổ chức|áp dụng|hình thành|thí điểm|phối hợp|chỉ đạo",
    "at": "tại|ở|trên địa bàn",
    "and": "và|cùng",
    "mr": "ông|bà|anh|chị|em|cháu|cô|thầy|cụ|đồng chí|đ/c|các đồng chí|bác sĩ|đại tá|thượng tá|thiếu tá",
    "each": "tập thể|cá nhân|đơn vị|gia đình|các|những|nhiều|lần lượt|mỗi",
    "ceremony": "lễ|hội nghị|buổi|nhân dịp|dịp này|chương trình|danh sách|ảnh",
    "model": "mô hình|cách làm|công trình|phần việc|điển hình|sáng kiến|tuyến đường|câu lạc bộ",
}
_PATTERN = re.compile(
    r"(?<!\w)(?:"
    + "|".join(
        f"(?P<{cue}>{'|'.join(sorted(exact(words).split('|'), key=len, reverse=True))})"
        for cue, words in _CUES.items()
    )
    + r")(?!\w)"
)
_MARKS = {
    ",": "comma",
    ";": "semicolon",
    ":": "colon",
    "(": "open",
    ")": "close",
    "\n": "newline",
    '"': "quote",
}
_MARKS |= {"“": "quote", "”": "quote", "-": "dash", "–": "dash"}
_KINDS = (
    "huân chương",
    "huy chương",
    "huy hiệu",
    "kỷ niệm chương",
    "bằng",
    "giấy khen",
    "cờ",
    "giải",
    "cúp",
)
_KINDS = tuple(exact(kind) for kind in _KINDS)


@lru_cache(maxsize=8192)
def _words(zone: str, stretch: str) -> dict[str, float]:
    """Cue words and marks of a stretch of the mask."""
    found = {f"{zone}:{match.lastgroup}": 1.0 for match in _PATTERN.finditer(stretch)}
    for char, mark in _MARKS.items():
        if char in stretch:
            found[f"{zone}:{mark}"] = 1.0
    return found


@lru_cache(maxsize=8192)
def _touching(zone: str, stretch: str, last: bool) -> dict[str, float]:
    """The cue word or mark nearest to the name in a stretch beside it."""
    found = [*_PATTERN.finditer(stretch)]
    bare = stretch.strip()
    out = {f"{zone}:none": 1.0} if not bare else {}
    if bare and (mark := _MARKS.get(bare[-1 if last else 0])):
        out[f"{zone}:{mark}"] = 1.0
    if found:
        cue = found[-1 if last else 0]
        near = stretch[cue.end() :] if last else stretch[: cue.start()]
        if len(near.split()) <= 1:
            out[f"{zone}:{cue.lastgroup}"] = 1.0
    return out


def _beside(page: Page, name: Name, role: str) -> dict[str, float]:
    """What stands around one name, and its place on the page."""
    left, right = page.neighbour(name, -1), page.neighbour(name, +1)
    line_start, line_end = page.lines[name.line]
    before = page.mask[max(line_start, name.start - NEAR, left.end if left else 0) : name.start]
    after = page.mask[
        name.end : min(line_end, name.end + NEAR, right.start if right else len(page.mask))
    ]
    out = {**_touching(f"{role}<", before, True), **_touching(f"{role}>", after, False)}
    for side, neighbour, gap in (("<", left, before), (">", right, after)):
        if neighbour and neighbour.line == name.line and len(gap) < NEAR:
            out[f"{role}{side}{neighbour.label}"] = 1.0
            if not gap.strip():
                out[f"{role}{side}{neighbour.label}!"] = 1.0
    out |= {
        f"{role}={name.label}": 1.0,
        f"{role}-title": float(name.line == 0),
        f"{role}-item": float(name.line in page.item_lines),
        f"{role}-opens": float(not page.mask[line_start : name.start].strip(' -–+*•"“.0123456789')),
        f"{role}-line": log1p(line_end - line_start),
        f"{role}-bracket": float(
            page.mask.rfind("(", line_start, name.start)
            > page.mask.rfind(")", line_start, name.start)
        ),
        f"{role}-colon": float(":" in page.mask[name.end : line_end]),
    }
    return out


class Pairs:
    """Features of pairs on one page; what concerns one name alone is worked out once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._alone: dict[tuple[int, str], dict[str, float]] = {}
        self._count: dict[str, int] = {}
        self._titled = {name.entity for name in page.names if name.line == 0}
        for name in page.names:
            self._count[name.entity] = self._count.get(name.entity, 0) + 1

    def _one(self, name: Name, role: str) -> dict[str, float]:
        key = (name.index, role)
        if key not in self._alone:
            self._alone[key] = _beside(self.page, name, role)
            if role == "a":
                start, end = self.page.sentences[name.sentence]
                stretch = self.page.mask[max(start, name.start - LONG) : min(end, name.end + LONG)]
                self._alone[key] |= _words("s", stretch)
                low = self.page.low[name.start : name.end]
                self._alone[key]["a-kind"] = next(
                    (i + 1.0 for i, kind in enumerate(_KINDS) if low.startswith(kind)), 0.0
                )
        return self._alone[key]

    def features(self, anchor: Name, other: Name) -> dict[str, float]:
        """The features of one pair."""
        page = self.page
        first, second = sorted((anchor, other))
        between = page.names[first.index + 1 : second.index]
        gap = page.mask[first.end : second.start]
        out = {**self._one(anchor, "a"), **self._one(other, "o")}
        out |= _words("b", gap if len(gap) <= LONG else gap[: LONG // 2] + gap[-LONG // 2 :])
        if len(gap) > NEAR:
            out |= _words("a)" if first is anchor else "o)", gap[:NEAR])
            out |= _words("(o" if first is anchor else "(a", gap[-NEAR:])
        for name in between:
            out[f"n:{name.label}"] = out.get(f"n:{name.label}", 0.0) + 1
        out |= {
            "after": float(first is anchor),
            "distance": log1p(len(gap)),
            "lines": float(other.line - anchor.line),
            "sentences": float(other.sentence - anchor.sentence),
            "same": float(other.sentence == anchor.sentence),
            "between": float(len(between)),
            "nearest": float(not any(name.label == other.label for name in between)),
            "stops": float(sum(name.label == anchor.label for name in between)),
            "count": float(self._count[other.entity]),
            "titled": float(other.entity in self._titled),
            "many": float(self._count[anchor.entity]),
            "clauses": float(gap.count(";")),
            "commas": float(gap.count(",")),
        }
        return out


RECIPIENTS = (Label.PERSON, Label.UNIT, Label.PLACE, GROUP)
"""Labels of what can be awarded."""

"""Cue words and marks: what the text beside names says about who gives, receives or runs.

A page is searched for them once; what stands in a stretch of it is then looked up. The text is the
page's mask, in which the inside of names is blank.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from diembao.vietnamese.folding import exact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

CUES = {
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
    "mr": "ông|bà|anh|chị|em|cháu|cô|thầy|cụ|đồng chí|ồng chí|đ/c|các đồng chí|bác sĩ|đại tá|thượng tá|thiếu tá",
    "each": "tập thể|cá nhân|đơn vị|gia đình|các|những|nhiều|lần lượt|mỗi",
    "ceremony": "lễ|hội nghị|buổi|nhân dịp|dịp này|chương trình|danh sách|ảnh",
    "model": "mô hình|cách làm|công trình|phần việc|điển hình|sáng kiến|tuyến đường|câu lạc bộ",
}
MARKS = {
    ",": "comma",
    ";": "semicolon",
    ":": "colon",
    "(": "open",
    ")": "close",
    "\n": "newline",
    '"': "quote",
    "“": "quote",
    "”": "quote",
    "-": "dash",
    "–": "dash",
}
_PIECE = re.compile(r"\w+|[,;:()\n\"“”–-]")


def _by_first_word() -> dict[str, list[tuple[str, str]]]:
    """The phrases that begin with each word and their cues: in the order of cues, longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for cue, words in CUES.items():
        for phrase in sorted(exact(words).split("|"), key=len, reverse=True):
            first = re.match(r"\w+", phrase)
            found.setdefault(first[0] if first else phrase, []).append((phrase, cue))
    return found


_PHRASES = _by_first_word()


class Cue(NamedTuple):
    """One cue word or mark and where it stands."""

    start: int
    end: int
    kind: str


class Cues:
    """The cues of a mask, in printed order."""

    def __init__(self, mask: str) -> None:
        self._mask = mask
        self._found = list(_find(mask))
        self._starts = [cue.start for cue in self._found]

    def within(self, start: int, end: int) -> Iterator[Cue]:
        """The cues that stand in a stretch as a whole."""
        for at in range(bisect_left(self._starts, start), len(self._found)):
            cue = self._found[at]
            if cue.start >= end:
                break
            if cue.end <= end:
                yield cue

    def any(self, kinds: Collection[str], start: int, end: int) -> bool:
        """Whether a cue of one of these kinds stands in a stretch."""
        return any(cue.kind in kinds for cue in self.within(start, end))

    def words(self, zone: str, start: int, end: int) -> dict[str, float]:
        """A feature of this zone for each kind of cue in a stretch."""
        return {f"{zone}:{cue.kind}": 1.0 for cue in self.within(start, end)}

    def touching(self, zone: str, start: int, end: int, last: bool) -> dict[str, float]:
        """The mark or cue word nearest to the name behind a stretch (`last`), or before it."""
        stretch = self._mask[start:end]
        bare = stretch.strip()
        if not bare:
            return {f"{zone}:none": 1.0}
        out = {}
        if mark := MARKS.get(bare[-1 if last else 0]):
            out[f"{zone}:{mark}"] = 1.0
        words = [cue for cue in self.within(start, end) if cue.kind in CUES]
        if words:
            cue = words[-1 if last else 0]
            near = self._mask[cue.end : end] if last else self._mask[start : cue.start]
            if len(near.split()) <= 1:
                out[f"{zone}:{cue.kind}"] = 1.0
        return out


def _find(mask: str) -> Iterator[Cue]:
    at = 0
    for piece in _PIECE.finditer(mask):
        start, end = piece.span()
        if mark := MARKS.get(piece[0]):
            yield Cue(start, end, mark)
        if start < at:
            continue
        for phrase, kind in _PHRASES.get(piece[0], ()):
            at = start + len(phrase)
            if mask.startswith(phrase, start) and not _goes_on(mask, at):
                yield Cue(start, at, kind)
                break
        else:
            at = end


def _goes_on(mask: str, at: int) -> bool:
    return at < len(mask) and (mask[at].isalnum() or mask[at] == "_")

"""Counted groups that can be awarded: `15 tập thể`, `hai học sinh`, `47 tập thể, cá nhân`.

A number, a noun for people, collectives or works, and an uncounted second noun or a word such as
`khác` that belongs to it; praise (`15 cá nhân xuất sắc`) is left. `22 tập thể và 31 cá nhân` is two
groups in an article of short lines, and one in the running text of long paragraphs (`LONG_LINES`), as
annotators of either kind of text counted them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diembao.vietnamese.folding import exact

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = (
    r"(?:\d{1,3}(?:[.,]\d{3})+|\d+(?:,\d+%)?|hàng (?:trăm|nghìn)|"
    r"một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
)
_NOUNS = """
tập thể|cá nhân|đảng viên|đồng chí|hội viên|đoàn viên|thành viên|cán bộ|công chức|viên chức|công nhân|
lao động|người lao động|người|chiến sĩ|sĩ quan|quân nhân|dân quân|binh sĩ|hộ gia đình|gia đình|hộ|
đơn vị|doanh nghiệp|doanh nhân|tổ chức|cơ quan|cơ sở tôn giáo|cơ sở|trường|chi bộ|chi hội|chi đoàn|
đảng bộ|khu dân cư|thôn|xã|phường|huyện|hợp tác xã|htx|câu lạc bộ|đội tuyển|đội|nhóm|tổ|lớp|ban|
học sinh|sinh viên|học viên|thí sinh|cháu|em|bạn trẻ|thanh niên|thanh thiếu niên|thiếu nhi|trẻ em|
giáo viên|giảng viên|nhà giáo|nữ nhà giáo|thầy cô|thầy giáo|cô giáo|bác sĩ|nhân viên|kỹ sư|kiến trúc sư|
nhà khoa học|nghệ sĩ|nghệ nhân|tác giả|nhóm tác giả|nhà báo|phát thanh viên|cầu thủ|vận động viên|
huấn luyện viên|nông dân|ngư dân|công dân|người dân|cựu chiến binh|phụ nữ|đại biểu|chức sắc|
tác phẩm|sản phẩm|giải pháp|sáng kiến|đề tài|công trình|đồ án|phương án|tiết mục|dự án|bài viết|
cnvc-lđ|cnvclđ|cnvc|cnlđ|lđxs|lđ|ccb|vđv|hlv|nnưt|nnnd|gương
"""
_NOUN = f"(?:{'|'.join(word.strip() for word in exact(_NOUNS).split('|'))})"
_GROUP = re.compile(
    rf"(?<![\w.,/-]){exact(_NUMBER)}(?: số)? {_NOUN}\b"
    rf"(?:(?:,| và|/) ?{_NOUN}\b)*"
    rf"(?: (?:{exact('điển hình|còn lại|khác')})\b)?"
)


_JOINT = re.compile(rf"{_GROUP.pattern}(?:(?:,| và) {_GROUP.pattern})*")
LONG_LINES = 288
"""Code points of a line on average from which on a text is one of long paragraphs."""


def find(low: str) -> Iterator[tuple[int, int]]:
    """Spans of the counted groups in a text given in the `exact` form."""
    running = len(low) >= LONG_LINES * (low.count("\n") + 1)
    for match in (_JOINT if running else _GROUP).finditer(low):
        yield match.span()

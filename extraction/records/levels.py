"""The level of a commendation by its kind and its conferrer (Law on Emulation and Commendation 2022).

Kind first: orders, medals of the state and state titles are the state's whoever hands them over.
`Bằng khen` and flags follow their conferrer; `Giấy khen` and titles of the base are grassroots.
"""

from __future__ import annotations

import re

from diembao.records import Level
from diembao.vietnamese.folding import exact


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{exact(words)})(?!\w)")


_STATE = _any(
    "huân chương|huy chương (?:quân kỳ|vì an ninh|chiến sĩ vẻ vang|hữu nghị|kháng chiến)|"
    "anh hùng (?:lao động|lực lượng)|bà mẹ việt nam anh hùng|"
    "(?:nhà giáo|thầy thuốc|nghệ sĩ|nghệ nhân) (?:nhân dân|ưu tú)|nsnd|nsưt|ngnd|ngưt|nnưt|nnnd|"
    "chiến sĩ thi đua toàn quốc|giải thưởng (?:hồ chí minh|nhà nước)|huy hiệu \\d+ năm tuổi đảng"
)
_GRASSROOTS = _any(
    "giấy khen|chiến sĩ thi đua cơ sở|lao động tiên tiến|chiến sĩ tiên tiến|gia đình văn hóa|cấp huyện"
)
_MIDDLE = _any(
    "chiến sĩ thi đua cấp (?:bộ|tỉnh|thành phố)|kỷ niệm chương|tập thể lao động xuất sắc"
)
_HEAD_OF_STATE = _any("chủ tịch nước|nhà nước|quốc hội")
_PRIME_MINISTER = _any("thủ tướng(?: chính phủ)?|chính phủ")
_LOCAL = _any(
    "quận|huyện|thị xã|xã|phường|thị trấn|quận ủy|huyện ủy|thị ủy|đảng ủy|chi bộ|trường|công ty|phòng|sở|cục|chi cục"
)
_CENTRAL = _any(
    "bộ|bộ trưởng|trung ương|tỉnh|thành phố|tp|tphcm|tỉnh ủy|thành ủy|tổng|tổng cục|ban|ủy ban|tư lệnh|"
    "quân khu|việt nam|viện|hội|tỉnh đoàn|thành đoàn|liên đoàn|giám đốc công an"
)


def level(award: str, conferrer: str | None) -> Level | None:
    """The level, or None where neither the award nor its conferrer shows it."""
    kind, giver = exact(award), exact(conferrer or "")
    if _STATE.search(kind) or _HEAD_OF_STATE.search(giver):
        return Level.STATE
    if _PRIME_MINISTER.search(giver):
        return Level.PRIME_MINISTER
    if _GRASSROOTS.search(kind):
        return Level.GRASSROOTS
    if _MIDDLE.search(kind):
        return Level.MINISTRY_PROVINCE
    if giver and _LOCAL.search(giver):
        return Level.GRASSROOTS
    return Level.MINISTRY_PROVINCE if giver and _CENTRAL.search(giver) else None

"""A unit's or place's printed name taken apart: head, and the place that it belongs to.

`UBND TP. Hà Nội`, `Ủy ban nhân dân thành phố Hà Nội` and `UBND Hà Nội` are head `uỷ ban nhân dân` and
place `ha-noi`; committees of the Party at every level share the head `cấp uỷ`. A name that ends in a
bare level (`UBND Thành phố`, `Quận ủy`) leaves the place to the article. National bodies, companies,
newspapers and names without a head word (`VNPT`) have no place: the whole name is the head. Heads alone that name nobody in particular
(`Công ty`, `Ban Tổ chức`) are no name at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from diembao.vietnamese.names import expanded, key_text
from diembao.vietnamese.provinces import LEVELS, province_slug, units_named

DISTRICT_LEVELS = frozenset({"quận", "huyện", "thị xã", "thành phố"})
COMMUNE_LEVELS = frozenset({"phường", "xã", "thị trấn", "đặc khu"})
PARTY = key_text("cấp ủy")


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative level and a name; a province has level `tỉnh` and its slug as name.

    An empty name is left to the article; an empty level is a district named without its level.
    """

    level: str
    name: str

    def __str__(self) -> str:
        return self.name if self.level == "tỉnh" else f"{self.level} {self.name}"


@dataclass(frozen=True, slots=True)
class UnitName:
    """`reach`: one in the country (`national`), in a province, in a commune, or else `local`.

    `has_own_name` is False where only the place tells it from others (`Hội Nông dân`, `Chi bộ 7`).
    """

    head: str
    place: Place | None
    chain: tuple[Place, ...]
    reach: str
    has_own_name: bool


def _any(*names: str) -> str:
    return "|".join(sorted((key_text(name) for name in names), key=len, reverse=True))


_LEVEL_WORDS = "|".join(sorted(LEVELS, key=len, reverse=True))
_COMMITTEE = key_text("ủy")
_TAIL = re.compile(
    rf"^(?P<head>(?:.* )?)(?:(?P<party>tỉnh|thành|quận|huyện|thị) {_COMMITTEE}"
    rf"|(?<!hợp tác )(?<!tấn )(?<!thị )(?P<level>{_LEVEL_WORDS})(?! hội\b))(?: (?P<name>.+))?$"
)
_PARTY_LEVEL = {
    "tỉnh": "tỉnh",
    "thành": "thành phố",
    "quận": "quận",
    "huyện": "huyện",
    "thị": "thị xã",
}

_NATIONAL = re.compile(
    rf"^(?:{_any('chính phủ', 'quốc hội', 'tổng công ty', 'tổng cục', 'tổng liên đoàn', 'công ty', 'tập đoàn')}"
    rf"|{_any('ngân hàng', 'báo', 'tạp chí', 'đài tiếng nói', 'thông tấn xã', 'đại học', 'trường đại học')}"
    rf"|{_any('học viện', 'viện', 'hãng', 'quân khu', 'quân đoàn', 'binh đoàn', 'nhà xuất bản', 'ban bí thư')}"
    rf"|{_any('tòa án nhân dân tối cao', 'ủy ban thường vụ quốc hội', 'hội đồng nhà nước')}"
    rf"|bộ(?! {_any('chỉ huy', 'đội', 'phận')}))\b"
)
_OF_THE_COUNTRY = re.compile(
    rf"\b(?:{_any('việt nam', 'trung ương', 'quốc gia', 'toàn quốc', 'chính phủ', 'quốc hội')})\b"
)
_PROVINCIAL = re.compile(rf"^(?:{_any('sở', 'cục', 'bộ chỉ huy quân sự', 'bộ đội biên phòng')})\b")
_OF_A_PLACE = re.compile(
    rf"^(?:{_any('ủy ban', 'hội đồng nhân dân', 'liên đoàn lao động', 'công đoàn', 'công an', 'hội')}"
    rf"|{_any('đoàn thanh niên', 'mặt trận tổ quốc', 'tòa án nhân dân', 'viện kiểm sát nhân dân')}"
    rf"|{_any('ban chỉ huy quân sự', 'phòng', 'đảng bộ', 'đảng ủy', 'ban dân vận', 'chi cục')})\b"
)
_SMALL = re.compile(
    rf"^(?:{_any('tổ', 'chi bộ', 'chi hội', 'chi đoàn', 'đội', 'lớp', 'khoa', 'phân hội', 'ban công tác')})\b"
)
_HEAD = re.compile(
    rf"^(?:{_any('ủy', 'ban', 'hội', 'đoàn', 'đội', 'tổ', 'nhóm', 'chi', 'đảng', 'phòng', 'sở', 'cục', 'vụ')}"
    rf"|{_any('trung tâm', 'trường', 'bệnh viện', 'công', 'liên', 'mặt trận', 'tòa', 'khoa', 'lớp', 'khối')}"
    rf"|{_any('cấp', 'bộ', 'văn phòng', 'quỹ', 'hợp tác xã', 'câu lạc bộ', 'trạm', 'đồn', 'hạt', 'nhà')}"
    rf"|{_any('xí nghiệp', 'xưởng', 'thư viện', 'bảo', 'kho', 'thanh tra', 'viện', 'giáo', 'dòng', 'phân')}"
    rf"|{_any('thường trực', 'hạm', 'trung đoàn', 'tiểu đoàn', 'lữ đoàn', 'sư đoàn', 'lực lượng', 'đài')})\b"
)
_NOBODY = frozenset(
    key_text(name)
    for name in (
        "công ty", "tập đoàn", "tổng công ty", "trường", "nhà trường", "sở", "bộ", "ban", "hội", "ủy ban",
        "trung tâm", "bệnh viện", "ban tổ chức", "ban giám khảo", "ban giám hiệu", "ban chỉ đạo", "chi bộ",
        "chi hội", "tổ", "phòng", "cục", "viện", "ngân hàng", "hợp tác xã", "câu lạc bộ", "liên đoàn",
        "công đoàn", "báo", "học viện", "đảng bộ", "xí nghiệp", "nhà máy", "đoàn", "đội", "ban quản lý",
        "ban giám đốc", "hội đồng", "cơ quan", "công an", "tòa án", "ban thường vụ", "ban chấp hành",
        "chi đoàn", "chi nhánh", "quỹ", "khoa", "hđqt", "cấp ủy", "thường trực",
    )
)  # fmt: skip


@lru_cache(maxsize=65536)
def place_of(printed: str) -> Place | None:
    """The administrative place that a text names; None for any other place."""
    slug = province_slug(printed)
    key = expanded(printed)
    found = _TAIL.match(key)
    if found and found["level"] and not found["head"].strip():
        level, name = found["level"], found["name"] or ""
        if slug and level in {"tỉnh", "thành phố"}:
            return Place("tỉnh", slug)
        return None if level == "tỉnh" and name else Place(level, name)
    if slug:
        return Place("tỉnh", slug)
    if any(unit.level in DISTRICT_LEVELS for unit in units_named(key)):
        return Place("", key)
    return None


def _province_suffix(words: list[str]) -> tuple[int, str] | None:
    for length in (4, 3, 2, 1):
        if len(words) > length and (slug := province_slug(" ".join(words[-length:]))):
            return length, slug
    return None


def _district_suffix(words: list[str]) -> int | None:
    for length in (3, 2):
        name = " ".join(words[-length:])
        if len(words) > length and any(u.level in DISTRICT_LEVELS for u in units_named(name)):
            return length
    return None


@lru_cache(maxsize=65536)
def unit_name(printed: str) -> UnitName | None:
    """The parts of a unit's printed name, or None if it names no particular unit."""
    main, *rest = printed.split(",")
    chain = tuple(place for part in rest if (place := place_of(part.strip())))
    key = expanded(main)
    if not key or key in _NOBODY:
        return None
    if _NATIONAL.search(key):
        return UnitName(expanded(printed), None, (), "national", has_own_name=True)
    head, place = key, None
    while found := _TAIL.match(head):
        before, tail = _tail(found)
        if tail is None:
            break
        if place is not None:
            chain = (place, *chain)
        head, place = before, tail
        if found["party"] or not head:
            break
    if _OF_THE_COUNTRY.search(head):
        if place is None:
            return UnitName(head, None, (), "national", has_own_name=True)
        head = _OF_THE_COUNTRY.sub("", head).strip()
    if place is None:
        head, place = _without_level(head)
    if not _HEAD.match(head) and place is None:
        return UnitName(key, None, (), "national", has_own_name=True)
    reach = "local"
    if _PROVINCIAL.match(head):
        reach = "province"
    elif _SMALL.match(head):
        reach = "commune"
    own = len(head.split()) > 3 and not _OF_A_PLACE.match(head) and not re.search(r"\d", head)
    return UnitName(head.strip() or key, place, chain, reach, has_own_name=own)


def _tail(found: re.Match[str]) -> tuple[str, Place | None]:
    """The head before a level word, and the place that the level word begins."""
    name = found["name"] or ""
    before = found["head"].strip()
    level = _PARTY_LEVEL[found["party"]] if found["party"] else found["level"]
    if found["party"]:
        before = f"{before} {PARTY}".strip()
    if len(name.split()) > 5:
        return before, None
    slug = province_slug(name) if level in {"tỉnh", "thành phố"} and name else None
    if slug:
        return before, Place("tỉnh", slug)
    return before, None if level == "tỉnh" and name else Place(level, name)


def _without_level(head: str) -> tuple[str, Place | None]:
    words = head.split()
    if suffix := _province_suffix(words):
        length, slug = suffix
        return " ".join(words[:-length]), Place("tỉnh", slug)
    if _OF_A_PLACE.match(head) and (tail := _district_suffix(words)):
        return " ".join(words[:-tail]), Place("", " ".join(words[-tail:]))
    return head, None

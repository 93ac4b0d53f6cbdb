"""What a printed line tells by itself: whether it ends a sentence, names a person, heads a box."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from diembao.vietnamese.folding import fold

_CLOSING = "”\"'’»)]"
_HEADS_OF_LISTS = re.compile(
    r"(cac |nhung )?(tin|bai|tin bai|bai viet|tin tuc|video|clip|anh|chu de|su kien)( tuc| bai| viet)? "
    r"(khac|moi|moi nhat|moi dang|lien quan|cung (chuyen )?muc|cung (chu de|loai)|doc nhieu|doc nhieu nhat|xem nhieu|"
    r"xem nhieu nhat|noi bat|tai tro|da dua|cu hon|nen doc|nen xem|hot)|"
    r"(co )?lien quan|nen xem|nen doc|doc them|xem them|tham khao them|cung chuyen muc|doc nhieu( nhat)?|xem nhieu( nhat)?|"
    r"moi nhat|co the ban (quan tam|thich)|ban co the (quan tam|thich)|danh cho ban|goi y cho ban|dang quan tam"
)
_INSIDE = frozenset(
    {"tham khao them", "tin lien quan", "bai lien quan", "doc them", "xem them", "lien quan"}
)
_CHROME = frozenset(
    {
        "xem them", "phien ban di dong", "xem ban may tinh", "chia se", "facebook", "zalo", "twitter",
        "copy link", "sao chep lien ket", "in bai viet", "in trang", "binh luan", "gui binh luan", "luu bai viet",
        "trang chu", "tro lai", "len dau trang", "nghe doc bai", "quang cao", "theo doi", "gui", "email",
        "chia se facebook", "lien he", "google news", "theo doi tren google news", "nhap chu thich anh",
    }
)  # fmt: skip
_POINTER = re.compile(
    r"^(>+|»+|xem them|doc them|tin lien quan|mời độc giả|moi doc gia)\s*[:>»]", re.I
)
_INVITES = re.compile(
    r"^\W*(kính )?mời (bạn đọc|độc giả|quý vị|quý độc giả|các bạn)\b.*(chuyên mục|xem|đọc|theo dõi|đón)",
    re.I,
)
_RIGHTS = re.compile(
    r"^\W*(bản quyền (thuộc|của)|không (được )?sao chép|nghiêm cấm sao chép|ghi rõ nguồn|®|©|copyright)",
    re.I,
)
_TAGS = re.compile(r"^(từ khóa|từ khoá|tags?|chủ đề)\s*:", re.I)
_CREDIT = re.compile(
    r"\(?\b(ảnh|nguồn ảnh|ảnh minh họa|ảnh tư liệu|đồ họa|photo)\s*[:/]\s*[^.]{1,60}\.?\)?$", re.I
)
_SPEAKER = re.compile(r"^(PV|P\.V|Phóng viên|Hỏi|[A-ZÀ-ỸĐ][\wÀ-ỹ .]{1,40})\s*:\s|^[-–—+*]\s")
LONGEST_QUESTION = 100
_OFFICE = re.compile(
    r"^(Ban|Nhóm|Tổ|Phòng|Văn phòng|Trung tâm|Tòa soạn|Cổng|CTV|PV)( [\wÀ-ỹ-]+){1,8}$"
)
_BEFORE_NAMES = re.compile(
    r"^((theo|tin|bài|ảnh|clip|video|đồ họa|thực hiện|tổng hợp|biên dịch|nhóm pv|pv|tác giả|bởi|by)"
    r"(\s*(,|và|&|-|/)\s*(tin|bài|ảnh|clip|video|đồ họa))*)\s*:\s*|^(theo|pv|tác giả|bởi|by)\s+",
    re.I,
)
_AFTER_NAMES = re.compile(
    r"[\s(–-]+(tổng hợp|t/h|theo [^)]*|ghi|thực hiện|lược ghi|lược dịch|biên dịch)\)?$", re.I
)
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
LONGEST_HEADING = 300
"""Characters of what a page repeats: headings, headlines, buttons."""
LONGEST_LIST_HEADING = 80
LONGEST_POINTER = 60
_NAME_PART = re.compile(r"^[A-ZÀ-ỸĐ][\wÀ-ỹ.’'-]*$")


def squeezed(text: str) -> str:
    """NFC with every white space and zero-width run as one space."""
    text = unicodedata.normalize("NFC", text)
    return " ".join((text if text.isascii() else _UNSEEN.sub("", text)).split())


def key(text: str) -> str:
    """For comparing headlines: folded letters and digits only."""
    return _short_key(text) if len(text) <= LONGEST_HEADING else _key(text)


def _key(text: str) -> str:
    return _BETWEEN_WORDS.sub(" ", fold(text)).strip()


_short_key = lru_cache(maxsize=8192)(_key)
"""The same menus, boxes and buttons stand on all pages of a newspaper."""


def ends_sentence(line: str) -> bool:
    """Whether the line ends as sentences do."""
    bare = line.rstrip().rstrip(_CLOSING).rstrip()
    return bool(bare) and (bare[-1] in ".!?…;:" or line.rstrip()[-1] in ".!?…;:")


def can_head(line: str) -> bool:
    """Whether a bold line can be a subhead: no sentence, or a question that nobody is named to ask."""
    asks = line.rstrip(_CLOSING).endswith("?") and len(line) <= LONGEST_QUESTION
    return (not ends_sentence(line) or asks) and not _SPEAKER.match(line)


def is_headline(text: str) -> bool:
    """Whether the text of a link can be another article's headline."""
    return len(text) >= 20 and len(text.split()) >= 5


def heads_list(line: str) -> bool:
    """Whether the line heads a box of other articles."""
    return len(line) <= LONGEST_LIST_HEADING and bool(_HEADS_OF_LISTS.fullmatch(key(line)))


def may_stand_inside(line: str) -> bool:
    """Whether such a box may stand in the middle of an article."""
    return key(line) in _INSIDE


def is_chrome(line: str) -> bool:
    """Whether the line belongs to the page, not to the article."""
    return (
        not any(char.isalpha() for char in line)
        or key(line) in _CHROME
        or bool(_RIGHTS.match(line) or _INVITES.match(line))
    )


def points_elsewhere(line: str) -> bool:
    """Whether the line leads to another article (`>> …`, `Xem thêm: …`)."""
    opening = line[:LONGEST_POINTER]
    return bool(_POINTER.match(opening) or _POINTER.match(fold(opening)))


def lists_tags(line: str) -> bool:
    """Whether the line lists keywords."""
    return bool(_TAGS.match(line))


def credits_photo(line: str) -> bool:
    """Whether the line ends in a photo credit."""
    return len(line) < 400 and bool(_CREDIT.search(line))


def is_byline(line: str) -> bool:
    """Whether the line can be an author's: one or more names, `Theo …`, `Bài, ảnh: …`."""
    if _OFFICE.match(line) and len(line) <= 60:
        return True
    bare = _AFTER_NAMES.sub("", _BEFORE_NAMES.sub("", line)).strip()
    if not bare or len(line) > 70 or ends_sentence(bare) or any(char.isdigit() for char in bare):
        return False
    parts = [part for part in re.split(r"[\s,;&/–-]+|\bvà\b", bare) if part]
    return 0 < len(parts) <= 10 and all(_NAME_PART.match(part) for part in parts)

"""What a printed line tells by itself: whether it ends a sentence, names a person, heads a box."""

from __future__ import annotations

import re
import unicodedata

from diembao.vietnamese.folding import fold

_CLOSING = "”\"'’»)]"
_HEADS_OF_LISTS = frozenset(
    {
        "co the ban quan tam", "nen xem", "tin khac", "tin lien quan", "bai lien quan", "lien quan",
        "doc them", "xem them", "cung chuyen muc", "tin cung chuyen muc", "bai cung chuyen muc",
        "doc nhieu", "doc nhieu nhat", "tin doc nhieu", "xem nhieu", "tin moi", "tin moi nhat", "moi nhat",
        "tin noi bat", "tin tuc khac", "bai viet khac", "cac tin khac", "tin bai khac", "bai doc nhieu",
        "tin tuc lien quan", "bai viet lien quan", "chu de lien quan", "tin cung muc", "tin xem nhieu",
        "co the ban thich", "danh cho ban", "goi y cho ban", "tin tai tro", "bai moi", "tin cu hon",
    }
)  # fmt: skip
_INSIDE = frozenset({"tin lien quan", "bai lien quan", "doc them", "xem them", "lien quan"})
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
_TAGS = re.compile(r"^(từ khóa|từ khoá|tags?|chủ đề)\s*:", re.I)
_CREDIT = re.compile(
    r"\(?\b(ảnh|nguồn ảnh|ảnh minh họa|ảnh tư liệu|đồ họa|photo)\s*[:/]\s*[^.]{1,60}\.?\)?$", re.I
)
_NAME_PART = re.compile(r"^[A-ZÀ-ỸĐ][\wÀ-ỹ.’'-]*$")


def squeezed(text: str) -> str:
    """NFC with every white space and zero-width run as one space."""
    text = re.sub("[\u200b\u200c\u200d\u2060\ufeff\u00ad]", "", unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def key(text: str) -> str:
    """For comparing headlines: folded letters and digits only."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def ends_sentence(line: str) -> bool:
    """Whether the line ends as sentences do."""
    bare = line.rstrip().rstrip(_CLOSING).rstrip()
    return bool(bare) and (bare[-1] in ".!?…;:" or line.rstrip()[-1] in ".!?…;:")


def heads_list(line: str) -> bool:
    """Whether the line heads a box of other articles."""
    return key(line) in _HEADS_OF_LISTS


def may_stand_inside(line: str) -> bool:
    """Whether such a box may stand in the middle of an article."""
    return key(line) in _INSIDE


def is_chrome(line: str) -> bool:
    """Whether the line belongs to the page, not to the article."""
    return not any(char.isalpha() for char in line) or key(line) in _CHROME


def points_elsewhere(line: str) -> bool:
    """Whether the line leads to another article (`>> …`, `Xem thêm: …`)."""
    return bool(_POINTER.match(line) or _POINTER.match(fold(line)))


def lists_tags(line: str) -> bool:
    """Whether the line lists keywords."""
    return bool(_TAGS.match(line))


def credits_photo(line: str) -> bool:
    """Whether the line ends in a photo credit."""
    return len(line) < 400 and bool(_CREDIT.search(line))


def is_byline(line: str) -> bool:
    """Whether the line can be an author's: one or more names, `Theo …`, `Bài, ảnh: …`."""
    bare = re.sub(
        r"^(theo|bài,? ?(và )?ảnh|bài|thực hiện|nhóm pv|pv|tác giả)\s*:?\s+", "", line, flags=re.I
    )
    bare = re.sub(r"\((tổng hợp|t/h|theo [^)]*|ghi|thực hiện)\)", "", bare, flags=re.I).strip()
    if not bare or len(line) > 70 or ends_sentence(bare) or any(char.isdigit() for char in bare):
        return False
    parts = [part for part in re.split(r"[\s,;&/–-]+|\bvà\b", bare) if part]
    return 0 < len(parts) <= 10 and all(_NAME_PART.match(part) for part in parts)

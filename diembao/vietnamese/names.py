"""Names of units, people and awards in forms that compare.

`key_text` is one form for all spellings of a name: NFC, lower case, `Ð` as `đ`, the tone mark in
one place, final `y` after a consonant as `i`, no quotes, brackets or punctuation; `và`, `&` and
hyphens between words do not count. `expanded` also writes abbreviations out. Accents count: Tân Lập
and Tân Lạp are two places.
"""

from __future__ import annotations

import re
from functools import lru_cache

from diembao.vietnamese.folding import exact, nfc

_QUOTES = re.compile(r"[“”\"„‟‘’'`´«»]")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_OTHER = re.compile(r"[^\w\s]+|_")
_FINAL_Y = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")

ABBREVIATIONS = {
    "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân",
    "LĐLĐ": "Liên đoàn Lao động",
    "UBMTTQ": "Ủy ban Mặt trận Tổ quốc",
    "MTTQ": "Mặt trận Tổ quốc",
    "LHPN": "Liên hiệp Phụ nữ",
    "HLHPN": "Hội Liên hiệp Phụ nữ",
    "HPN": "Hội Phụ nữ",
    "CCB": "Cựu chiến binh",
    "TNCS": "Thanh niên Cộng sản",
    "HCM": "Hồ Chí Minh",
    "ĐTN": "Đoàn Thanh niên",
    "CATP": "Công an thành phố",
    "CA": "Công an",
    "CAND": "Công an nhân dân",
    "CHQS": "Chỉ huy Quân sự",
    "BĐBP": "Bộ đội Biên phòng",
    "CSGT": "Cảnh sát giao thông",
    "CSHS": "Cảnh sát hình sự",
    "CSĐT": "Cảnh sát điều tra",
    "PCCC": "Phòng cháy chữa cháy",
    "CNCH": "cứu nạn cứu hộ",
    "TAND": "Tòa án nhân dân",
    "VKSND": "Viện Kiểm sát nhân dân",
    "BCH": "Ban Chấp hành",
    "BTV": "Ban Thường vụ",
    "BTC": "Ban Tổ chức",
    "BQL": "Ban Quản lý",
    "BQLDA": "Ban Quản lý dự án",
    "BCĐ": "Ban Chỉ đạo",
    "CĐCS": "Công đoàn cơ sở",
    "CĐ": "Công đoàn",
    "HTX": "Hợp tác xã",
    "TDP": "Tổ dân phố",
    "KDC": "Khu dân cư",
    "THCS": "Trung học cơ sở",
    "THPT": "Trung học phổ thông",
    "ĐH": "Đại học",
    "BV": "Bệnh viện",
    "TNHH": "Trách nhiệm hữu hạn",
    "MTV": "Một thành viên",
    "CP": "Cổ phần",
    "XN": "Xí nghiệp",
    "KCN": "Khu công nghiệp",
    "BHXH": "Bảo hiểm xã hội",
    "NHCSXH": "Ngân hàng Chính sách xã hội",
    "GDĐT": "Giáo dục và Đào tạo",
    "LĐTBXH": "Lao động Thương binh và Xã hội",
    "VHTTDL": "Văn hóa Thể thao và Du lịch",
    "VHTT": "Văn hóa và Thể thao",
    "NNPTNT": "Nông nghiệp và Phát triển nông thôn",
    "TNMT": "Tài nguyên và Môi trường",
    "KHCN": "Khoa học và Công nghệ",
    "KHĐT": "Kế hoạch và Đầu tư",
    "TTTT": "Thông tin và Truyền thông",
    "GTVT": "Giao thông vận tải",
    "TƯ": "Trung ương",
    "TW": "Trung ương",
    "TP": "thành phố",
    "TX": "thị xã",
    "VN": "Việt Nam",
}
"""What newspapers abbreviate, written out."""

_JOINED = re.compile(r"(?<=[A-ZĐƯ])\s?[&-]\s?(?=[A-ZĐ]{1,4}\b)")
_WORD = re.compile(r"\w+")
_SHORT_LEVELS = (
    (re.compile(r"\bT\.\s?[ƯU]\b"), "Trung ương"),
    (re.compile(r"\b[Tt][Pp]\.?\s?(?=HCM\b)"), "thành phố "),
    (re.compile(r"\b(?:TP|Tp|tp)\.\s?"), "thành phố "),
    (re.compile(r"\b(?:TX|Tx|tx)\.\s?"), "thị xã "),
    (re.compile(r"\bTT\.\s?(?=\w)"), "thị trấn "),
    (re.compile(r"\bP\.\s?(?=[\dA-ZĐ])"), "phường "),
    (re.compile(r"\bQ\.\s?(?=[\dA-ZĐ])"), "quận "),
    (re.compile(r"\bH\.\s?(?=[A-ZĐ])"), "huyện "),
)


@lru_cache(maxsize=65536)
def key_text(name: str) -> str:
    """The form in which spellings of one name are equal; may be empty."""
    bare = _OTHER.sub(" ", _BRACKETS.sub(" ", _QUOTES.sub("", exact(nfc(name)))))
    return " ".join(_one_i(word) for word in bare.split() if word != "và")


def _one_i(word: str) -> str:
    if len(word) > 1 and word[-1] in "yỳýỷỹỵ" and word[-2] in "bcdđghklmnprstvx":
        return word[:-1] + word[-1].translate(_FINAL_Y)
    return word


_SAME = tuple(
    (re.compile(rf"\b{key_text(form)}\b"), key_text(one))
    for form, one in (
        ("đoàn thanh niên cộng sản hồ chí minh", "đoàn thanh niên"),
        ("đoàn thanh niên cộng sản", "đoàn thanh niên"),
        ("ủy ban mặt trận tổ quốc", "mặt trận tổ quốc"),
        ("mặt trận tổ quốc việt nam", "mặt trận tổ quốc"),
        ("hội liên hiệp phụ nữ", "hội phụ nữ"),
        ("thành đoàn", "đoàn thanh niên thành phố"),
        ("tỉnh đoàn", "đoàn thanh niên tỉnh"),
        ("huyện đoàn", "đoàn thanh niên huyện"),
        ("quận đoàn", "đoàn thanh niên quận"),
    )
)
_ZEROS = re.compile(r"\b0+(?=[1-9])")


@lru_cache(maxsize=65536)
def expanded(name: str) -> str:
    """The `key_text` of a unit's name with abbreviations and customary short forms written out."""
    text = nfc(name).replace("Ð", "Đ")
    for short, full in _SHORT_LEVELS:
        text = short.sub(full, text)
    text = _JOINED.sub("", text)
    text = _WORD.sub(lambda word: ABBREVIATIONS.get(word[0], word[0]), text)
    key = key_text(text)
    for forms, one in _SAME:
        key = forms.sub(one, key)
    return _ZEROS.sub("", key)


_GRADES = {"1": "nhất", "2": "nhì", "3": "ba", "i": "nhất", "ii": "nhì", "iii": "ba"}
_GRADE = re.compile(r"\b(hạng|giải) (1|2|3|iii|ii|i)\b")


def award_key(award: str) -> str:
    """The kind of an award: its own name with its grade, whoever confers it."""
    return _GRADE.sub(lambda found: f"{found[1]} {_GRADES[found[2]]}", key_text(award))


def counted(recipient: str) -> bool:
    """Whether a recipient is a counted group (`15 tập thể`), which names nobody."""
    return bool(re.match(r"\d+\s+(?!\d)", key_text(recipient)))

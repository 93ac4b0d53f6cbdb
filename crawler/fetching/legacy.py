"""Vietnamese written in fonts of before Unicode: TCVN3 (ABC) and VNI.

Such pages are Latin text whose fonts drew other letters, so no charset names them and no byte proves
them. They are told by their words: one reading has to give many of the commonest words, the page as it
stands next to none. TCVN3 has no small and capital letters of its own with tones (capitals were a font),
so its capitals come out small.
"""

from __future__ import annotations

import re
import unicodedata

_TCVN3 = str.maketrans(
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
)
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_VNI_LETTERS = {
    "ô": "ơ",
    "ö": "ư",
    "ñ": "đ",
    "î": "ỵ",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
}


def _vni() -> dict[str, str]:
    """Letters and pairs of letters as VNI writes them."""
    found = dict(_VNI_LETTERS)
    signs = {
        **dict.fromkeys("aeouyôö", ("", "øûõùï")),
        **dict.fromkeys(("a^", "e^", "o^"), ("â", "àåãáä")),
        "a(": ("ê", "èúüéë"),
    }
    hats = {"^": "\u0302", "(": "\u0306"}
    for key, (plain, toned) in signs.items():
        letter, hat = key[0], hats.get(key[1:], "")
        base = _VNI_LETTERS.get(letter, letter) + hat
        if plain:
            found[letter + plain] = unicodedata.normalize("NFC", base)
        for sign, tone in zip(toned, _TONES, strict=True):
            found[letter + sign] = unicodedata.normalize("NFC", base + tone)
    capitals = {key[0].upper() + key[1:]: value.upper() for key, value in found.items()}
    return found | capitals | {key.upper(): value.upper() for key, value in found.items()}


_VNI = _vni()
_VNI_SIGNS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_WORDS = frozenset(
    {
        "và", "của", "được", "các", "người", "những", "đã", "với", "một", "này", "đến", "đó", "để", "không",
        "như", "từ", "năm", "số", "nhân", "đồng", "xã", "tỉnh", "ở", "về", "vào", "phó", "tại", "cũng", "nhà",
        "trên", "hội", "huyện", "ngày", "đường", "nhiều", "nước", "chính",
    }
)  # fmt: skip
_UNICODE = re.compile("[\u1ea0-\u1ef9]")
"""Letters that only Unicode has: in almost every Vietnamese sentence, in no font of before it."""
_SIGNS = 3
_SURPLUS = 4
"""How many times more of the commonest words one reading has to show than any other."""


def to_unicode(text: str) -> str | None:
    """What was meant, where it is certain that the text stands in one of these fonts; else None."""
    if text.isascii() or _UNICODE.search(text):
        return None
    readings = [text.translate(_TCVN3), _VNI_SIGNS.sub(lambda m: _VNI[m[0]], text)]
    best, other = sorted(readings, key=_common, reverse=True)
    most = _common(best)
    rivals = max(_common(text), _common(other))
    return best if most >= _SIGNS and most >= _SURPLUS * rivals else None


def _common(text: str) -> int:
    """How often the commonest words occur that have marks."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())
    return sum(word in _WORDS and not word.isascii() for word in words)

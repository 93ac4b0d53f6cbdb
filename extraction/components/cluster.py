"""Cluster: mentions of one article that mean the same share an `entity` key.

needs: doc._.tagged. gives: doc._.mentions, the same with `entity` set.

Rules, in order; the key is `LABEL:` and the cluster's fullest form by `folding.exact`, without
quotation marks and bracketed abbreviations (`UNIT:quận ủy tây hồ`):
1. Equal forms: case, tone style, quotes and white space do not matter; abbreviations are read as
   the article itself explains them in brackets, and the common ones of administration always.
2. A short form belongs to the fullest name that contains it: a unit or place by its beginning
   (`Quận ủy` of `Quận ủy Tây Hồ`) or, for a place, its end (`Tây Hồ` of `quận Tây Hồ`), a person by
   the last syllables (`Vui` of `Lê Văn Vui`) or, for foreign names, any syllables in a row. Among
   several the last one mentioned before is meant, or else the first one after.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

from spacy.language import Language

from diembao.records import Label, Mention
from diembao.vietnamese.folding import exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

_COMMON = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "ubmttq": "ủy ban mặt trận tổ quốc",
    "mttq": "mặt trận tổ quốc",
    "lđlđ": "liên đoàn lao động",
    "tlđlđ": "tổng liên đoàn lao động",
    "ccb": "cựu chiến binh",
    "lhpn": "liên hiệp phụ nữ",
    "tnxp": "thanh niên xung phong",
    "bđbp": "bộ đội biên phòng",
    "bchqs": "bộ chỉ huy quân sự",
    "chqs": "chỉ huy quân sự",
    "catp": "công an thành phố",
    "ca": "công an",
    "gd-đt": "giáo dục và đào tạo",
    "gd&đt": "giáo dục và đào tạo",
    "gdđt": "giáo dục và đào tạo",
    "lđtb&xh": "lao động, thương binh và xã hội",
    "lđ-tb&xh": "lao động, thương binh và xã hội",
    "nn&ptnt": "nông nghiệp và phát triển nông thôn",
    "tn&mt": "tài nguyên và môi trường",
    "vh,tt&dl": "văn hóa, thể thao và du lịch",
    "vhttdl": "văn hóa, thể thao và du lịch",
    "tnhh": "trách nhiệm hữu hạn",
    "cp": "cổ phần",
    "htx": "hợp tác xã",
    "thcs": "trung học cơ sở",
    "thpt": "trung học phổ thông",
    "đh": "đại học",
    "bv": "bệnh viện",
    "tw": "trung ương",
    "tư": "trung ương",
    "tnxk": "thanh niên xung kích",
    "tp": "thành phố",
    "tx": "thị xã",
    "tphcm": "thành phố hồ chí minh",
    "hcm": "hồ chí minh",
    "hn": "hà nội",
    "vn": "việt nam",
    "vksnd": "viện kiểm sát nhân dân",
    "tand": "tòa án nhân dân",
    "csgt": "cảnh sát giao thông",
    "pccc": "phòng cháy chữa cháy",
    "cđ": "công đoàn",
    "hcv": "huy chương vàng",
    "hcb": "huy chương bạc",
    "hcđ": "huy chương đồng",
    "hc": "huy chương",
    "nsnd": "nghệ sĩ nhân dân",
    "nsưt": "nghệ sĩ ưu tú",
    "nnnd": "nghệ nhân nhân dân",
    "nnưt": "nghệ nhân ưu tú",
    "ngnd": "nhà giáo nhân dân",
    "ngưt": "nhà giáo ưu tú",
    "ttnd": "thầy thuốc nhân dân",
    "ttưt": "thầy thuốc ưu tú",
    "cstđ": "chiến sĩ thi đua",
    "llvt": "lực lượng vũ trang",
    "llvtnd": "lực lượng vũ trang nhân dân",
    "sỹ": "sĩ",
}
_EXPAND = {
    exact(short): tuple(exact(full).replace(",", "").split()) for short, full in _COMMON.items()
}
_PLACE_HEADS = frozenset(
    exact(
        "tỉnh|thành phố|quận|huyện|thị xã|thị trấn|phường|xã|thôn|bản|ấp|làng|buôn|khu|phố|đường|tổ|khối|nước|đảo|sông"
    ).split("|")
)
_SYLLABLE = re.compile(r"[^\W_]+(?:[&'’-][^\W_]+)*")
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_SHORT = re.compile(r"\s*\(([^\W\d_a-z]{2,10})\b")
_QUOTES = re.compile("[“”\"'‘’]")
_NEAREST = 8
"""How many fuller names one short form can have, and how many syllables a unit's name can lose."""

Key = tuple[Label, tuple[str, ...]]


@lru_cache(maxsize=16384)
def _syllables(form: str) -> tuple[str, ...]:
    """The syllables of a form that stand for it: folded, common abbreviations read out."""
    out: list[str] = []
    for match in _SYLLABLE.finditer(_BRACKET.sub("", exact(form))):
        out += _EXPAND.get(match[0], (match[0],))
    return tuple(out)


def _explained(text: str, mentions: Sequence[Mention]) -> dict[str, tuple[str, ...]]:
    """Abbreviations that the article explains: `Liên đoàn Lao động (LĐLĐ)` and the like."""
    found: dict[str, tuple[str, ...]] = {}
    for mention in mentions:
        if mention.label is not Label.UNIT:
            continue
        size = mention.end - mention.start
        stretch = text[mention.start : mention.end + 16]
        for bracket in _SHORT.finditer(stretch):
            words = _SYLLABLE.findall(exact(stretch[: bracket.start()]))
            short = exact(bracket[1])
            fitting = (
                w for n in range(len(short) + 2, 1, -1) if _initials(w := words[-n:]) == short
            )
            inside = bracket.start() < size
            if bracket.start() <= size and (full := next(fitting, None) if inside else words):
                found[short] = tuple(full)
    return found


def _initials(words: Iterable[str]) -> str:
    return "".join(word[0] for word in words)


def _short_forms(key: Key) -> Iterator[Key]:
    """The forms by which this kind of full name can be called for short."""
    label, words = key
    size = len(words)
    if label is Label.PERSON:
        yield from ((label, words[at:]) for at in range(1, size))
        if size > 1:
            yield label, words[:1]
    elif label is Label.UNIT:
        yield from ((label, words[:at]) for at in range(max(1, size - _NEAREST), size))
    elif label is Label.PLACE:
        yield from (
            (label, words[at:])
            for at in (1, 2)
            if at < size and " ".join(words[:at]) in _PLACE_HEADS
        )


def _key(mention: Mention, text: str, explained: dict[str, tuple[str, ...]]) -> Key:
    form = text[mention.start : mention.end]
    words = _syllables(form)
    if mention.label is Label.UNIT and explained:
        words = tuple(full for word in words for full in explained.get(word, (word,)))
    return mention.label, words or (form,)


def _fuller(
    key: Key, at: int, fuller: Mapping[Key, Sequence[Key]], seen: Mapping[Key, list[int]]
) -> Key:
    """The fullest name that a form stands for at this mention."""
    while names := fuller.get(key):
        before = [(seen[name][i - 1], name) for name in names if (i := bisect_left(seen[name], at))]
        key = max(before)[1] if before else min((seen[name][0], name) for name in names)[1]
    return key


def cluster(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions, each with the key of what it means."""
    explained = _explained(text, mentions)
    keys = [_key(mention, text, explained) for mention in mentions]
    seen: dict[Key, list[int]] = {}
    for at, key in enumerate(keys):
        seen.setdefault(key, []).append(at)
    fuller: dict[Key, list[Key]] = {}
    for name in seen:
        for short in _short_forms(name):
            if short in seen and len(fuller.setdefault(short, [])) < _NEAREST:
                fuller[short].append(name)
    meant = [_fuller(key, at, fuller, seen) for at, key in enumerate(keys)]
    fullest: dict[Key, str] = {}
    for mention, key, own in zip(mentions, meant, keys, strict=True):
        form = _plain(text[mention.start : mention.end])
        if own == key and len(form) > len(fullest.get(key, "")):
            fullest[key] = form
    return tuple(
        mention._replace(entity=f"{mention.label}:{fullest[key]}")
        for mention, key in zip(mentions, meant, strict=True)
    )


def _plain(form: str) -> str:
    """A form as it stands in a key."""
    return " ".join(_QUOTES.sub("", _BRACKET.sub("", exact(form))).split()) or exact(form)


@Language.factory("cluster", requires=["doc._.tagged"], assigns=["doc._.mentions"])
class Cluster:
    """The component of a pipeline."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002  spaCy passes both by name
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.mentions`."""
        doc._.mentions = cluster(doc._.printed, doc._.tagged)
        return doc

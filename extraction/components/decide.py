"""Decide: is this an award article, with a calibrated score.

needs: doc._.mentions, doc._.conferments, doc._.certainty. gives: doc._.award_score (the probability
that the news is that awards are or were conferred, or that one concrete conferment is named) and
doc._.is_award_article.
"""

from __future__ import annotations

import re
from math import log1p
from typing import TYPE_CHECKING

from spacy.language import Language

from diembao.records import Conferment, Label, Mention
from diembao.vietnamese.folding import exact
from extraction.records.forest import Forest
from extraction.records.page import lowered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

_CUES = {
    "honour": "khen thưởng|vinh danh|tuyên dương|tôn vinh|biểu dương|phong tặng|truy tặng|trao giải|trao tặng|khen",
    "receive": "đón nhận|nhận|được tặng|được trao|được phong|đạt giải|đoạt giải|đoạt|đạt|giành|lên ngôi",
    "give": "trao|tặng|tặng thưởng|gắn",
    "plan": "đề nghị|dự kiến|sẽ|xét tặng|kế hoạch|quy định|phát động|dự thảo|hướng dẫn|đề xuất|thu hồi|hủy|tiêu chuẩn|quy chế|"
    "tuyển chọn|thể lệ|sửa đổi|nghị định|thông tư|bổ nhiệm",
    "loss": "thua|hạng|trận|vòng|ghi bàn|đối thủ|vô địch|chung kết",
}
_PATTERNS = {cue: re.compile(rf"(?<!\w)(?:{exact(words)})(?!\w)") for cue, words in _CUES.items()}
HEAD = 600
"""Code points of headline and lead that are looked at apart."""


def features(
    text: str, mentions: Sequence[Mention], conferments: Sequence[Conferment], certainty: float
) -> dict[str, float]:
    """What the decision looks at."""
    low = lowered(text)
    title = low[: low.find("\n") if "\n" in low else len(low)][:HEAD]
    awards = [mention for mention in mentions if mention.label is Label.AWARD]
    out = {
        "certainty": certainty,
        "conferments": float(len(conferments)),
        "recipients": float(sum(len(c.recipients) for c in conferments)),
        "awards": float(len(awards)),
        "kinds": float(len({mention.entity for mention in awards})),
        "first": awards[0].start / (len(text) + 1) if awards else 1.0,
        "titled": float(sum(mention.start < len(title) for mention in awards)),
        "dense": 1000 * len(awards) / (len(text) + 1000),
        "length": log1p(len(text)),
    }
    for cue, pattern in _PATTERNS.items():
        out[f"title:{cue}"] = float(len(pattern.findall(title)))
        out[f"head:{cue}"] = float(len(pattern.findall(low[:HEAD])))
        out[f"text:{cue}"] = 1000 * len(pattern.findall(low)) / (len(text) + 1000)
    return out


@Language.factory(
    "decide",
    requires=["doc._.mentions", "doc._.conferments", "doc._.certainty"],
    assigns=["doc._.award_score", "doc._.is_award_article"],
)
class Decide:
    """The component of a pipeline."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002  spaCy passes both by name
        self.name = name
        self._forest = Forest.read("decision")

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.award_score` and `doc._.is_award_article`."""
        row = features(doc._.printed, doc._.mentions, doc._.conferments, doc._.certainty)
        doc._.award_score = round(self._forest.probabilities([row])[0], 4)
        doc._.is_award_article = doc._.award_score >= self._forest.threshold
        return doc

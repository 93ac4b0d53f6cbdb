"""Is this an award article?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    Read = Callable[[str], Doc]

AWARD = (
    "[U|Hội Nông dân xã Đồng Lâm] đón nhận [A|Bằng khen] của [U|UBND tỉnh]\n"
    "Sáng 5/6, [U|Hội Nông dân xã Đồng Lâm] vinh dự được [U|UBND tỉnh] tặng [A|Bằng khen]."
)
NONE = (
    "Khai mạc hội chợ nông sản vùng cao\n"
    "Sáng 5/6, [U|UBND huyện Sơn Lâm] khai mạc hội chợ với 120 gian hàng.\n"
    "Ông [P|Mạc Văn Tựu], [R|Phó Chủ tịch] [U|UBND huyện], cho biết hội chợ kéo dài ba ngày."
)


@pytest.mark.parametrize(("marked", "yes"), [(AWARD, True), (NONE, False)], ids=["award", "fair"])
def test_award_article_is_told(annotated: Read, marked: str, yes: bool) -> None:
    doc = annotated(marked)
    assert doc._.is_award_article is yes


def test_score_orders_articles_and_is_a_probability(annotated: Read) -> None:
    low, high = (annotated(marked)._.award_score for marked in (NONE, AWARD))
    assert 0 <= low < high <= 1

"""What an editor says is so, whatever the extractor says, as long as the words stand."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from diembao.correcting import apply
from diembao.correcting.anchors import sentence_at
from diembao.correcting.asking import Asked, claim_of
from diembao.errors import BadInputError, ConflictError
from diembao.records import (
    Conferment,
    EmulationModel,
    Extraction,
    Label,
    Mention,
    Position,
)

TEXT = (
    "Đồi Chè tuyên dương mô hình hay\n"
    "Chủ tịch UBND xã Đồi Chè tặng Giấy khen cho ông Lê Văn Vui và bà Trần Thị Thắm. "
    "Mô hình Ngõ sạch do Hội Phụ nữ xã Đồi Chè dựng lên.\n"
    "Ông Vui nói về mô hình Ngõ sạch, hoa nở."
)


def span(words: str, nth: int = 0) -> tuple[int, int]:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(words, at + 1)
    return at, at + len(words)


def read(*mentions: tuple[str, Label], **records: Any) -> Extraction:
    found = (Mention(*span(words), label, 0.8, f"{label}:{words}") for words, label in mentions)
    return Extraction(id="1", text=TEXT, mentions=tuple(sorted(found)), **records)


def evidence(words: str) -> Any:
    return sentence_at(TEXT, TEXT.index(words))


AWARD = Conferment(
    award="Giấy khen", recipients=("Lê Văn Vui",), conferrer="UBND xã Đồi Chè",
    evidence=evidence("Giấy khen"),
)  # fmt: skip
MODEL = EmulationModel(name="Ngõ sạch", owner="UBND xã Đồi Chè", evidence=evidence("Mô hình Ngõ"))
SEEN = read(
    ("UBND xã Đồi Chè", Label.UNIT), ("Giấy khen", Label.AWARD), ("Lê Văn Vui", Label.PERSON),
    ("Ngõ sạch", Label.MODEL),
    awards=(AWARD,), models=(MODEL,),
    people=(Position(name="Lê Văn Vui", evidence=evidence("Lê Văn Vui")),),
    is_award_article=True, award_score=0.9,
)  # fmt: skip


def asked(**given: Any) -> Asked:
    adapter: TypeAdapter[Asked] = TypeAdapter(Asked)
    return adapter.validate_python(given)


def corrected(*wanted: dict[str, Any], on: Extraction = SEEN) -> Extraction:
    """What comes out when each is asked for after the other was applied."""
    claims = []
    shown = on
    for one in wanted:
        claims.append(claim_of(asked(**one), shown))
        done = apply(on, claims)
        assert done.stands == (True,) * len(claims)
        shown = done.extraction
    return shown


def forms(extraction: Extraction, label: Label) -> list[str]:
    return [extraction.text[m.start : m.end] for m in extraction.mentions if m.label is label]


def test_a_missed_name_is_added_wherever_it_stands() -> None:
    found = corrected({"kind": "mention", "words": "Đồi Chè", "label": "PLACE"})
    assert forms(found, Label.PLACE) == ["Đồi Chè"] * 3
    assert forms(found, Label.UNIT) == [], "what it overlaps gives way"


def test_a_name_is_added_in_one_place_only() -> None:
    start = span("Ngõ sạch", 1)[0]
    found = corrected(
        {"kind": "mention", "words": "Ngõ sạch, hoa nở", "start": start, "label": "MODEL"}
    )
    assert forms(found, Label.MODEL) == ["Ngõ sạch", "Ngõ sạch, hoa nở"]


def test_an_added_short_name_means_the_person_of_the_full_one() -> None:
    found = corrected(
        {"kind": "mention", "words": "Vui", "start": span("Vui", 1)[0], "label": "PERSON"}
    )
    assert {m.entity for m in found.mentions if m.label is Label.PERSON} == {"PERSON:Lê Văn Vui"}


def test_a_struck_out_name_takes_its_record_along() -> None:
    found = corrected({"kind": "mention", "words": "Ngõ sạch", "label": None})
    assert forms(found, Label.MODEL) == []
    assert found.models == ()


def test_a_name_with_another_label_is_no_person_any_more() -> None:
    found = corrected({"kind": "mention", "words": "Lê Văn Vui", "label": "UNIT"})
    assert forms(found, Label.UNIT) == ["UBND xã Đồi Chè", "Lê Văn Vui"]
    assert found.people == ()


def test_records_follow_a_name_whose_span_changed() -> None:
    found = corrected(
        {
            "kind": "mention",
            "words": "Chủ tịch UBND xã Đồi Chè",
            "was": "UBND xã Đồi Chè",
            "label": "UNIT",
        }
    )
    assert found.awards[0].conferrer == "Chủ tịch UBND xã Đồi Chè"
    assert found.models[0].owner == "Chủ tịch UBND xã Đồi Chè"


def test_outer_quotes_and_stops_are_left_off() -> None:
    found = corrected({"kind": "mention", "words": " bà Trần Thị Thắm. ", "label": "PERSON"})
    assert "bà Trần Thị Thắm" in forms(found, Label.PERSON)


def test_a_field_of_an_award_is_changed() -> None:
    value = {
        "award": "Giấy khen",
        "recipients": ["Lê Văn Vui", "Trần Thị Thắm"],
        "level": "grassroots",
    }
    found = corrected({"kind": "award", "ordinal": 0, "seen": "Giấy khen", "value": value})
    [award] = found.awards
    assert award.recipients == ("Lê Văn Vui", "Trần Thị Thắm")
    assert award.conferrer is None
    assert award.evidence == AWARD.evidence


def test_a_missed_award_is_added_with_its_sentence_and_its_name_marked() -> None:
    value = {"award": "Giấy khen", "recipients": ["Trần Thị Thắm"], "conferrer": "UBND xã Đồi Chè"}
    found = corrected({"kind": "award", "value": value}, on=read(("Lê Văn Vui", Label.PERSON)))
    [award] = found.awards
    assert TEXT[slice(*award.evidence)].startswith("Chủ tịch UBND")
    assert forms(found, Label.AWARD) == ["Giấy khen"]
    assert (found.is_award_article, found.award_score) == (True, 1.0)


def test_two_awards_of_one_kind_to_one_person_by_two_bodies_are_two() -> None:
    value = {
        "award": "Giấy khen",
        "recipients": ["Lê Văn Vui"],
        "conferrer": "Hội Phụ nữ xã Đồi Chè",
    }
    found = corrected({"kind": "award", "value": value})
    assert [one.conferrer for one in found.awards] == ["UBND xã Đồi Chè", "Hội Phụ nữ xã Đồi Chè"]
    left = corrected(
        {"kind": "award", "value": value}, {"kind": "award", "ordinal": 0, "value": None}
    )
    assert [one.conferrer for one in left.awards] == ["Hội Phụ nữ xã Đồi Chè"]


def test_what_the_extractor_finds_too_is_not_there_twice() -> None:
    value = {"award": "Giấy khen", "recipients": ["Lê Văn Vui"]}
    claim = claim_of(asked(kind="award", value=value), read(("Lê Văn Vui", Label.PERSON)))
    assert len(apply(SEEN, [claim]).extraction.awards) == 1


def test_a_removed_record_stays_away() -> None:
    found = corrected({"kind": "model", "ordinal": 0, "value": None})
    assert found.models == ()
    assert forms(found, Label.MODEL) == ["Ngõ sạch"], "the name itself was not struck out"


def test_a_position_and_a_model_are_added_with_their_mentions() -> None:
    found = corrected(
        {"kind": "person", "value": {"name": "Trần Thị Thắm", "role": "Chi hội trưởng"}},
        {
            "kind": "model",
            "ordinal": 0,
            "value": {"name": "Ngõ sạch", "owner": "Hội Phụ nữ xã Đồi Chè"},
        },
    )
    assert forms(found, Label.PERSON) == ["Lê Văn Vui", "Trần Thị Thắm"]
    assert [one.name for one in found.people] == ["Lê Văn Vui", "Trần Thị Thắm"]
    assert found.models[0].owner == "Hội Phụ nữ xã Đồi Chè"


def test_later_corrections_build_on_earlier_ones() -> None:
    first = {"kind": "model", "ordinal": 0, "value": {"name": "Ngõ sạch", "kind": "exemplar"}}
    second = {"kind": "model", "ordinal": 0, "value": {"name": "Ngõ sạch, hoa nở"}}
    assert [one.name for one in corrected(first, second).models] == ["Ngõ sạch, hoa nở"]


def test_the_decision_is_the_editors() -> None:
    found = corrected({"kind": "decision", "is_award_article": False})
    assert (found.is_award_article, found.award_score) == (False, 0.0)


def test_corrections_of_one_reading_hold_for_another() -> None:
    value = {"award": "Giấy khen", "recipients": ["Lê Văn Vui", "Trần Thị Thắm"]}
    claims = [
        claim_of(asked(kind="award", ordinal=0, value=value), SEEN),
        claim_of(asked(kind="mention", words="Hội Phụ nữ xã Đồi Chè", label="UNIT"), SEEN),
    ]
    other = read(("Trần Thị Thắm", Label.PERSON), ("Hội Phụ nữ", Label.UNIT))
    found = apply(other, claims)
    assert found.stands == (True, True)
    assert [one.recipients for one in found.extraction.awards] == [("Lê Văn Vui", "Trần Thị Thắm")]
    assert forms(found.extraction, Label.UNIT) == ["Hội Phụ nữ xã Đồi Chè"]
    assert apply(found.extraction, claims).extraction == found.extraction


def test_what_the_text_says_no_more_is_told_and_changes_nothing() -> None:
    claims = [
        claim_of(asked(kind="mention", words="Ngõ sạch", label=None), SEEN),
        claim_of(asked(kind="award", ordinal=0, value={"award": "Giấy khen", "recipients": ["Trần Thị Thắm"]}), SEEN),
        claim_of(asked(kind="decision", is_award_article=False), SEEN),
    ]  # fmt: skip
    text = TEXT.replace("Ngõ sạch", "Ngõ xanh").replace("Trần Thị Thắm", "Trần Thị Thơm")
    later = SEEN.model_copy(update={"text": text})
    found = apply(later, claims)
    assert found.stands == (False, False, True)
    assert found.extraction.mentions == later.mentions
    assert found.extraction.awards == later.awards


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"kind": "mention", "words": "Nguyễn Văn Không", "label": "PERSON"}, BadInputError),
        ({"kind": "mention", "words": "hay\nChủ tịch", "label": "ROLE"}, BadInputError),
        ({"kind": "mention", "words": "“.”", "label": "ROLE"}, BadInputError),
        ({"kind": "mention", "words": "Vui", "start": 0, "label": "PERSON"}, ConflictError),
        ({"kind": "award", "value": {"award": "Giấy khen", "recipients": ["Bà Không"]}}, BadInputError),
        ({"kind": "award", "value": None}, BadInputError),
        ({"kind": "award", "ordinal": 4, "value": None}, ConflictError),
        ({"kind": "award", "ordinal": 0, "seen": "Bằng khen", "value": None}, ConflictError),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(given: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        claim_of(asked(**given), SEEN)

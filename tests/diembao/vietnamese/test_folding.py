"""Forms for matching: what counts as the same letter, word and tone."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.vietnamese.folding import exact, fold, nfc

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


@pytest.mark.parametrize("word", ["đường", "Đường", "Ðường", "đương", "ĐƯƠNG", "dương", "duong"])
def test_folding_leaves_no_accent_and_no_crossed_d(word: str) -> None:
    assert fold(word) == "duong"


def test_a_letter_with_two_marks_folds_all_the_way_in_every_normal_form() -> None:
    forms = [unicodedata.normalize(form, "bệnh viện") for form in ("NFC", "NFD", "NFKC", "NFKD")]
    half = "bê\u0323nh viê\u0323n"
    assert {fold(form) for form in [*forms, half]} == {"benh vien"}
    assert {exact(form) for form in [*forms, half]} == {"bệnh viện"}


@pytest.mark.parametrize("legacy", ["Ðảng", "Đảng", "đảng", "ðảng", "ÐẢNG"])
def test_the_icelandic_letter_typed_for_d_is_the_vietnamese_one(legacy: str) -> None:
    assert (exact(legacy), fold(legacy)) == ("đảng", "dang")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hòa", "hoà"),
        ("thúy", "thuý"),
        ("khỏe", "khoẻ"),
        ("Ủy", "Uỷ"),
        ("HÓA", "HOÁ"),
        ("qúy", "quý"),
    ],
)
def test_both_ways_to_place_a_tone_are_one_word(old: str, new: str) -> None:
    assert exact(old) == exact(new)


@pytest.mark.parametrize(
    "word", ["của", "múa", "mía", "lửa", "quán", "giá", "hoàn", "khuya", "toàn"]
)
def test_a_tone_that_has_one_place_only_stays_there(word: str) -> None:
    assert exact(word) == word


@pytest.mark.parametrize("text", ["Đaị hội", "b\u0300ang", "\u0301", "ngoặ\u0323c", "İstanbul", ""])
def test_misplaced_marks_never_crash_and_keep_the_length(text: str) -> None:
    assert len(fold(text)) == len(exact(text)) == len(nfc(text))


@given(st.text())
def test_forms_have_one_code_point_for_each_of_the_text(text: str) -> None:
    assert len(fold(text)) == len(exact(text)) == len(nfc(text))


@given(st.text(alphabet=VIETNAMESE + " ", max_size=30))
def test_case_and_normal_form_never_matter(text: str) -> None:
    for other in (text.upper(), unicodedata.normalize("NFD", text), text.title()):
        assert fold(other) == fold(text)
        assert exact(other) == exact(text)

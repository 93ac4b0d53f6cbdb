"""A model that was named once is found wherever it is named again."""

from extraction.tagging.repeats import repeated

FIRST = ("mô", "hình", "Ghế", "đá", "kể", "chuyện")
FIRST_LABELS = ["O", "O", "B-MODEL", "I-MODEL", "I-MODEL", "I-MODEL"]
MODEL = ["B-MODEL", "I-MODEL", "I-MODEL", "I-MODEL"]


def again(words: str, labels: list[str]) -> list[str]:
    """The labels of a second line, after one that names the model."""
    lines = [(FIRST, FIRST), (words.split(), words.split())]
    return repeated(lines, FIRST_LABELS + labels)[len(FIRST) :]


def test_a_name_that_was_missed_is_marked() -> None:
    assert again("Từ Ghế đá kể chuyện nọ", ["O"] * 6) == ["O", *MODEL, "O"]


def test_what_overlaps_gives_way() -> None:
    found = ["O", "B-PLACE", "I-PLACE", "O", "B-PERSON", "I-PERSON"]
    assert again("Từ Ghế đá kể chuyện Nam", found) == ["O", *MODEL, "O"]


def test_a_longer_model_stays_whole() -> None:
    longer = ["B-MODEL", *["I-MODEL"] * 5]
    assert again("Mới Ghế đá kể chuyện đêm", longer) == longer


def test_a_short_name_and_other_kinds_are_not_looked_for() -> None:
    words = ("Đào", "Văn", "Mít", ",", "Ngõ", "sạch")
    labels = ["B-PERSON", "I-PERSON", "I-PERSON", "O", "B-MODEL", "I-MODEL"]
    assert repeated([(words, words)] * 2, labels + ["O"] * 6) == labels + ["O"] * 6

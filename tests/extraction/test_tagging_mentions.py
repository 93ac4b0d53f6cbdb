"""The trained tagger on texts: what it finds, and that nothing upsets it."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.tagging import Tagger, load_tagger
from extraction.tagging.tagger import quote_end, trim, windows

NOTICE = (
    "Hội Nông dân huyện Sơn Hà: Biểu dương điển hình\n"
    "Chiều 12/3, UBND huyện Sơn Hà tổ chức hội nghị tổng kết phong trào thi đua “Dân vận khéo”.\n"
    "Đồng chí Nguyễn Văn Bách, Phó Bí thư Huyện ủy Sơn Hà, Chủ tịch UBND huyện, trao Bằng khen "
    "cho mô hình “Tuyến đường hoa tự quản” của Hội Phụ nữ xã Kim Sơn.\n"
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


def found(tagger: Tagger, text: str) -> set[tuple[str, str]]:
    return {(str(m.label), text[m.start : m.end]) for m in tagger.tag(text)}


@pytest.mark.parametrize(
    "mention",
    [
        ("UNIT", "Hội Nông dân huyện Sơn Hà"),
        ("UNIT", "UBND huyện Sơn Hà"),
        ("MOVEMENT", "Dân vận khéo"),
        ("PERSON", "Nguyễn Văn Bách"),
        ("ROLE", "Phó Bí thư"),
        ("UNIT", "Huyện ủy Sơn Hà"),
        ("AWARD", "Bằng khen"),
        ("MODEL", "Tuyến đường hoa tự quản"),
        ("UNIT", "Hội Phụ nữ xã Kim Sơn"),
    ],
)
def test_a_notice_gives_its_names(tagger: Tagger, mention: tuple[str, str]) -> None:
    assert mention in found(tagger, NOTICE)


def test_straight_quotes_read_like_typographic_ones(tagger: Tagger) -> None:
    straight = NOTICE.replace("“", '"').replace("”", '"')
    assert tagger.tag(straight) == tagger.tag(NOTICE)


def test_the_other_tone_style_reads_the_same(tagger: Tagger) -> None:
    assert tagger.tag(NOTICE.replace("ủy", "uỷ")) == tagger.tag(NOTICE)


def test_a_name_at_the_end_of_a_long_text_is_found(tagger: Tagger) -> None:
    text = "Trời hôm nay nắng đẹp, bà con ra đồng từ sớm.\n" * 4000 + NOTICE
    assert (len(text) - len(NOTICE), len(text) - len(NOTICE) + 25, "UNIT") in {
        (m.start, m.end, str(m.label)) for m in tagger.tag(text)
    }


def test_a_name_at_the_end_of_one_long_line_is_found(tagger: Tagger) -> None:
    text = "Trời hôm nay nắng đẹp, bà con ra đồng từ sớm. " * 4000 + "Ông Nguyễn Văn Bách nói."
    assert text[tagger.tag(text)[-1].start :] == "Nguyễn Văn Bách nói."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a",
        "(" * 100_000,
        "“" * 100_000,
        "🎉👩‍👩‍👧‍👦" * 2000,
        "中华人民共和国" * 2000,
        unicodedata.normalize("NFD", NOTICE),
        NOTICE.replace("\n", "\r\n"),
        "\u200b".join(NOTICE),
        "\ud800 UBND xã Kim Sơn",
        "x" * 200_000,
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_any_text_gives_sound_mentions(tagger: Tagger, text: str) -> None:
    check_sound(text, tagger)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(st.text(max_size=8), st.sampled_from(NOTICE.split(" "))), max_size=60).map(
        " ".join
    )
)
def test_mentions_are_flat_and_well_edged(text: str) -> None:
    check_sound(text, load_tagger())


def check_sound(text: str, tagger: Tagger) -> None:
    end_before = 0
    for mention in tagger.tag(text):
        assert end_before <= mention.start < mention.end <= len(text)
        end_before = mention.end
        name = text[mention.start : mention.end]
        assert "\n" not in name
        assert name == name.strip()
        assert name[0] not in "“”\"'‘’.,;:()"


def test_time_grows_with_the_length_only(tagger: Tagger) -> None:
    def seconds(text: str) -> float:
        begin = time.process_time()
        tagger.tag(text)
        return time.process_time() - begin

    tagger.tag(NOTICE)
    short, long = seconds(NOTICE * 200), seconds(NOTICE * 1000)
    assert long < 5 * short * 2


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("“Dân vận khéo”", "Dân vận khéo"),
        ("Liên đoàn Lao động (LĐLĐ)", "Liên đoàn Lao động (LĐLĐ)"),
        ("Kỷ niệm chương “Vì sự nghiệp Dân vận”", "Kỷ niệm chương “Vì sự nghiệp Dân vận”"),
        ("xã Kim Sơn).", "xã Kim Sơn"),
        ("...", None),
    ],
)
def test_edges_carry_no_mark(text: str, kept: str | None) -> None:
    span = trim(text, 0, len(text))
    assert (span and text[span[0] : span[1]]) == kept


def test_a_bracket_opened_inside_a_name_is_closed() -> None:
    text = "Bộ Giáo dục (GD và ĐT) tổ chức"
    assert trim(text, 0, len("Bộ Giáo dục (GD và ĐT")) == (0, len("Bộ Giáo dục (GD và ĐT)"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mô hình “Mái ấm - nơi về của mẹ” ra đời", "Mái ấm - nơi về của mẹ"),
        ('mô hình "Mái ấm, tình người" ra đời', "Mái ấm, tình người"),
        ("mô hình “Mái ấm của mẹ", "Mái ấm"),
        ("bà kể: “Mái ấm vui lắm. Ai cũng về.”", "Mái ấm"),
        ("mô hình Mái ấm của “mẹ”", "Mái ấm"),
        ("mô hình “Mái ấm\ncủa mẹ”", "Mái ấm"),
    ],
)
def test_a_quoted_name_ends_with_its_quote(text: str, name: str) -> None:
    start = text.index("Mái ấm")
    assert text[start : quote_end(text, start, start + len("Mái ấm"))] == name


@given(st.text(alphabet="ab \n", max_size=300), st.integers(2, 40))
def test_windows_join_to_the_whole_text(text: str, size: int) -> None:
    parts = list(windows(text, size))
    assert "".join(text[start:end] for start, end in parts) == text
    assert all(end - start <= size for start, end in parts)


@pytest.mark.parametrize("tail", [", số 7", ", số 7, số 8", " và số 7"])
def test_a_unit_named_by_number_alone_is_left_out(tagger: Tagger, tail: str) -> None:
    text = f"Mô hình “Vườn rau sạch” của Chi hội phụ nữ số 6{tail} được nhân rộng."
    units = {name for label, name in found(tagger, text) if label == "UNIT"}
    assert units == {"Chi hội phụ nữ số 6"}

"""The pipeline as analysts and the archive use it."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from time import process_time

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.language import Language

import extraction
from diembao.errors import ExtractError
from diembao.records import Extraction
from extraction import components

SCHEMA = Path(extraction.__file__).parent / "schema.json"
ARTICLE = (
    "Huyện Sơn Lâm: Khen thưởng 12 tập thể\n"
    "Sáng 5/6, Chủ tịch UBND huyện Sơn Lâm Mạc Văn Tựu trao Giấy khen cho Hội Nông dân xã Đồng Lâm "
    "với mô hình “Chợ không rác” và ông Đặng Quốc Thụy, Trưởng thôn Hạ.\n"
)
NASTY = st.text(
    st.one_of(
        st.sampled_from("aăâđêôơưÁẠỚỰÐ \n\r\t\u200b\u0301\u0323._-–“”\"'()[]:;,0123456789漢字🙂"),
        st.characters(codec="utf-8"),
    ),
    max_size=300,
)
WORDS = st.lists(
    st.sampled_from(
        [
            "ông",
            "bà",
            "được",
            "tặng",
            "Bằng",
            "khen",
            "cho",
            "UBND",
            "huyện",
            "Sơn",
            "Lâm",
            "Chủ",
            "tịch",
            "Đặng",
            "Quốc",
            "Thụy",
            "mô",
            "hình",
            "“Chợ",
            "sạch”",
            ",",
            ".",
            ";",
            "12",
            "tập",
            "thể",
            "và",
            "Giấy",
            "khen",
            ":",
            "\n",
            "-",
            "(",
            ")",
        ]
    ),
    max_size=80,
).map(" ".join)


def names(found: Extraction) -> list[str]:
    said: list[str | None] = []
    for award in found.awards:
        said += [award.award, *award.recipients, award.conferrer, award.for_model]
    for model in found.models:
        said += [model.name, model.owner, model.movement]
    for person in found.people:
        said += [person.name, person.role, person.unit]
    return [name for name in said if name is not None]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.one_of(NASTY, WORDS))
def test_any_text_gives_offsets_in_its_nfc_and_verbatim_names(nlp: Language, text: str) -> None:
    found = extraction.extract(nlp, text)
    assert found.text == unicodedata.normalize("NFC", text)
    for span in (*found.mentions, *found.compounds):
        assert 0 <= span.start < span.end <= len(found.text)
        assert "\n" not in found.text[span.start : span.end]
    assert all(name in found.text for name in names(found))
    for record in (*found.awards, *found.models, *found.people):
        assert 0 <= record.evidence.start < record.evidence.end <= len(found.text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n", "một dòng", "a  b\u00a0c\r\nd", "Đaị hội", "dân_vận khéo", "\u200b\u0301"],
)
def test_document_holds_the_input_unchanged(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_misplaced_tone_and_double_space_lose_no_word(nlp: Language) -> None:
    text = "Đaị hội  thi đua yêu nước  được tổ chức"
    assert [text[s:e] for s, e in extraction.extract(nlp, text).compounds][-1] == "tổ chức"


def test_compounds_are_spans_of_the_text_without_underscores(nlp: Language) -> None:
    found = extraction.extract(nlp, ARTICLE)
    words = [found.text[start:end] for start, end in found.compounds]
    assert "mô hình" in words
    assert not any("_" in word for word in words)


def test_entities_render_with_displacy(nlp: Language) -> None:
    doc = nlp(ARTICLE)
    assert "Đặng Quốc Thụy" in {ent.text for ent in doc.ents}
    assert 'class="entity"' in displacy.render(doc, style="ent", jupyter=False)


def test_article_is_shown_marked_and_escaped(nlp: Language) -> None:
    page = extraction.html(nlp("<b>Tin & ảnh</b>\n" + ARTICLE))
    assert page.startswith("<!doctype html>")
    assert "<b>" not in page
    assert "Giấy khen" in page


def test_json_follows_the_schema(nlp: Language) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.validate(json.loads(extraction.extract(nlp, ARTICLE, "x").model_dump_json()), schema)
    assert schema.items() >= Extraction.model_json_schema(mode="serialization").items()


def test_processes_give_the_same_in_the_same_order(nlp: Language) -> None:
    pairs = [(str(i), ARTICLE * (i % 3 + 1)) for i in range(5)]
    assert [*extraction.extract_many(nlp, pairs, workers=2)] == [
        *extraction.extract_many(nlp, pairs)
    ]


def test_missing_part_is_found_before_anything_runs() -> None:
    nlp = Language()
    nlp.add_pipe("records")
    with pytest.raises(ExtractError, match=r"records needs doc\._\.mentions"):
        components.check(nlp)


@pytest.mark.parametrize(
    "piece",
    [ARTICLE, "(" * 200 + "\n", "Giấy khen cho ông Đặng Quốc Thụy. ", "🙂漢字\u200b\r\n", "a"],
    ids=["articles", "brackets", "one line of awards", "signs", "one word"],
)
def test_time_grows_with_the_length(nlp: Language, piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        start = process_time()
        extraction.extract(nlp, text)
        return process_time() - start

    seconds(20_000)
    assert seconds(160_000) < 8 * 3 * max(seconds(20_000), 0.05)


def test_a_mebibyte_is_read(nlp: Language) -> None:
    text = (ARTICLE * 6000)[: 1024 * 1024]
    assert len(extraction.extract(nlp, text).mentions) > 1000

"""What a search finds: one rule of words and marks, wherever the words stand."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from diembao.records import Label, Level
from search_api.index.base import SearchRequest
from search_api.index.document import build

if TYPE_CHECKING:
    from search_api.index.base import SearchIndex

    from .conftest import Writer

TEXTS = {
    1: "Phong trào “Dân vận khéo” lan tỏa khắp bệnh viện",
    2: "Đường Trần Phú; CÔNG NGHỆ THÔNG TIN",
    3: "Cây dương bên hồ, công nghệ thông tin",
    4: "Tương đương nhau",
    5: "Ðường Lê Lợi viết chữ Ð của nước khác",
    6: "chi Lan, chi Lân",
    7: "duong pho khong dau",
    8: "khéo mà dân không vận",
}


@pytest.fixture
def filled(index: SearchIndex, write: Writer) -> SearchIndex:
    index.put([build(write(number, text)) for number, text in TEXTS.items()])
    return index


def found(index: SearchIndex, query: str) -> set[int]:
    result = index.search(SearchRequest(query, limit=100))
    assert result.total == len(result.hits)
    return {hit.article_id for hit in result.hits}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("dan van kheo", {1, 8}),
        ('"dan van kheo"', {1}),
        ("dân vận khéo", {1, 8}),
        ('"dân van kheo"', {1}),
        ('"dân văn khéo"', set()),
        ("duong", {2, 3, 4, 5, 7}),
        ("đường", {2, 5}),
        ("Ðường", {2, 5}),
        ("đuong", {2, 4, 5}),
        ("=duong", {7}),
        ("duong lê", {5}),
        ("lan", {1, 6}),
        ("=lan tỏa", {1}),
        ("=Lân", {6}),
        ("lân", {6}),
        ("lan toả", {1}),
        ('"lan tỏa"', {1}),
        ("cong nghe", {2, 3}),
        ("Công Nghệ THÔNG tin", {2, 3}),
        ("đường OR dương", {2, 3, 4, 5}),
        ("duong NOT công", {4, 5, 7}),
        ("duong -công -lê", {4, 7}),
        ("NOT duong", {1, 6, 8}),
        ("dân (đường OR khéo)", {1, 8}),
        ("", set(TEXTS)),
    ],
)
def test_words_and_marks(filled: SearchIndex, query: str, numbers: set[int]) -> None:
    assert found(filled, query) == numbers


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("query", ["bệnh", "bệnh viện", '"Dân vận khéo"', "đường", "lan tỏa"])
def test_the_normal_form_of_query_and_text_never_matters(
    index: SearchIndex, write: Writer, query: str, form: str
) -> None:
    index.put([build(write(n, unicodedata.normalize("NFC", text))) for n, text in TEXTS.items()])
    index.put(
        [build(write(n + 100, unicodedata.normalize("NFD", text))) for n, text in TEXTS.items()]
    )
    composed = found(index, query)
    assert composed
    assert found(index, unicodedata.normalize(form, query)) == composed
    assert {n + 100 for n in composed if n < 100} == {n for n in composed if n > 100}


def test_a_misplaced_tone_in_a_text_is_indexed_and_found(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(1, "Đaị hội Đảng")), build(write(2, "Đại hội"))])
    assert found(index, "đại") == found(index, "Đaị") == found(index, "dai") == {1, 2}


def test_a_phrase_stays_within_one_printed_line(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(1, "dân vận", "khéo léo", title="Phong trào"))])
    assert found(index, '"vận khéo"') == set()
    assert found(index, "vận khéo") == {1}


@pytest.mark.parametrize(
    "query", ["UBND phường", "ubnd phuong", "ủy ban nhân dân phường", '"UBND phường"']
)
def test_an_abbreviated_name_is_found_in_either_form(
    index: SearchIndex, write: Writer, query: str
) -> None:
    names = ("UBND phường Gò Lũy", "Ủy ban nhân dân phường Gò Lũy", "Nhân dân phường Gò Lũy")
    index.put([build(write(n, name)) for n, name in enumerate(names, 1)])
    assert found(index, query) == {1, 2}


def test_related_headlines_are_not_searched(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(1, "dân vận", related=["Cháy chợ đêm"]))])
    assert found(index, "cháy chợ") == set()


def test_fields_look_only_where_they_say(index: SearchIndex, write: Writer) -> None:
    ward, other = "Phường Bến Gót", "Quận ủy Sông Con"
    index.put(
        [
            build(write(1, other, title="Tin vui", names={Label.UNIT: [ward]})),
            build(write(2, ward, title="Quận ủy họp", names={Label.PERSON: ["Lê Thị Vui"]})),
        ]
    )
    assert found(index, 'unit:"bến gót"') == {1}
    assert found(index, "unit:quận") == set()
    assert found(index, "title:quan") == {2}
    assert found(index, "vui") == {1, 2}
    assert found(index, "person:vui") == {2}
    assert found(index, "person:(vui OR nam) unit:gót") == set()
    assert found(index, 'source:"Báo Thudo"') == found(index, "source:thudo") == {1, 2}


def test_a_conferment_binds_its_level_to_its_recipient(index: SearchIndex, write: Writer) -> None:
    award = [("Bằng khen", "Lê Vui", Level.STATE), ("Giấy khen", "Vũ Hạ", Level.GRASSROOTS)]
    other = [("Bằng khen", "Vũ Hạ", Level.STATE)]
    index.put([build(write(1, "a", awards=award)), build(write(2, "b", awards=other))])
    assert found(index, 'level:state recipient:"vu ha"') == {1, 2}
    assert found(index, 'conferment:(level:state AND recipient:"vu ha")') == {2}
    assert found(index, "conferment:(recipient:vui AND NOT level:state)") == set()
    assert found(index, 'conferment:(award:giấy "vũ hạ")') == {1}
    assert found(index, "NOT conferment:(level:grassroots)") == {2}
    assert found(index, 'level:"nhà nước" NOT giay') == {1, 2}


def test_days_are_days_of_vietnam(index: SearchIndex, write: Writer) -> None:
    index.put(
        [
            build(write(1, "a", at="2024-12-10T23:59:59+07:00")),
            build(write(2, "a", at="2024-12-11T00:00:00+07:00")),
            build(write(3, "a", at="2024-12-11T23:59:59+07:00")),
            build(write(4, "a", at="2024-12-12T00:00:00+07:00")),
        ]
    )
    assert found(index, "date:11/12/2024") == {2, 3}
    assert found(index, "a date:[2024-12-11 TO *]") == {2, 3, 4}
    assert found(index, "a NOT date:11/12/2024") == {1, 4}
    assert found(index, "date:2024-W50") == {1, 2, 3, 4}
    assert found(index, "date:<11/12/2024") == {1}
    assert (
        found(index, "date:[0001-01-01 TO 9999-12-31]")
        == found(index, "date:[* TO *]")
        == {1, 2, 3, 4}
    )
    assert found(index, "date:1066") == found(index, "date:9999") == set()


def test_an_absurd_date_of_publication_spoils_nothing(index: SearchIndex, write: Writer) -> None:
    index.put([build(write(1, "a", at="0002-01-01T00:00:00+07:00")), build(write(2, "a"))])
    assert found(index, "a") == {1, 2}
    assert found(index, "date:2024") == {2}


def test_the_title_a_compound_and_words_side_by_side_raise_the_rank(
    index: SearchIndex, write: Writer
) -> None:
    filler = "và nhiều chữ khác nữa cho đủ dài"
    texts = [
        write(1, f"vận {filler} dân {filler}"),
        write(2, f"dân vận {filler} {filler}"),
        write(3, f"dân vận {filler} {filler}", compounds=["dân vận"]),
        write(4, f"{filler} {filler}", title="dân vận"),
    ]
    index.put([build(text) for text in texts])
    ranked = [hit.article_id for hit in index.search(SearchRequest("dan van")).hits]
    assert ranked[0] == 4
    assert ranked[1:] == [3, 2, 1]


def test_the_form_that_was_typed_comes_before_others_that_it_finds(
    index: SearchIndex, write: Writer
) -> None:
    index.put([build(write(n, text)) for n, text in enumerate(["đường"] * 3 + ["dương"], 1)])
    assert index.search(SearchRequest("dương")).hits[0].article_id == 4


@pytest.mark.parametrize("query", ["Lê Ban", '"Lê Ban"'])
def test_a_name_that_bears_no_mark_comes_before_those_that_do(
    index: SearchIndex, write: Writer, query: str
) -> None:
    names = ["Lê Bạn", "Lê Bản", "Lê Ban", "Lê Bán"]
    index.put([build(write(n, f"Gặp {name}")) for n, name in enumerate(names, 1)])
    hits = index.search(SearchRequest(query)).hits
    assert (hits[0].article_id, len(hits)) == (3, 4)

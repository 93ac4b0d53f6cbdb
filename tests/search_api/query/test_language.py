"""What people type, and what it is understood to mean."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diembao.errors import BadInputError
from search_api.query import parse
from search_api.query.tree import And, Conferment, Dates, Everything, Keyword, Node, Not, Or, Text

HEADLINES = [
    "Hà Nội: Lan tỏa phong trào “Dân vận khéo”",
    "Quận Long Biên: Nhiều mô hình “Dân vận khéo” đi vào cuộc sống",
    "(LĐTĐ) Trao Bằng khen cho 15 tập thể, cá nhân tiêu biểu",
    "Xanh - sạch - đẹp: Chuyện ở ngõ 12",
    "Tuyến phố bích họa, xanh – sạch – đẹp – nở hoa",
    "\"Tiếng kẻng an ninh\" ở xã Đồi Chè",
    "‘Giữ lửa’ ca đêm",
    "Ea H’leo: Già làng và câu chuyện hòa giải",
    "Vì sao dân tin? Vì cán bộ gần dân!",
    "5 không, 3 sạch [Ảnh]",
    "Nghị quyết 18-NQ/TW: Tinh gọn để mạnh hơn",
    "Chung sức xây dựng nông thôn mới (bài 2): Dân làm chủ",
    "Giai đoạn 2021 - 2025: vượt 12,5% kế hoạch",
    "Ngày hội 18/11... rộn ràng khu dân cư",
    "Công an xã & những “lá chắn” của dân",
    "Mô hình “3 cùng”: cùng nghe/cùng bàn/cùng làm",
    "«Dân vận khéo» - cách làm của Bến Gót",
    "Bí thư chi bộ 9X: “Nói đi đôi với làm",
    "Hội thi Dân vận khéo 2024 :)",
    "HÀ NỘI: TUYÊN DƯƠNG 100 “NGƯỜI TỐT, VIỆC TỐT”",
    "Tin vui đầu xuân!!! ~ Sông Con ^^ *",
    "https://thudo.example/dan-van-kheo-{12}\\a",
]  # fmt: skip


def words_of(node: Node) -> list[str]:
    match node:
        case Text(words, None):
            return [word.folded for word in words]
        case And(nodes):
            return [word for child in nodes for word in words_of(child)]
        case Or((as_typed, _)):  # a name that has an abbreviation
            return words_of(as_typed)
        case _:
            raise AssertionError(f"a headline is words and phrases: {node}")


def shape(node: Node) -> object:
    """The tree as nested tuples of what was typed."""
    match node:
        case Text(words, field):
            typed = " ".join(f"={word.exact}" if word.only else word.exact for word in words)
            return f"{field}:{typed}" if field else typed
        case And(nodes):
            return ("and", *map(shape, nodes))
        case Or(nodes):
            return ("or", *map(shape, nodes))
        case Not(child):
            return ("not", shape(child))
        case Conferment(child):
            return ("conferment", shape(child))
        case Keyword(field, value):
            return f"{field}={value}"
        case Dates(since, until):
            return (since, until)
        case Everything():
            return "everything"


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_pasted_headline_is_its_words(headline: str) -> None:
    plain = "".join(c if c.isalnum() else " " for c in headline)
    words = parse(plain).tree
    assert words_of(parse(headline).tree) == words_of(words)


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("dân vận", ("and", "dân", "vận")),
        ('"dân vận" khéo', ("and", "dân vận", "khéo")),
        ("“dân vận” khéo", ("and", "dân vận", "khéo")),
        ('lan"dân vận"tỏa', ("and", "lan", "dân vận", "toả")),
        ("a AND b OR NOT c", ("or", ("and", "a", "b"), ("not", "c"))),
        ("a b OR c d", ("and", "a", ("or", "b", "c"), "d")),
        ("(a OR b) -c", ("and", ("or", "a", "b"), ("not", "c"))),
        ("a and b or c", ("and", "a", "and", "b", "or", "c")),
        ("+a +b", ("and", "a", "b")),
        ("=lan", "=lan"),
        ('="Lan tỏa"', "=lan =toả"),
        ("unit:=lan", "unit:=lan"),
        ('unit:="Lan tỏa"', "unit:=lan =toả"),
        ('-="lan"', ("not", "=lan")),
        ("30/4", "30 4"),
        ("xanh-sạch", "xanh sạch"),
        ("UNIT:hội", "unit:hội"),
        ('unit: "hội nông dân"', "unit:hội nông dân"),
        ("unit:(hội OR đoàn)", ("or", "unit:hội", "unit:đoàn")),
        ("unit:(hội person:vui)", ("and", "unit:hội", "person:vui")),
        ("level:state", "level=state"),
        ('level:"Thủ tướng"', "level=prime_minister"),
        ('province:"Hà Nội"', "province=ha-noi"),
        ("province:ha-noi", "province=ha-noi"),
        (
            'conferment:(level:grassroots AND recipient:"Lê Vui")',
            ("conferment", ("and", "level=grassroots", "recipient:lê vui")),
        ),
        ("conferment:vui", ("conferment", "vui")),
        ("UBND", ("or", "ubnd", "uỷ ban nhân dân")),
        ("hdnd xã", ("and", ("or", "hdnd", "hội đồng nhân dân"), "xã")),
        ("=UBND", "=ubnd"),
        ("ca sĩ CA", ("and", "ca", "sĩ", "ca")),
        ("rau hop tac xã", ("and", "rau", ("or", ("and", "hop", "tac", "xã"), "htx"))),
        ("hop AND tac AND xã", ("and", "hop", "tac", "xã")),
        ('unit:"HTX rau"', ("or", "unit:htx rau", "unit:hợp tác xã rau")),
        ('"hợp tác xã rau"', ("or", "hợp tác xã rau", "htx rau")),
        ("hộp tác xã", ("and", "hộp", "tác", "xã")),
        ("", "everything"),
        ("   ", "everything"),
    ],
)
def test_what_a_query_means(query: str, meaning: object) -> None:
    parsed = parse(query)
    assert shape(parsed.tree) == meaning
    assert parsed.notices == ()


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("dân vận AND", ("and", "dân", "vận")),
        ("OR dân", "dân"),
        ("dân AND OR vận", ("and", "dân", "vận")),
        ("dân NOT", "dân"),
        ("(dân vận", ("and", "dân", "vận")),
        ("dân) vận", ("and", "dân", "vận")),
        ("((dân)", "dân"),
        ('"dân vận', ("and", "dân", "vận")),
        ('unit:"hội nông dân', ("and", "unit:hội", "nông", "dân")),
        ("unit:hội AND", "hội"),
        ("!!!", "everything"),
        ("AND", "everything"),
        ("()", "everything"),
        ("(" * 60 + "dân" + ")" * 60, "dân"),
    ],
)
def test_what_does_not_parse_is_searched_as_words_with_a_notice(
    query: str, meaning: object
) -> None:
    parsed = parse(query)
    assert shape(parsed.tree) == meaning
    assert parsed.notices


@pytest.mark.parametrize(
    ("value", "since", "until"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12-11", date(2024, 12, 11), date(2024, 12, 11)),
        ("11/12/2024", date(2024, 12, 11), date(2024, 12, 11)),
        ("11-12-2024", date(2024, 12, 11), date(2024, 12, 11)),
        ('"11.12.2024"', date(2024, 12, 11), date(2024, 12, 11)),
        ("2024-W01", date(2024, 1, 1), date(2024, 1, 7)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("[1/11/2024 TO 12/2024]", date(2024, 11, 1), date(2024, 12, 31)),
        ("[2023 TO *]", date(2023, 1, 1), None),
        ("[* TO 2023]", None, date(2023, 12, 31)),
        (">=2024", date(2024, 1, 1), None),
        (">2024", date(2025, 1, 1), None),
        ("<=3/2024", None, date(2024, 3, 31)),
        ("< 3/2024", None, date(2024, 2, 29)),
    ],
)
def test_dates_are_day_first_and_both_ends_count(value: str, since: date, until: date) -> None:
    assert shape(parse(f"date:{value}").tree) == (since, until)
    assert shape(parse(f"(a date:{value})").tree) == ("and", "a", (since, until))


@pytest.mark.parametrize(
    ("query", "place", "word"),
    [
        ("date:[hôm nay]", 6, "hôm nay"),
        ("dân date:now", 10, "now"),
        ("date:31/2/2024", 6, "31/2/2024"),
        ("date:[2024 TO mai]", 6, "mai"),
        ("date:[2024", 6, "[2024"),
        ("date:2024-13", 6, "2024-13"),
        ("date:2024-W54", 6, "2024-W54"),
        ("level:huyện", 7, "huyện"),
        ("“dân vận”  level:cao", 18, "cao"),
        ("conferment:(unit:hội)", 13, "conferment"),
        ("conferment:(a conferment:(b))", 15, "conferment"),
        ("conferment:(date:2024)", 13, "conferment"),
    ],
)
def test_a_real_mistake_is_pointed_at(query: str, place: int, word: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse(query)
    assert f"ký tự {place}:" in str(caught.value)
    assert word in str(caught.value)


def test_the_place_of_a_mistake_counts_composed_letters() -> None:
    with pytest.raises(BadInputError, match="ký tự 17:"):
        parse(unicodedata.normalize("NFD", "bệnh viện level:cao"))


def test_an_endless_query_is_refused() -> None:
    with pytest.raises(BadInputError, match="2001"):
        parse("a" * 2001)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_normal_form_of_a_query_never_matters(form: str) -> None:
    query = "unit:“Bệnh viện” Ðường -tỏa =lân"
    assert parse(unicodedata.normalize(form, query)) == parse(query)


def test_terms_to_be_marked_are_those_that_are_wanted() -> None:
    terms = parse(
        '"dân vận" OR unit:hội source:báo NOT xấu conferment:(recipient:vui) dân dân'
    ).terms
    assert [" ".join(word.exact for word in term) for term in terms] == [
        "dân vận",
        "hội",
        "vui",
        "dân",
    ]


syntax = st.sampled_from(['"', "“", "(", ")", "[", "]", ":", "-", "+", "=", "AND", "OR", "NOT", "TO", "unit:", "date:", "level:", "conferment:", "dân", "đường", "30/4", " ", "~", "^", "\\", "/", "'", "’", "*", "{", "<", ">", "\n", "\u0301", "😀"])  # fmt: skip


@given(st.one_of(st.lists(syntax, max_size=15).map("".join), st.lists(syntax, max_size=15).map(" ".join), st.text(max_size=40)))  # fmt: skip
def test_anything_typed_is_understood_or_refused_with_its_place(query: str) -> None:
    assert understood(query)


def understood(query: str) -> bool:
    try:
        return parse(query) == parse(query)
    except BadInputError as error:
        return "ký tự" in str(error)

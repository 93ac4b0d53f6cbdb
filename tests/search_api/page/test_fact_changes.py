"""What an edit changed in the facts, and what is no edit of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from diembao.records import Level
from search_api.page.fact_changes import FactChange, fact_changes
from tests.search_api.conftest import CITY, NOW, keep, write

if TYPE_CHECKING:
    from diembao.records import Extraction
    from tests.search_api.conftest import Shelf

DAY = "2024-12-18T08:00:00+07:00"
AWARD = ("Bằng khen", ("Lê Thị Mây",), "UBND xã Cầu Sắt", None, Level.GRASSROOTS)


def told(
    award: str = "Bằng khen",
    person: str = "Lê Thị Mây",
    unit: str = "UBND xã Cầu Sắt",
    more: str = "",
    records: bool = True,
) -> Extraction:
    said = (award, (person,), unit, None, Level.GRASSROOTS)
    lines = [
        ("title", "Khen thưởng ở xã"),
        ("paragraph", f"[UNIT|{unit}] tặng [AWARD|{award}] cho bà [PERSON|{person}]."),
        ("paragraph", f"Trời nắng đẹp. {more}"),
    ]
    return write(CITY, "mot", DAY, lines, [said] if records else []).extraction


def short(
    changes: list[FactChange],
) -> list[tuple[str, str, str, list[tuple[str, str | None, str | None]]]]:
    return [
        (one.kind, one.change, one.name, [(f.field, f.before, f.after) for f in one.fields])
        for one in changes
    ]


def test_a_name_that_was_put_right_is_pointed_out_in_the_award_too() -> None:
    assert short(fact_changes(told(), told(person="Lê Thị May"))) == [
        ("award", "changed", "Bằng khen", [("recipients", "Lê Thị Mây", "Lê Thị May")]),
        ("name", "changed", "Lê Thị May", [("name", "Lê Thị Mây", "Lê Thị May")]),
    ]  # fmt: skip


def test_a_lower_award_and_another_conferrer() -> None:
    changes = short(fact_changes(told(), told(award="Giấy khen", unit="Hội Phụ nữ xã Cầu Sắt")))
    assert changes[0] == (
        "award", "changed", "Giấy khen",
        [("award", "Bằng khen", "Giấy khen"), ("conferrer", "UBND xã Cầu Sắt", "Hội Phụ nữ xã Cầu Sắt")],
    )  # fmt: skip
    assert ("name", "changed", "Giấy khen", [("name", "Bằng khen", "Giấy khen")]) in changes


def test_what_came_and_what_went() -> None:
    added = fact_changes(told(), told(more="[PERSON|Đào Văn Núi] cũng đến dự."))
    assert short(added) == [("name", "added", "Đào Văn Núi", [("name", None, "Đào Văn Núi")])]
    removed = fact_changes(told(more="[PERSON|Đào Văn Núi] cũng đến dự."), told())
    assert short(removed) == [("name", "removed", "Đào Văn Núi", [("name", "Đào Văn Núi", None)])]


def test_what_the_extractor_read_in_another_way_is_no_change() -> None:
    reworded = told(more="Bà con phấn khởi.")
    assert fact_changes(told(), reworded) == []
    assert fact_changes(told(records=False), reworded) == [], "the sentence is as it was"
    assert fact_changes(told(), told(records=False, more="Mưa.")) == []


names = st.lists(
    st.sampled_from(["Lê Thị Mây", "Đào Văn Núi", "Lê Thị May", "Hồ Văn Bến"]), max_size=4
)


@given(names, names)
def test_an_edit_taken_back_is_told_the_other_way_round(one: list[str], other: list[str]) -> None:
    a, b = (told(more=" và ".join(f"[PERSON|{name}]" for name in some)) for some in (one, other))
    there, back = fact_changes(a, b), fact_changes(b, a)
    assert fact_changes(a, a) == []
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted((turned[c.change], c.fields[0].after, c.fields[0].before) for c in there if c.kind == "name") \
        == sorted((c.change, c.fields[0].before, c.fields[0].after) for c in back if c.kind == "name")  # fmt: skip


def test_page_and_api_point_it_out(own_shelf: Shelf) -> None:
    lines = [
        ("title", "Khen thưởng ở xã"),
        ("paragraph", "[UNIT|UBND xã Cầu Sắt] tặng [AWARD|Bằng khen] cho bà [PERSON|Lê Thị Mây]."),
    ]
    first = write(CITY, "mot", DAY, lines, [AWARD])
    article = keep(own_shelf.archive, first, CITY, NOW)
    title = [("title", "Khen thưởng ở xã Cầu Sắt"), *lines[1:]]
    keep(own_shelf.archive, write(CITY, "mot", DAY, title, [AWARD]), CITY, NOW)
    edited = [title[0], ("paragraph", lines[1][1].replace("Mây", "May"))]
    changed = write(CITY, "mot", DAY, edited, [("Bằng khen", ("Lê Thị May",), *AWARD[2:])])
    keep(own_shelf.archive, changed, CITY, NOW)
    client = own_shelf.client()
    versions = client.get(f"/api/v1/articles/{article}").json()["versions"]
    assert [one["changes_facts"] for one in versions] == [None, False, True]
    facts = client.get(f"/api/v1/articles/{article}/versions/3").json()["facts"]
    assert [one["kind"] for one in facts] == ["award", "name"]
    assert client.get(f"/api/v1/articles/{article}/versions/2").json()["facts"] == []
    page = client.get(f"/bai/{article}").text
    assert f'Khen thưởng hoặc tên đã đổi sau khi đăng: <a href="/bai/{article}/ban/3">' in page
    version = client.get(f"/bai/{article}/ban/3").text
    assert "<del>Lê Thị Mây</del> <ins>Lê Thị May</ins>" in version
    assert "Không khen thưởng hay tên nào đổi." in client.get(f"/bai/{article}/ban/2").text

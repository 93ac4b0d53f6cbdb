"""The article view: tables, and the words of the search that led there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from diembao.records import Span
from search_api.page.article_body import _hits
from search_api.page.marking import Tag, tagged

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def view(shelf: Shelf, slug: str, query: str = "") -> str:
    with shelf.client() as client:
        answer = client.get(f"/bai/{shelf.ids[slug]}", params={"q": query})
    assert answer.status_code == 200
    return answer.text


def test_rows_are_a_table_with_the_printed_cells(shelf: Shelf) -> None:
    page = view(shelf, "san-khau")
    assert "<tr><td>Tổ sợi con</td><td>12 người</td></tr>" in page


def test_words_of_the_search_are_marked_within_names_and_outside(shelf: Shelf) -> None:
    page = view(shelf, "tuyen-duong-bang-khen", "luong dinh khoat hoi nghi")
    assert re.search(r'<a class="mention person"[^>]*><mark>Lương Đình Khoát</mark></a>', page)
    assert "<mark>hội nghị</mark>" in page
    assert "<mark>" not in view(shelf, "tuyen-duong-bang-khen")


def test_a_result_leads_to_the_article_with_its_words(shelf: Shelf) -> None:
    with shelf.client() as client:
        page = client.get("/", params={"q": "dan van kheo"}).text
    assert f'href="/bai/{shelf.ids["dan-van-kheo-ben-got"]}?q=dan+van+kheo"' in page


spans = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.lists(spans, max_size=4), spans)
def test_every_letter_of_a_hit_is_marked_whatever_it_crosses(
    elements: list[tuple[int, int]], hit: tuple[int, int]
) -> None:
    text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    tags = [Tag(a, b, Markup("<i>"), Markup("</i>")) for a, b in elements]
    html = tagged(text, [*tags, *_hits([Span(*hit)], tags)])
    marked = "".join(re.findall(r"<mark>(.*?)</mark>", html))
    assert re.sub("<.*?>", "", marked) == text[slice(*hit)]

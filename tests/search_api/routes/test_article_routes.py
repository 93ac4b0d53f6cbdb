from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from diembao.archive import articles
from diembao.article import Block, BlockKind
from tests.search_api.conftest import CITY, NOW, Shelf, library
from tests.search_api.engines import on_both

if TYPE_CHECKING:
    from diembao.article import Article


def edited(article: Article) -> Article:
    """The Bến Gót article after the newspaper corrected a number."""
    blocks = tuple(
        Block(kind=block.kind, text=block.text.replace("12 hộ dân", "15 hộ dân"))
        for block in article.blocks
    )
    return article.model_copy(
        update={"blocks": (*blocks, Block(kind=BlockKind.PARAGRAPH, text="Tin được bổ sung."))}
    )


def test_the_api_gives_the_text_with_all_that_was_read_out_of_it(shelf: Shelf) -> None:
    answer = shelf.client().get(f"/api/v1/articles/{shelf.ids['tuyen-duong-bang-khen']}").json()
    text, extraction = answer["text"], answer["extraction"]
    assert text == extraction["text"]
    named = {text[start:end]: entity for start, end, _, _, entity in extraction["mentions"]}
    assert answer["entities"][named["Lương Đình Khoát"]]["name"] == "Lương Đình Khoát"
    assert extraction["awards"][0]["recipients"] == ["Lương Đình Khoát"]
    assert [one["id"] for one in answer["reprints"]] == [shelf.ids["dan-van-kheo-ben-got"]]
    assert [one["version"] for one in answer["versions"]] == [1]


def test_the_page_marks_mentions_and_evidence_and_escapes_the_text(shelf: Shelf) -> None:
    page = shelf.client().get(f"/bai/{shelf.ids['tuyen-duong-bang-khen']}").text
    assert 'class="mention person" href="/thuc-the/' in page
    assert page.count('id="award-0"') == 1
    assert 'href="#award-0"' in page
    nasty = shelf.client().get(f"/bai/{shelf.ids['san-khau']}").text
    assert "<script>alert(1)" not in nasty
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in nasty
    assert "Công nhân &lt;b&gt;Nhà máy Sợi&lt;/b&gt; &amp;" in nasty


def test_an_edit_becomes_a_version_with_what_it_changed(own_shelf: Shelf) -> None:
    article_id = own_shelf.ids["tuyen-duong-bang-khen"]
    [before] = [w.article for w in library() if w.extraction.id == "tuyen-duong-bang-khen"]
    with own_shelf.archive.write() as connection:
        articles.save(connection, CITY, edited(before), None, NOW + timedelta(hours=2))
    client = own_shelf.client()
    changed = client.get(f"/api/v1/articles/{article_id}/versions/2").json()
    pieces = [tuple(piece) for line in changed["lines"] for piece in line if piece[0] != "same"]
    assert pieces == [("removed", "12"), ("added", "15"), ("added", "Tin được bổ sung.")]
    page = client.get(f"/bai/{article_id}/ban/2").text
    assert "<del>12</del><ins>15</ins>" in page
    current = client.get(f"/bai/{article_id}").text
    assert f'href="/bai/{article_id}/ban/2"' in current
    assert "đang được rút ra" in current, "the new version has not been extracted yet"
    first = client.get(f"/api/v1/articles/{article_id}/versions/1").json()
    assert {piece[0] for line in first["lines"] for piece in line} == {"same"}


@on_both("shelf")
def test_an_entity_has_its_articles_and_companions(shelf: Shelf) -> None:
    client = shelf.client()
    [model] = client.get("/api/v1/models?q=ngo nha minh").json()["models"]
    answer = client.get(f"/api/v1/entities/{model['id']}").json()
    assert answer["label"] == "MODEL"
    assert answer["total"] == 2
    assert "Lương Đình Khoát" in {one["name"] for one in answer["beside"]}
    papers = {one["title"]: one["articles"] for one in answer["newspapers"]}
    assert papers == {"Báo Thủ Đô Mới": 1, "Báo Trung Du": 1}
    only = client.get(answer["newspapers"][0]["search"]).text
    assert '<h2 id="found">1 bài</h2>' in only
    page = client.get(model["page"]).text
    assert answer["name"] in page
    found = client.get(answer["search"])
    assert found.status_code == 200
    assert "Phường Bến Gót lan tỏa" in found.text


def test_newspapers_come_with_their_health(own_shelf: Shelf) -> None:
    from diembao.archive import sources

    with own_shelf.archive.write() as connection:
        sources.finish(connection, "trungdu", NOW, 900, "503 từ máy chủ của báo")
    listed = {one["name"]: one for one in own_shelf.client().get("/api/v1/sources").json()}
    assert listed["thudo"]["articles"] == 2
    assert listed["thudo"]["state"] == "new"
    assert (listed["trungdu"]["state"], listed["trungdu"]["failures"]) == ("failing", 1)
    page = own_shelf.client().get("/bao").text
    assert "503 từ máy chủ của báo" in page
    assert "Đang lỗi" in page

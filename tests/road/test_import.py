"""`diembao import`: pages and pasted texts become articles, and what was found is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diembao.archive import articles
from diembao.archive.migration import open_archive
from diembao.archived import ArchivedArticle
from diembao.article import BlockKind
from tests.road.process import diembao

TEXT = """Trời se lạnh ở nhiều nơi trong tỉnh

Sáng 3/11, không khí lạnh tràn về, nhiệt độ ở các xã vùng cao xuống dưới 15 độ C.

Người dân được khuyên giữ ấm cho đàn trâu, bò và che chắn ruộng mạ mới gieo trước khi trời mưa.
"""


def imported(*paths: Path, home: Path) -> tuple[str, list[ArchivedArticle]]:
    run = diembao(
        "import",
        *map(str, paths),
        environment={"DIEMBAO_HOME": str(home), "DIEMBAO_LANGUAGE": "en"},
    )
    assert run.returncode == 0, run.stderr
    archive = open_archive(f"sqlite:///{home / 'archive.db'}")
    with archive.read() as conn:
        found = articles.load(conn, articles.ids(conn))
    archive.close()
    return run.stdout, found


@pytest.fixture(scope="module")
def seed_article(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> ArchivedArticle:
    (seed,) = (shared / "seed").glob("*.txt")
    _, found = imported(seed, home=tmp_path_factory.mktemp("seed"))
    assert len(found) == 1
    return found[0]


@pytest.mark.needs_shared
class TestSeed:
    """A press page saved as text, with all that stands around the article."""

    def test_its_parts_are_read(self, seed_article: ArchivedArticle) -> None:
        read = seed_article.article
        assert read.title == "Quận Tây Hồ: Lan tỏa phong trào thi đua “Dân vận khéo”"
        assert read.lead.startswith("(LĐTĐ) Trong 15 năm qua, toàn quận có 1.821 mô hình")
        assert read.byline == "N.Hoa"
        kinds = [block.kind for block in read.blocks]
        assert kinds.count(BlockKind.PARAGRAPH) == 13
        assert kinds.count(BlockKind.CAPTION) == 3
        assert kinds.count(BlockKind.TITLE) == 1

    def test_headlines_around_it_stay_outside(self, seed_article: ArchivedArticle) -> None:
        assert "Nên xem" not in seed_article.article.text
        assert "Chương Mỹ" not in seed_article.article.text
        assert "Nhân rộng mô hình dân vận khéo" not in seed_article.article.text
        assert any("Chương Mỹ" in headline for headline in seed_article.article.related)

    def test_the_award_is_found_behind_a_typing_error(self, seed_article: ArchivedArticle) -> None:
        assert seed_article.extraction
        assert seed_article.extraction.is_award_article
        awards = {(a.award, a.recipients, a.conferrer) for a in seed_article.extraction.awards}
        assert ("Bằng khen", ("Lê Văn Vui",), "Ủy ban nhân dân Thành phố") in awards

    @pytest.mark.parametrize(
        ("name", "kind", "owner"),
        [
            ("Tuyên truyền, vận động các chủ nhà trọ miễn", "model", "Ban Dân vận Quận ủy"),
            ("Khéo trong tuyên truyền, vận động các hộ dân", "exemplar", "Lê Văn Vui"),
            ("Tuyến phố bích họa, xanh - sạch - đẹp - nở hoa", "model", "Chi hội phụ nữ số 8"),
        ],
    )
    def test_models_have_their_owners(
        self, seed_article: ArchivedArticle, name: str, kind: str, owner: str
    ) -> None:
        assert seed_article.extraction
        (model,) = [m for m in seed_article.extraction.models if m.name.startswith(name)]
        assert (model.kind, model.owner) == (kind, owner)

    @pytest.mark.parametrize(
        ("name", "role"),
        [
            ("Vũ Hà", "Phó Trưởng ban Thường trực Ban Dân vận Thành ủy"),
            ("Nguyễn Lê Hoàng", "Phó Bí thư Thường trực Quận ủy Tây Hồ"),
        ],
    )
    def test_people_have_their_roles(
        self, seed_article: ArchivedArticle, name: str, role: str
    ) -> None:
        assert seed_article.extraction
        assert [p.role for p in seed_article.extraction.people if p.name == name] == [role]


def test_a_folder_of_saved_pages_is_taken_in_whole(tmp_path: Path, press: Any) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    chosen = [press.article(one.article_id, one.site) for one in press.articles[:6]]
    for number, one in enumerate(chosen):
        page = press.sites[one.site].page(one.path)
        (folder / f"{number}.html").write_bytes(page.body)
    output, found = imported(folder, home=tmp_path / "home")
    assert sorted(one.article.title for one in found) == sorted(one.title for one in chosen)
    assert all(one.title in output for one in chosen)


def test_importing_again_adds_nothing(tmp_path: Path) -> None:
    page = tmp_path / "bai.txt"
    page.write_text(TEXT, encoding="utf-8")
    _, first = imported(page, home=tmp_path / "home")
    _, second = imported(page, home=tmp_path / "home")
    assert [one.id for one in first] == [one.id for one in second]
    assert second[0].version == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "There is no file"),
        (b"", ""),
        (b"\xff\xfe\x00\x80\x81", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "neither a page nor a text"),
        (b"<html><body></body></html>", ""),
    ],
    ids=["missing", "empty", "binary", "picture", "no-article"],
)
def test_what_cannot_be_read_is_refused_in_clear_words(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    page = tmp_path / "bai.html"
    if content is not None:
        page.write_bytes(content)
    run = diembao(
        "import",
        str(page),
        environment={"DIEMBAO_HOME": str(tmp_path / "home"), "DIEMBAO_LANGUAGE": "en"},
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert says in run.stderr
    assert "bai.html" in run.stderr

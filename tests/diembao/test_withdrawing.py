"""A withdrawn name is shown nowhere, through re-extraction, edits and new articles, until it is restored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from spacy.language import Language
from sqlalchemy import insert, select
from starlette.testclient import TestClient

import extraction
from diembao import pipeline, settings
from diembao.archive import articles, audit, names
from diembao.archive.engine import Archive
from diembao.archive.schema import (
    alerts,
    award_events,
    conferments,
    digest_items,
    entities,
    extractions,
    mentions,
    record_parts,
    sense_forms,
    senses,
    versions,
)
from diembao.archive.schema import articles as article_table
from diembao.article import Article, Block, BlockKind
from diembao.correcting.asking import MentionAsked
from diembao.corrections import correct
from diembao.errors import BadInputError, NotFoundError
from diembao.records import Label
from diembao.settings import Settings
from diembao.source import Source
from diembao.withdrawing import restore_name, withdraw_name
from search_api.app import create_app
from search_api.index import open_index

SOURCE = Source(name="bao-mau", title="Báo Mẫu", domain="bao.example")
NOW = datetime.now(UTC)
NAME = "Lò Thị Mận"
BODY = (
    "Sáng nay, Chủ tịch UBND tỉnh tặng Bằng khen cho bà Lò Thị Mận, Trưởng thôn Nà Hin, xã Bản Lay. "
    "Nhận Bằng khen, bà Mận cho biết sẽ dành phần thưởng cho lớp học xóa mù chữ của thôn."
)
ANOTHER = "do bà Mận ở xã khác mở"
"""Who bears the same last name in an article without the full name is another."""
DERIVED = (
    article_table.c.title, mentions.c.form, award_events.c.words, conferments.c.conferment,
    conferments.c.facts, entities.c.name, entities.c.words, entities.c.aliases, senses.c.key,
    sense_forms.c.form, record_parts.c.words, alerts.c.message, digest_items.c.printed,
)  # fmt: skip
"""All that the archive derives from what was printed, or has told."""


def written(number: int, title: str, body: str = BODY) -> Article:
    url = f"https://bao.example/bai-{number}.html"
    blocks = (
        Block(kind=BlockKind.TITLE, text=title),
        Block(kind=BlockKind.PARAGRAPH, text=body),
    )
    return Article(
        url=url,
        canonical_url=url,
        source=SOURCE.name,
        blocks=blocks,
        published_at=NOW,
        fetched_at=NOW,
    )


class Office:
    """An archive with what was read out of it, its index, and the application over both."""

    def __init__(self, archive: Archive, nlp: Language, chosen: Settings) -> None:
        self.archive, self.nlp, self.chosen = archive, nlp, chosen
        self.index = open_index(chosen, writable=True)
        self.client = TestClient(create_app(archive, self.index, chosen))
        asked = {"name": "Mọi khen thưởng", "query": "", "subject": "event"}
        made = self.client.post("/api/v1/subscriptions", json=asked)
        self.feed = "/feeds/" + made.json()["feed_url"].rpartition("/")[2]

    def save(self, *given: Article) -> list[int]:
        with self.archive.write() as conn:
            now = datetime.now(UTC)
            return [articles.save(conn, SOURCE, one, None, now).article_id for one in given]

    def work(self) -> None:
        while pipeline.extract_batch(self.archive, self.nlp, self.chosen, "w").taken:
            pass
        while pipeline.index_batch(self.archive, self.index, self.chosen, "w"):
            pass

    def archived(self) -> str:
        """What the archive hands out and has derived, in lower case."""
        with self.archive.read() as conn:
            ids = articles.ids(conn)
            loaded = articles.load(conn, ids)
            told = [one.article.model_dump_json() for one in loaded]
            told += [one.extraction.model_dump_json() for one in loaded if one.extraction]
            told += [version.title for one in ids for version in articles.versions(conn, one)]
            for column in DERIVED:
                values = conn.execute(select(column)).scalars()
                told += [json.dumps(value, ensure_ascii=False) for value in values]
        return "\n".join(told).replace(ANOTHER, "").lower()

    def shown(self) -> dict[str, str]:
        """What readers and programs get by address, in lower case."""
        with self.archive.read() as conn:
            ids = articles.ids(conn)
            known = conn.execute(select(entities.c.id).order_by(entities.c.id)).scalars().all()
        pages = [
            "/", "/?q=Nà Hin", "/?q=Mận", "/?q=Lò Thị Mậm", "/api/v1/search?q=lo thi mam", "/phan-tich?q=Mận", "/khen-thuong", "/nguoi", "/to-chuc", "/mo-hinh", "/hop-thu",
            "/diem-bao", self.feed, "/api/v1/search", "/api/v1/search.csv", "/api/v1/awards",
            "/api/v1/awards.csv", "/api/v1/people", "/api/v1/people.csv", "/api/v1/alerts",
            "/api/v1/suggest?q=lo thi", "/api/v1/suggest?q=man",
            *(f"/thuc-the/{one}" for one in known), *(f"/api/v1/entities/{one}" for one in known),
            *(f"/api/v1/entities/{one}/history" for one in known), *(f"/bai/{one}" for one in ids), *(f"/bai/{one}/ban/1" for one in ids),
            *(f"/bai/{one}/sua" for one in ids), *(f"/api/v1/articles/{one}" for one in ids),
            *(f"/api/v1/articles/{one}/versions/1" for one in ids),
            *(f"/api/v1/articles/{one}/corrections" for one in ids),
        ]  # fmt: skip
        answers = {page: self.client.get(page) for page in pages}
        assert {answer.status_code for answer in answers.values()} == {200}
        return {page: one.text.replace(ANOTHER, "").lower() for page, one in answers.items()}

    def telling(self) -> list[str]:
        """The addresses where the name can be read."""
        return [page for page, text in self.shown().items() if not is_hidden(text)]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return extraction.load()


@pytest.fixture
def office(archive: Archive, nlp: Language, tmp_path: Path) -> Iterator[Office]:
    chosen = settings.load(home=tmp_path / "home", private_networks=True)
    opened = Office(archive, nlp, chosen)
    with opened.client:
        yield opened


def is_hidden(text: str) -> bool:
    return not any(form in text for form in ("lò thị mận", "lo thi man", "bà mận"))


def test_it_vanishes_at_once_and_stays_away(office: Office) -> None:
    first, other = office.save(
        written(1, "Bà LÒ THỊ MẬN được tặng Bằng khen"),
        written(2, "Chuyện của thôn Nà Hin", f"Thôn Nà Hin có lớp học xóa mù chữ {ANOTHER}."),
    )
    office.work()
    assert not is_hidden(office.archived())
    assert office.telling()
    with office.archive.write() as conn:
        assert withdraw_name(conn, NAME, "lan", f"Gia đình bà {NAME} xin", NOW) == 1
    assert is_hidden(office.archived())  # before anything is read again
    office.work()
    assert is_hidden(office.archived())
    assert office.telling() == []
    with office.archive.read() as conn:
        one, two = articles.load(conn, [first, other])
        (entry,) = audit.entries(conn)
        stored = select(versions.c.article).where(versions.c.article_id == first)
        printed = Article.model_validate(conn.execute(stored).scalar_one())
    assert NAME in printed.text
    assert len(one.article.text) == len(printed.text)
    assert one.extraction
    assert one.extraction.is_award_article
    assert ANOTHER in two.article.text
    assert (entry.action, entry.subject) == ("withdraw", "name:1")
    assert entry.reason == "Gia đình bà ██ ███ ███ xin"

    office.save(
        written(3, f"{NAME} dạy chữ ở Nà Hin"),
        written(1, "Bà Lò Thị Mận nhận Bằng khen (đã sửa)"),
    )
    office.work()
    assert is_hidden(office.archived())
    assert office.telling() == []


def test_it_is_shown_again_when_restored(office: Office) -> None:
    office.save(written(1, f"Bà {NAME} được tặng Bằng khen"))
    office.work()
    with office.archive.read() as conn:
        before = conn.execute(select(extractions.c.extraction)).scalar_one()
    with office.archive.write() as conn:
        withdraw_name(conn, NAME, "lan", "Nhầm", NOW)
    office.work()
    with office.archive.write() as conn:
        assert restore_name(conn, "lò thị mận", "lan", "Rút lại", NOW) == 1
        assert names.withdrawn(conn) == []
    office.work()
    with office.archive.read() as conn:
        assert conn.execute(select(extractions.c.extraction)).scalar_one() == before
        actions = [(entry.action, entry.subject) for entry in audit.entries(conn)]
    assert actions == [("withdraw", "name:1"), ("restore", "name:1")]
    assert office.telling()


def test_what_editors_said_of_it_is_covered_and_comes_back(office: Office) -> None:
    (first,) = office.save(written(1, "Lớp học của thôn Nà Hin"))
    office.work()
    with office.archive.write() as conn:
        found = articles.current(conn, first)
        at = found.article.text.index(NAME)
        asked = MentionAsked(kind="mention", words=NAME, start=at, label=Label.UNIT)
        correct(conn, first, asked, "lan", f"{NAME} là tên hợp tác xã", NOW, found.version)
    office.work()
    with office.archive.write() as conn:
        withdraw_name(conn, NAME, "lan", "x", NOW)
    office.work()
    assert is_hidden(office.archived())
    assert office.telling() == []
    with office.archive.write() as conn:
        restore_name(conn, NAME, "lan", "x", NOW)
    office.work()
    with office.archive.read() as conn:
        found = articles.current(conn, first)
    assert found.extraction
    text = found.article.text
    assert {m.label for m in found.extraction.mentions if text[m.start : m.end] == NAME} == {
        Label.UNIT
    }


def test_a_digest_that_waits_is_covered(office: Office) -> None:
    (first,) = office.save(written(1, f"Bà {NAME} được tặng Bằng khen"))
    office.work()
    with office.archive.write() as conn:
        alert_id = conn.execute(select(alerts.c.id)).scalars().first()
        printed = {"title": "Khen bà Mận", "article_id": first}
        row = {
            "alert_id": alert_id, "reprint_id": first, "subscription_id": 1, "printed": printed, "due_at": NOW,
        }  # fmt: skip
        conn.execute(insert(digest_items), row)
        withdraw_name(conn, NAME, "lan", "x", NOW)
        (kept,) = conn.execute(select(digest_items.c.printed)).scalars()
    assert kept == {"title": "Khen bà ███", "article_id": first}


@pytest.mark.parametrize("name", ["Đỗ Thúy Hòa", "Nguyễn Thị Bích", "Hồ Đức Uy", "Lò Văn Quý"])
def test_all_articles_that_hold_it_are_found(archive: Archive, name: str) -> None:
    spellings = [name, name.upper(), name.replace("òa", "oà").replace("úy", "uý"), f"{name} và"]
    with archive.write() as conn:
        ids = [
            articles.save(conn, SOURCE, written(n, f"Chuyện {one}", "x"), None, NOW).article_id
            for n, one in enumerate(spellings)
        ]
        articles.save(conn, SOURCE, written(9, f"Chuyện {name}a", "x"), None, NOW)
        assert names.articles_with(conn, name) == ids


def test_what_cannot_be_withdrawn_is_told(archive: Archive) -> None:
    with archive.write() as conn:
        withdraw_name(conn, NAME, "lan", "x", NOW)
        with pytest.raises(BadInputError, match="đã được gỡ"):
            withdraw_name(conn, "Lò  Thị MẬN", "lan", "x", NOW)
        with pytest.raises(BadInputError, match="đầy đủ"):
            withdraw_name(conn, "Mận", "lan", "x", NOW)
        with pytest.raises(BadInputError, match="lý do"):
            withdraw_name(conn, "Lò Thị Đào", "lan", " ", NOW)
        with pytest.raises(NotFoundError, match="Đào"):
            restore_name(conn, "Lò Thị Đào", "lan", "x", NOW)

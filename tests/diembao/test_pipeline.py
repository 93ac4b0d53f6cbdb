"""The durable steps: what fails is set aside with its cause, what was edited meanwhile is done again."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

import extraction
from diembao import pipeline, settings
from diembao.archive import articles, crawl, extractions, jobs
from diembao.archive.engine import Archive
from diembao.article import Article, Block, BlockKind
from diembao.correcting.asking import MentionAsked
from diembao.corrections import correct
from diembao.records import Label
from diembao.settings import Settings
from diembao.source import Source

SOURCE = Source(name="bao-mau", title="Báo Mẫu", domain="bao.example")
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def written(number: int, body: str = "Chiều 3/11, trời nắng ở nhiều nơi trong tỉnh.") -> Article:
    url = f"https://bao.example/bai-{number}.html"
    blocks = (
        Block(kind=BlockKind.TITLE, text=f"Tin số {number}"),
        Block(kind=BlockKind.PARAGRAPH, text=body),
    )
    return Article(url=url, canonical_url=url, source=SOURCE.name, blocks=blocks, fetched_at=NOW)


def archived(archive: Archive, *texts: Article) -> list[int]:
    with archive.write() as conn:
        return [articles.save(conn, SOURCE, one, None, NOW).article_id for one in texts]


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return settings.load(home=tmp_path / "home", private_networks=True, crawl_delay=0.0)


def load_with(name: str, component: Callable[[Doc], Doc]) -> Language:
    """The real extractor with one more component, under a name that no other test has given."""
    nlp = extraction.load()
    name = f"{name}-{next(_numbers)}"
    Language.component(name, func=component)
    nlp.add_pipe(name, first=True)
    return nlp


def test_an_article_that_cannot_be_extracted_does_not_hold_up_the_others(
    archive: Archive, chosen: Settings
) -> None:
    def stumble(doc: Doc) -> Doc:
        if "đá ngầm" in doc.text:
            raise ValueError("vấp đá ngầm")
        return doc

    nlp = load_with("stumble", stumble)
    good, bad, last = archived(archive, written(1), written(2, "Có đá ngầm ở đây."), written(3))
    result = pipeline.extract_batch(archive, nlp, chosen, "w")
    assert sorted(result.done) == [good, last]
    assert result.failed == {str(bad): "ValueError: vấp đá ngầm"}
    with archive.read() as conn:
        assert extractions.load(conn, good, 1) is not None
        assert extractions.load(conn, bad, 1) is None


def test_after_its_attempts_an_article_is_set_aside_with_the_cause(
    archive: Archive, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(doc: Doc) -> Doc:
        raise ValueError("hỏng")

    nlp = load_with("always", always)
    archived(archive, written(1))
    for hour in range(pipeline.ATTEMPTS):
        later = NOW.replace(hour=3 + hour)
        monkeypatch.setattr(pipeline, "now", lambda at=later: at)
        assert pipeline.extract_batch(archive, nlp, chosen, "w").taken == 1
    with archive.read() as conn:
        (aside,) = jobs.set_aside(conn)
    assert aside.error == "ValueError: hỏng"


def test_an_edit_during_extraction_voids_the_draft(archive: Archive, chosen: Settings) -> None:
    edited: list[bool] = []

    def edit_meanwhile(doc: Doc) -> Doc:
        if not edited:
            edited.append(True)
            archived(archive, written(1, "Chiều 3/11, trời chuyển mưa ở nhiều nơi trong tỉnh."))
        return doc

    nlp = load_with("edit_meanwhile", edit_meanwhile)
    (article_id,) = archived(archive, written(1))
    first = pipeline.extract_batch(archive, nlp, chosen, "w")
    assert first.taken == 1
    assert first.done == []
    second = pipeline.extract_batch(archive, nlp, chosen, "w")
    assert second.done == [article_id]
    with archive.read() as conn:
        (current,) = articles.load(conn, [article_id])
    assert current.version == 2
    assert current.extraction
    assert "chuyển mưa" in current.extraction.text


def test_edits_beside_two_extractors_leave_every_latest_version_extracted(
    archive: Archive, chosen: Settings
) -> None:
    nlp = extraction.load()
    numbers = range(6)
    archived(archive, *(written(number) for number in numbers))
    edited = threading.Event()

    def edit() -> None:
        for turn in range(5):
            for number in numbers:
                archived(archive, written(number, f"Chiều 3/11, trời nắng, bản tin lần {turn}."))
        edited.set()

    def work(worker: str) -> None:
        while pipeline.extract_batch(archive, nlp, chosen, worker).taken or not edited.is_set():
            pass

    threads = [threading.Thread(target=edit)]
    threads += [threading.Thread(target=work, args=(name,)) for name in ("một", "hai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    with archive.read() as conn:
        assert jobs.counts(conn).keys() == {"index"}
        found = articles.load(conn, articles.ids(conn))
    assert [one.version for one in found] == [6] * len(numbers)
    assert all(one.extraction and "lần 4" in one.extraction.text for one in found)


def test_what_an_editor_corrected_lasts_when_the_worker_reads_the_article_again(
    archive: Archive, chosen: Settings
) -> None:
    nlp = extraction.load()
    (article_id,) = archived(archive, written(1, "Chiều 3/11, ông Bạch nhận Thẻ Vàng Đồi Chè."))
    pipeline.extract_batch(archive, nlp, chosen, "w")
    asked = MentionAsked(kind="mention", words="Thẻ Vàng Đồi Chè", label=Label.AWARD)
    with archive.write() as conn:
        correct(conn, article_id, asked, "Bùi Sửa", "", NOW)
        jobs.add(conn, "extract", str(article_id), {}, NOW)
    assert pipeline.extract_batch(archive, nlp, chosen, "w").done == [article_id]
    with archive.read() as conn:
        (current,) = articles.load(conn, [article_id])
    assert current.extraction
    text = current.extraction.text
    awards = [m for m in current.extraction.mentions if m.label is Label.AWARD]
    assert "Thẻ Vàng Đồi Chè" in {text[m.start : m.end] for m in awards}


def requested(archive: Archive, key: str, payload: dict[str, Any]) -> None:
    with archive.write() as conn:
        jobs.add(conn, "read", key, payload, NOW)


def test_a_pasted_text_becomes_the_article_that_its_request_leads_to(
    archive: Archive, chosen: Settings
) -> None:
    text = "Tin dán vào\n\n" + "Chiều 3/11, trời nắng ở nhiều nơi trong tỉnh, ít mây. " * 3
    requested(archive, "text:abc", {"text": text})
    assert pipeline.read_requested(archive, chosen, "w") == 1
    with archive.read() as conn:
        visit = crawl.get(conn, "text:abc")
        assert visit
        assert visit.article_id
        (article,) = articles.load(conn, [visit.article_id])
    assert article.article.title == "Tin dán vào"


def test_an_address_becomes_the_article_that_its_request_leads_to(
    archive: Archive, chosen: Settings, press: Any
) -> None:
    printed = press.articles[0]
    requested(archive, printed.url, {"url": printed.url})
    pipeline.read_requested(archive, chosen, "w")
    with archive.read() as conn:
        visit = crawl.get(conn, printed.url)
        assert visit
        assert visit.article_id
        (article,) = articles.load(conn, [visit.article_id])
    assert article.article.title == printed.title


def test_an_address_without_an_article_fails_with_a_sentence(
    archive: Archive, chosen: Settings, press: Any
) -> None:
    url = press.articles[0].url.rsplit("/", 1)[0] + "/khong-co-trang-nay.html"
    requested(archive, url, {"url": url})
    pipeline.read_requested(archive, chosen, "w")
    with archive.read() as conn:
        (aside,) = jobs.set_aside(conn)
    assert aside.key == url
    assert aside.error
    assert "Error" not in aside.error

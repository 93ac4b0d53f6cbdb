"""Near-duplicate texts become one story."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from diembao.archive import articles, jobs
from diembao.archive.migration import open_archive
from diembao.archive.schema import articles as article_table
from diembao.archive.schema import signature_bands

if TYPE_CHECKING:
    from pathlib import Path

    from diembao.archive.engine import Archive

WORDS = [
    "xã",
    "phường",
    "thôn",
    "tổ",
    "hội",
    "dân",
    "vận",
    "khéo",
    "mô",
    "hình",
    "nhà",
    "văn",
    "hóa",
    "đường",
    "hoa",
    "rác",
    "sông",
    "núi",
    "lúa",
    "mía",
    "chè",
]


def text(seed: int, syllables: int = 300, title: str = "Tin") -> str:
    rng = random.Random(seed)
    return f"{title}\n" + " ".join(
        rng.choice(WORDS) + str(rng.randrange(30)) for _ in range(syllables)
    )


def stories(archive: Archive) -> dict[str, int]:
    with archive.read() as connection:
        rows = connection.execute(select(article_table.c.canonical_url, article_table.c.story_id))
        return {row.canonical_url: row.story_id for row in rows}


def grouped(archive: Archive) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for url, story in stories(archive).items():
        groups.setdefault(story, set()).add(url)
    return {frozenset(urls) for urls in groups.values()}


def test_a_reprint_under_another_headline_is_of_the_same_story(archive: Archive, desk: Any) -> None:
    desk.tell(text(1, title="Khen thưởng"), url="a")
    desk.tell(text(1, title="Trao tặng Bằng khen") + " Theo báo bạn.", url="b", source="khac")
    desk.tell(text(2), url="c")
    found = stories(archive)
    assert found["a"] == found["b"] != found["c"]


def test_a_wire_copy_with_another_lead_is_of_the_same_story(archive: Archive, desk: Any) -> None:
    printed = text(1).split()
    lead = text(7, syllables=40, title="Dẫn lại").split()
    desk.tell(" ".join(printed), url="a")
    desk.tell(" ".join([*lead, *printed[len(lead) :]]), url="b", source="khac")
    assert len(set(stories(archive).values())) == 1


def test_what_only_shares_boilerplate_is_another_story(archive: Archive, desk: Any) -> None:
    boilerplate = text(1, syllables=150, title="")
    for url in ("a", "b", "c"):
        desk.tell(text(ord(url), syllables=150) + boilerplate, url=url)
    assert len(set(stories(archive).values())) == 3


def test_accents_case_and_form_do_not_part_a_story(archive: Archive, desk: Any) -> None:
    desk.tell(text(1), url="a")
    desk.tell(text(1).upper(), url="b")
    assert len(set(stories(archive).values())) == 1


def test_the_same_text_after_the_window_is_another_story(archive: Archive, desk: Any) -> None:
    desk.tell(text(1), url="a")
    desk.tell(text(1), url="b", days=8)
    assert len(set(stories(archive).values())) == 2


def test_short_texts_are_alike_only_when_equal(archive: Archive, desk: Any) -> None:
    desk.tell("Tin\nẢnh: Lễ trao giải", url="a")
    desk.tell("Ảnh\nẢnh: Lễ trao giải", url="b")
    desk.tell("Tin\nẢnh: Lễ trao quà", url="c")
    found = stories(archive)
    assert found["a"] == found["b"] != found["c"]


def test_an_article_edited_beyond_recognition_leaves_its_story(archive: Archive, desk: Any) -> None:
    desk.tell(text(1), url="a")
    desk.tell(text(1) + " thêm", url="b")
    before = stories(archive)
    desk.tell(text(9), url="b")
    after = stories(archive)
    assert before["a"] == before["b"]
    assert after["a"] == before["a"] != after["b"]
    with archive.read() as connection:
        bands = connection.execute(select(signature_bands.c.article_id)).scalars().all()
    assert len(bands) == 64


def test_a_bridge_joins_two_stories_and_files_the_others_for_the_index(
    archive: Archive, desk: Any, now: Any
) -> None:
    whole = text(1, 400).split("\n")[1].split()
    desk.tell("Tin\n" + " ".join(whole[:250]), url="a")
    last, _ = desk.tell("Tin\n" + " ".join(whole[150:]), url="b")
    assert len(set(stories(archive).values())) == 2
    desk.tell("Tin\n" + " ".join(whole), url="c")
    assert set(stories(archive).values()) == {1}
    with archive.write() as connection:
        leased = jobs.lease(connection, "index", "w", now, 10, 60)
        (found,) = articles.load(connection, [last])
    assert str(last) in {job.key for job in leased}
    assert found.story_id == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::4])
def test_groups_do_not_depend_on_the_order(
    archive: Archive, desk: Any, order: tuple[int, ...], tmp_path: Path
) -> None:
    whole = text(1, 400).split("\n")[1].split()
    texts = [
        "Tin\n" + " ".join(whole[:250]),
        "Tin\n" + " ".join(whole),
        "Tin\n" + " ".join(whole[150:]),
        text(2),
    ]
    other = open_archive(f"sqlite:///{tmp_path / 'other.db'}")
    for number in range(4):
        desk.tell(texts[number], url=f"u{number}")
    for number in order:
        type(desk)(other).tell(texts[number], url=f"u{number}")
    assert grouped(other) == grouped(archive) == {frozenset({"u0", "u1", "u2"}), frozenset({"u3"})}
    other.close()

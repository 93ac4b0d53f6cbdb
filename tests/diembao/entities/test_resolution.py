"""Mentions to entities, measured on pairs that a reader agrees on, and in any order of articles."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from diembao.archive import jobs
from diembao.archive.schema import entities, mentions, sense_forms, senses
from diembao.archive.schema import jobs as job_table
from diembao.records import Label

if TYPE_CHECKING:
    from diembao.archive.engine import Archive

FLOOR = 0.98
"""Pairwise F1 measured when the pairs were first run: 0.996."""


def sighting(text: str, *found: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A small article; `found` are label and form, the first one in question."""
    spans = [[text.index(form), text.index(form) + len(form), label] for label, form in found]
    return {
        "text": text,
        "date": "2024-05-01",
        "province": None,
        "mentions": spans,
        "focus": 0,
    } | more


on_sqlite = pytest.mark.parametrize("archive_url", ["sqlite"], indirect=True)
"""Of long tests in which the database plays no part of its own."""


def f1(meant: dict[str, str | None], judged: list[tuple[str, str, bool]]) -> float:
    hits = wrong = missed = 0
    for one, other, is_same in judged:
        joined = meant[one] is not None and meant[one] == meant[other]
        hits += joined and is_same
        wrong += joined and not is_same
        missed += is_same and not joined
    return 2 * hits / (2 * hits + wrong + missed)


def test_pairs_are_enough_and_half_of_the_different_ones_share_their_form(
    judged_pairs: Any, all_sightings: Any
) -> None:
    import json

    def form(name: str) -> str:
        found = json.loads(name)
        start, end, _ = found["mentions"][found["focus"]]
        return str(found["text"][start:end]).lower()

    different = [(one, other) for one, other, is_same in judged_pairs if not is_same]
    sharing = [pair for pair in different if form(pair[0]) == form(pair[1])]
    assert len(judged_pairs) >= 200
    assert len(sharing) * 2 >= len(different)
    assert len(all_sightings) > 150


@on_sqlite
def test_pairwise_f1_in_one_archive(album: Any, judged_pairs: Any, all_sightings: Any) -> None:
    for one in all_sightings:
        album.put(one)
    assert f1(album.meant(), judged_pairs) >= FLOOR


@pytest.mark.parametrize("seed", [1, 2])
def test_order_of_articles_does_not_matter(
    album: Any, archive: Archive, all_sightings: Any, seed: int, tmp_path: Any
) -> None:
    from diembao.archive.migration import open_archive

    other_archive = open_archive(f"sqlite:///{tmp_path / 'other.db'}")
    other = type(album)(other_archive)
    for one in all_sightings:
        album.put(one)
    for one in random.Random(seed).sample(all_sightings, len(all_sightings)):
        other.put(one)
    assert other.meant() == album.meant()
    assert _entities(other_archive) == _entities(archive)
    other_archive.close()


def _entities(archive: Archive) -> set[tuple[Any, ...]]:
    with archive.read() as connection:
        rows = connection.execute(select(entities)).all()
    return {(row.id, row.label, row.name, tuple(row.aliases), row.province) for row in rows}


def test_taking_an_article_back_leaves_nothing_of_it(album: Any, archive: Archive) -> None:
    kept = sighting("UBND xã Tân Lập họp.", ("UNIT", "UBND xã Tân Lập"), url="a")
    album.put(kept)
    before = _entities(archive)
    spare = sighting(
        "Bà Lò Thị Mẩy ở thôn Đoài.", ("PERSON", "Lò Thị Mẩy"), ("PLACE", "thôn Đoài"), url="b"
    )
    album.put(spare)
    assert len(_entities(archive)) == len(before) + 2
    album.put({**spare, "text": "Không có ai.", "mentions": [[0, 5, "ROLE"]]})
    assert _entities(archive) == before
    with archive.read() as connection:
        assert len(connection.execute(select(senses)).all()) == 1
        assert len(connection.execute(select(sense_forms)).all()) == 1


def test_resolving_again_changes_nothing(album: Any, archive: Archive) -> None:
    one = sighting("UBND phường Tứ Liên họp.", ("UNIT", "UBND phường Tứ Liên"))
    album.put(one)
    before = _entities(archive)
    album.put(one)
    assert _entities(archive) == before
    with archive.read() as connection:
        assert [row.articles for row in connection.execute(select(sense_forms))] == [1]


def test_an_entity_is_shown_by_its_fullest_common_name(album: Any, archive: Archive) -> None:
    full = "Ủy ban nhân dân thành phố Hà Nội"
    for form in ("UBND TP. Hà Nội", "UBND Hà Nội", full, "UBND THÀNH PHỐ HÀ NỘI"):
        album.put(sighting(f"{form} họp.", ("UNIT", form)))
    with archive.read() as connection:
        row = connection.execute(select(entities)).one()
    assert row.name == full
    assert set(row.aliases) == {"UBND TP. Hà Nội", "UBND Hà Nội", "UBND THÀNH PHỐ HÀ NỘI"}
    assert row.province == "ha-noi"


def test_a_former_province_leads_to_the_present_one(album: Any, archive: Archive) -> None:
    album.put(sighting("UBND tỉnh Hà Giang họp.", ("UNIT", "UBND tỉnh Hà Giang")))
    with archive.read() as connection:
        assert connection.execute(select(entities.c.province)).scalar_one() == "tuyen-quang"


def test_a_person_of_an_article_of_several_provinces_is_the_same_in_newspapers_of_each(
    album: Any, archive: Archive
) -> None:
    text = "Tại Hà Nội, ông Lê Văn Sáng (Bắc Ninh) và bà Bùi Thị Tý được tặng bằng."
    names = [("PERSON", "Bùi Thị Tý"), ("PLACE", "Hà Nội"), ("PLACE", "Bắc Ninh")]
    for province in ("ha-noi", "bac-ninh", None):
        album.put(sighting(text, *names, province=province))
    assert len(set(album.meant().values())) == 1
    with archive.read() as connection:
        provinces = select(entities.c.province).where(entities.c.label == "PERSON")
        assert connection.execute(provinces).scalars().all() == [None]


def test_articles_whose_entity_changes_are_filed_for_the_index(
    album: Any, archive: Archive
) -> None:
    def person(unit: str | None, url: str) -> dict[str, Any]:
        text = f"Ông Lê Văn Sáng, {unit or 'người dân'}, dự họp."
        found = [("PERSON", "Lê Văn Sáng")] + ([("UNIT", unit)] if unit else [])
        told = [["Lê Văn Sáng", f"Chủ tịch {unit}", unit]] if unit else []
        return sighting(text, *found, url=url, people=told, province="ha-noi")

    unplaced = album.put(person(None, "a"))
    one = album.put(person("UBND phường Tứ Liên", "b"))
    with archive.write() as connection:
        waiting = {job.key for job in jobs.lease(connection, "index", "w", _later(), 10, 60)}
        connection.execute(job_table.delete().where(job_table.c.kind == "index"))
    assert waiting == {str(unplaced)}
    assert len(set(album.meant().values())) == 1
    two = album.put(person("UBND phường Gia Thụy", "c"))
    with archive.write() as connection:
        waiting = {job.key for job in jobs.lease(connection, "index", "w", _later(), 10, 60)}
    assert waiting == {str(unplaced)}
    with archive.read() as connection:
        rows = connection.execute(
            select(mentions.c.article_id, mentions.c.entity_id).where(mentions.c.label == "PERSON")
        )
        assert len({row.entity_id for row in rows}) == 3
    assert one != two


def _later() -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("form", ["Công ty", "Ban Tổ chức", "UBND tỉnh", "Quận ủy"])
def test_what_names_nobody_in_particular_means_no_entity(album: Any, form: str) -> None:
    album.put(sighting(f"{form} thông báo.", ("UNIT", form)))
    assert list(album.meant().values()) == [None]


def test_mentions_of_one_cluster_mean_one_entity(archive: Archive, album: Any) -> None:
    from datetime import UTC, datetime

    from diembao.entities import resolve
    from diembao.records import Extraction, Label, Mention

    text = "Quận ủy Tây Hồ họp. Bí thư Quận ủy kết luận; anh Vui dự, Lê Văn Vụi ghi."
    article_id = album.put(sighting(text, ("UNIT", "Quận ủy Tây Hồ"), url="a"))
    found = Extraction(
        id="1",
        text=text,
        mentions=(
            Mention(0, 14, Label.UNIT, 1.0, "u1"),
            Mention(27, 34, Label.UNIT, 1.0, "u1"),
            Mention(50, 53, Label.PERSON, 1.0, "p1"),
            Mention(58, 68, Label.PERSON, 1.0, "p1"),
        ),
    )
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with archive.write() as connection:
        resolved = resolve(connection, article_id, found, now, now)
    unit, short, second, person = (mention.entity for mention in resolved.extraction.mentions)
    assert unit == short
    assert second == person
    assert unit != person
    assert resolved.extraction.text == text


WORDS = st.sampled_from(
    [
        "UBND",
        "xã",
        "Tân Lập",
        "thị xã",
        "tỉnh",
        "Hà Nội",
        ",",
        "(",
        "“”",
        "TP.",
        "Quận ủy",
        "9",
        "\n",
        "ố",
    ]
)


@on_sqlite
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.lists(WORDS, min_size=1, max_size=12), st.lists(st.sampled_from(Label), min_size=12))
def test_any_mentions_are_resolved(album: Any, words: list[str], labels: list[Label]) -> None:
    text, spans = "", []
    for word, label in zip(words, labels, strict=False):
        spans.append([len(text), len(text) + len(word), label])
        text += f"{word} "
    album.put({"text": text, "date": "2025-07-01", "province": None, "mentions": spans, "focus": 0})

"""Editors' merges and splits: they take effect at once, last, can be undone, and know no order."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from diembao.archive import articles, audit, extractions, jobs
from diembao.archive.migration import open_archive
from diembao.archive.schema import decisions, entities, mentions, metadata
from diembao.article import Article, Block, BlockKind
from diembao.entities import deciding, resolve
from diembao.entities.decisions import merge, replay, split, undo
from diembao.errors import BadInputError, ConflictError, DiembaoError, NotFoundError
from diembao.records import Extraction, Label, Mention, Position, Span
from diembao.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from diembao.archive.engine import Archive

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAPER = Source(name="bao", title="Báo", domain="bao.example", province="ha-noi")

Telling = tuple[str, str | None]
"""A person's name, and the unit that the article says the person leads."""


def told(telling: Telling) -> Extraction:
    name, unit = telling
    text = f"{name}, {unit}, dự họp." if unit else f"{name} dự họp."
    found = [Mention(0, len(name), Label.PERSON, 1.0, f"PERSON:{name}")]
    people: tuple[Position, ...] = ()
    if unit:
        start = text.index(unit)
        found.append(Mention(start, start + len(unit), Label.UNIT, 1.0, f"UNIT:{unit}"))
        people = (Position(name=name, role="Chủ tịch", unit=unit, evidence=Span(0, len(text))),)
    return Extraction(id="", text=text, mentions=tuple(found), people=people)


class Press:
    """An archive of one-line articles; article 1 is the first telling, and so on."""

    def __init__(self, archive: Archive, tellings: list[Telling]) -> None:
        self.archive = archive
        self.tellings = tellings
        with archive.write() as connection:
            for number, telling in enumerate(tellings, 1):
                extraction = told(telling)
                url = f"https://bao.example/{number}"
                article = Article(
                    url=url, canonical_url=url, source=PAPER.name, fetched_at=NOW,
                    blocks=(Block(kind=BlockKind.PARAGRAPH, text=extraction.text),),
                )  # fmt: skip
                saved = articles.save(connection, PAPER, article, None, NOW)
                assert saved.article_id == number
                extractions.save(connection, number, 1, extraction, NOW)

    def read(self, number: int) -> None:
        """An article arrives at resolution."""
        with self.archive.write() as connection:
            resolve(connection, number, told(self.tellings[number - 1]), NOW, NOW)

    def read_all(self) -> None:
        for number in range(1, len(self.tellings) + 1):
            self.read(number)

    def meant(self, number: int) -> str:
        """The entity of the person of an article."""
        with self.archive.read() as connection:
            wanted = select(mentions.c.entity_id).where(
                mentions.c.article_id == number, mentions.c.start == 0
            )
            return str(connection.execute(wanted).scalar_one())

    def state(self) -> dict[str, Any]:
        """Everything that resolution made: links, and entities as they are shown."""
        with self.archive.read() as connection:
            links = connection.execute(
                select(mentions.c.article_id, mentions.c.start, mentions.c.entity_id)
            ).all()
            shown = connection.execute(select(entities)).all()
        return {
            "links": sorted(tuple(row) for row in links),
            "shown": sorted((r.id, r.name, tuple(r.aliases), r.province or "") for r in shown),
        }

    def one(self, *numbers: int) -> bool:
        return len({self.meant(number) for number in numbers}) == 1


@pytest.fixture
def press(archive: Archive) -> Press:
    """Two Lê Văn Sáng of nobody knows where, one of Tứ Liên, one Sáng under another name."""
    made = Press(
        archive,
        [
            ("Lê Văn Sáng", None),
            ("Lê Văn Sáng", None),
            ("Lê Văn Sáng", "UBND phường Tứ Liên"),
            ("Lê Quang Sáng", "UBND phường Gia Thụy"),
        ],
    )
    made.read_all()
    return made


def do(press: Press, action: Any, *values: Any, at: datetime = NOW) -> Any:
    with press.archive.write() as connection:
        return action(connection, *values, "Bùi Thị Biên tập", "xem ảnh", at)


def test_a_merge_makes_two_names_one_person(press: Press) -> None:
    assert press.one(1, 2, 3)
    assert not press.one(3, 4)
    do(press, merge, press.meant(4), press.meant(1))
    assert press.one(1, 2, 3, 4)
    with press.archive.read() as connection:
        row = connection.execute(select(entities).where(entities.c.id == press.meant(1))).one()
    assert {row.name, *row.aliases} == {"Lê Văn Sáng", "Lê Quang Sáng"}


def test_a_merge_holds_for_articles_to_come_and_for_articles_read_again(press: Press) -> None:
    do(press, merge, press.meant(4), press.meant(1))
    for number in (3, 4, 1, 2):
        press.read(number)
        assert press.one(1, 2, 3, 4)


def test_a_split_of_articles_that_tell_nothing_to_tell_them_apart_by(press: Press) -> None:
    do(press, split, press.meant(1), [2])
    assert press.one(1, 3)
    assert not press.one(1, 2)
    press.read(2)
    assert not press.one(1, 2)


def test_what_all_articles_of_a_sense_were_chosen_for_holds_for_articles_to_come(
    archive: Archive,
) -> None:
    press = Press(archive, [("Lê Văn Sáng", None), *[("Lê Văn Sáng", "UBND phường Tứ Liên")] * 2])
    press.read(1)
    press.read(2)
    assert press.one(1, 2)
    do(press, split, press.meant(1), [2])
    press.read(3)
    assert press.one(2, 3)
    assert not press.one(1, 3)


def test_what_was_split_off_can_be_merged_with_another(press: Press) -> None:
    do(press, split, press.meant(1), [2])
    do(press, merge, press.meant(2), press.meant(4))
    assert press.one(2, 4)
    assert press.one(1, 3)
    assert not press.one(1, 2)


def test_undoing_brings_back_what_was(press: Press) -> None:
    before = press.state()
    first = do(press, split, press.meant(1), [2])
    apart = press.state()
    second = do(press, merge, press.meant(2), press.meant(4), at=NOW + timedelta(hours=1))
    with pytest.raises(ConflictError, match="bỏ quyết định đó trước"):
        do(press, undo, first.id)
    do(press, undo, second.id)
    assert press.state() == apart
    do(press, undo, first.id)
    assert press.state() == before
    with pytest.raises(ConflictError, match="đã được Bùi Thị Biên tập bỏ"):
        do(press, undo, first.id)


def test_a_merge_against_a_split_is_refused_with_its_author(press: Press) -> None:
    do(press, split, press.meant(1), [2])
    with pytest.raises(ConflictError, match="Bùi Thị Biên tập đã tách hai mục này ngày 01/01/2026"):
        do(press, merge, press.meant(1), press.meant(2))
    do(press, merge, press.meant(1), press.meant(4))
    with pytest.raises(ConflictError, match="bỏ việc tách trước"):
        do(press, merge, press.meant(4), press.meant(2))
    assert not press.one(1, 2)


def test_what_cannot_be_decided_is_told(press: Press) -> None:
    person = press.meant(1)
    with press.archive.read() as connection:
        unit = connection.execute(select(entities.c.id).where(entities.c.label == "UNIT")).scalars()
        unit_id = next(iter(unit))
    for action, values, error in (
        (merge, (person, person), BadInputError),
        (merge, (person, unit_id), BadInputError),
        (merge, (person, "person-0"), NotFoundError),
        (split, (person, []), BadInputError),
        (split, (person, [1, 2, 3]), BadInputError),
        (split, (person, [4]), BadInputError),
        (split, ("person-0", [1]), NotFoundError),
        (undo, ("merge-0",), NotFoundError),
    ):
        with pytest.raises(error):
            do(press, action, *values)
    with press.archive.read() as connection:
        assert connection.execute(select(decisions)).all() == []


def test_decisions_stand_in_the_audit_trail_with_their_reason(press: Press) -> None:
    person = press.meant(4)
    made = do(press, merge, person, press.meant(1))
    do(press, undo, made.id)
    with press.archive.read() as connection:
        [entry] = audit.entries(connection, f"entity:{person}")
        trail = audit.entries(connection, f"decision:{made.id}")
    assert (entry.actor, entry.action, entry.reason) == ("Bùi Thị Biên tập", "merge", "xem ảnh")
    assert [one.action for one in trail] == ["merge", "undo"]


def test_articles_whose_entity_changed_wait_for_the_index(press: Press) -> None:
    with press.archive.write() as connection:
        waiting = jobs.lease(connection, "index", "w", NOW + timedelta(days=1), 100, 60)
        for job in waiting:
            jobs.done(connection, job)
    do(press, merge, press.meant(4), press.meant(1))
    with press.archive.write() as connection:
        moved = jobs.lease(connection, "index", "w", NOW + timedelta(days=1), 100, 60)
    assert moved
    assert {int(job.key) for job in moved} in ({4}, {1, 2, 3})


NAMES = ("Lê Văn Sáng", "Lê Quang Sáng", "Trần Thị Thắm")
UNITS = (None, None, "UBND phường Tứ Liên", "UBND phường Gia Thụy", "UBND thành phố Hà Nội")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, Archive]]:
    folder = tmp_path_factory.mktemp("orders")
    opened = tuple(open_archive(f"sqlite:///{folder / name}.db") for name in ("one", "other"))
    yield opened[0], opened[1]
    for archive in opened:
        archive.close()


def _empty(connection: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))


def _last(press: Press) -> str:
    with press.archive.read() as connection:
        latest = select(decisions.c.id).order_by(decisions.c.at.desc()).limit(1)
        return str(connection.execute(latest).scalar_one())


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(UNITS)), min_size=3, max_size=7),
    st.randoms(use_true_random=False),
)
def test_articles_and_decisions_in_any_order_give_the_same_entities(
    two: tuple[Archive, Archive], tellings: list[Telling], rng: random.Random
) -> None:
    for archive in two:
        with archive.write() as connection:
            _empty(connection)
    press = Press(two[0], list(tellings))
    press.read_all()
    for hour in range(4):
        chosen = rng.sample(range(1, len(tellings) + 1), 2)
        at = NOW + timedelta(hours=hour)
        try:
            if rng.random() < 0.5:
                do(press, merge, press.meant(chosen[0]), press.meant(chosen[1]), at=at)
            else:
                do(press, split, press.meant(chosen[0]), chosen[:1], at=at)
            if rng.random() < 0.2:
                do(press, undo, _last(press), at=at)
        except DiembaoError:
            continue
    with two[0].read() as connection:
        ids = connection.execute(select(decisions.c.id)).scalars().all()
        made = deciding.load(connection, ids)
    again = Press(two[1], list(tellings))
    steps: list[Any] = [*range(1, len(tellings) + 1), *made]
    rng.shuffle(steps)
    for step in steps:
        if isinstance(step, int):
            again.read(step)
            continue
        with two[1].write() as connection:
            deciding.keep(connection, step)
            replay(connection, step, NOW)
    assert again.state() == press.state()


def test_a_merge_lasts_where_an_article_tells_more_when_it_is_read_again(press: Press) -> None:
    do(press, merge, press.meant(4), press.meant(1))
    press.tellings[3] = ("Lê Quang Sáng", None)
    press.read(4)
    assert press.one(1, 4)
    press.tellings[0] = ("Lê Văn Sáng", "UBND phường Tứ Liên")
    press.read(1)
    assert press.one(1, 2, 3, 4)

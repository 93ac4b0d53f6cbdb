"""Award events: which conferments of which articles are one."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from diembao.archive import jobs
from diembao.archive.migration import open_archive
from diembao.archive.schema import award_events, conferments

if TYPE_CHECKING:
    from pathlib import Path

    from diembao.archive.engine import Archive

CITY = "UBND thành phố Hà Nội"


def tell(desk: Any, recipients: list[str], conferrer: str | None, **more: Any) -> tuple[int, ...]:
    """An article with one conferment of a Bằng khen; names of two words and more are people."""
    award = more.pop("award", "Bằng khen")
    people = tuple(name for name in recipients if name[0].isupper() and "UBND" not in name)
    units = (conferrer,) if conferrer and "UBND" in conferrer else ()
    text = f"Tin {more.get('url')}\n{conferrer or 'Lãnh đạo'} tặng {award} cho {', '.join(recipients)}."
    told: tuple[int, ...] = desk.tell(
        text, [(award, recipients, conferrer)], units=units, people=people, **more
    )[1]
    return told


def test_a_reprint_and_a_follow_up_that_names_fewer_are_one_event(desk: Any) -> None:
    first = tell(desk, ["Lò Thị Mẩy", "Vi Văn Sáng"], CITY, url="a")
    reprint = tell(desk, ["Lò Thị Mẩy", "Vi Văn Sáng"], CITY, url="b", source="khac")
    follow_up = tell(desk, ["Vi Văn Sáng"], CITY, url="c", days=5)
    assert first == reprint == follow_up


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CITY, "UBND TP. Hà Nội"),
        (CITY, "Ủy ban nhân dân thành phố Hà Nội"),
        (CITY, "UBND Thành phố"),
        (CITY, None),
    ],
)
def test_wordings_of_one_conferrer_agree(desk: Any, one: str, other: str | None) -> None:
    first = tell(desk, ["Lò Thị Mẩy"], one, url="a", province="ha-noi")
    assert tell(desk, ["Lò Thị Mẩy"], other, url="b", province="ha-noi") == first


def test_the_office_and_its_body_are_one_conferrer(desk: Any) -> None:
    first = tell(desk, ["Lò Thị Mẩy"], "Thủ tướng Chính phủ", url="a")
    assert tell(desk, ["Lò Thị Mẩy"], "Thủ tướng", url="b") == first
    state = tell(
        desk, ["Vi Văn Sáng"], "Chủ tịch nước", url="c", award="Huân chương Lao động hạng Ba"
    )
    grade = "Huân chương Lao động hạng III"
    assert tell(desk, ["Vi Văn Sáng"], "Nhà nước", url="d", award=grade) == state


@pytest.mark.parametrize(
    ("recipient", "conferrer", "more"),
    [
        ("Vi Văn Sáng", CITY, {}),
        ("Lò Thị Mẩy", "UBND xã Tân Lập", {}),
        ("Lò Thị Mẩy", CITY, {"award": "Giấy khen"}),
        ("Lò Thị Mẩy", CITY, {"days": 31}),
    ],
)
def test_other_recipient_conferrer_award_or_time_is_another_event(
    desk: Any, recipient: str, conferrer: str, more: dict[str, Any]
) -> None:
    first = tell(desk, ["Lò Thị Mẩy"], CITY, url="a", province="ha-noi")
    assert tell(desk, [recipient], conferrer, url="b", province="ha-noi", **more) != first


def test_namesakes_of_two_provinces_are_two_events(desk: Any) -> None:
    one = tell(desk, ["Lò Thị Mẩy"], None, url="a", province="ha-noi")
    assert tell(desk, ["Lò Thị Mẩy"], None, url="b", province="nghe-an", source="khac") != one


def test_follow_ups_week_after_week_do_not_stretch_an_event_without_end(desk: Any) -> None:
    events = [tell(desk, ["Lò Thị Mẩy"], CITY, url=str(week), days=7 * week) for week in range(9)]
    assert events[:5] == [events[0]] * 5
    assert events[5:] == [events[5]] * 4
    assert events[0] != events[5]


def test_counted_groups_are_one_event_only_by_count_and_conferrer(desk: Any) -> None:
    first = tell(desk, ["15 tập thể"], CITY, url="a")
    assert tell(desk, ["15 tập thể"], "UBND TP. Hà Nội", url="b") == first
    assert tell(desk, ["16 tập thể"], CITY, url="c") != first
    assert tell(desk, ["15 tập thể"], "UBND xã Tân Lập", url="d") != first


def test_counted_groups_without_conferrer_are_one_only_in_the_same_sentence(desk: Any) -> None:
    first = tell(desk, ["15 tập thể"], None, url="a")
    assert tell(desk, ["15 tập thể"], None, url="b") == first
    text = "Tin\nHuyện trao Bằng khen cho 15 tập thể của mình."
    _, other = desk.tell(text, [("Bằng khen", ["15 tập thể"], None)], url="c")
    assert other != first


def test_a_conferment_that_two_events_could_mean_is_its_own(desk: Any, archive: Archive) -> None:
    city = tell(desk, ["Lò Thị Mẩy"], CITY, url="a")
    unsaid = tell(desk, ["Lò Thị Mẩy"], None, url="b")
    assert unsaid == city
    commune = tell(desk, ["Lò Thị Mẩy"], "UBND xã Tân Lập", url="c")
    assert commune != city
    with archive.read() as connection:
        found = connection.execute(select(conferments.c.event_id)).scalars().all()
    assert len(set(found)) == 3


def test_each_award_of_an_article_has_its_event_in_its_place(desk: Any) -> None:
    text = f"Tin\n{CITY} tặng Bằng khen cho Lò Thị Mẩy, Giấy khen cho Vi Văn Sáng."
    awards = [("Bằng khen", ["Lò Thị Mẩy"], CITY), ("Giấy khen", ["Vi Văn Sáng"], CITY)]
    _, first = desk.tell(text, awards, units=(CITY,), url="a")
    _, turned = desk.tell(text, awards[::-1], units=(CITY,), url="b")
    assert len(set(first)) == 2
    assert turned == first[::-1]


def test_an_edit_keeps_its_events_wherever_the_awards_stand_now(
    desk: Any, archive: Archive
) -> None:
    (before,) = tell(desk, ["Lò Thị Mẩy"], CITY, url="a")
    tell(desk, ["Lò Thị Mẩy"], CITY, url="b")
    text = f"Tin\n{CITY} tặng Giấy khen cho Vi Văn Sáng, Bằng khen cho Lò Thị Mẩy."
    awards = [("Giấy khen", ["Vi Văn Sáng"], CITY), ("Bằng khen", ["Lò Thị Mẩy"], CITY)]
    _, after = desk.tell(text, awards, units=(CITY,), url="a")
    assert after[1] == before
    assert after[0] != before
    with archive.read() as connection:
        assert len(connection.execute(select(award_events)).all()) == 2


def test_doing_an_article_again_after_a_crash_changes_nothing(desk: Any, archive: Archive) -> None:
    before = [tell(desk, [name], CITY, url=name) for name in ("Lò Thị Mẩy", "Vi Văn Sáng")]
    after = [tell(desk, [name], CITY, url=name) for name in ("Lò Thị Mẩy", "Vi Văn Sáng")]
    assert after == before
    with archive.read() as connection:
        assert len(connection.execute(select(award_events)).all()) == 2


def test_a_corrected_name_keeps_the_event(desk: Any) -> None:
    before = tell(desk, ["Lò Thị Mẫy"], CITY, url="a")
    assert tell(desk, ["Lò Thị Mẩy"], CITY, url="a") == before


def test_an_event_that_nothing_tells_any_more_is_gone_and_its_number_too(
    desk: Any, archive: Archive
) -> None:
    (before,) = tell(desk, ["Lò Thị Mẩy"], CITY, url="a")
    desk.tell("Tin a\nĐính chính: không có khen thưởng.", [], url="a")
    with archive.read() as connection:
        assert connection.execute(select(award_events)).all() == []
    (after,) = tell(desk, ["Vi Văn Sáng"], CITY, url="b")
    assert after > before


def test_a_telling_that_joins_two_events_files_the_other_articles(
    desk: Any, archive: Archive, now: Any
) -> None:
    one = tell(desk, ["Lò Thị Mẩy"], CITY, url="a")
    other_article, other = desk.tell(
        f"Tin\n{CITY} tặng Bằng khen cho Vi Văn Sáng.",
        [("Bằng khen", ["Vi Văn Sáng"], CITY)],
        units=(CITY,),
        url="b",
    )
    assert one != other
    both = tell(desk, ["Lò Thị Mẩy", "Vi Văn Sáng"], CITY, url="c")
    assert both == one
    with archive.write() as connection:
        keys = {job.key for job in jobs.lease(connection, "index", "w", now, 10, 60)}
        found = connection.execute(select(conferments.c.event_id)).scalars().all()
    assert str(other_article) in keys
    assert set(found) == set(one)


def _groups(archive: Archive) -> set[frozenset[tuple[int, int]]]:
    from diembao.archive.schema import articles

    groups: dict[int, set[tuple[int, int]]] = {}
    with archive.read() as connection:
        rows = connection.execute(
            select(articles.c.canonical_url, conferments.c.ordinal, conferments.c.event_id).join(
                conferments, conferments.c.article_id == articles.c.id
            )
        )
        for url, ordinal, event in rows:
            groups.setdefault(event, set()).add((int(url), ordinal))
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("order", list(itertools.permutations(range(6)))[::97])
def test_events_do_not_depend_on_the_order(
    desk: Any, archive: Archive, order: tuple[int, ...], tmp_path: Path
) -> None:
    tellings: list[tuple[list[str], str | None, int]] = [
        (["Lò Thị Mẩy", "Vi Văn Sáng"], CITY, 0),
        (["Vi Văn Sáng"], "UBND TP. Hà Nội", 3),
        (["Lò Thị Mẩy"], None, 4),
        (["Lò Thị Mẩy"], "UBND xã Tân Lập", 6),
        (["Vi Văn Sáng", "Hà Thị Bưởi"], CITY, 20),
        (["Hà Thị Bưởi"], None, 45),
    ]
    other = open_archive(f"sqlite:///{tmp_path / 'other.db'}")
    for number, (recipients, conferrer, days) in enumerate(tellings):
        tell(desk, recipients, conferrer, days=days, url=str(number), province="ha-noi")
    for number in order:
        recipients, conferrer, days = tellings[number]
        tell(
            type(desk)(other), recipients, conferrer, days=days, url=str(number), province="ha-noi"
        )
    assert _groups(other) == _groups(archive)
    assert len(_groups(archive)) == 4
    other.close()


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::4])
def test_what_becomes_known_of_a_recipient_later_counts_as_if_known_before(
    desk: Any, archive: Archive, order: tuple[int, ...], tmp_path: Path
) -> None:
    def print_in(paper: Any, number: int) -> None:
        province = ("ha-noi", None, "nghe-an", "nghe-an")[number]
        source = ("thudo", "khac", "xunghe", "xunghe")[number]
        told = {"url": str(number), "source": source, "province": province}
        if number == 3:
            paper.tell("Tin\nLò Thị Mẩy kể chuyện làng.", people=("Lò Thị Mẩy",), **told)
        else:
            tell(paper, ["Lò Thị Mẩy"], CITY, **told)

    other = open_archive(f"sqlite:///{tmp_path / 'other.db'}")
    for number in range(4):
        print_in(desk, number)
    for number in order:
        print_in(type(desk)(other), number)
    assert _groups(other) == _groups(archive)
    other.close()

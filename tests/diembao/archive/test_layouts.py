"""A layout breaks when the last readings lack what most had; quarantine ends when it is mended."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diembao.archive import layouts
from diembao.archive.engine import Archive
from diembao.archive.layouts import KNOWN, RECENT, Layout, Reading

GOOD = Reading(2000, is_dated=True, is_signed=True, has_lead=True)
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def known(reading: Reading = GOOD) -> Layout:
    layout = Layout()
    for _ in range(KNOWN + RECENT):
        assert layout.add(reading) is None
    return layout


@pytest.mark.parametrize(
    ("now", "part"),
    [
        (Reading(0), "body"),
        (GOOD._replace(characters=90), "body"),
        (GOOD._replace(is_dated=False), "date"),
        (GOOD._replace(is_signed=False), "byline"),
        (GOOD._replace(has_lead=False), "lead"),
    ],
)
def test_what_nearly_all_lack_of_a_sudden_is_broken(now: Reading, part: str) -> None:
    layout = known()
    told = [layout.add(now) for _ in range(RECENT)]
    assert told[0] is None
    assert told[-1] == part


def test_a_few_that_lack_something_are_no_break() -> None:
    layout = known()
    assert {layout.add(GOOD if n % 3 else Reading(0)) for n in range(60)} == {None}


def test_what_was_never_usual_is_not_missed() -> None:
    unsigned = GOOD._replace(is_signed=False)
    layout = known(unsigned)
    assert {layout.add(unsigned) for _ in range(40)} == {None}


def test_a_new_layout_has_to_be_known_first() -> None:
    layout = Layout()
    assert {layout.add(Reading(0)) for _ in range(KNOWN)} == {None}


def test_it_is_mended_when_most_have_the_part_again() -> None:
    layout = known()
    without = GOOD._replace(is_dated=False)
    assert not layout.is_mended([])
    assert not layout.is_mended([without] * 5)
    assert layout.is_mended([GOOD] * 4 + [without])


def test_it_is_kept_and_released(archive: Archive) -> None:
    layout = known()
    layout.quarantined_at, layout.fault = NOW, "ngày đăng (date)"
    with archive.write() as conn:
        layouts.save(conn, "bao", "", layout)
        layouts.save(conn, "bao", "2025-06-30", known())
    with archive.read() as conn:
        assert layouts.load(conn, "bao")[""] == layout
        assert layouts.quarantined(conn) == {"bao": [("", NOW, "ngày đăng (date)")]}
    with archive.write() as conn:
        assert layouts.release(conn, "bao") == 1
    with archive.read() as conn:
        assert set(layouts.load(conn, "bao")) == {"2025-06-30"}

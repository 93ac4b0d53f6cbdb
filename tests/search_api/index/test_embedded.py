"""The embedded index in its folder: one writer at a time, and what happens when it is damaged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from diembao.errors import IndexUnavailableError
from diembao.records import Label
from search_api.index.base import FACETS, SearchRequest
from search_api.index.document import build
from search_api.index.embedded import EmbeddedIndex, rebuilding

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Writer


def test_a_second_writer_waits_and_says_so(tmp_path: Path, write: Writer) -> None:
    second = EmbeddedIndex(tmp_path / "index", writable=True, patience=0.05)
    with rebuilding(tmp_path / "index"), pytest.raises(IndexUnavailableError, match="đang ghi"):
        second.put([build(write(1, "a"))])
    second.put([build(write(1, "a"))])
    assert second.count() == 1


def damage_pointer(folder: Path) -> None:
    (folder / "current.json").write_text("{", encoding="utf-8")


def remove_pointer(folder: Path) -> None:
    (folder / "current.json").unlink()


def change_schema(folder: Path) -> None:
    named = json.loads((folder / "current.json").read_text(encoding="utf-8"))
    (folder / "current.json").write_text(json.dumps(named | {"schema": 0}), encoding="utf-8")


def damage_meta(folder: Path) -> None:
    next(folder.glob("generation-*/meta.json")).write_bytes(b"\0" * 20)


def remove_meta(folder: Path) -> None:
    next(folder.glob("generation-*/meta.json")).unlink()


def cut_segments(folder: Path) -> None:
    for file in folder.glob("generation-*/*.*"):
        if file.suffix in (".idx", ".fast", ".term", ".pos", ".store"):
            file.write_bytes(file.read_bytes()[:10])


@pytest.mark.parametrize(
    "damage",
    [damage_pointer, remove_pointer, change_schema, damage_meta, remove_meta, cut_segments],
)
def test_a_damaged_or_foreign_index_asks_to_be_rebuilt(
    tmp_path: Path, write: Writer, damage: Any
) -> None:
    folder = tmp_path / "index"
    EmbeddedIndex(folder, writable=True).put([build(write(1, "a"))])
    damage(folder)
    with pytest.raises(IndexUnavailableError, match="diembao reindex"):
        EmbeddedIndex(folder, writable=True).search(SearchRequest("a", facets=("source",)))
    with rebuilding(folder) as take:
        take([build(write(1, "a"))])
    assert EmbeddedIndex(folder).count() == 1


def test_an_index_damaged_under_a_reader_asks_to_be_rebuilt(tmp_path: Path, write: Writer) -> None:
    folder = tmp_path / "index"
    index = EmbeddedIndex(folder, writable=True)
    index.put([build(write(1, "a"))])
    remove_pointer(folder)
    with pytest.raises(IndexUnavailableError, match="diembao reindex"):
        index.count()


def test_an_unfinished_beginning_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "index" / "generation-1").mkdir(parents=True)
    assert EmbeddedIndex(tmp_path / "index").count() == 0


def test_names_in_very_many_articles_are_counted_in_a_share_of_them(
    tmp_path: Path, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All have one unit, half a person; the numbers of articles deal them out evenly."""
    index = EmbeddedIndex(tmp_path, writable=True)
    index.put(
        [
            build(
                write(
                    n,
                    "a" if n <= 96 else "b",
                    names={Label.UNIT: ["Hội"]} | ({Label.PERSON: ["Vui"]} if n <= 48 else {}),
                )
            )
            for n in range(1, 129)
        ]
    )
    exact = index.search(SearchRequest("a", facets=FACETS, timeline="day"))
    index.put([])  # another commit, so that nothing kept is told again
    monkeypatch.setattr("search_api.index.tallying.EXACT", 30)
    about = index.search(SearchRequest("a", facets=FACETS, timeline="day"))
    assert (exact.estimated, set(about.estimated)) == ((), {"unit", "person", "place", "model"})
    assert (about.total, about.timeline) == (96, exact.timeline)
    assert about.facets == exact.facets
    narrow = index.search(SearchRequest("a", facets=FACETS, filters={"month": ("1999-01",)}))
    assert narrow.estimated == ()
    every = index.search(SearchRequest("a", facets=("unit",), facet_limit=1000))
    assert (every.estimated, every.facets["unit"][0].count) == ((), 96)

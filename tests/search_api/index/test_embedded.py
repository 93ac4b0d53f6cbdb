"""The embedded index in its folder: one writer at a time, and what happens when it is damaged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from diembao.errors import IndexUnavailableError
from search_api.index.base import SearchRequest
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

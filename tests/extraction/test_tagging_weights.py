"""A model that is missing or damaged is told in one sentence, whichever way it is broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from diembao.errors import ExtractError
from extraction.tagging import load_tagger
from extraction.tagging.tagger import MODEL


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:0],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[::-1],
        lambda whole: whole[:1000] + bytes(1000) + whole[2000:],
    ],
    ids=["empty", "cut", "other", "overwritten"],
)
def test_a_damaged_file_is_named(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    (tmp_path / "first.npz").write_bytes(spoil((MODEL / "first.npz").read_bytes()))
    with pytest.raises(ExtractError, match=r"first\.npz"):
        load_tagger(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match=r"first\.npz"):
        load_tagger(tmp_path)

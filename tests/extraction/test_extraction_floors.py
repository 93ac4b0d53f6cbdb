"""The figures on annotated articles do not fall, and floors only rise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diembao.errors import BadInputError
from extraction.training import floors

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.needs_shared
def test_figures_hold_their_floors(shared: Path) -> None:
    assert floors.read()
    assert floors.falls(floors.measure(shared)) == []


def given(figure: float) -> dict[str, dict[str, object]]:
    return {"dev.jsonl": {"digest": "d", "figures": {"awards.f1": figure}}}


def test_floor_rises_and_falls_only_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.json")
    floors.raise_floors(given(0.5), None)
    floors.raise_floors(given(0.6), None)
    assert floors.falls(given(0.55)) == ["dev.jsonl awards.f1: 0.5500 is below the floor 0.6000"]
    with pytest.raises(BadInputError, match="--lower"):
        floors.raise_floors(given(0.55), None)
    floors.raise_floors(given(0.55), "the tagger was made faster")
    assert floors.falls(given(0.55)) == []
    assert floors.read()["dev.jsonl"]["lowered"] == "the tagger was made faster"

"""The model card tells the truth about the files that are here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from diembao.errors import ExtractError
from extraction.training import MEASURED, card
from extraction.training.corpus import read
from extraction.training.unlabelled import identifier, measured_ids, read_news

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = json.loads(card.CARD.read_text(encoding="utf-8"))
    return loaded


def test_the_card_names_the_model_as_it_is(told: dict[str, dict[str, object]]) -> None:
    here = {
        path.relative_to(card.HERE).as_posix(): card.digest(path) for path in card.model_files()
    }
    assert told["model"] == here


@pytest.mark.needs_shared
def test_the_card_names_the_training_and_measured_files(
    told: dict[str, dict[str, object]], shared: Path
) -> None:
    trained = card.training_files(shared)
    assert told["training"] == {path.name: card.digest(path) for path in trained}
    assert told["measured"] == {name: card.digest(shared / "corpus" / name) for name in MEASURED}


@pytest.mark.needs_shared
def test_no_measured_article_was_trained_on(
    told: dict[str, dict[str, object]], shared: Path
) -> None:
    barred = measured_ids(shared)
    assert len(told["articles"]) == len(set(told["articles"])) > 500
    assert not barred & set(told["articles"])
    card.check_apart(card.training_articles(shared), shared)


@pytest.mark.needs_shared
def test_training_on_a_measured_article_is_refused(shared: Path) -> None:
    with pytest.raises(ExtractError, match="kept for measuring"):
        card.check_apart(read([shared / "corpus" / "dev.jsonl"]), shared)


@pytest.mark.needs_shared
def test_the_unlabelled_news_hold_no_measured_article(shared: Path) -> None:
    ids = [article.id for article in read_news(shared)]
    assert len(ids) > 10_000
    assert not measured_ids(shared) & set(ids)


def test_identifiers_are_those_of_the_corpus() -> None:
    assert identifier("phenikaa_mds2024", "Cluster_009/1") == "phenikaa_mds2024-Cluster_009_1"


def test_the_figures_stand_in_the_readable_card(told: dict[str, dict[str, object]]) -> None:
    page = card.READABLE.read_text(encoding="utf-8")
    for name in MEASURED:
        micro = told["figures"][name]["micro"]  # type: ignore[index]
        assert f"{micro['f1']:.3f} of {micro['gold']}" in page


def test_the_model_is_small() -> None:
    assert sum(path.stat().st_size for path in card.model_files()) < 15_000_000

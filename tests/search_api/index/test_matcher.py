"""Saved queries against a batch of new articles."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from diembao.errors import BadInputError
from diembao.records import Label, Level
from search_api.alerts.asking import Asked
from search_api.alerts.matcher import match
from search_api.index.document import build

if TYPE_CHECKING:
    from search_api.index.document import Document

    from .conftest import Writer


@pytest.fixture(scope="module")
def batch(write: Writer) -> list[Document]:
    return [
        build(write(7, "Phong trào “Dân vận khéo” ở quận Sông Con", names={Label.UNIT: ["Hội Nông dân"]})),
        build(write(9, "Trao thưởng", awards=[("Bằng khen", "Lê Vui", Level.STATE)])),
        build(write(12, "Đường mới, dương xỉ")),
    ]  # fmt: skip


def matched(documents: list[Document], queries: dict[int, str]) -> dict[int, set[int]]:
    return match(documents, {number: Asked(query) for number, query in queries.items()})


def test_each_query_gets_its_articles_and_the_others_nothing(batch: list[Document]) -> None:
    queries = {
        1: "dan van kheo",
        2: "unit:nông",
        3: 'conferment:(level:state AND recipient:"le vui")',
        4: "conferment:(level:grassroots vui)",
        5: "đương",
        6: "đường OR thưởng",
        7: "vắng mặt",
        8: "thuong -duong",
        9: unicodedata.normalize("NFD", "“dân vận khéo” quận"),
        10: "mới date:12/2024",
        11: "mới date:2023",
    }
    assert matched(batch, queries) == {
        1: {7},
        2: {7},
        3: {9},
        5: {12},
        6: {9, 12},
        8: {9},
        9: {7},
        10: {12},
    }


def test_nothing_comes_of_nothing(batch: list[Document]) -> None:
    assert matched([], {1: "dân"}) == matched(batch, {}) == {}


def test_a_saved_query_that_is_no_longer_understood_spoils_no_other(
    batch: list[Document], caplog: pytest.LogCaptureFixture
) -> None:
    assert matched(batch, {1: "level:xyz", 2: "khéo"}) == {2: {7}}
    assert "1" in caplog.text
    assert "xyz" in caplog.text


@pytest.mark.parametrize(
    "query",
    [
        "dân",
        "dân vận và",
        '"và các"',
        "lá",
        "=là khen",
        "unit:hội",
        "level:state",
        "source:thudo",
        "conferment:(level:state)",
        "khen OR thưởng",
        "khen NOT thưởng",
        "khen date:2024",
    ],
)
def test_a_query_that_says_what_it_is_about_can_be_saved(query: str) -> None:
    Asked(query).check()


@pytest.mark.parametrize(
    "query",
    ["", "  ", "!!!", "và", "va", "và của các", "NOT khen", "khen OR NOT thưởng", "khen OR và", "date:2024", "-khen -thưởng"],
)  # fmt: skip
def test_a_query_that_matches_nearly_everything_cannot_be_saved(query: str) -> None:
    with pytest.raises(BadInputError, match="gần như mọi bài"):
        Asked(query).check()


@pytest.mark.parametrize(
    "query", ["khen date:now", "khen date:[hôm nay TO *]", "khen date:>=today"]
)
def test_a_saved_query_carries_no_clock(query: str) -> None:
    with pytest.raises(BadInputError, match="ký tự"):
        Asked(query).check()

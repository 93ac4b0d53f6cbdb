"""Both engines, asked the same over the same made-up articles: all that is counted is the same, and what
is ranked is as well ranked.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from diembao.settings import Settings
from extraction.components.segment import compounds
from extraction.components.words import Words
from search_api.index import open_index, rebuilding
from search_api.index.base import SearchRequest
from search_api.index.document import build

# behind all else, since benchmarks bear names of packages
sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))

from million import asked
from million_articles import made_up
from search_set import making

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from search_api.index.base import Hit, SearchIndex
    from search_api.index.document import Document
    from tests.servers.fixtures import Server

    from .conftest import Writer

pytestmark = pytest.mark.needs_elasticsearch

ARTICLES, JUDGED = 300, 600
SHOWN, AS_WELL = 10, 0.02
Pair = tuple["SearchIndex", "SearchIndex"]


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, elasticsearch: Server
) -> Iterator[Callable[[Sequence[Document]], Pair]]:
    """Fills an index of each engine: the embedded one, then Elasticsearch in three shards."""
    used: list[dict[str, str]] = []
    patch = pytest.MonkeyPatch()
    patch.setattr("search_api.index.elasticsearch.engine.GRACE", 0)

    def fill(documents: Sequence[Document]) -> Pair:
        used.append(elasticsearch.settings())
        home = tmp_path_factory.mktemp("pair")
        beyond = Settings(home=home, index_shards=3, **used[-1])  # type: ignore[arg-type]
        for settings in (Settings(home=home), beyond):
            with rebuilding(settings) as take:
                take(documents)
        return open_index(Settings(home=home)), open_index(beyond)

    yield fill
    patch.undo()
    for chosen in used:
        elasticsearch.forget(chosen)


@pytest.fixture(scope="module")
def counted(pair: Callable[[Sequence[Document]], Pair]) -> Pair:
    return pair([made_up(number) for number in range(1, ARTICLES + 1)])


def pages(index: SearchIndex, request: SearchRequest) -> list[Hit]:
    hits: list[Hit] = []
    while True:
        page = index.search(request)
        hits += page.hits
        if page.cursor is None:
            return hits
        request = replace(request, cursor=page.cursor)


@pytest.mark.parametrize("seed", range(30))
def test_hits_counts_facets_and_timeline_are_the_same(counted: Pair, seed: int) -> None:
    chance = random.Random(seed)
    _, request = asked(chance)
    request = replace(request, fold_stories=chance.random() < 0.5, limit=25, facet_limit=1000)
    first, second = (index.search(request) for index in counted)
    assert (first.total, first.stories, first.is_exact) == (second.total, second.stories, True)
    assert first.facets == second.facets
    assert (first.timeline, first.notices) == (second.timeline, second.notices)
    by_date = replace(request, sort="date", facets=(), timeline=None)
    newest = [[replace(hit, score=0) for hit in pages(index, by_date)] for index in counted]
    assert newest[0] == newest[1]
    best = [pages(index, replace(request, fold_stories=False)) for index in counted]
    ids = [{hit.article_id for hit in hits} for hits in best]
    assert ids[0] == ids[1]
    assert len(ids[0]) == first.total


def test_names_that_are_offered_are_the_same(counted: Pair) -> None:
    for prefix in ("n", "tr", "lê", "hoi", "Đảng", "phuong", "bang khen", "x"):
        first, second = (index.suggest(prefix, 50) for index in counted)
        assert first == second


@pytest.fixture(scope="module")
def judged(pair: Callable[[Sequence[Document]], Pair], write: Writer) -> Pair:
    words, began = Words(), datetime(2024, 1, 1, tzinfo=UTC)
    documents = []
    for made in making.articles()[:JUDGED]:
        found = [made.text[start:end] for start, end in compounds(words, made.text)]
        at = (began + timedelta(hours=made.number)).isoformat()
        documents.append(
            build(write(made.number, *made.lines, title=made.title, at=at, compounds=found))
        )
    return pair(documents)


def gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def ndcg(found: Sequence[int], grades: Mapping[int, int]) -> float:
    best = sorted(grades.values(), reverse=True)[:SHOWN]
    return gain([grades.get(number, 0) for number in found]) / gain(best)


def test_the_order_by_relevance_is_as_good_for_each_way_of_typing(judged: Pair) -> None:
    judgements = making.judgements()
    scores: dict[str, tuple[list[float], list[float]]] = {}
    for query in making.queries():
        grades = {n: grade for n, grade in judgements[query.key].items() if n <= JUDGED}
        if not any(grades.values()):
            continue
        for index, kept in zip(judged, scores.setdefault(query.kind, ([], [])), strict=True):
            hits = index.search(SearchRequest(query.text, limit=SHOWN)).hits
            kept.append(ndcg([hit.article_id for hit in hits], grades))
    assert {"with marks", "without marks", "with some marks", "phrase", "name"} <= set(scores)
    means = {kind: [*map(statistics.fmean, both)] for kind, both in scores.items()}
    apart = {kind: (a, b) for kind, (a, b) in means.items() if abs(a - b) > AS_WELL}
    assert not apart

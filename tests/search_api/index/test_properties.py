"""Random articles and queries: the index, the matcher of saved queries and a plain reader agree."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diembao.records import Label, Level
from diembao.settings import Settings
from diembao.vietnamese.dates import local
from search_api.alerts import matcher
from search_api.alerts.asking import Asked
from search_api.index import open_index
from search_api.index.base import FACETS, SearchRequest
from search_api.index.document import build
from search_api.query import parse
from tests.search_api.engines import ENGINES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from diembao.archived import ArchivedArticle
    from search_api.index.base import Hit, SearchIndex

    from .conftest import Reader, Writer

WORDS = ["đường", "Đương", "dương", "duong", "đuong", "DÂN", "dẫn", "dan", "vận", "van", "văn", "hòa", "hoà", "Ðảng", "lan", "30/4"]  # fmt: skip
NAMES = ["Hội Dân Vận", "Đường Lan", "Vũ Hòa", "Dương Văn Lân"]

word = st.sampled_from(WORDS)
line = st.lists(word, max_size=5).map(" ".join)
award = st.tuples(
    st.sampled_from(["Bằng khen", "Giấy khen"]),
    st.sampled_from(NAMES),
    st.sampled_from([*Level, None]),
)
moment = st.integers(0, 700 * 24).map(
    lambda hours: (datetime(2023, 1, 1, tzinfo=UTC) + timedelta(hours=hours)).isoformat()
)
content = st.fixed_dictionaries(
    {
        "lines": st.lists(line, max_size=3),
        "title": line,
        "at": moment,
        "story": st.sampled_from([None, 1, 2, 3]),
        "source": st.sampled_from(["a", "b", "c"]),
        "province": st.sampled_from([None, "ha-noi", "hue"]),
        "names": st.dictionaries(st.sampled_from([Label.UNIT, Label.PERSON]), st.lists(st.sampled_from(NAMES), max_size=2, unique=True)),
        "awards": st.lists(award, max_size=2),
    }
)  # fmt: skip

bare = st.one_of(
    word,
    word.map("={}".format),
    st.lists(word, min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
)
fielded = st.tuples(st.sampled_from(["title", "unit", "person", "recipient", "award"]), bare).map(
    ":".join
)
level = st.sampled_from([*Level]).map("level:{}".format)
within = st.lists(
    st.one_of(bare, level, st.sampled_from(NAMES).map('recipient:"{}"'.format)),
    min_size=1,
    max_size=3,
)
conferment = st.tuples(within, st.sampled_from([" AND ", " OR ", " AND NOT "])).map(
    lambda made: f"conferment:({made[1].join(made[0])})"
)
dated = st.sampled_from(
    ["date:2023", "date:6/2023", "date:[2023-03-01 TO 2024-02-29]", "date:>2024-01-31"]
)
query = st.recursive(
    st.one_of(bare, bare, bare, fielded, level, conferment, dated),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) OR ({two[1]})"),
        inner.map(lambda one: f"NOT ({one})"),
    ),
    max_leaves=5,
)  # fmt: skip


def articles_of(write: Writer, contents: Sequence[dict[str, Any]]) -> list[ArchivedArticle]:
    return [
        write(number, *given["lines"], **{k: v for k, v in given.items() if k != "lines"})
        for number, given in enumerate(contents, 1)
    ]


def everyone(hits: Sequence[Hit]) -> list[int]:
    return [number for hit in hits for number in (hit.article_id, *hit.reprints)]


MOST = 20
"""Articles of an example at most."""


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchIndex]:
    """One index of each engine, emptied for each example."""
    settings_of = {"home": tmp_path_factory.mktemp("index")}
    if request.param == "embedded":
        yield open_index(Settings(**settings_of), writable=True)
    else:
        server = request.getfixturevalue("elasticsearch")
        chosen = server.settings()
        yield open_index(Settings(**settings_of, **chosen), writable=True)
        server.forget(chosen)


def fill(engine: SearchIndex, articles: Sequence[ArchivedArticle]) -> None:
    engine.delete(range(1, MOST + 1))
    # two commits, so that counts are summed over segments
    half = len(articles) // 2
    engine.put([build(article) for article in articles[:half]])
    engine.put([build(article) for article in articles[half:]])


@settings(max_examples=30, deadline=None)
@given(st.lists(content, min_size=1, max_size=8), st.lists(query, min_size=1, max_size=12))
def test_page_and_alerts_find_what_a_plain_reader_finds(
    engine: SearchIndex,
    write: Writer,
    reader: Reader,
    contents: list[dict[str, Any]],
    queries: list[str],
) -> None:
    articles = articles_of(write, contents)
    fill(engine, articles)
    saved = {number: Asked(asked) for number, asked in enumerate(queries)}
    matched = matcher.match([build(article) for article in articles], saved)
    # in a batch of its own an article has another vocabulary, and is matched all the same
    alone = {article.id: matcher.match([build(article)], saved) for article in articles}
    for number, asked in enumerate(queries):
        tree = parse(asked).tree
        expected = {article.id for article in articles if reader.finds(tree, article)}
        result = engine.search(SearchRequest(asked, limit=100))
        assert (set(everyone(result.hits)), result.total) == (expected, len(expected)), asked
        assert matched.get(number, set()) == expected, asked
        assert {one for one, found in alone.items() if number in found} == expected, asked


@settings(max_examples=30, deadline=None)
@given(
    st.lists(content, min_size=1, max_size=15),
    st.sampled_from(["", "duong", "dan OR lan", "NOT van"]),
    st.dictionaries(st.sampled_from(["source", "province", "unit"]), st.sampled_from(["a", "ha-noi", f"UNIT:{NAMES[0]}"]).map(lambda v: (v,)), max_size=1),
    st.dictionaries(st.just("source"), st.sampled_from(["a", "b"]).map(lambda v: (v,)), max_size=1),
    st.tuples(st.sampled_from([None, date(2023, 6, 1)]), st.sampled_from([None, date(2024, 5, 31)])),
)  # fmt: skip
def test_facets_and_timeline_count_every_hit(
    engine: SearchIndex,
    write: Writer,
    reader: Reader,
    contents: list[dict[str, Any]],
    asked: str,
    filters: dict[str, tuple[str, ...]],
    excluded: dict[str, tuple[str, ...]],
    days: tuple[date | None, date | None],
) -> None:
    articles = articles_of(write, contents)
    fill(engine, articles)

    def passes(article: ArchivedArticle) -> bool:
        values = build(article).keywords
        day = local(article.article.date).date()
        return (
            reader.finds(parse(asked).tree, article)
            and all(set(wanted) <= set(values.get(name, ())) for name, wanted in filters.items())
            and not any(
                set(banned) & set(values.get(name, ())) for name, banned in excluded.items()
            )
            and (days[0] or date.min) <= day <= (days[1] or date.max)
        )

    hits = [article for article in articles if passes(article)]
    request = SearchRequest(
        asked, filters, excluded, *days, facets=FACETS, facet_limit=100, timeline="month"
    )
    result = engine.search(request)
    assert result.total == len(hits)
    for name in FACETS:
        expected = Counter(
            value for article in hits for value in build(article).keywords.get(name, ())
        )
        assert {facet.value: facet.count for facet in result.facets[name]} == expected, name
    months = [
        (local(article.article.date).year, local(article.article.date).month) for article in hits
    ]
    assert {
        bucket.key: bucket.articles for bucket in result.timeline if bucket.articles
    } == Counter(f"{year}-{month:02}" for year, month in months)
    if months:
        (first, begun), (last, ended) = min(months), max(months)
        assert len(result.timeline) == (last - first) * 12 + ended - begun + 1


@settings(max_examples=30, deadline=None)
@given(
    st.lists(content, max_size=20),
    st.sampled_from(["", "duong", "dan OR lan OR van"]),
    st.sampled_from(["relevance", "date"]),
    st.booleans(),
    st.integers(1, 7),
)
def test_pages_hold_every_hit_once_with_reprints_under_the_first(
    engine: SearchIndex, write: Writer, contents: list[dict[str, Any]], asked: str, sort: Any, folds: bool, limit: int
) -> None:  # fmt: skip
    articles = {article.id: article for article in articles_of(write, contents)}
    fill(engine, list(articles.values()))
    hits: list[Hit] = []
    cursor = None
    while True:
        page = engine.search(
            SearchRequest(asked, sort=sort, limit=limit, cursor=cursor, fold_stories=folds)
        )
        assert len(page.hits) <= limit
        hits += page.hits
        cursor = page.cursor
        if cursor is None:
            break
    assert len(everyone(hits)) == len(set(everyone(hits))) == page.total
    stories = [hit.story_id for hit in hits if hit.story_id is not None]
    if folds:
        assert len(stories) == len(set(stories))
    else:
        assert not any(hit.reprints for hit in hits)
    own = [-number for number in everyone(hits) if articles[number].story_id is None]
    assert (page.stories, page.is_exact) == (len(own) + len(set(stories)), True)
    assert all(articles[other].story_id == hit.story_id for hit in hits for other in hit.reprints)
    if sort == "date":
        shown = [(articles[hit.article_id].article.date, hit.article_id) for hit in hits]
        assert shown == sorted(shown, reverse=True)
    else:
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)

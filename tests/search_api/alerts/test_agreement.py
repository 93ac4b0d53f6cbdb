"""What a search finds on the page and what its alert matches are the same, whatever is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diembao.archive.alerts import Rule
from diembao.archived import ArchivedArticle, Entity
from diembao.article import Article, Block, BlockKind
from diembao.records import (
    Conferment,
    EmulationModel,
    Extraction,
    Label,
    Level,
    Mention,
    Position,
    Span,
)
from diembao.source import Source, SourceLevel
from search_api.alerts.asking import FILTERS, Asked
from search_api.alerts.rules import candidates
from search_api.index.document import build
from search_api.index.embedded import EmbeddedIndex
from search_api.query.prepass import FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2024, 12, 20, 3, tzinfo=UTC)
WORDS = [
    "đường",
    "Đương",
    "dương",
    "duong",
    "đuong",
    "DÂN",
    "dan",
    "vận",
    "van",
    "hòa",
    "hoà",
    "Ðảng",
]
NAMES = ["Hội Dân Vận", "Đường Lan", "Vũ Hòa", "Đảng Bộ Duong"]
PROVINCES = ["ha-noi", "hue"]

word = st.sampled_from(WORDS)
words = st.lists(word, min_size=1, max_size=4).map(" ".join)
name = st.sampled_from(NAMES)
maybe = st.none() | name
content = st.fixed_dictionaries(
    {
        "title": words,
        "lead": words,
        "line": words,
        "section": st.none() | word,
        "tags": st.lists(word, max_size=2),
        "source": st.sampled_from(["thudo", "trungdu"]),
        "province": st.none() | st.sampled_from(PROVINCES),
        "level": st.sampled_from(list(SourceLevel)),
        "days": st.integers(0, 40),
        "names": st.lists(st.tuples(st.sampled_from(list(Label)), name), max_size=3, unique=True),
        "awards": st.lists(
            st.tuples(word, st.lists(name, max_size=2), maybe, maybe, st.none() | st.sampled_from(list(Level))),
            max_size=2,
        ),
        "models": st.lists(st.tuples(name, maybe), max_size=2),
        "people": st.lists(st.tuples(name, st.none() | words), max_size=1),
    }
)  # fmt: skip

bare = st.one_of(
    word,
    word.map("={}".format),
    st.lists(word, min_size=2, max_size=3).map(lambda many: f'"{" ".join(many)}"'),
    name.map('"{}"'.format),
)
VALUED = {
    "level": st.sampled_from(list(Level)).map(str),
    "province": st.sampled_from(PROVINCES),
    "date": st.sampled_from(["12/2024", "[2024-11-20 TO 2024-12-10]", ">2024-12-01", "2023"]),
}
fielded = st.sampled_from([field for field in FIELDS if field != "conferment"]).flatmap(
    lambda field: VALUED.get(field, bare).map(f"{field}:{{}}".format)
)
of_conferment = st.sampled_from(["award", "level", "recipient", "conferrer", "model"]).flatmap(
    lambda field: VALUED.get(field, bare).map(f"{field}:{{}}".format)
)
conferment = st.tuples(
    st.lists(bare | of_conferment, min_size=1, max_size=3),
    st.sampled_from([" AND ", " OR ", " AND NOT ", " "]),
).map(lambda made: f"conferment:({made[1].join(made[0])})")
query = st.recursive(
    st.one_of(bare, fielded, fielded, conferment),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.tuples(inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner).map(
            lambda three: f"({three[0]}) {three[1]} ({three[2]})"
        ),
        inner.map(lambda one: f"NOT ({one})"),
        bare.map("-{}".format),
    ),
    max_leaves=5,
)

ENTITIES = {"unit", "person", "award", "model", "movement", "place"}
CARRIED = {
    "source": st.sampled_from(["thudo", "trungdu"]),
    "source_level": st.sampled_from(list(SourceLevel)).map(str),
    "source_province": st.sampled_from(PROVINCES),
    "province": st.sampled_from(PROVINCES),
    "award_level": st.sampled_from(list(Level)).map(str),
} | {field: name.map(f"{field.upper()}:{{}}".format) for field in ENTITIES}
filter_ = st.sampled_from(FILTERS).flatmap(lambda field: CARRIED[field].map(f"{field}:{{}}".format))
asked = st.builds(
    lambda said, filters: Asked(said, tuple(filters)),
    st.just("") | query,
    st.lists(filter_ | filter_.map("-{}".format), max_size=2, unique=True),
).filter(lambda one: not one.is_everything)


def archived(number: int, told: dict[str, Any]) -> ArchivedArticle:
    printed = [told["title"], told["lead"], told["line"], *(text for _, text in told["names"])]
    kinds = [BlockKind.TITLE, BlockKind.LEAD] + [BlockKind.PARAGRAPH] * (len(printed) - 2)
    moment = NOW - timedelta(days=told["days"])
    url = f"https://{told['source']}.example/{number}"
    article = Article(
        url=url,
        canonical_url=url,
        source=told["source"],
        section=told["section"],
        tags=tuple(told["tags"]),
        blocks=tuple(
            Block(kind=kind, text=text) for kind, text in zip(kinds, printed, strict=True)
        ),
        published_at=moment,
        fetched_at=moment,
    )
    text, everything = article.text, Span(0, len(article.text))
    mentions = [
        Mention(text.index(said), text.index(said) + len(said), label, 1.0, f"{label}:{said}")
        for label, said in told["names"]
    ]
    return ArchivedArticle(
        id=number,
        version=1,
        article=article,
        source=Source(
            name=told["source"],
            title=f"Báo {told['source']}",
            domain=f"{told['source']}.example",
            province=told["province"],
            level=told["level"],
        ),
        extraction=Extraction(
            id=url,
            text=text,
            mentions=tuple(mentions),
            awards=tuple(
                Conferment(
                    award=award,
                    recipients=tuple(recipients),
                    conferrer=conferrer,
                    for_model=for_model,
                    level=level,
                    evidence=everything,
                )
                for award, recipients, conferrer, for_model, level in told["awards"]
            ),
            models=tuple(
                EmulationModel(name=said, owner=owner, evidence=everything)
                for said, owner in told["models"]
            ),
            people=tuple(
                Position(name=said, role=role, evidence=everything) for said, role in told["people"]
            ),
        ),
        entities={
            f"{label}:{said}": Entity(f"{label}:{said}", label, said)
            for label, said in told["names"]
            if label is not Label.ROLE
        },
        story_id=None,
        event_ids=tuple(range(len(told["awards"]))),
        first_seen_at=NOW,
    )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedIndex:
    """One index, emptied for each example."""
    return EmbeddedIndex(tmp_path_factory.mktemp("index"), writable=True)


def matched(articles: Sequence[ArchivedArticle], all_asked: Sequence[Asked]) -> dict[int, set[int]]:
    """What a batch of new articles matches, by subscription."""
    rules = [
        Rule(number, one.query, "story", NOW, one.filters) for number, one in enumerate(all_asked)
    ]
    found: dict[int, set[int]] = {rule.id: set() for rule in rules}
    for candidate in candidates(articles, rules):
        found[candidate.rule.id].add(candidate.archived.id)
    return found


@settings(max_examples=40, deadline=None)
@given(st.lists(content, min_size=1, max_size=6), st.lists(asked, min_size=1, max_size=20))
def test_the_page_and_the_alerts_find_the_same(
    engine: EmbeddedIndex, contents: list[dict[str, Any]], all_asked: list[Asked]
) -> None:
    articles = [archived(number, told) for number, told in enumerate(contents, 1)]
    engine.clear()
    engine.put([build(article) for article in articles])
    page = {
        number: {
            hit.article_id for hit in engine.search(one.request(limit=100, fold_stories=False)).hits
        }
        for number, one in enumerate(all_asked)
    }
    assert matched(articles, all_asked) == page
    one_by_one = [matched([article], all_asked) for article in articles]
    assert {number: set().union(*(one[number] for one in one_by_one)) for number in page} == page

"""Every sample article with its reprints, in random orders: the alerts equal the hand-written list.

Once with the awards of the list written into the articles by hand, so that events and alerts alone
decide; once with what the extractor reads, for which no order may tell more, less or twice.
"""

from __future__ import annotations

import random
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import extraction
from crawler import declarations, reading
from crawler.fetching import FetchedPage
from diembao import pipeline, settings
from diembao.archive import alerts, articles
from diembao.archive.alerts import Alert
from diembao.archive.engine import Archive
from diembao.archive.migration import open_archive
from diembao.article import Article
from diembao.records import Conferment, Extraction, Span
from diembao.settings import Settings
from diembao.settling import settle
from diembao.source import Source
from diembao.vietnamese.folding import fold
from search_api.alerts.raising import raise_alerts

EXPECTED = tomllib.loads(
    (Path(__file__).parents[1] / "press" / "expected_alerts.toml").read_text(encoding="utf-8")
)
CORRECTED = [event for event in EXPECTED["event"] if "corrected" in event]
ORDERS = 5
Told = tuple[str, str]
"""Award and recipient, folded."""


@dataclass(frozen=True)
class Printed:
    """An article as one newspaper prints it, in its first or second version."""

    name: str
    source: Source
    article: Article

    @property
    def listed(self) -> list[dict[str, Any]]:
        """The events of the list that it tells."""
        return [event for event in EXPECTED["event"] if self.name in event["articles"]]


@dataclass
class Replay:
    """An archive to which articles come."""

    archive: Archive
    chosen: Settings
    read: Callable[[Printed], Extraction]

    def take(self, batch: Sequence[Printed]) -> None:
        """The pipeline's second step on articles whose extraction is given."""
        now = pipeline.now()
        with self.archive.write() as conn:
            ids = []
            for one in batch:
                saved = articles.save(conn, one.source, one.article, None, now)
                settle(conn, saved.article_id, saved.version, one.article, self.read(one), now)
                ids.append(saved.article_id)
            raise_alerts(conn, articles.load(conn, ids), self.chosen, now)

    def alerts(self) -> list[Alert]:
        with self.archive.read() as conn:
            return alerts.inbox(conn, limit=10_000)[::-1]

    def told(self) -> list[Told]:
        """What the alerts say, in their order."""
        return [
            (fold(award["award"]), fold(name))
            for alert in self.alerts()
            for award in alert.message["awards"]
            for name in award["recipients"]
        ]


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an office in which every sample article is news."""
    home = tmp_path_factory.mktemp("replay")
    return settings.load(home=home, private_networks=True, alert_days=36500)


@pytest.fixture(scope="module")
def begin(chosen: Settings) -> Callable[[Callable[[Printed], Extraction]], Any]:
    """A new archive with one subscription on new award articles."""
    empty = open_archive(chosen.archive_url)
    with empty.write() as conn:
        alerts.create_subscription(
            conn, name="Khen thưởng mới", query="", subject="event", channels=[], now=pipeline.now()
        )
    empty.close()
    fresh = chosen.home / "fresh.db"

    @contextmanager
    def replay(read: Callable[[Printed], Extraction]) -> Iterator[Replay]:
        shutil.copy(chosen.home / "archive.db", fresh)
        archive = Archive(f"sqlite:///{fresh}")
        yield Replay(archive, chosen, read)
        archive.close()
        fresh.unlink()

    return replay


@pytest.fixture(scope="module")
def printed(chosen: Settings, press_module: Any) -> tuple[list[Printed], list[Printed]]:
    """All articles that the newspapers print, and those of the list that they print anew."""
    with press_module.Press() as press:
        folder = chosen.home / "sources"
        press.write_declarations(folder)
        declared = declarations.load(folder)

        def read(one: Any) -> Printed:
            body = press.sites[one.site].page(one.path).body
            page = FetchedPage(one.url, pipeline.now(), {}, body)
            declaration = declared[one.site]
            article = reading.read_page(page, declaration, pipeline.now())
            return Printed(one.article_id, declaration.source, article)

        first = [read(one) for one in press.articles]
        edited = {name for event in CORRECTED for name in event["articles"]}
        for name in edited:
            press.edit(name)
        return first, [read(one) for one in press.articles if one.article_id in edited]


def shuffled(articles: Sequence[Printed], seed: int) -> list[list[Printed]]:
    """Batches of random sizes in a random order."""
    chance = random.Random(seed)
    left = chance.sample(articles, len(articles))
    batches = []
    while left:
        size = chance.randint(1, 20)
        batches.append(left[:size])
        left = left[size:]
    return batches


def pair(event: dict[str, Any], name: str = "recipient") -> Told:
    return fold(event["award"]), fold(event[name])


# --- by the list itself ----------------------------------------------------------------------------


def by_hand(one: Printed) -> Extraction:
    """The awards of the list, as this article words the recipient."""
    text = one.article.text
    awards = []
    for event in one.listed:
        names = [event["recipient"], event.get("corrected", event["recipient"])]
        recipient = next((name for name in reversed(names) if name in text), names[0])
        awards.append(
            Conferment(
                award=event["award"],
                recipients=(recipient,),
                conferrer=event["conferrer"],
                evidence=Span(0, len(text)),
            )
        )
    return Extraction(id=one.name, text=text, awards=tuple(awards), extractor="by hand")


@pytest.mark.parametrize("seed", range(ORDERS))
def test_the_alerts_equal_the_list_in_any_order(
    begin: Any, printed: tuple[list[Printed], list[Printed]], seed: int
) -> None:
    first, second = printed
    with begin(by_hand) as replay:
        for batch in shuffled(first, seed):
            replay.take(batch)
        assert Counter(replay.told()) == Counter(map(pair, EXPECTED["event"]))
        number = len(replay.alerts())
        replay.take(first[:20])
        assert len(replay.alerts()) == number, "articles that come again tell nothing"
        for batch in shuffled(second, seed):
            replay.take(batch)
        corrections = replay.alerts()[number:]
        assert [one.message["correction"] for one in corrections] == [True] * len(CORRECTED)
        assert Counter(replay.told()[number:]) == Counter(
            pair(event, "corrected") for event in CORRECTED
        )


# --- by the extractor ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_extractor(printed: tuple[list[Printed], list[Printed]]) -> Callable[[Printed], Extraction]:
    """What the extractor reads, once for each article."""
    nlp = extraction.load()
    said = {
        one.article.canonical_url: extraction.extract(nlp, one.article.text, one.name)
        for one in printed[0]
    }
    return lambda one: said[one.article.canonical_url]


@dataclass(frozen=True)
class Outcome:
    """What one order came to: the conferments of each event, and the events of the alerts."""

    events: dict[int, frozenset[tuple[str, int]]]
    told: list[int]


@pytest.fixture(scope="module")
def outcomes(
    begin: Any, printed: tuple[list[Printed], list[Printed]], by_extractor: Any
) -> list[Outcome]:
    """One for each order."""
    found = []
    for seed in range(ORDERS):
        with begin(by_extractor) as replay:
            for batch in shuffled(printed[0], seed):
                replay.take(batch)
            found.append(outcome(replay))
    return found


def outcome(replay: Replay) -> Outcome:
    with replay.archive.read() as conn:
        loaded = {one.id: one for one in articles.load(conn, articles.ids(conn))}
    members: dict[int, set[tuple[str, int]]] = {}
    for one in loaded.values():
        for ordinal, event in enumerate(one.event_ids):
            members.setdefault(event, set()).add((one.article.canonical_url, ordinal))
    told = []
    for alert in replay.alerts():
        one = loaded[alert.article_id]
        assert one.extraction
        said = [(a["award"], tuple(a["recipients"])) for a in alert.message["awards"]]
        told.append(
            next(
                event
                for award, event in zip(one.extraction.awards, one.event_ids, strict=True)
                if (award.award, award.recipients) in said
            )
        )
    return Outcome({event: frozenset(parts) for event, parts in members.items()}, told)


def test_every_order_makes_the_same_events(outcomes: list[Outcome]) -> None:
    made = [set(one.events.values()) for one in outcomes]
    assert [one ^ made[0] for one in made] == [set()] * ORDERS


def test_every_order_tells_every_event_once(outcomes: list[Outcome]) -> None:
    """Two alerts for one event are left where an article joined two that had been told."""
    for one in outcomes:
        assert set(one.told) == set(one.events)
        twice = [event for event, n in Counter(one.told).items() if n > 1]
        assert all(len(one.events[event]) > 2 for event in twice)

"""How well searches are answered: NDCG@10 on the judged set, beside plain `standard` analysis and FTS5.

- *diembao*: the embedded engine as the page uses it, articles segmented as the extraction does it.
- *standard*: the same Tantivy, as plain as Elasticsearch's `standard` analyzer with a `match` query:
  lower-cased words with their marks, any of them, BM25, the title twice; a phrase in quotes is a phrase.
- *FTS5*: SQLite's, with its own tokenizer `unicode61`, which drops marks but keeps `đ`; any of the
  words, which answers these queries better than its usual all of them; BM25, the title twice.

The judgements (`search_set/making.py`) were kept before anything was tuned. Intervals are of 2000
bootstrap samples of the queries. The pasted headlines are easy for everyone; they must parse, and count
in no mean but their own. Fails if NDCG is below FLOOR, if it is not AHEAD of both others, or if a
headline does not parse.

    python benchmarks/search_quality.py [--pool] [--worst N]

`--pool` prints what each system puts forward and how it is judged, `--worst` the queries answered worst.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sqlite3
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import tantivy
from tantivy import Occur, Query

from diembao.archived import ArchivedArticle
from diembao.article import Article, Block, BlockKind
from diembao.records import Extraction
from diembao.source import Source, SourceLevel
from search_api.index.base import SearchRequest
from search_api.index.document import build
from search_api.index.embedded import EmbeddedIndex, rebuilding
from search_api.query import parse

# in place of this folder, whose extraction.py would hide the package
sys.path[0] = str(Path(__file__).parent / "search_set")

import making  # noqa: E402

from extraction.components.segment import compounds  # noqa: E402
from extraction.components.words import Words  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FLOOR, AHEAD, SHOWN, SAMPLES = 0.9, 0.1, 10, 2000
TITLE = 2.0


class System(Protocol):
    """Something that answers."""

    def find(self, typed: str) -> list[int]:
        """Numbers of the first articles."""


class Diembao:
    """The embedded engine."""

    def __init__(self, made: Sequence[making.Made], folder: Path) -> None:
        words, source = (
            Words(),
            Source(name="bao", title="Báo", domain="example", level=SourceLevel.CITY),
        )
        first = datetime(2024, 1, 1, tzinfo=UTC)
        with rebuilding(folder) as take:
            for one in made:
                at = first + timedelta(hours=one.number)
                article = Article(
                    url=f"https://example/{one.number}",
                    canonical_url=f"https://example/{one.number}",
                    source=source.name,
                    blocks=(
                        Block(kind=BlockKind.TITLE, text=one.title),
                        *(Block(kind=BlockKind.PARAGRAPH, text=line) for line in one.lines),
                    ),
                    published_at=at,
                    fetched_at=at,
                )
                text = article.text
                extraction = Extraction(
                    id=str(one.number), text=text, compounds=compounds(words, text)
                )
                archived = ArchivedArticle(
                    id=one.number,
                    version=1,
                    article=article,
                    source=source,
                    extraction=extraction,
                    entities={},
                    story_id=None,
                    event_ids=(),
                    first_seen_at=at,
                )
                take([build(archived)])
        self.index = EmbeddedIndex(folder)

    def find(self, typed: str) -> list[int]:
        """As the page asks."""
        return [hit.article_id for hit in self.index.search(SearchRequest(typed, limit=SHOWN)).hits]


class Standard:
    """Lower-cased words as they are written."""

    def __init__(self, made: Sequence[making.Made]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True)
        builder.add_text_field("title")
        builder.add_text_field("text")
        self.schema = builder.build()
        index = tantivy.Index(self.schema)
        writer = index.writer(50_000_000, num_threads=1)
        for one in made:
            document = tantivy.Document()
            document.add_integer("number", one.number)
            document.add_text("title", one.title)
            document.add_text("text", one.text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def find(self, typed: str) -> list[int]:
        """Any of the words and phrases."""
        clauses = []
        for words in parts(typed):
            for field, weight in (("text", 1.0), ("title", TITLE)):
                query = (
                    Query.term_query(self.schema, field, words[0])
                    if len(words) == 1
                    else Query.phrase_query(self.schema, field, list(words))
                )
                clauses.append((Occur.Should, Query.boost_query(query, weight)))
        hits = self.searcher.search(Query.boolean_query(clauses), SHOWN).hits
        return [int(self.searcher.doc(address)["number"][0]) for _, address in hits]


class Fts5:
    """SQLite's own search."""

    def __init__(self, made: Sequence[making.Made]) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute(
            "CREATE VIRTUAL TABLE articles USING fts5(title, text, tokenize='unicode61')"
        )
        self.db.executemany(
            "INSERT INTO articles (rowid, title, text) VALUES (?, ?, ?)",
            [(one.number, one.title, one.text) for one in made],
        )

    def find(self, typed: str) -> list[int]:
        """Any of the words and phrases."""
        match = " OR ".join(f'"{" ".join(words)}"' for words in parts(typed))
        found = self.db.execute(
            "SELECT rowid FROM articles WHERE articles MATCH ? ORDER BY bm25(articles, ?, 1) LIMIT ?",
            (match, TITLE, SHOWN),
        )
        return [number for (number,) in found]


def parts(typed: str) -> list[list[str]]:
    """The words, and the phrase where all of it stands in quotes."""
    words = re.findall(r"\w+", typed.lower())
    return [words] if re.fullmatch('"[^"]+"', typed) else [[word] for word in words]


def ndcg(found: Sequence[int], grades: Mapping[int, int]) -> float:
    """Of the first ten, with gains 2 ** grade - 1."""
    best = sorted(grades.values(), reverse=True)[:SHOWN]
    return _gain([grades.get(number, 0) for number in found]) / _gain(best)


def _gain(grades: Sequence[int]) -> float:
    gains = (
        (math.pow(2, grade) - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1)
    )
    return math.fsum(gains)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Where the mean lies in 95 of 100 bootstrap samples."""
    chance = random.Random(1)
    means = sorted(statistics.fmean(chance.choices(values, k=len(values))) for _ in range(SAMPLES))
    return means[SAMPLES // 40], means[-SAMPLES // 40 - 1]


def without_headlines(asked: Sequence[making.Asked], scores: Sequence[float]) -> list[float]:
    """Scores of the other queries."""
    return [score for one, score in zip(asked, scores, strict=True) if one.kind != "headline"]


def table(asked: Sequence[making.Asked], scores: Mapping[str, Sequence[float]]) -> None:
    """Scores by kind of query, then all."""
    kinds = list(dict.fromkeys(one.kind for one in asked))
    print(f"{'NDCG@10':22}{'queries':>8}" + "".join(f"{name:>12}" for name in scores))
    for kind in kinds:
        these = [n for n, one in enumerate(asked) if one.kind == kind]
        means = [statistics.fmean(found[n] for n in these) for found in scores.values()]
        print(f"{kind:22}{len(these):8}" + "".join(f"{mean:12.3f}" for mean in means))
    for name, every in scores.items():
        found = without_headlines(asked, every)
        low, high = interval(found)
        print(
            f"all others, {name:10}{len(found):8}{statistics.fmean(found):12.3f}  [{low:.3f}, {high:.3f}]"
        )


def failures(asked: Sequence[making.Asked], scores: Mapping[str, Sequence[float]]) -> list[str]:
    """What falls short, a line each."""
    ours, *others = scores
    counted = {name: without_headlines(asked, found) for name, found in scores.items()}
    mean = statistics.fmean(counted[ours])
    found = [f"NDCG@10 of {ours} is {mean:.3f}, below {FLOOR}"] if mean < FLOOR else []
    for other in others:
        ahead = [a - b for a, b in zip(counted[ours], counted[other], strict=True)]
        low, high = interval(ahead)
        print(f"ahead of {other}: {statistics.fmean(ahead):.3f}  [{low:.3f}, {high:.3f}]")
        if statistics.fmean(ahead) < AHEAD:
            found.append(f"{ours} is not {AHEAD} ahead of {other}")
    for one in asked:
        if one.kind == "headline" and any("Cú pháp" in told for told in parse(one.text).notices):
            found.append(f"the headline “{one.text}” does not parse")
    return found


def main() -> int:
    """Ask all systems, judge, compare."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pool", action="store_true")
    arguments.add_argument("--worst", type=int, default=0)
    given = arguments.parse_args()
    made, asked, judged = making.articles(), making.queries(), making.judgements()
    with tempfile.TemporaryDirectory() as scratch:
        systems: dict[str, System] = {
            "diembao": Diembao(made, Path(scratch, "index")),
            "standard": Standard(made),
            "FTS5": Fts5(made),
        }
        answers = {
            name: [system.find(one.text) for one in asked] for name, system in systems.items()
        }
    scores = {
        name: [ndcg(found, judged[one.key]) for one, found in zip(asked, given_, strict=True)]
        for name, given_ in answers.items()
    }
    titles = {one.number: one.title for one in made}

    def show(place: int, names: Sequence[str]) -> None:
        print(f"\n{asked[place].key}: {asked[place].text}")
        for name in names:
            print(f"  {name} {scores[name][place]:.3f}")
            for number in answers[name][place]:
                print(f"    {judged[asked[place].key].get(number, 0)} {number:5} {titles[number]}")

    if given.pool:
        for place in range(len(asked)):
            show(place, list(systems))
    for place in sorted(range(len(asked)), key=scores["diembao"].__getitem__)[: given.worst]:
        show(place, ["diembao"])
    table(asked, scores)
    short = failures(asked, scores)
    for line in short:
        print(f"FAILED: {line}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())

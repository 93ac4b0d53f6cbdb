"""Search, facets and timeline of the embedded index beside SQLite FTS5, on the same made-up articles.

Both run in one process, one after the other, so the ratios hold on any machine; milliseconds are the
medians of one. FTS5 gets the folded text, as it knows no Vietnamese. Run:

    python benchmarks/search.py [ARTICLES]
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from diembao.archived import ArchivedArticle, Entity
from diembao.article import Article, Block, BlockKind
from diembao.records import Conferment, Extraction, Label, Level, Mention, Span
from diembao.source import Source, SourceLevel
from search_api.index.answering import Answering
from search_api.index.base import FACETS, SearchRequest, SearchResult
from search_api.index.document import Document, build
from search_api.index.embedded import open_generation, rebuilding
from search_api.index.generations import Generations
from search_api.index.results import result
from search_api.index.schema import build_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUERIES = {
    "common words": "phong trao thi dua",
    "a phrase": '"dân vận khéo"',
    "words partly marked": "đuong pho sach",
    "a rare name": "person:Vui quận",
}
RUNS = 9
BATCH = 500

_TALK = (
    "phong trào thi đua dân vận khéo đường phố sạch đẹp mô hình điển cán bộ hội phụ nữ quận ủy phường "
    "xã thôn tổ đảng viên nhân công tác khen thưởng tập thể cá xây dựng nông mới văn hóa môi trường "
    "học sinh giáo viên an ninh trật tự quốc phòng kinh tế phát triển đời sống nhà ở giảm nghèo bền "
    "vững chính quyền mặt trận đoàn kết toàn thanh niên cựu chiến binh lao động sản xuất giỏi"
)
SYLLABLES = _TALK.split()
HEADS = (
    "ba",
    "ca",
    "cha",
    "đa",
    "ga",
    "kha",
    "la",
    "ma",
    "na",
    "pha",
    "ra",
    "sa",
    "ta",
    "tha",
    "va",
)
TAILS = ("n", "ng", "nh", "m", "o", "i", "u", "c", "t", "p", "")
RARE = [
    head + tail + str(number % 7 or "") for number in range(40) for head in HEADS for tail in TAILS
]


def made_up(count: int) -> Iterator[Document]:
    """Articles of about 1,650 characters over five years, with a newspaper's spread of words."""
    chance = random.Random(7)
    sources = [
        Source(
            name=f"bao{n}", title=f"Báo {n}", domain="example", level=level, province=f"tinh-{n}"
        )
        for n, level in enumerate([*SourceLevel] * 4)
    ]
    people = [f"Nguyễn {chance.choice(RARE).title()} Vui" for _ in range(5000)]
    start = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(1, count + 1):
        person, unit = chance.choice(people), f"Hội số {int(chance.paretovariate(0.7)) % 4000}"
        lines = [
            " ".join(chance.choices(SYLLABLES, k=24) + chance.choices(RARE, k=chance.randint(2, 8)))
            for _ in range(13)
        ]
        text = "\n".join([f"{unit} tặng Bằng khen cho {person}", *lines])
        if number % 50 == 0:
            text = text.replace("\n", " phong trào “Dân vận khéo”\n", 1)
        mentions = [
            Mention(text.index(name), text.index(name) + len(name), label, entity=name)
            for name, label in (
                (unit, Label.UNIT),
                ("Bằng khen", Label.AWARD),
                (person, Label.PERSON),
            )
        ]
        award = Conferment(
            award="Bằng khen",
            recipients=(person,),
            conferrer=unit,
            level=chance.choice([*Level]),
            evidence=Span(0, len(lines[0])),
        )
        title, *rest = text.split("\n")
        at = start + timedelta(minutes=chance.randint(0, 5 * 365 * 24 * 60))
        source = chance.choice(sources)
        article = Article(
            url=f"https://example/{number}",
            canonical_url=f"https://example/{number}",
            source=source.name,
            blocks=(
                Block(kind=BlockKind.TITLE, text=title),
                *(Block(kind=BlockKind.PARAGRAPH, text=line) for line in rest),
            ),
            published_at=at,
            fetched_at=at,
        )
        yield build(
            ArchivedArticle(
                id=number,
                version=1,
                article=article,
                source=source,
                extraction=Extraction(
                    id=str(number), text=text, mentions=tuple(mentions), awards=(award,)
                ),
                entities={
                    m.entity: Entity(m.entity, m.label, m.entity) for m in mentions if m.entity
                },
                story_id=number // 3,
                event_ids=(number,),
                first_seen_at=at,
            )
        )


class Fts5:
    """The least that SQLite needs for the same answers."""

    def __init__(self, file: Path) -> None:
        self.db = sqlite3.connect(file)
        self.db.executescript(
            "CREATE VIRTUAL TABLE words USING fts5(text, person, content='');"
            "CREATE TABLE facts (article INTEGER, field TEXT, value TEXT);"
        )

    def put(self, documents: list[Document]) -> None:
        """Add documents."""
        for document in documents:
            text, person = (
                "\n".join(stretch.folded for stretch in document.texts.get(field, ()))
                for field in ("text", "person")
            )
            self.db.execute(
                "INSERT INTO words(rowid, text, person) VALUES (?, ?, ?)",
                (document.article_id, text, person),
            )
            self.db.executemany(
                "INSERT INTO facts VALUES (?, ?, ?)",
                [
                    (document.article_id, field, value)
                    for field in FACETS
                    for value in document.keywords.get(field, ())
                ],
            )
        self.db.commit()

    def finish(self) -> None:
        """What a loaded database deserves."""
        self.db.execute("CREATE INDEX facts_by_article ON facts (article, field, value)")
        self.db.execute("INSERT INTO words(words) VALUES ('optimize')")
        self.db.commit()

    def hits(self, match: str) -> None:
        """Ten ranked hits."""
        self.db.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 10", (match,)
        ).fetchall()

    def counts(self, match: str) -> None:
        """All facets; the months among them are the timeline."""
        self.db.execute(
            "SELECT field, value, count(*) FROM words JOIN facts ON article = words.rowid "
            "WHERE words MATCH ? GROUP BY field, value",
            (match,),
        ).fetchall()


FTS5_QUERIES = {
    "common words": "phong trao thi dua",
    "a phrase": '"dan van kheo"',
    "words partly marked": "duong pho sach",
    "a rare name": "person:vui AND quan",
}


def median_ms(act: Callable[[], object]) -> float:
    """Median of RUNS, after one that warms up."""
    act()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def size_mb(folder: Path) -> float:
    """Megabytes of all files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    """Fill both, ask both."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("articles", nargs="?", type=int, default=20_000)
    count = arguments.parse_args().articles
    with tempfile.TemporaryDirectory() as scratch:
        folder, other = Path(scratch, "index"), Path(scratch, "fts5")
        other.mkdir()
        fts5 = Fts5(other / "fts5.db")
        spent = {"documents": 0.0, "embedded": 0.0, "FTS5": 0.0}
        with rebuilding(folder) as take:
            source = made_up(count)
            while True:
                start = time.perf_counter()
                batch = [document for _, document in zip(range(BATCH), source, strict=False)]
                if not batch:
                    break
                built = time.perf_counter()
                take(batch)
                taken = time.perf_counter()
                fts5.put(batch)
                spent["documents"] += built - start
                spent["embedded"] += taken - built
                spent["FTS5"] += time.perf_counter() - taken
        fts5.finish()
        schema, searcher = build_schema(), open_generation(Generations(folder).current()).searcher()

        def search(request: SearchRequest) -> SearchResult:
            return result(Answering(schema, searcher), request)  # a new view, which keeps nothing

        print(f"{count} articles; seconds: " + ", ".join(f"{k} {v:.1f}" for k, v in spent.items()))
        print(f"megabytes: embedded {size_mb(folder):.0f}, FTS5 {size_mb(other):.0f}")
        print(f"{'':22}{'hits':>7}{'':4}{'embedded':>10}{'FTS5':>10}{'ratio':>8}")
        for name, query in QUERIES.items():
            words = FTS5_QUERIES[name]
            total = search(SearchRequest(query)).total
            ask = partial(SearchRequest, query, limit=10)
            pairs = {
                "ten hits": (
                    median_ms(partial(search, ask())),
                    median_ms(partial(fts5.hits, words)),
                ),
                "by date": (median_ms(partial(search, ask(sort="date"))), None),
                "facets and timeline": (
                    median_ms(partial(search, ask(facets=FACETS, timeline="month"))),
                    median_ms(partial(fts5.counts, words)),
                ),
            }
            print(f"{name:22}{total:7}")
            for what, (ours, theirs) in pairs.items():
                beside = f"{theirs:8.1f}ms{theirs / ours:7.1f}x" if theirs else ""
                print(f"  {what:31}{ours:8.2f}ms{beside}")


if __name__ == "__main__":
    main()

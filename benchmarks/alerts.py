"""Alerts: articles a second against saved searches, and the time from archive to webhook.

1. Batches of 20 made-up articles are judged for 10,000 subscriptions, in seconds of one core, beside
   running the searches one by one: each article by itself in an index, and each of the 10,000
   searches run on it as the search page runs it (without facets). A sample of the searches is
   run and scaled up. The same for searches that are run one by one on a batch of 20 is
   printed beside it: they are shared by 20 articles, so this is the harder measure.
2. 20 articles a second are archived while deliveries drain; milliseconds from the commit that
   raised an alert to its arrival at a webhook.

Run: python benchmarks/alerts.py [SUBSCRIPTIONS]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from diembao.archive import alerts, articles, events, extractions, stories
from diembao.archive.migration import open_archive
from diembao.article import Article, Block, BlockKind
from diembao.cli.workers import PROMPT
from diembao.entities import resolve
from diembao.records import Conferment, Extraction, Label, Level, Mention, Span
from diembao.settings import Settings
from diembao.source import Source
from search_api.alerts.asking import Asked
from search_api.alerts.delivery import deliver_due
from search_api.alerts.matcher import match
from search_api.alerts.raising import raise_alerts
from search_api.index import open_index
from search_api.index.base import SearchRequest
from search_api.index.document import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.queues import Queue

    from diembao.archive.engine import Archive
    from search_api.index.document import Document

BATCH, BATCHES = 20, 10
SAMPLE, FEW = 300, 5
"""Searches that are run one by one, and articles by themselves that they are run on."""
A_SECOND = 20
SECONDS = 15
_FAMILY = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Lương Phùng"
_MIDDLE = "Văn Thị Đình Hữu Ngọc Minh Thanh Xuân Đức Quang"
_GIVEN = "An Bình Chi Dũng Em Giang Hà Khoát Lam Mến Nụ Oanh Phúc Quý Sen Tâm Út Vui Xuân Yến"
_ONSETS = "b c ch d đ g h kh l m n ng nh ph qu r s t th tr v x"
_RIMES = "a an ang ai ao ăn âm âu e em ê ên i inh o ong ô ông ơi ơn u ung ui ư ương ươi"
FAMILY, MIDDLE, GIVEN = _FAMILY.split(), _MIDDLE.split(), _GIVEN.split()
TALK = [onset + rime for onset in _ONSETS.split() for rime in _RIMES.split()]
"""Syllables of running text."""

AWARDS = (
    ("Huân chương Lao động", Level.STATE),
    ("Bằng khen", Level.MINISTRY_PROVINCE),
    ("Giấy khen", Level.GRASSROOTS),
)
PAPER = Source(name="thudo", title="Báo Thủ Đô", domain="thudo.example", province="ha-noi")


def person(chance: random.Random) -> str:
    """One of 32,000 names."""
    places = (FAMILY, MIDDLE, MIDDLE, GIVEN)
    return " ".join(chance.choice(names) for names in places)


def queries(number: int, chance: random.Random) -> list[str]:
    """Saved searches of the kinds that people save."""
    kinds = (
        lambda: f'person:"{person(chance)}"',
        lambda: f"recipient:{person(chance)}",
        lambda: f"conferment:(level:ministry_province AND recipient:{person(chance)})",
        lambda: f'"{" ".join(chance.sample(TALK, 3))}"',
        lambda: f"award:khen AND xóm {chance.randrange(5000)}",
        lambda: f"{person(chance)} OR {person(chance)}",
    )
    return [chance.choice(kinds)() for _ in range(number)]


def made_up(number: int, chance: random.Random) -> tuple[Article, Extraction]:
    """An article of about 1,650 characters with two awards."""
    told = [(person(chance), *chance.choice(AWARDS)) for _ in range(2)]
    lines = [f"Tin số {number}: biểu dương {told[0][0]}"]
    lines += [f"UBND xã Đồi Chè trao {award} cho {name}." for name, award, _ in told]
    lines += [
        f"Xóm {chance.randrange(5000)} {' '.join(chance.choices(TALK, k=80))}." for _ in range(4)
    ]
    kinds = [BlockKind.TITLE] + [BlockKind.PARAGRAPH] * (len(lines) - 1)
    url = f"https://thudo.example/{number}.html"
    article = Article(
        url=url,
        canonical_url=url,
        source=PAPER.name,
        blocks=tuple(Block(kind=k, text=line) for k, line in zip(kinds, lines, strict=True)),
        published_at=datetime.now(UTC),
        fetched_at=datetime.now(UTC),
    )
    text = article.text
    mentions, awards = [], []
    for (name, award, level), line in zip(told, lines[1:], strict=False):
        start = text.index(line)
        for label, form in ((Label.AWARD, award), (Label.PERSON, name)):
            at = text.index(form, start)
            mentions.append(Mention(at, at + len(form), label, 1.0, f"{label}:{form}"))
        evidence = Span(start, start + len(line))
        awards.append(
            Conferment(
                award=award,
                recipients=(name,),
                conferrer="UBND xã Đồi Chè",
                level=level,
                evidence=evidence,
            )
        )
    return article, Extraction(id=url, text=text, mentions=tuple(mentions), awards=tuple(awards))


def archive_batch(archive: Archive, batch: Sequence[tuple[Article, Extraction]]) -> list[int]:
    """All of the pipeline's second step but the alerts."""
    ids = []
    with archive.write() as connection:
        for article, extraction in batch:
            now = datetime.now(UTC)
            saved = articles.save(connection, PAPER, article, None, now)
            ids.append(saved.article_id)
            extractions.save(connection, saved.article_id, saved.version, extraction, now)
            resolved = resolve(connection, saved.article_id, extraction, article.date, now)
            stories.assign(connection, saved.article_id, article, now)
            events.assign(connection, saved.article_id, resolved, article.date, now)
    return ids


def judge(archive: Archive, settings: Settings, ids: Sequence[int]) -> int:
    """Raise the alerts of a batch."""
    with archive.write() as connection:
        loaded = articles.load(connection, ids)
        return raise_alerts(connection, loaded, settings, datetime.now(UTC))


def subscribe(archive: Archive, wanted: Sequence[str], url: str | None = None) -> None:
    """Save searches, every third on stories."""
    channels = [{"kind": "webhook", "url": url, "secret": "x"}] if url else []
    with archive.write() as connection:
        for number, query in enumerate(wanted):
            alerts.create_subscription(
                connection,
                name=f"Số {number}",
                query=query,
                subject="story" if query and number % 3 == 0 else "event",
                channels=channels,
                now=datetime.now(UTC),
            )


def throughput(home: Path, count: int) -> None:
    """Part 1."""
    chance = random.Random(7)
    settings = Settings(home=home)
    archive = open_archive(settings.archive_url)
    wanted = queries(count, chance)
    subscribe(archive, wanted)
    asked = {number: Asked(query) for number, query in enumerate(wanted)}
    judged, matched, found, documents = [], [], 0, []
    for number in range(BATCHES):
        batch = [made_up(number * BATCH + n, chance) for n in range(BATCH)]
        ids = archive_batch(archive, batch)
        with archive.read() as connection:
            documents = [build(one) for one in articles.load(connection, ids)]
        start = time.process_time()
        found += judge(archive, settings, ids)
        judged.append(time.process_time() - start)
        start = time.process_time()
        match(documents, asked)
        matched.append(time.process_time() - start)
    archive.close()
    judging, matching = statistics.median(judged), statistics.median(matched)
    sample = wanted[:SAMPLE]
    alone = statistics.median(searching(home / f"{n}", [documents[n]], sample) for n in range(FEW))
    together = searching(home / "batch", documents, sample)
    print(
        f"{count} subscriptions, batches of {BATCH}: {found} alerts from {BATCH * BATCHES} articles"
    )
    print(f"judged and filed: {BATCH / judging:.0f} articles/s ({judging * 1000:.0f} ms a batch)")
    print(f"matching alone: {BATCH / matching:.0f} articles/s ({matching * 1000:.0f} ms a batch)")
    for what, each, runs in (
        ("each article against each search", alone, BATCH),
        (f"each search on a batch of {BATCH} articles", together, 1),
    ):
        once = each * count * runs
        print(
            f"one by one, {what}: {once:.1f} s a batch ({each * 1000:.2f} ms a search); "
            f"matching is {once / matching:.0f} times as fast, judging {once / judging:.0f} times"
        )


def searching(home: Path, documents: Sequence[Document], sample: Sequence[str]) -> float:
    """Seconds that a search takes on an index of these articles alone."""
    index = open_index(Settings(home=home), writable=True)
    index.put(documents)
    start = time.process_time()
    for query in sample:
        index.search(SearchRequest(query=query, limit=BATCH))
    return (time.process_time() - start) / len(sample)


@contextmanager
def receiving(arrived: dict[str, float]) -> Iterator[str]:
    """A webhook that notes when each subject arrives."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            arrived.setdefault(body["alert"]["subject"], time.time())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def archive_steadily(home: Path, told: Queue[dict[str, float] | None]) -> None:
    """A process of its own, as the extraction worker is: A_SECOND articles for SECONDS."""
    chance = random.Random(8)
    settings = Settings(home=home)
    archive = open_archive(settings.archive_url)
    start, latest = time.time(), 0
    for number in range(A_SECOND * SECONDS):
        time.sleep(max(0.0, start + number / A_SECOND - time.time()))
        judge(archive, settings, archive_batch(archive, [made_up(number, chance)]))
        with archive.read() as connection:
            new = [one for one in alerts.inbox(connection) if one.id > latest]
        latest = max((one.id for one in new), default=latest)
        told.put(dict.fromkeys((one.subject for one in new), time.time()))
    archive.close()
    told.put(None)


def latency(home: Path) -> None:
    """Part 2: one subscription on every award event."""
    settings = Settings(home=home, private_networks=True)
    archive = open_archive(settings.archive_url)
    arrived: dict[str, float] = {}
    raised: dict[str, float] = {}
    spawn = get_context("spawn")
    told: Queue[dict[str, float] | None] = spawn.Queue()
    worker = spawn.Process(target=archive_steadily, args=(home, told))

    def collect() -> None:
        while not told.empty() and (new := told.get()) is not None:
            raised.update(new)

    def drain() -> int:
        return deliver_due(archive, settings, datetime.now(UTC)).sent

    with receiving(arrived) as url:
        subscribe(archive, [""], url)
        worker.start()
        while worker.is_alive():
            collect()
            if not drain():
                time.sleep(min(settings.idle, PROMPT))
        collect()
        while drain():
            pass
    archive.close()
    waits = sorted((arrived[subject] - raised[subject]) * 1000 for subject in raised)
    took = max(raised.values()) - min(raised.values())
    print(f"{len(raised) / took:.0f} alerts/s from {A_SECOND * SECONDS / took:.0f} articles/s")
    at = {share: waits[int(len(waits) * share / 100) - 1] for share in (50, 99)}
    print(f"to the webhook: median {at[50]:.0f} ms, 99th percentile {at[99]:.0f} ms")


def main() -> None:
    """Both parts."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("subscriptions", nargs="?", type=int, default=10_000)
    with tempfile.TemporaryDirectory() as scratch:
        throughput(Path(scratch, "throughput"), arguments.parse_args().subscriptions)
        latency(Path(scratch, "latency"))


if __name__ == "__main__":
    main()

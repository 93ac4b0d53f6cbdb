"""A newsroom that prints made-up articles into a real archive, and a receiver on loopback.

All names are invented.
"""

from __future__ import annotations

import random
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from diembao.archive import alerts, articles, events, extractions, stories
from diembao.article import Article, Block, BlockKind
from diembao.entities import resolve
from diembao.records import Conferment, EmulationModel, Extraction, Label, Level, Mention, Span
from diembao.settings import Settings
from diembao.source import Source
from search_api.alerts.delivery import deliver_due
from search_api.alerts.raising import raise_alerts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from starlette.testclient import TestClient

    from diembao.archive.alerts import Alert, Subscription
    from diembao.archive.engine import Archive

NOW = datetime(2024, 12, 20, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Given:
    """An award as an article tells it."""

    award: str = "Bằng khen"
    recipients: tuple[str, ...] = ("Lương Đình Khoát",)
    conferrer: str | None = "UBND thành phố Hà Nội"
    level: Level | None = Level.MINISTRY_PROVINCE

    @property
    def sentence(self) -> str:
        by = f"{self.conferrer} trao" if self.conferrer else "Hội nghị trao"
        return f"{by} {self.award} cho {', '.join(self.recipients)}."


@dataclass(frozen=True)
class Run:
    """A model as an article tells it."""

    name: str
    owner: str | None = None

    @property
    def sentence(self) -> str:
        return f"{self.owner or 'Cơ sở'} duy trì mô hình {self.name}."


@dataclass
class Newsroom:
    """Prints articles, and archives them as the pipeline does: one transaction a batch."""

    archive: Archive
    settings: Settings
    clock: datetime = NOW

    def subscribe(
        self,
        query: str = "",
        subject: str = "event",
        channels: Sequence[Mapping[str, str]] = (),
        **more: Any,
    ) -> Subscription:
        self.clock += timedelta(seconds=1)
        with self.archive.write() as connection:
            return alerts.create_subscription(
                connection,
                name="Mục theo dõi thử",
                query=query,
                subject=subject,
                channels=channels,
                now=self.clock,
                **more,
            )

    def save(
        self,
        slug: str,
        *given: Given | Run,
        body: str = "",
        paper: str = "thudo",
        at: datetime = NOW,
    ) -> int:
        """Put an article, or its next version, in the archive; the pipeline's step 1."""
        self.clock += timedelta(seconds=1)
        source = Source(name=paper, title=f"Báo {paper}", domain=f"{paper}.example")
        url = f"https://{paper}.example/{slug}.html"
        lines = [body or f"Hội nghị thi đua {slug} khai mạc sáng nay tại xã {slug}."]
        lines += [one.sentence for one in given]
        article = Article(
            url=url,
            canonical_url=url,
            source=paper,
            blocks=(
                Block(kind=BlockKind.TITLE, text=f"Tin {slug}"),
                *(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines),
            ),
            published_at=at,
            fetched_at=self.clock,
        )
        with self.archive.write() as connection:
            saved = articles.save(connection, source, article, None, self.clock)
            made = _extraction(article, given)
            extractions.save(connection, saved.article_id, saved.version, made, self.clock)
            resolved = resolve(connection, saved.article_id, made, article.date, self.clock)
            stories.assign(connection, saved.article_id, article, self.clock)
            events.assign(connection, saved.article_id, resolved, article.date, self.clock)
        return saved.article_id

    def judge(self, *article_ids: int) -> int:
        """Raise the alerts of a batch; the pipeline's step 2."""
        self.clock += timedelta(seconds=1)
        with self.archive.write() as connection:
            batch = articles.load(connection, article_ids)
            return raise_alerts(connection, batch, self.settings, self.clock)

    def publish(self, slug: str, *given: Given | Run, **more: Any) -> int:
        """Both; the number of alerts."""
        return self.judge(self.save(slug, *given, **more))

    def alerts(self) -> list[Alert]:
        """All alerts, first to last."""
        with self.archive.read() as connection:
            return alerts.inbox(connection, limit=10_000)[::-1]


def _extraction(article: Article, given: Sequence[Given | Run]) -> Extraction:
    text = article.text
    mentions: list[Mention] = []
    awards: list[Conferment] = []
    models: list[EmulationModel] = []
    for one in given:
        start = text.index(one.sentence)
        evidence = Span(start, start + len(one.sentence))
        if isinstance(one, Run):
            at = text.index(one.name, start)
            mentions.append(Mention(at, at + len(one.name), Label.MODEL, 0.9, one.name))
            models.append(EmulationModel(name=one.name, owner=one.owner, evidence=evidence))
            if one.owner:
                mentions.append(Mention(start, start + len(one.owner), Label.UNIT, 0.9, one.owner))
            continue
        named = [(one.award, Label.AWARD), *((name, Label.PERSON) for name in one.recipients)]
        if one.conferrer:
            named.append((one.conferrer, Label.UNIT))
        for name, label in named:
            at = text.index(name, start)
            mentions.append(Mention(at, at + len(name), label, 0.9, f"{label}:{name}"))
        awards.append(
            Conferment(
                award=one.award,
                recipients=one.recipients,
                conferrer=one.conferrer,
                level=one.level,
                evidence=evidence,
            )
        )
    return Extraction(
        id=article.url,
        text=text,
        mentions=tuple(sorted(set(mentions))),
        awards=tuple(awards),
        models=tuple(models),
        is_award_article=bool(awards),
        award_score=0.9,
        extractor="made by hand",
    )


@dataclass(frozen=True)
class Request:
    """What a receiver was sent."""

    headers: Mapping[str, str]
    body: bytes
    path: str


@dataclass
class Receiver:
    """An HTTP server that does what its script says, a word a request, and then answers 204.

    Words: a status with headers (`429 Retry-After=60`) or a body (`200 {"error": 0}`); `hang` (no answer until the end of the test); `cut` (reads all, then closes);
    `slow` (an answer that drips and never ends).
    """

    script: deque[str] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    url: str = ""
    arrived: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def keys(self) -> list[str]:
        """The idempotency keys in the order of arrival."""
        return [request.headers["idempotency-key"] for request in self.requests]

    def wait_for(self, number: int) -> None:
        """Return when that many requests have arrived."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.requests) >= number, timeout=30)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on loopback."""
    held = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with held.arrived:
                word = held.script.popleft() if held.script else "204"
                headers = {name.lower(): value for name, value in self.headers.items()}
                held.requests.append(Request(headers, body, self.path))
                held.arrived.notify_all()
            if word == "hang":
                held.over.wait(60)
            elif word == "cut":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            elif word == "slow":
                self._drip()
            else:
                self._answer(*word.partition(" ")[::2])

        def _answer(self, status: str, extra: str) -> None:
            self.send_response(int(status))
            if is_body := extra.startswith("{"):
                self.send_header("Content-Length", str(len(extra.encode())))
            else:
                for header in filter(None, extra.split("; ")):
                    self.send_header(*header.split("=", 1))
            self.end_headers()
            if is_body:
                self.wfile.write(extra.encode())

        def _drip(self) -> None:
            self.close_connection = True
            while not self.over_soon():
                try:
                    self.wfile.write(b"H")
                except OSError:
                    return

        def over_soon(self) -> bool:
            return held.over.wait(0.05)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    held.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield held
    held.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path, archive_url: str) -> Settings:
    """Settings under which loopback can be reached, with short times."""
    return Settings(
        home=tmp_path,
        archive=archive_url,
        private_networks=True,
        delivery_timeout=1.0,
        delivery_attempts=4,
        lease=2.0,
    )


@pytest.fixture
def newsroom(archive: Archive, settings: Settings) -> Newsroom:
    """A newsroom over the test's archive."""
    return Newsroom(archive, settings)


@pytest.fixture
def run() -> type[Run]:
    """How a test says what an article tells of a model."""
    return Run


@pytest.fixture
def given() -> type[Given]:
    """How a test says what an article tells of an award."""
    return Given


def make(client: TestClient, **asked: Any) -> Any:
    answer = client.post("/api/v1/subscriptions", json=asked)
    assert answer.status_code == 201, answer.text
    return answer.json()


def deliver(newsroom: Any, hours: float = 0) -> Any:
    newsroom.clock += timedelta(hours=hours, seconds=1)
    chance = random.Random(1)
    return deliver_due(newsroom.archive, newsroom.settings, newsroom.clock, chance=chance)

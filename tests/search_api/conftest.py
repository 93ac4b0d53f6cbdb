"""A small archive for the API and the page: made-up articles with hand-made extractions.

`shelf` is the archive, its real index and the application over both; names are invented. In the texts
below a name stands as `[LABEL|name]`, so the offsets of the mentions follow from the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from diembao.archive import articles
from diembao.archive.migration import open_archive
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
from diembao.settings import Settings
from diembao.settling import settle
from diembao.source import Source, SourceLevel
from search_api.app import create_app
from search_api.index import open_index
from search_api.index.document import build
from tests.search_api.postbox import Postbox, open_postbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fastapi import FastAPI

    from diembao.archive.engine import Archive
    from search_api.index.base import SearchIndex
    from tests.servers.fixtures import Server

NOW = datetime(2024, 12, 20, 3, 0, tzinfo=UTC)
CITY = Source(
    name="thudo",
    title="Báo Thủ Đô Mới",
    domain="thudo.example",
    level=SourceLevel.CITY,
    province="ha-noi",
)
PROVINCE = Source(
    name="trungdu",
    title="Báo Trung Du",
    domain="trungdu.example",
    level=SourceLevel.PROVINCE,
    province="phu-tho",
)
UNION = Source(
    name="congdoan",
    title="Tạp chí Công Đoàn Trẻ",
    domain="congdoan.example",
    level=SourceLevel.MAGAZINE,
)

_NAME = re.compile(r"\[(\w+)\|([^\]]+)\]")


@dataclass(frozen=True)
class Written:
    """An article before it is archived."""

    article: Article
    extraction: Extraction


def write(
    source: Source,
    slug: str,
    date: str,
    lines: list[tuple[str, str]],
    awards: list[tuple[str, tuple[str, ...], str | None, str | None, Level | None]] = (),  # type: ignore[assignment]
    models: list[tuple[str, str, str | None]] = (),  # type: ignore[assignment]
    people: list[tuple[str, str]] = (),  # type: ignore[assignment]
) -> Written:
    """An article and its extraction; the evidence of a record is the line that holds its name."""
    printed: list[str] = []
    mentions: list[Mention] = []
    at = 0
    for _, raw in lines:
        plain, last = "", 0
        for found in _NAME.finditer(raw):
            plain += raw[last : found.start()]
            start = at + len(plain)
            plain += found[2]
            mentions.append(
                Mention(start, at + len(plain), Label(found[1]), 0.9, f"{found[1]}:{found[2]}")
            )
            last = found.end()
        plain += raw[last:]
        printed.append(plain)
        at += len(plain) + 1
    text = "\n".join(printed)

    def evidence(name: str) -> Span:
        where = text.index(name)
        start = text.rfind("\n", 0, where) + 1
        end = text.find("\n", where)
        return Span(start, len(text) if end < 0 else end)

    published = datetime.fromisoformat(date).astimezone(UTC)
    url = f"https://{source.domain}/{slug}.html"
    article = Article(
        url=url,
        canonical_url=url,
        source=source.name,
        blocks=tuple(
            Block(kind=BlockKind(kind), text=line)
            for (kind, _), line in zip(lines, printed, strict=True)
        ),
        section="Thi đua",
        tags=("dân vận khéo", "khen thưởng"),
        published_at=published,
        fetched_at=published + timedelta(minutes=10),
    )
    return Written(
        article,
        Extraction(
            id=slug,
            text=text,
            mentions=tuple(mentions),
            awards=tuple(
                Conferment(
                    award=award,
                    recipients=recipients,
                    conferrer=conferrer,
                    for_model=model,
                    level=level,
                    date=published.date(),
                    evidence=evidence(recipients[0]),
                )
                for award, recipients, conferrer, model, level in awards
            ),
            models=tuple(
                EmulationModel(
                    name=name,
                    kind="exemplar" if kind == "exemplar" else "model",
                    owner=owner,
                    movement="Dân vận khéo",
                    evidence=evidence(name),
                )
                for name, kind, owner in models
            ),
            people=tuple(
                Position(name=name, role=role, evidence=evidence(name)) for name, role in people
            ),
            is_award_article=bool(awards),
            award_score=0.95 if awards else 0.1,
            extractor="made by hand",
        ),
    )


def _award_lines(title: str) -> list[tuple[str, str]]:
    return [
        ("title", title),
        ("lead", "Sáng 11/12, [UNIT|UBND phường Bến Gót] tổ chức hội nghị biểu dương các mô hình [MOVEMENT|Dân vận khéo] năm 2024."),
        ("paragraph", "Tại hội nghị, [UNIT|UBND thành phố Hà Nội] tặng [AWARD|Bằng khen] cho ông [PERSON|Lương Đình Khoát], [ROLE|Trưởng ban công tác mặt trận] tổ dân phố số 7, người gây dựng mô hình [MODEL|“Ngõ nhà mình, mình cùng giữ”]."),
        ("subhead", "Cách làm từ cơ sở"),
        ("paragraph", "Mô hình bắt đầu từ 12 hộ dân, đến nay lan ra toàn [PLACE|phường Bến Gót]; mỗi tối thứ bảy bà con cùng quét ngõ, thu gom rác và thắp đèn trước cửa."),
        ("caption", "Ông Lương Đình Khoát nhận hoa chúc mừng."),
        ("byline", "Hạ Vy"),
    ]  # fmt: skip


BEN_GOT_AWARD = ("Bằng khen", ("Lương Đình Khoát",), "UBND thành phố Hà Nội", "Ngõ nhà mình, mình cùng giữ", Level.MINISTRY_PROVINCE)  # fmt: skip
BEN_GOT_MODEL = ("Ngõ nhà mình, mình cùng giữ", "model", "Lương Đình Khoát")


def library() -> list[Written]:
    """All articles, oldest first: one award in two newspapers, one model, one edit, one with nasty text."""
    spread = [
        write(PROVINCE, f"tin-{number}", f"2024-{month:02}-{day:02}T08:00:00+07:00", [
            ("title", f"Xã Đồi Chè sơ kết đợt thi đua số {number}"),
            ("lead", f"[UNIT|Hội Nông dân xã Đồi Chè] sơ kết đợt {number} phong trào [MOVEMENT|Nông dân sản xuất giỏi]."),
            ("paragraph", f"Đợt {number} có {number * 7} hộ ở [PLACE|xã Đồi Chè] đăng ký; thôn {number} dẫn đầu với vườn chè mẫu thứ {number * 3}."),
        ])
        for number, (month, day) in enumerate([(7, 3), (8, 9), (8, 30), (10, 4), (11, 5), (11, 19)], 1)
    ]  # fmt: skip
    return [
        *spread,
        write(UNION, "san-khau", "2024-11-28T15:20:00+07:00", [
            ("title", "Công nhân <b>Nhà máy Sợi</b> & câu chuyện \"giữ lửa\" nghề"),
            ("lead", "[UNIT|Công đoàn Nhà máy Sợi Sông Con] giới thiệu điển hình [MODEL|“Giữ lửa ca đêm”] của chị [PERSON|Phùng Thị Sen]."),
            ("paragraph", "Chị Sen, [ROLE|tổ trưởng tổ sợi con], mười năm liền không nghỉ ca nào <script>alert(1)</script>."),
            ("item", "Năm 2023: tiết kiệm 40 triệu đồng."),
            ("row", "Tổ sợi con\t12 người"),
        ], models=[("Giữ lửa ca đêm", "exemplar", "Phùng Thị Sen")], people=[("Chị Sen", "tổ trưởng tổ sợi con")]),
        write(CITY, "tuyen-duong-bang-khen", "2024-12-11T15:30:00+07:00", _award_lines("Tuyên dương các mô hình “Dân vận khéo” của phường Bến Gót"), [BEN_GOT_AWARD], [BEN_GOT_MODEL], [("Lương Đình Khoát", "Trưởng ban công tác mặt trận tổ dân phố số 7")]),
        write(PROVINCE, "dan-van-kheo-ben-got", "2024-12-11T19:00:00+07:00", _award_lines("Phường Bến Gót lan tỏa “Dân vận khéo”"), [BEN_GOT_AWARD], [BEN_GOT_MODEL]),
        write(CITY, "giay-khen", "2024-12-16T07:05:00+07:00", [
            ("title", "Trao Giấy khen cho 3 tập thể có sáng kiến tiết kiệm điện"),
            ("lead", "[UNIT|Sở Công Thương Hà Nội] vừa trao [AWARD|Giấy khen] cho ba tập thể dẫn đầu phong trào tiết kiệm điện."),
            ("paragraph", "Được trao dịp này có [UNIT|Công ty Điện lực Bãi Sậy], =HYPERLINK và hai đơn vị khác; đường dây nóng tiếp nhận sáng kiến hoạt động đến hết tháng."),
        ], [("Giấy khen", ("Công ty Điện lực Bãi Sậy", "=HYPERLINK"), "Sở Công Thương Hà Nội", None, Level.GRASSROOTS)]),
    ]  # fmt: skip


def archive_all(archive: Archive) -> list[int]:
    """Archive the library the way the pipeline does; the identifiers, in its order."""
    by_name = {source.name: source for source in (CITY, PROVINCE, UNION)}
    ids = []
    for number, written in enumerate(library()):
        ids.append(
            keep(archive, written, by_name[written.article.source], NOW + timedelta(seconds=number))
        )
    return ids


def keep(archive: Archive, written: Written, source: Source, now: datetime) -> int:
    """Archive one article with all that follows from its extraction."""
    with archive.write() as connection:
        saved = articles.save(connection, source, written.article, None, now)
        article, extraction = written.article, written.extraction
        settle(connection, saved.article_id, saved.version, article, extraction, now)
    return saved.article_id


@dataclass(frozen=True)
class Shelf:
    """The application over its archive and index; `ids` by the slug of the article's address."""

    app: FastAPI
    archive: Archive
    index: SearchIndex
    settings: Settings
    ids: dict[str, int]

    def client(self) -> TestClient:
        """A client that follows no redirects and gets faults as answers."""
        return TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)


def fill(home: Path, engine: Mapping[str, str] | None = None) -> Iterator[Shelf]:
    """A filled shelf, closed when the iterator goes on; `engine` are the settings of another index."""
    settings = Settings(home=home, **(engine or {}))  # type: ignore[arg-type]
    archive = open_archive(settings.archive_url)
    index = open_index(settings, writable=True)
    ids = archive_all(archive)
    with archive.read() as connection:
        index.put([build(item) for item in articles.load(connection, ids)])
    slugs = [written.extraction.id for written in library()]
    yield Shelf(
        create_app(archive, index, settings),
        archive,
        index,
        settings,
        dict(zip(slugs, ids, strict=True)),
    )
    archive.close()


@pytest.fixture(scope="session")
def embedded_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    yield from fill(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="session")
def elasticsearch_shelf(
    tmp_path_factory: pytest.TempPathFactory, elasticsearch: Server
) -> Iterator[Shelf]:
    chosen = elasticsearch.settings()
    yield from fill(tmp_path_factory.mktemp("shelf"), chosen)
    elasticsearch.forget(chosen)


@pytest.fixture
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """A filled shelf that tests only read; on the embedded engine if not told otherwise."""
    chosen: Shelf = request.getfixturevalue(f"{getattr(request, 'param', 'embedded')}_shelf")
    return chosen


@pytest.fixture
def own_shelf(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """A filled shelf that the test may change; on the embedded engine if not told otherwise."""
    engine = {}
    if getattr(request, "param", "embedded") == "elasticsearch":
        engine = request.getfixturevalue("elasticsearch_settings")
    yield from fill(tmp_path, engine)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Shelf]:
    """An application with nothing archived."""
    settings = Settings(home=tmp_path)
    archive = open_archive(settings.archive_url)
    index = open_index(settings, writable=True)
    yield Shelf(create_app(archive, index, settings), archive, index, settings, {})
    archive.close()


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    """A mail server on loopback, and its port."""
    with open_postbox() as opened:
        yield opened

"""A year of three made-up newspapers: quiet weeks, a fortnight full of one award, and two silences.

Each newspaper prints an article a week of something else; “Tổ liên gia” is told of once a month, in
every newspaper several times in the fortnight from 14 October. None was collected from 5 to 18 August,
Công Đoàn Trẻ also not in June.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from diembao.archive import articles
from diembao.archive.engine import upsert
from diembao.archive.migration import open_archive
from diembao.archive.schema import gaps, sources
from diembao.records import Level
from diembao.settings import Settings
from search_api.app import create_app
from search_api.index import open_index
from search_api.index.document import build
from tests.search_api.conftest import CITY, PROVINCE, UNION, Shelf, keep, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.search_api.conftest import Written
    from tests.servers.fixtures import Server

YEAR = 2024
SILENT = (date(2024, 8, 5), date(2024, 8, 18))
BUSY = (date(2024, 10, 14), date(2024, 10, 27))
CRAWLED = datetime(2024, 12, 31, 3, 0, tzinfo=UTC)
TALK = (
    "chợ quê mưa nắng thuyền lúa hồ núi sông cầu đường trường lớp bóng đá giá vàng xăng dầu cà phê hạt "
    "tiêu vườn cây trái phim nhạc sách vở biển đảo tàu xe bến cảng thuốc bệnh viện bác sĩ máy móc điện "
    "nước rác thải nhà máy công xưởng vải sợi may mặc giày dép gạo muối đường sữa bánh kẹo hoa quả"
)
SYLLABLES = TALK.split()


def _day(day: date, hour: int = 8) -> str:
    return f"{day.isoformat()}T{hour:02}:00:00+07:00"


def _other(source: object, number: int, day: date, chance: random.Random) -> Written:
    lines = [" ".join(chance.choices(SYLLABLES, k=22)) for _ in range(4)]
    return write(source, f"tin-{number}", _day(day), [("title", f"Chuyện tuần {number}"), *(("paragraph", line) for line in lines)])  # type: ignore[arg-type]  # fmt: skip


def _told(source: object, slug: str, day: date, chance: random.Random, place: str) -> Written:
    talk = [" ".join(chance.choices(SYLLABLES, k=24)) for _ in range(3)]
    return write(source, slug, _day(day, 9), [  # type: ignore[arg-type]
        ("title", f"“Tổ liên gia” ở {place}: {talk[0][:30]}"),
        ("lead", f"[MODEL|Tổ liên gia] của [UNIT|Hội Phụ nữ phường Bến Gót] làm đẹp [PLACE|{place}]."),
        *(("paragraph", line) for line in talk),
    ], models=[("Tổ liên gia", "model", "Hội Phụ nữ phường Bến Gót")])  # fmt: skip


def _award(source: object, slug: str, day: date) -> Written:
    return write(source, slug, _day(day, 15), [  # type: ignore[arg-type]
        ("title", "Tặng Bằng khen cho “Tổ liên gia” phường Bến Gót"),
        ("lead", "[UNIT|UBND thành phố Hà Nội] tặng [AWARD|Bằng khen] cho [UNIT|Hội Phụ nữ phường Bến Gót]."),
        ("paragraph", "Hội gây dựng mô hình [MODEL|Tổ liên gia] từ mười hai hộ dân, nay lan ra cả phường, mỗi tối thứ bảy cùng quét ngõ và thắp đèn trước cửa, góp gạo nuôi người già neo đơn, mở lớp dạy chữ."),
    ], [("Bằng khen", ("Hội Phụ nữ phường Bến Gót",), "UBND thành phố Hà Nội", "Tổ liên gia", Level.MINISTRY_PROVINCE)], [("Tổ liên gia", "model", "Hội Phụ nữ phường Bến Gót")])  # fmt: skip


def a_year() -> list[tuple[object, Written]]:
    """All articles, oldest first."""
    chance = random.Random(11)
    found: list[tuple[date, object, Written]] = []
    for week in range(52):
        for at, source in enumerate((CITY, PROVINCE, UNION)):
            day = date(YEAR, 1, 2) + timedelta(days=7 * week + at)
            silent = SILENT[0] <= day <= SILENT[1] or (source is UNION and day.month == 6)
            if not silent:
                found.append((day, source, _other(source, 100 * week + at, day, chance)))
    for month in range(1, 13):
        day = date(YEAR, month, 20 if month != 10 else 3)
        source = (CITY, PROVINCE)[month % 2]
        found.append(
            (day, source, _told(source, f"to-lien-gia-{month}", day, chance, "xã Đồi Chè"))
        )
    for number in range(9):
        day = BUSY[0] + timedelta(days=number + 2)
        source = (CITY, PROVINCE, UNION)[number % 3]
        place = ("Hà Nội", "Đà Nẵng", "Khánh Hòa")[number % 3]
        found.append((day, source, _told(source, f"ro-{number}", day, chance, place)))
    for source in (CITY, PROVINCE, UNION):
        found.append((date(2024, 10, 16), source, _award(source, "bang-khen-lien-gia", date(2024, 10, 16))))  # fmt: skip
    return [(source, written) for _, source, written in sorted(found, key=lambda one: one[0])]


def fill_year(home: Path, engine: Mapping[str, str] | None = None) -> Iterator[Shelf]:
    """The year in an archive and an index, closed when the iterator goes on."""
    settings = Settings(home=home, **(engine or {}))  # type: ignore[arg-type]
    archive = open_archive(settings.archive_url)
    index = open_index(settings, writable=True)
    told = a_year()
    ids = [keep(archive, written, source, CRAWLED) for source, written in told]  # type: ignore[arg-type]
    with archive.write() as connection:
        began = datetime(2024, 8, 4, 17, 0, tzinfo=UTC)
        for source in (CITY, PROVINCE, UNION):
            row = {"source": source.name, "began_at": began, "ended_at": began + timedelta(days=14)}
            upsert(connection, gaps, row)
        june = datetime(2024, 5, 31, 17, 0, tzinfo=UTC)
        upsert(connection, gaps, {"source": UNION.name, "began_at": june, "ended_at": june + timedelta(days=30)})  # fmt: skip
        connection.execute(sources.update().values(last_success_at=CRAWLED, last_crawl_at=CRAWLED))
    with archive.read() as connection:
        index.put([build(item) for item in articles.load(connection, ids)])
    slugs = [f"{written.article.source}/{written.extraction.id}" for _, written in told]
    yield Shelf(
        create_app(archive, index, settings), archive, index, settings, dict(zip(slugs, ids, strict=True))
    )  # fmt: skip
    archive.close()


@pytest.fixture(scope="session")
def embedded_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    yield from fill_year(tmp_path_factory.mktemp("year"))


@pytest.fixture(scope="session")
def elasticsearch_year(
    tmp_path_factory: pytest.TempPathFactory, elasticsearch: Server
) -> Iterator[Shelf]:
    chosen = elasticsearch.settings()
    yield from fill_year(tmp_path_factory.mktemp("year"), chosen)
    elasticsearch.forget(chosen)


@pytest.fixture
def year(request: pytest.FixtureRequest) -> Shelf:
    """The year; tests only read it. On the embedded engine if not told otherwise."""
    chosen: Shelf = request.getfixturevalue(f"{getattr(request, 'param', 'embedded')}_year")
    return chosen

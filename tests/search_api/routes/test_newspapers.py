"""The page of newspapers tells in words what fails, what broke silently, and what was not collected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from diembao.archive import crawl, layouts, sources
from diembao.archive.crawl import Visit
from diembao.archive.layouts import Layout, Reading
from diembao.source import Source

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

NOW = datetime.now(UTC)
GONE = "trang không còn (gone, HTTP 404)"


def test_faults_stand_beside_their_newspaper(bare: Shelf) -> None:
    with bare.archive.write() as conn:
        sources.save(
            conn,
            [
                Source(name="mau", title="Báo Mẫu", domain="mau.example"),
                Source(name="lanh", title="Báo Lành", domain="lanh.example"),
            ],
        )
        crawl.failed(conn, "mau", Visit("https://mau.example/rss", "feed"), GONE, "", NOW)
        for number in (1, 2):
            visit = Visit(f"https://mau.example/bai-{number}.html", "article")
            crawl.failed(conn, "mau", visit, GONE, "", NOW)
    page = bare.client().get("/bao").text
    assert f"1 nguồn tin RSS không lấy được: {GONE}" in page
    assert f"2 bài không lấy được: {GONE}" in page
    assert 'href="https://mau.example/rss"' in page
    told = {one["name"]: one["faults"] for one in bare.client().get("/api/v1/sources").json()}
    assert told["lanh"] == []
    assert [fault["count"] for fault in told["mau"]] == [1, 2]


def test_a_silent_break_is_red_with_the_selector_that_died(bare: Shelf) -> None:
    broken = Layout()
    for number in range(40):
        broken.add(Reading(1500, is_dated=True, is_signed=number % 4 != 0, has_lead=True))
    broken.quarantined_at = NOW
    broken.fault = "sapo (lead): bộ chọn lead = '.sapo' không còn thấy gì"
    with bare.archive.write() as conn:
        sources.save(conn, [Source(name="mau", title="Báo Mẫu", domain="mau.example")])
        sources.finish(conn, "mau", NOW, 900)
        layouts.save(conn, "mau", "", broken)
    (told,) = bare.client().get("/api/v1/sources").json()
    assert told["state"] == "broken"
    assert told["quarantine"][0]["fault"] == broken.fault
    assert (told["dated"], told["signed"]) == (1.0, 0.75)
    page = bare.client().get("/bao").text
    assert "Bố cục đã đổi" in page
    assert "bộ chọn lead = &#39;.sapo&#39; không còn thấy gì" in page
    assert "có ngày 100%, có tác giả 75%" in page


def test_hours_without_collection_are_told(bare: Shelf) -> None:
    began = NOW - timedelta(days=3)
    with bare.archive.write() as conn:
        sources.save(conn, [Source(name="mau", title="Báo Mẫu", domain="mau.example")])
        sources.finish(conn, "mau", began, 900)
        sources.finish(conn, "mau", began + timedelta(hours=30), 900)
        sources.finish(conn, "mau", NOW, 900)
    (told,) = bare.client().get("/api/v1/sources").json()
    assert len(told["gaps"]) == 2
    assert told["gaps"][0]["since"].startswith(f"{began:%Y-%m-%dT%H:%M}")
    assert bare.client().get("/bao").text.count("Không thu thập được từ") == 2
    assert datetime.fromisoformat(told["last_success_at"]) == NOW

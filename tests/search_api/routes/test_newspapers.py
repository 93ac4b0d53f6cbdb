"""The page of newspapers tells what fails, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from diembao.archive import crawl, sources
from diembao.archive.crawl import Visit
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

"""A newspaper asked for on the page: the worker declares it, or says why it cannot."""

from __future__ import annotations

from typing import Any

from diembao import pipeline
from diembao.archive import jobs, sources
from diembao.archive.engine import Archive
from diembao.settings import Settings


def request(archive: Archive, url: str) -> None:
    with archive.write() as conn:
        jobs.add(conn, "add_source", url, {"url": url}, pipeline.now())


def test_it_is_declared_and_its_first_articles_are_archived(
    press: Any, archive: Archive, hurried: Settings
) -> None:
    origin = press.origins["mau-kinhbac"]
    request(archive, origin)
    assert pipeline.add_requested(archive, hurried, "w") == 1
    (path,) = (hurried.home / "sources").glob("*.toml")
    with archive.read() as conn:
        added = sources.at_host(conn, origin.removeprefix("http://"))
        assert added
        assert (added.name, added.title) == (path.stem, "Báo Kinh Bắc (mẫu)")
        newest = {one.title for one in sources.newest(conn, added.name, 9)}
        assert jobs.counts(conn) == {"extract": (5, 0)}
    assert len(newest) == 5
    assert newest <= {one.title for one in press.articles if one.site == "mau-kinhbac"}
    assert pipeline.add_requested(archive, hurried, "w") == 0


def test_the_reason_of_a_failure_stays_with_the_request(
    press: Any, press_module: Any, archive: Archive, hurried: Settings
) -> None:
    press.misbehave("mau-kinhbac", "", press_module.status(403))
    request(archive, press.origins["mau-kinhbac"])
    pipeline.add_requested(archive, hurried, "w")
    with archive.read() as conn:
        (aside,) = jobs.set_aside(conn)
    assert "HTTP 403" in aside.error
    assert not (hurried.home / "sources").exists()

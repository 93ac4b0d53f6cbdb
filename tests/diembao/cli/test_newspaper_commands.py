"""`diembao sources`, `reparse` and `withdraw`: what a user reads and what a script gets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import Result

from diembao.archive import articles, audit, layouts
from diembao.archive.migration import open_archive
from diembao.errors import BadInputError, NotFoundError

Run = Callable[..., Result]
LDTD = "mau-laodongthudo"


def test_check_says_that_all_is_right(samples: Any, run: Run) -> None:
    result = run("sources", "check", LDTD, "mau-datto")
    assert result.exit_code == 0
    assert "✗" not in result.output
    assert "2 báo đúng, 0 báo có chỗ sai." in result.output


def test_check_names_what_is_wrong_and_exits_with_1(
    samples: Any, press_module: Any, run: Run
) -> None:
    samples.misbehave(LDTD, "rss_feed", press_module.status(404))
    result = run("sources", "check")
    assert result.exit_code == 1
    feed = f"{samples.origins[LDTD]}/rss_feed/"
    wrong = [line for line in result.output.splitlines() if "✗" in line]
    assert wrong == [f"  ✗ feeds {feed}: trang không còn (gone, HTTP 404)"]
    as_json = run("sources", "check", LDTD, "--json")
    assert as_json.exit_code == 1
    (fault,) = [one for one in json.loads(as_json.output)[LDTD] if one["state"] == "fault"]
    assert (fault["part"], fault["subject"]) == ("feeds", feed)


def test_check_tells_an_unknown_name(samples: Any, run: Run) -> None:
    result = run("sources", "check", "khong-co")
    assert isinstance(result.exception, BadInputError)
    assert "khong-co" in str(result.exception)


def test_add_shows_what_it_read_and_the_newspaper_is_collected(
    press: Any, home: Path, run: Run
) -> None:
    (home / "sources").mkdir(parents=True)
    base = press.origins[LDTD]
    result = run("sources", "add", base)
    assert result.exit_code == 0
    printed = [article for article in press.articles if article.site == LDTD]
    assert sum(article.title in result.output for article in printed) == 5
    (path,) = (home / "sources").glob("*.toml")
    assert f"Khai báo ở {path}" in result.output
    listed = {one["name"]: one for one in json.loads(run("sources", "--json").output)}
    assert "hanoimoi" in listed  # beside the bundled ones
    assert listed[path.stem]["title"] == "Báo Lao động Thủ đô (mẫu)"
    path.write_text(path.read_text("utf-8").replace("horizon_days = 30\n", ""), "utf-8")
    crawled = run("crawl", "--source", path.stem)
    assert f"{len(printed) - 5} bài mới" in crawled.output  # five came when it was added


def test_add_tells_what_is_declared_already(samples: Any, run: Run) -> None:
    result = run("sources", "add", samples.origins[LDTD])
    assert isinstance(result.exception, BadInputError)
    assert LDTD in str(result.exception)


def test_withdraw_puts_the_reason_on_record(samples: Any, home: Path, run: Run) -> None:
    run("crawl", "--source", LDTD)
    result = run("withdraw", "1", "--reason", "Báo đã đính chính")
    archive = open_archive(f"sqlite:///{home / 'archive.db'}")
    with archive.read() as conn:
        (entry,) = audit.entries(conn, "article:1")
        title = articles.load_version(conn, 1, 1).title
    archive.close()
    assert entry.reason == "Báo đã đính chính"
    assert result.output == f"Đã gỡ bài: {title}\n"
    assert isinstance(run("withdraw", "1", "--reason", "nữa").exception, NotFoundError)


def test_crawl_tells_what_robots_forbid(samples: Any, run: Run) -> None:
    article = next(one for one in samples.articles if one.site == LDTD)

    def closed(reply: Any, path: str, headers: Any) -> Any:
        rules = f"User-agent: *\nDisallow: {article.path}\n".encode()
        return type(reply)(200, {"Content-Type": "text/plain"}, rules)

    samples.misbehave(LDTD, "robots.txt", closed)
    result = run("crawl", "--source", LDTD)
    assert f"  {LDTD}: 1 bài robots.txt không cho lấy" in result.output.splitlines()


def test_reparse_shows_what_a_declaration_would_change_and_changes_it_when_told(
    samples: Any, home: Path, run: Run, tmp_path: Path
) -> None:
    run("crawl", "--source", LDTD)
    assert "0 đọc khác" in run("reparse", "--source", LDTD).output
    trial = tmp_path / f"{LDTD}.toml"
    written = (home / "mau" / f"{LDTD}.toml").read_text("utf-8")
    trial.write_text(re.sub("byline = .*", 'byline = "h1"', written), "utf-8")
    shown = json.loads(run("reparse", "--declaration", trial, "--json").stdout)[LDTD]
    assert shown["changed"]["byline"] == shown["pages"] == shown["altered"]
    assert "Chưa thay đổi gì" in run("reparse", "--declaration", trial).stderr
    run("reparse", "--declaration", trial, "--apply")
    assert json.loads(run("reparse", "--declaration", trial, "--json").stdout)[LDTD]["altered"] == 0


def test_sources_tell_what_broke_and_release_ends_it(samples: Any, home: Path, run: Run) -> None:
    run("crawl", "--source", LDTD)
    archive = open_archive(f"sqlite:///{home / 'archive.db'}")
    with archive.write() as conn:
        broken = layouts.Layout(quarantined_at=datetime.now(UTC), fault="bộ chọn lead = '.sapo'")
        layouts.save(conn, LDTD, "", broken)
    archive.close()
    assert "cách ly" in run("doctor").output
    (line,) = [one for one in run("sources").output.splitlines() if "bố cục bị cách ly" in one]
    assert ".sapo" in line
    (row,) = [one for one in json.loads(run("sources", "--json").stdout) if one["name"] == LDTD]
    assert row["quarantine"] == ["bộ chọn lead = '.sapo'"]
    assert row["last_success_at"]
    assert "1 bố cục" in run("sources", "release", LDTD).output
    assert "cách ly" not in run("sources").output


def test_a_name_is_withdrawn_and_shown_again(samples: Any, run: Run) -> None:
    run("crawl", "--source", LDTD)
    told = run("withdraw", "--name", "Không Ai Cả", "--reason", "thử")
    assert told.output.startswith("0 bài")
    assert run("withdraw", "--name", "Không Ai Cả", "--restore", "--reason", "thử").exit_code == 0
    assert isinstance(run("withdraw", "--reason", "thử").exception, BadInputError)

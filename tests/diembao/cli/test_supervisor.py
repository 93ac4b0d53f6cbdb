"""`diembao up` tells of each newspaper out of reach in one line, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from diembao.archive import sources
from diembao.archive.engine import Archive
from diembao.cli.supervisor import tell_unreachable
from diembao.source import Source

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture
def newspapers(archive: Archive) -> Archive:
    """One newspaper out of reach now, one that was before the start, one that is well."""
    with archive.write() as conn:
        for name in ("xa", "cu", "tot"):
            source = Source(name=name, title=f"Báo {name}", domain=f"{name}.example")
            sources.save(conn, [source])
        sources.finish(conn, "xa", NOW, 900, "2 × không tìm thấy máy chủ (host not found)")
        sources.finish(conn, "cu", NOW - timedelta(hours=1), 900, "1 × quá thời hạn (timed out)")
        sources.finish(conn, "tot", NOW, 900)
    return archive


def test_only_those_since_the_start_and_each_once(newspapers: Archive) -> None:
    told: set[str] = set()
    (line,) = tell_unreachable(newspapers, NOW, told)
    assert "Báo xa (xa)" in line
    assert "host not found" in line
    assert "\n" not in line
    assert tell_unreachable(newspapers, NOW, told) == []

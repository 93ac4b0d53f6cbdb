"""`diembao export`: a file is whole or is not there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

PASTED = """UBND xã Tân Lập tặng Giấy khen cho ông Vi Văn Sáng
11/12/2024 15:30
Sáng 11/12, UBND xã Tân Lập đã tặng Giấy khen cho ông Vi Văn Sáng vì mô hình “Ngõ không rác”.
"""


@pytest.fixture
def archived(run: Run, tmp_path: Path) -> Run:
    page = tmp_path / "bai.txt"
    page.write_text(PASTED, encoding="utf-8")
    assert run("import", page).exit_code == 0
    return run


def test_a_search_is_written_to_the_kind_of_file_that_its_name_tells(
    archived: Run, tmp_path: Path
) -> None:
    for form in ("csv", "xlsx", "ndjson", "parquet"):
        path = tmp_path / f"ket-qua.{form}"
        told = archived("export", path, "giay khen")
        assert told.exit_code == 0
        assert "1 dòng" in told.stdout
        assert path.stat().st_size > 0
    rows = list(csv.reader(io.StringIO((tmp_path / "ket-qua.csv").read_text("utf-8-sig"))))
    assert rows[1][2] == "UBND xã Tân Lập tặng Giấy khen cho ông Vi Văn Sáng"
    assert rows[-1] == ["#rows", "1"]


def test_the_register_of_awards_is_written(archived: Run, tmp_path: Path) -> None:
    path = tmp_path / "so.ndjson"
    assert archived("export", path, "--table", "awards").exit_code == 0
    *awards, last = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert last == {"rows": len(awards)}
    assert "Giấy khen" in {one["award"] for one in awards}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ket-qua.pdf"], ".parquet"),
        (["ket-qua.csv", "--table", "bao"], "articles"),
        (["ket-qua.csv", "--since", "hôm qua"], "24/11/2026"),
        (["ket-qua.csv", "--since", "2/1/2025", "--until", "1/1/2025"], "sau ngày cuối"),
        (["ket-qua.csv", "date:homqua"], "homqua"),
    ],
)
def test_a_mistake_is_told_and_leaves_no_file(
    archived: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    refused = archived("export", *arguments)
    assert refused.exit_code != 0
    assert told in str(refused.exception)
    assert sorted(tmp_path.iterdir()) == before

"""Whatever a user does wrongly, and whatever is broken on the machine: one sentence, no traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from diembao.cli.faults import told
from tests.road.process import diembao

BIN = bytes(range(128, 256)) * 20


@pytest.fixture
def office(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "home").mkdir()
    return {"DIEMBAO_HOME": str(tmp_path / "home"), "DIEMBAO_LANGUAGE": "en", "DIEMBAO_PORT": "0"}


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (("extract",), 1, "--jsonl"),
        (("extract", "missing.txt"), 1, "missing.txt"),
        (("extract", "--jsonl", "missing.jsonl"), 1, "missing.jsonl"),
        (("evaluate", "missing.jsonl"), 1, "missing.jsonl"),
        (("read", "missing.html"), 1, "missing.html"),
        (("import", "missing.html"), 1, "missing.html"),
        (("import",), 2, "import --help"),
        (("withdraw", "one", "--reason", "x"), 2, "withdraw --help"),
        (("search", "x", "--limit", "0"), 2, "--limit"),
        (("search", "x", "--nothing"), 2, "--nothing"),
        (("nothing",), 2, "nothing"),
        (("sources", "check", "nothing"), 1, "nothing"),
    ],
)
def test_a_wrong_command_is_told_in_one_line(
    office: dict[str, str], arguments: tuple[str, ...], code: int, named: str
) -> None:
    result = diembao(*arguments, environment=office)
    assert result.returncode == code
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("diembao: ")
    assert named in line


def test_a_wrong_command_is_told_in_vietnamese(office: dict[str, str]) -> None:
    result = diembao("import", environment=office | {"DIEMBAO_LANGUAGE": "vi"})
    assert result.stderr.startswith("diembao: Lệnh viết chưa đúng: ")


@pytest.mark.parametrize(
    ("file", "content", "named"),
    [
        ("archive.db", BIN, "archive.db"),
        ("index", b"a file, no folder", "index"),
        ("settings.env", BIN, "settings.env"),
        ("settings.env", b"\xef\xbb\xbfDIEMBAO_IDLE=often\r\n", "DIEMBAO_IDLE"),
    ],
)
def test_a_broken_home_is_named_by_every_command_and_the_doctor(
    office: dict[str, str], file: str, content: bytes, named: str
) -> None:
    (Path(office["DIEMBAO_HOME"]) / file).write_bytes(content)
    for arguments in (("search", "x"), ("doctor",)):
        result = diembao(*arguments, environment=office)
        assert result.returncode == 1
        assert "Traceback" not in result.stderr
        assert named in result.stdout + result.stderr


def test_a_home_that_cannot_be_is_named(office: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = diembao("sources", environment=office | {"DIEMBAO_HOME": str(tmp_path / "file")})
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert str(tmp_path / "file") in result.stderr


def test_doctor_names_a_setting_that_means_nothing(home: Path, run: Callable[..., Result]) -> None:
    home.mkdir()
    (home / "settings.env").write_text("DIEMBAO_PROT=8001\n", "utf-8")
    result = run("doctor")
    assert result.exit_code == 1
    assert "DIEMBAO_PROT; xem DIEMBAO_PORT" in result.output


def test_doctor_sends_an_emptied_index_to_be_rebuilt(
    home: Path, tmp_path: Path, run: Callable[..., Result]
) -> None:
    page = tmp_path / "bai.txt"
    body = "Hội Nông dân xã Yên Lạc được Chủ tịch UBND tỉnh tặng Bằng khen vì nhiều thành tích. "
    page.write_text(f"Khen thưởng ở xã Yên Lạc\n\n{body * 3}\n\n{body * 2}\n", "utf-8")
    assert run("import", page).exit_code == 0
    shutil.rmtree(home / "index")
    broken = run("doctor")
    assert broken.exit_code == 1
    assert "diembao reindex" in broken.output
    run("reindex")
    assert "✓ Chỉ mục: 1 bài" in run("doctor").output


def test_output_is_utf8_whatever_the_locale(office: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hội Nông dân xã Yên Lạc", "utf-8")
    narrow = office | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    result = diembao("extract", str(tmp_path / "a.txt"), environment=narrow)
    assert json.loads(result.stdout)["text"] == "Hội Nông dân xã Yên Lạc"


def test_a_mistake_of_ours_stays_a_traceback() -> None:
    assert told(KeyError("x")) is None
    assert told(ValueError("x")) is None


def test_a_database_server_out_of_reach_is_named_without_its_password(
    office: dict[str, str],
) -> None:
    away = office | {"DIEMBAO_ARCHIVE": "postgresql://nguoi:bi-mat@127.0.0.1:1/kho"}
    result = diembao("search", "x", environment=away)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "127.0.0.1:1/kho" in line
    assert "DIEMBAO_ARCHIVE" in line
    assert "bi-mat" not in line

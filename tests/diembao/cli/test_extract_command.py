"""`diembao extract`: a line for each text as soon as it is read, and nothing lost before a fault."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest
from click.testing import Result

from diembao.errors import BadInputError

TEXT = "Hội Nông dân xã Yên Lạc được tặng Bằng khen."
COMMAND = [sys.executable, "-m", "diembao", "extract"]
Run = Callable[..., Result]


def line(number: int, text: str = TEXT) -> str:
    return json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    "bad",
    [b"{broken\n", b"[1]\n", b'{"id": 9}\n', b'{"id": 9, "text": "\\ud83d"}\n', b'"\xff"\n'],
)
def test_a_bad_line_loses_nothing_before_it(
    tmp_path: Path, run: Run, bad: bytes, workers: int
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(line(1).encode() + b"\n" + line(2).encode() + bad + line(3).encode())
    result = run("extract", "--jsonl", path, "--workers", workers)
    assert isinstance(result.exception, BadInputError)
    assert "dòng 4" in str(result.exception)
    assert [json.loads(one)["id"] for one in result.stdout.splitlines()] == ["1", "2"]


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(
    tmp_path: Path, run: Run
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "b.txt").write_bytes(b"Th\xe0nh")
    (tmp_path / "d.txt").write_text(TEXT, "utf-8")
    result = run("extract", tmp_path, tmp_path / "khong-co")
    assert [json.loads(one)["id"] for one in result.stdout.splitlines()] == ["a", "d"]
    assert isinstance(result.exception, BadInputError)
    assert "b.txt" in str(result.exception)
    assert "khong-co" in str(result.exception)


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode("utf-8-sig"),
        normalize("NFD", TEXT).encode(),
        TEXT.encode() + b"\r\n",
    ],
    ids=["BOM", "NFD", "CRLF"],
)
def test_encodings_of_one_text_are_read_alike(tmp_path: Path, run: Run, raw: bytes) -> None:
    (tmp_path / "bài viết.txt").write_bytes(raw)
    read = json.loads(run("extract", tmp_path).stdout)
    assert read["id"] == "bài viết"
    assert read["text"].strip() == TEXT
    assert [read["text"][start:end] for start, end, *_ in read["mentions"]] == [
        "Hội Nông dân xã Yên Lạc",
        "Bằng khen",
    ]


def test_separators_inside_a_text_do_not_break_its_line(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(line(1, f"{TEXT}\u2028{TEXT}\x85"), "utf-8")
    (read, _) = run("extract", "--jsonl", path).stdout.split("\n")
    assert json.loads(read)["text"].startswith(f"{TEXT}\u2028{TEXT}")


def test_each_line_comes_before_the_next_is_given_and_ctrl_c_ends_it(
    home: Path, tmp_path: Path
) -> None:
    errors = (tmp_path / "errors").open("w+", encoding="utf-8")
    with subprocess.Popen(
        [*COMMAND, "--jsonl", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8",
    ) as process, errors:  # fmt: skip
        assert process.stdin
        assert process.stdout
        for number in (1, 2):
            process.stdin.write(line(number))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == str(number)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        errors.seek(0)
        assert errors.read() == ""


def test_a_closed_pipe_and_a_closed_input_are_no_traceback(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(map(line, range(5))), "utf-8")
    command = " ".join(f"'{word}'" for word in COMMAND)
    head = f"{command} --jsonl '{path}' | head -n 1"
    closed = f"{command} - <&-"
    piped = subprocess.run(["sh", "-c", head], capture_output=True, text=True, check=False)
    assert (len(piped.stdout.splitlines()), piped.stderr) == (1, "")
    done = subprocess.run(["sh", "-c", closed], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "diembao: Đầu vào chuẩn đã đóng.\n")


@pytest.mark.parametrize("content", ["", line(1)])
def test_what_is_not_annotated_cannot_be_scored(tmp_path: Path, run: Run, content: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, "utf-8")
    result = run("evaluate", path)
    assert isinstance(result.exception, BadInputError)
    assert "is_award_article" in str(result.exception)

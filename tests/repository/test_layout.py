"""The repository keeps its own rules."""

import re
import subprocess
import tomllib
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400
TYPICAL = 130


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def test_no_module_holds_two_ideas() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in tracked("*.py")}
    too_long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST}
    assert not too_long
    assert median(lengths.values()) <= TYPICAL


def test_every_public_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("diembao/*.py", "crawler/*.py", "extraction/*.py", "search_api/*.py")
        if "migrations" not in path.parts
        and not path.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert not silent


def test_nothing_names_a_registry_host_or_a_machine() -> None:
    hosts = re.compile(
        r"https?://[a-z0-9.-]*(py.i|np.js|pythonh.sted|m.ven|deb.an)[a-z0-9.-]*\.[a-z]+"
        r"|(?<![\w.])/(work|farm|root)/",
        re.IGNORECASE,
    )
    named = []
    for path in tracked():
        if path.suffix in {".png", ".gz", ".crfsuite", ".npz", ".woff2", ".svg"}:
            continue
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1
        ):
            if hosts.search(line) and "hosts = re" not in line and 'r"' not in line:
                named.append(f"{path.relative_to(ROOT)}:{number}")
    assert not named


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(item for extra in extras for item in extra)]
    names = {re.split(r"[\[<>=! ]", item)[0].lower().replace("_", "-") for item in wanted}
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in pins if "==" in line}
    assert names <= pinned


@pytest.mark.parametrize("command", ["demo", "run", "test", "lint", "bench", "train"])
def test_make_offers(command: str) -> None:
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

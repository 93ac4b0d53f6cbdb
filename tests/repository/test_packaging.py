"""What is installed is whole: everything that the code opens at run time is inside the wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_every_file_that_the_packages_need(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    needed = set()
    for name in listed:
        source = ROOT / name
        top = name.split("/")[0]
        if source.is_file() and top in {
            "diembao", "crawler", "extraction", "search_api",
            "pyproject.toml", "README.md", "LICENSE",
        }:  # fmt: skip
            target = clone / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            if "/" in name:
                needed.add(name)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "-w",
            str(tmp_path),
            str(clone),
        ],
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    assert needed <= set(zipfile.ZipFile(wheel).namelist())

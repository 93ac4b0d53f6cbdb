"""The documentation says what is true: settings, commands and links are checked against the code."""

import re
from pathlib import Path

import pytest
import typer.main

from diembao.cli.commands import app
from diembao.settings import Settings

ROOT = Path(__file__).parents[2]
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_sentence(name: str) -> None:
    field = Settings.model_fields[name]
    row = next(
        (line for line in SETTINGS.splitlines() if line.startswith(f"| `DIEMBAO_{name.upper()}`")),
        None,
    )
    assert row, f"docs/settings.md has no row for DIEMBAO_{name.upper()}"
    assert str(field.description) in row


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"^\| `DIEMBAO_(\w+)`", SETTINGS, re.MULTILINE))
    assert documented == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_the_docs_name_exist(page: Path) -> None:
    group = typer.main.get_command(app)
    known = set(group.commands)  # type: ignore[attr-defined]
    named = re.findall(r"(?:bin/|`)diembao ([a-z]+)", page.read_text(encoding="utf-8"))
    assert set(named) <= known

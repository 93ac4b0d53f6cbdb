"""Every word of the page stands in the catalogue, in both languages, and every entry is used."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import search_api
from search_api.page.texts import catalogue, word

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf

FOLDER = Path(search_api.__file__).parent
TEMPLATES = sorted((FOLDER / "page" / "templates").rglob("*.*"))
SOURCES = [*TEMPLATES, *(FOLDER / "routes").glob("*.py"), *(FOLDER / "page").glob("*.py")]
PLACES = re.compile(r"""\bt\(\s*["']([\w.-]+)["']""")


def test_every_entry_has_both_languages_with_the_same_blanks() -> None:
    assert catalogue()
    for key, wordings in catalogue().items():
        assert set(wordings) == {"vi", "en"}, key
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(wording) if name}
            for wording in wordings.values()
        ]
        assert blanks[0] == blanks[1], key
        assert all(wording.strip() for wording in wordings.values()), key


def test_no_key_stands_in_two_files() -> None:
    keys = [
        key
        for file in (FOLDER / "page" / "texts").glob("*.toml")
        for key in tomllib.loads(file.read_text(encoding="utf-8"))
    ]
    assert len(keys) == len(set(keys))


def test_every_key_of_a_template_is_in_the_catalogue() -> None:
    for template in TEMPLATES:
        for key in PLACES.findall(template.read_text(encoding="utf-8")):
            assert key in catalogue() or any(known.startswith(key) for known in catalogue()), (
                f"{template.name}: {key}"
            )


def test_no_entry_is_left_over() -> None:
    used = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    made = {found.rstrip(".{") for found in re.findall(r"[\"'f]([a-z_]+[._])(?:[\"']|\{)", used)}
    for key in catalogue():
        begins = any(key.startswith(start) and len(key) > len(start) for start in made)
        assert key in used or begins, key


def test_templates_hold_no_inline_style_or_script() -> None:
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert " style=" not in text, template.name
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), template.name
        assert not re.search(r"\son\w+=", text), template.name
        assert "|safe" not in text.replace(" ", ""), template.name


@pytest.mark.parametrize("path", ["/", "/khen-thuong", "/mo-hinh", "/bao", "/them", "/api", "/x"])
def test_the_language_follows_the_address_and_stays_in_a_cookie(shelf: Shelf, path: str) -> None:
    client = shelf.client()
    assert '<html lang="vi">' in client.get(path).text
    english = client.get(path, params={"lang": "en"})
    assert '<html lang="en">' in english.text
    assert word("en", "nav_search") in english.text
    again = client.get(path)
    assert '<html lang="en">' in again.text

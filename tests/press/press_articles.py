"""The manuscripts of the sample newspapers, and what each newspaper printed of them.

A manuscript is `articles/ID.md`: TOML between two `+++` lines, then the body, a line each:
`> ` lead, `## ` subhead, `! ` photo caption, `- ` list item, `| a | b |` table row, anything else a
paragraph. Top-level keys: title, section, published_at, byline, tags, kind. Each table named `mau-…`
is a printing in that newspaper: `number` (its id there) and whatever differs there (title, slug,
section, byline, published_at, lead, `without`: beginnings of the paragraphs left out). The table
`second` is the edited version: modified_at, corrections (pairs), added (paragraphs).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

FOLDER = Path(__file__).parent / "articles"
MARKS = {"> ": "lead", "## ": "subhead", "! ": "caption", "- ": "item", "| ": "row"}


@dataclass(frozen=True)
class Block:
    """A printed line; a row of a table has `cells`, and its text joins them with ` | `."""

    kind: str
    text: str

    @property
    def cells(self) -> list[str]:
        return self.text.split(" | ")


@dataclass(frozen=True)
class Printed:
    """One article as one newspaper prints it: what a perfect reading of its page gives."""

    article_id: str
    site: str
    number: int
    kind: str
    section: str
    tags: tuple[str, ...]
    title: str
    slug: str
    lead: str
    body: tuple[Block, ...]
    byline: str
    published_at: datetime
    modified_at: datetime | None = None
    path: str = ""
    url: str = ""
    related: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Everything in printed order: title, lead, body, byline."""
        ends = Block("title", self.title), Block("lead", self.lead), Block("byline", self.byline)
        return (*ends[:2], *self.body, ends[2])

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)

    @property
    def last_change(self) -> datetime:
        return self.modified_at or self.published_at

    @property
    def runs(self) -> list[tuple[str, list[Block]]]:
        """The body's blocks, neighbours of one kind together."""
        return [(kind, list(run)) for kind, run in groupby(self.body, key=lambda b: b.kind)]

    def texts(self, kind: str) -> list[str]:
        """The texts of the blocks of one kind, in order."""
        return [block.text for block in self.blocks if block.kind == kind]

    @property
    def paragraphs(self) -> list[str]:
        return self.texts("paragraph")

    @property
    def captions(self) -> list[str]:
        return self.texts("caption")


@dataclass(frozen=True)
class Manuscript:
    """One file of `articles/`."""

    id: str
    front: dict[str, Any]
    body: tuple[Block, ...]

    @property
    def sites(self) -> list[str]:
        return [
            key for key, value in self.front.items() if key != "second" and isinstance(value, dict)
        ]

    def printed(self, site: str, *, edited: bool = False, lead_mark: str = "") -> Printed:
        """What `site` printed: its first version, or the second where `edited`."""
        front = {**self.front, **self.front[site]}
        without = tuple(front.get("without", ())) or ("\0",)
        body = [block for block in self.body if not block.text.startswith(without)]
        lead = front.get("lead") or next(block.text for block in body if block.kind == "lead")
        second = self.front["second"] if edited else {}
        body += [Block("paragraph", text) for text in second.get("added", ())]
        corrections = second.get("corrections", ())
        return Printed(
            article_id=self.id,
            site=site,
            number=front["number"],
            kind=front.get("kind", "news"),
            section=front["section"],
            tags=tuple(front["tags"]),
            title=_correct(front["title"], corrections),
            slug=front.get("slug") or slug(front["title"]),
            lead=lead_mark + _correct(lead, corrections),
            body=tuple(
                Block(b.kind, _correct(b.text, corrections)) for b in body if b.kind != "lead"
            ),
            byline=front["byline"],
            published_at=front["published_at"],
            modified_at=second.get("modified_at"),
        )


def slug(text: str) -> str:
    """`Bằng khen của Đảng ủy` → `bang-khen-cua-dang-uy`."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    ascii_only = "".join(char for char in bare if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def load(folder: Path = FOLDER) -> dict[str, Manuscript]:
    """All manuscripts by id. A file that breaks the form raises ValueError with its name."""
    return {path.stem: _parse(path) for path in sorted(folder.glob("*.md"))}


def _parse(path: Path) -> Manuscript:
    try:
        _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        parsed = tomllib.loads(front)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Manuscript(path.stem, parsed, tuple(_block(line) for line in body.splitlines() if line))


def _block(line: str) -> Block:
    mark = next((mark for mark in MARKS if line.startswith(mark)), "")
    text = line.removeprefix(mark)
    return Block(MARKS.get(mark, "paragraph"), text.removesuffix(" |") if mark == "| " else text)


def _correct(text: str, corrections: list[list[str]] | tuple[()]) -> str:
    for wrong, right in corrections:
        text = text.replace(wrong, right)
    return text

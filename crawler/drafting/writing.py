"""A declaration as the TOML file that people read and edit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler import declarations

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.declarations import Declaration


def write(declaration: Declaration, folder: Path) -> Path:
    """Write it into the folder under its name, whole or not at all; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{declaration.name}.toml"
    draft = path.with_suffix(".new")
    draft.write_text(text(declaration), "utf-8")
    draft.replace(path)
    declarations.read(path)
    return path


def text(declaration: Declaration) -> str:
    """The declaration in TOML, without what is left at its default."""
    values = declaration.model_dump(mode="json", exclude_defaults=True)
    listings = values.pop("listings", [])
    lines = [f"{name} = {_value(value)}" for name, value in values.items()]
    for listing in listings:
        lines += ["", "[[listings]]", *(f"{name} = {_value(v)}" for name, v in listing.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str) and "\\" in value and "'" not in value:
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)

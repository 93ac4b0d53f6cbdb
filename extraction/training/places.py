"""Names of administrative units, before and after the reform of July 2025, as a lexicon.

Reads the tables of `vietnamadminunits` and writes `lexicons/places.tsv`: name, kind (`province`,
`district`, `ward`), the bare name without its kind word. Run by hand; the result is kept.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import as_file, files
from pathlib import Path

TARGET = Path(__file__).parent.parent / "lexicons" / "places.tsv"
_QUERIES = {
    "province": "select provinceShort from admin_units union select provinceShort from admin_units_legacy",
    "district": "select districtShort from admin_units_legacy",
    "ward": "select wardShort from admin_units union select wardShort from admin_units_legacy",
}


def build(target: Path = TARGET) -> int:
    """Write the lexicon; the number of names."""
    kinds: dict[str, str] = {}
    with as_file(files("vietnamadminunits") / "data" / "dataset.db") as path:
        connection = sqlite3.connect(path)
        for kind, query in _QUERIES.items():
            for (name,) in connection.execute(query):
                if name and not name.isdigit():
                    kinds.setdefault(name, kind)
        connection.close()
    lines = sorted(f"{name}\t{kind}\n" for name, kind in kinds.items())
    target.write_text("".join(lines), encoding="utf-8")
    return len(lines)


if __name__ == "__main__":
    print(build())

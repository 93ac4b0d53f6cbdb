"""Floors under the figures of the whole extraction, in `benchmarks/floors.json`.

`python -m extraction.training.floors` measures dev and real-dev and raises every floor that was
passed. A floor falls only with `--lower REASON`, and the reason is kept. The file holds a digest of
the measured data, so that figures of other data are never compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import extraction
from diembao.errors import BadInputError
from extraction.training import MEASURED, score

if TYPE_CHECKING:
    from collections.abc import Mapping

FLOORS = Path(__file__).parent.parent.parent / "benchmarks" / "floors.json"
KEY = "extraction"
Figures = dict[str, float]


def measure(shared: Path) -> dict[str, dict[str, Any]]:
    """For each measured file its digest and the figures of the extraction now."""
    nlp = extraction.load()
    out: dict[str, dict[str, Any]] = {}
    for file in MEASURED:
        data = (shared / "corpus" / file).read_bytes()
        rows = [json.loads(line) for line in data.decode().splitlines() if line.strip()]
        pairs = ((row["id"], row["text"]) for row in rows)
        found = {x.id: x.model_dump(mode="json") for x in extraction.extract_many(nlp, pairs)}
        table = score.score({row["id"]: row for row in rows}, found)
        out[file] = {"digest": hashlib.sha256(data).hexdigest(), "figures": _flat(table)}
    return out


def _flat(table: Mapping[str, Mapping[str, float]]) -> Figures:
    """F1 of every kind, and the share of right details, under names such as `awards.f1`."""
    return {
        f"{kind}.{name}": value
        for kind, row in table.items()
        for name, value in row.items()
        if name == "f1" or name.endswith("_accuracy")
    }


def read() -> dict[str, dict[str, Any]]:
    """The floors kept, by measured file; empty before the first measuring."""
    return dict(json.loads(FLOORS.read_text("utf-8")).get(KEY, {})) if FLOORS.exists() else {}


def falls(measured: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A sentence for each figure below its floor and each file of other data."""
    faults = []
    for file, kept in read().items():
        now = measured[file]
        if now["digest"] != kept["digest"]:
            faults.append(f"{file} holds other data than its floors: measure anew with --lower")
            continue
        faults += [
            f"{file} {name}: {now['figures'][name]:.4f} is below the floor {floor:.4f}"
            for name, floor in kept["figures"].items()
            if now["figures"][name] < floor
        ]
    return faults


def raise_floors(measured: Mapping[str, Mapping[str, Any]], reason: str | None) -> None:
    """Keep the higher of floor and figure; with a reason keep the figure.

    Raises BadInputError where a figure fell and no reason is given.
    """
    faults = falls(measured)
    if faults and not reason:
        raise BadInputError(f"{'; '.join(faults)} (give --lower REASON to accept this).")
    kept = read()
    for file, now in measured.items():
        old = {} if reason else kept.get(file, {}).get("figures", {})
        figures = {name: max(value, old.get(name, 0.0)) for name, value in now["figures"].items()}
        kept[file] = {"digest": now["digest"], "figures": figures}
        if reason:
            kept[file]["lowered"] = reason
    every = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    FLOORS.write_text(json.dumps({**every, KEY: kept}, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure and raise the floors."""
    parser = argparse.ArgumentParser(description="Measure the extraction and raise its floors.")
    parser.add_argument("shared", type=Path, help="the folder that holds corpus/")
    parser.add_argument("--lower", metavar="REASON", help="accept lower figures, for this reason")
    given = parser.parse_args()
    raise_floors(measure(given.shared), given.lower)


if __name__ == "__main__":
    main()

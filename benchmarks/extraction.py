"""Speed of the extraction beside underthesea's `ner()`, on the same text in one run on one core.

    python benchmarks/extraction.py [FILE.jsonl ...]

Without files it takes the manuscripts of the sample newspapers.
Prints code points a second of the tagger alone, of the whole extraction (segmentation, tags,
clusters, records, decision) and of `ner()`, and how many times faster than `ner()` ours are. Each
is measured on whole articles after a warm-up, ours and theirs in turn, so that both meet the same
load of the machine. The peak of the memory is that of this process, models of both included.

Last, the same articles many times over are given to `extract_many` with one process and with as many
as there are cores; what it prints is by how much that shortens the time by the clock, the start of the
processes included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# This file has the package's name, and the folder of a script is searched first.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != Path(__file__).parent]

import underthesea  # noqa: E402  after the limits, which it reads when imported

import extraction  # noqa: E402
from extraction.tagging import load_tagger  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language

SAMPLES = Path(__file__).parent.parent / "tests" / "press" / "articles"

THEIRS = 60_000
"""Code points that `ner()` is given; it is many times slower."""
MANY = 4_000_000
"""Code points at least that the processes share."""


def spent(work: Callable[[str], object], texts: list[str]) -> float:
    """Seconds of processor time for the texts."""
    start = process_time()
    for text in texts:
        work(text)
    return process_time() - start


def taken(nlp: Language, texts: list[str], workers: int) -> float:
    """Seconds by the clock for the texts with that many processes."""
    start = perf_counter()
    for _ in extraction.extract_many(nlp, (("", text) for text in texts), workers):
        pass
    return perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    texts = [
        str(json.loads(line)["text"])
        for file in parser.parse_args().files
        for line in file.read_text("utf-8").splitlines()
    ] or [file.read_text("utf-8").split("+++\n")[2] for file in sorted(SAMPLES.glob("*.md"))]
    tagger, nlp = load_tagger(), extraction.load()
    works: dict[str, Callable[[str], object]] = {
        "tagger alone": tagger.tag,
        "whole extraction": lambda text: extraction.extract(nlp, text),
        "underthesea ner()": underthesea.ner,
    }
    for work in works.values():
        work(texts[0])
    seconds = dict.fromkeys(works, 0.0)
    points = dict.fromkeys(works, 0)
    for text in texts:
        for name, work in works.items():
            if name == "underthesea ner()" and points[name] > THEIRS:
                continue
            seconds[name] += spent(work, [text])
            points[name] += len(text)
    speed = {name: points[name] / seconds[name] for name in works}
    for name, rate in speed.items():
        print(
            f"{name:20} {rate:10,.0f} code points/s {rate / speed['underthesea ner()']:6.1f} times ner()"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB, both libraries loaded")
    many = texts * (MANY // sum(map(len, texts)) + 1)
    cores = len(os.sched_getaffinity(0))
    gain = taken(nlp, many, 1) / taken(nlp, many, cores)
    print(
        f"--workers {cores}: {gain:.2f} times as fast as one, {sum(map(len, many)):,} code points"
    )


if __name__ == "__main__":
    main()

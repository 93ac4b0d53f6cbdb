"""SVG to PNG by resvg, with a font that has every Vietnamese letter, whatever the machine has."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import resvg_py

FAMILY = "Source Sans Pro"
FACES = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")


def _fonts() -> list[str]:
    # the package's own module only lists its files
    package = find_spec("font_source_sans_pro")
    assert package
    assert package.submodule_search_locations, "font-source-sans-pro is a dependency"
    folder = Path(package.submodule_search_locations[0]) / "files"
    return [str(folder / face) for face in FACES]


def png(svg: str, zoom: float) -> bytes:
    """The picture in `zoom` pixels a unit, on white."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=_fonts(),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )

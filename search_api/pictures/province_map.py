"""The provinces as tiles, darker where there is more; each archipelago with its province's value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diembao.vietnamese.provinces import province_name
from search_api.analysis.tile_grid import COLUMNS, ISLANDS, ROWS, TILES
from search_api.page.rendering import drawn as rendered
from search_api.page.texts import word
from search_api.pictures.parts_chart import height_of
from search_api.pictures.scale import amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from search_api.analysis.shapes import Analysis
    from search_api.analysis.tile_grid import Tile
    from search_api.page.texts import Language

GAP = 4
SHADES = 4
LEGEND = 46


@dataclass(frozen=True, slots=True)
class Shown:
    """A tile with its lines of text; shade 0 is nothing."""

    x: float
    y: float
    width: float
    shade: int
    names: list[str]
    text: str
    is_island: bool = False


def bounds(greatest: float, *, whole: bool) -> list[float]:
    """The upper bounds of the shades, closer together where there is little."""
    raw = [greatest * (n / SHADES) ** 2 for n in range(1, SHADES + 1)]
    steps = [float(-(-value // 1)) if whole else round(value, 2) for value in raw]
    return sorted({*steps[:-1], greatest})


def shade(value: float, upper: Sequence[float]) -> int:
    """The shade of a value: 0 for nothing, else from 1 to SHADES, the greatest always darkest."""
    if not value:
        return 0
    at = next((n for n, bound in enumerate(upper) if value <= bound), len(upper) - 1)
    return SHADES - (len(upper) - 1 - at)


def province_map(found: Analysis, language: Language, width: int, subject: int) -> Markup:
    """The picture of the provinces for one subject."""
    is_wide = width > 600
    wide, high = (78, 42) if is_wide else (57, 50)
    values = {part.value: height_of(part, subject, found) for part in found.provinces}
    upper = bounds(max(values.values(), default=0.0), whole=found.scale == "absolute")

    def shown(tile: Tile, slug: str, names: list[str], *, is_island: bool = False) -> Shown:
        value = values.get(slug, 0.0)
        return Shown(
            x=tile.column * (wide + GAP) + 1,
            y=tile.row * (high + GAP) + 1,
            width=wide + (20 if is_island and is_wide else 0),
            shade=shade(value, upper),
            names=names,
            text="" if is_island else amount(value, found.scale, language),
            is_island=is_island,
        )

    tiles = [
        shown(tile, slug, _lines(province_name(slug), at_once=is_wide))
        for slug, tile in TILES.items()
    ]
    tiles += [
        shown(
            tile,
            slug,
            _island(
                name, word(language, "analysis_part_of", province=province_name(slug)), is_wide
            ),
            is_island=True,
        )
        for name, (slug, tile) in ISLANDS.items()
    ]
    return rendered(
        "analysis/provinces.svg",
        language,
        width=COLUMNS * (wide + GAP) + (22 if is_wide else 0),
        height=len(ROWS) * (high + GAP) + LEGEND,
        tiles=tiles,
        high=high,
        legend_y=len(ROWS) * (high + GAP) + 14,
        shades=[
            (SHADES - len(upper) + 1 + n, amount(bound, found.scale, language))
            for n, bound in enumerate(upper)
            if bound
        ],
        sea=(4.1 * (wide + GAP), 11.3 * (high + GAP)),
    )


def _island(name: str, belongs: str, at_once: bool) -> list[str]:
    """The name and whose it is; on a phone in three lines."""
    return [name, belongs] if at_once else [name, *belongs.split(" ", 1)]


def _lines(name: str, *, at_once: bool) -> list[str]:
    """The name in one line, or its last syllable in a second one."""
    if at_once or " " not in name:
        return [name]
    return name.rsplit(" ", 1)

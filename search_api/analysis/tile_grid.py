"""The 34 provinces as tiles of equal size, each near its place; a layout of our own.

Hoàng Sa and Trường Sa have tiles in the East Sea and the value of the province that each belongs to.
"""

from __future__ import annotations

from typing import NamedTuple


class Tile(NamedTuple):
    """A place in the grid, from the north-west."""

    column: int
    row: int


ROWS = (
    ("", "lai-chau", "lao-cai", "tuyen-quang", "cao-bang"),
    ("dien-bien", "son-la", "phu-tho", "thai-nguyen", "lang-son"),
    ("", "", "ha-noi", "bac-ninh", "quang-ninh"),
    ("", "", "ninh-binh", "hung-yen", "hai-phong"),
    ("", "", "thanh-hoa"),
    ("", "", "nghe-an"),
    ("", "", "ha-tinh"),
    ("", "", "", "quang-tri"),
    ("", "", "", "hue"),
    ("", "", "", "da-nang"),
    ("", "", "", "quang-ngai"),
    ("", "", "", "gia-lai"),
    ("", "", "", "dak-lak"),
    ("", "tay-ninh", "dong-nai", "lam-dong", "khanh-hoa"),
    ("an-giang", "dong-thap", "ho-chi-minh"),
    ("", "can-tho", "vinh-long"),
    ("ca-mau",),
)

TILES = {
    slug: Tile(column, row)
    for row, slugs in enumerate(ROWS)
    for column, slug in enumerate(slugs)
    if slug
}
"""The tile of each province by its slug."""

ISLANDS = {
    "Hoàng Sa": ("da-nang", Tile(5, 8)),
    "Trường Sa": ("khanh-hoa", Tile(5, 14)),
}
"""The archipelagos: the province that each belongs to, and its tile."""

COLUMNS = 6

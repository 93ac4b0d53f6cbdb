"""The small graph of an entity page."""

from __future__ import annotations

from diembao.archived import Entity
from diembao.records import Label
from search_api.page.network import HEIGHT, LARGEST, SHOWN, WIDEST, WIDTH, network

MIDDLE = Entity("unit-0", Label.UNIT, "UBND phường Bến Gót")


def beside(number: int) -> list[tuple[Entity, int]]:
    return [
        (Entity(f"person-{n}", Label.PERSON, f"Người thứ {n} có tên rất dài và kêu"), number - n)
        for n in range(number)
    ]


def test_one_companion_makes_no_graph() -> None:
    assert network(MIDDLE, beside(1), {}) is None


def test_all_stand_inside_the_picture_and_apart() -> None:
    drawn = network(MIDDLE, beside(30), {})
    assert drawn
    assert len(drawn.dots) == SHOWN + 1
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == len(drawn.dots)
    for dot in drawn.dots:
        assert dot.radius <= dot.x <= WIDTH - dot.radius
        assert dot.radius <= dot.y <= HEIGHT - dot.radius
        assert dot.radius <= LARGEST


def test_lines_tell_how_many_articles_are_shared() -> None:
    drawn = network(MIDDLE, beside(4), {("person-0", "person-1"): 2, ("person-0", "person-9"): 3})
    assert drawn
    spokes = [line.width for line in drawn.lines if line.is_spoke]
    assert spokes[0] == WIDEST
    assert spokes == sorted(spokes, reverse=True)
    assert len([line for line in drawn.lines if not line.is_spoke]) == 1
    assert all(dot.name.endswith("…") for dot in drawn.dots[1:])

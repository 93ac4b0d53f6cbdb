"""What an engine is given of an article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from diembao.archived import Entity
from diembao.article import Block, BlockKind
from diembao.records import Label, Level
from search_api.index.document import build

if TYPE_CHECKING:
    from .conftest import Writer


def test_a_word_is_written_folded_and_with_its_folded_form_before_the_exact(write: Writer) -> None:
    (stretch,) = build(write(1, "Đường 30/4, hòa")).texts["text"]
    assert stretch.folded == "duong 30 4 hoa"
    assert stretch.exact == "duong=đường 30=30 4=4 hoa=hoà"


def test_title_lead_body_and_captions_are_searched_and_byline_and_related_are_not(
    write: Writer,
) -> None:
    made = write(1, related=["Tin khác"])
    kinds = [kind for kind in BlockKind if kind is not BlockKind.BYLINE]
    blocks = [Block(kind=kind, text=kind) for kind in [*kinds, BlockKind.BYLINE]]
    made = replace(made, article=made.article.model_copy(update={"blocks": tuple(blocks)}))
    assert [stretch.folded for stretch in build(made).texts["text"]] == kinds


def test_days_weeks_months_and_quarters_are_those_of_vietnam(write: Writer) -> None:
    values = build(write(1, "a", at="2023-12-31T17:30:00+00:00")).keywords
    keys = [values[name] for name in ("day", "week", "month", "quarter")]
    assert keys == [("2024-01-01",), ("2024-W01",), ("2024-01",), ("2024-Q1",)]


def test_each_entity_is_a_keyword_of_its_kind_once(write: Writer) -> None:
    names = {Label.UNIT: ["Hội A"], Label.PERSON: ["Lê B", "Vũ C"]}
    awards = [("Bằng khen", "Lê B", Level.STATE), ("Huân chương", "Vũ C", Level.STATE)]
    values = build(write(1, names=names, awards=awards)).keywords
    assert values["unit"] == ("UNIT:Hội A",)
    assert values["person"] == ("PERSON:Lê B", "PERSON:Vũ C")
    assert values["award_level"] == ("state",)
    assert "model" not in values


def test_an_article_is_about_the_provinces_it_names_or_else_the_newspapers(write: Writer) -> None:
    own = write(1, "a", province="ha-noi")
    assert build(own).keywords["province"] == ("ha-noi",)
    place = Entity("p", Label.PLACE, "Huế", province="hue")
    assert build(replace(own, entities={"p": place})).keywords["province"] == ("hue",)


def test_aliases_of_an_entity_are_searched_as_its_name(write: Writer) -> None:
    made = write(1, names={Label.UNIT: ["Hội A"]})
    unit = Entity("UNIT:Hội A", Label.UNIT, "Hội A", aliases=("HA",))
    found = build(replace(made, entities={unit.id: unit})).texts["unit"]
    assert [stretch.folded for stretch in found] == ["hoi a", "ha"]


def test_compounds_stand_in_both_forms(write: Writer) -> None:
    made = build(write(1, "dân vận giỏi", compounds=["dân vận"]))
    assert sorted(made.compounds) == ["dan_van", "dân_vận"]


def test_an_article_that_is_not_extracted_yet_is_searchable(write: Writer) -> None:
    made = build(replace(write(1, "dân vận"), extraction=None, entities={}))
    assert made.texts["text"][0].folded == "dan van"
    assert made.conferments == ()


def test_building_is_pure(write: Writer) -> None:
    made = write(1, "dân vận", names={Label.UNIT: ["Hội A"]}, awards=[("Bằng khen", "Vui", None)])
    assert build(made) == build(made)

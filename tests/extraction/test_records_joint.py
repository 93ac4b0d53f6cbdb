"""The second judgement: what the first scores of other pairs say of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diembao.records import Label, Mention
from diembao.vietnamese.folding import exact
from extraction.components.cluster import cluster
from extraction.records import conferments, joint
from extraction.records.cues import Cues
from extraction.records.page import Page
from extraction.records.relation import Pairs
from extraction.training.corpus import parse

if TYPE_CHECKING:
    from extraction.records.page import Name

MARKED = (
    "[U|UBND xã Đồng Lâm] tặng [A|Giấy khen] cho ông [P|Mạc Văn Tựu], bà [P|Lò Thị Pành]; "
    "bà [P|Lò Thị Pành] còn được tặng [A|Bằng khen]."
)


def pairs_of(marked: str) -> Pairs:
    row = parse(f"{{}}\n=====\n{marked}\n=====\n{{}}")
    mentions = [Mention(start, end, Label(label)) for start, end, label in row["mentions"]]
    return Pairs(Page.read(row["text"], cluster(row["text"], mentions)))


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, int], dict[str, float]]:
    """The features of each pair, by award and place of the name, for scores that fall from pair to pair."""
    pairs = pairs_of(MARKED)
    couples: list[tuple[Name, Name]] = [
        (anchor, name)
        for anchor in pairs.page.of(Label.AWARD)
        for name in pairs.candidates(anchor, conferments.RECIPIENTS)
        if name.label == Label.PERSON
    ]
    scores = [0.9, 0.8, 0.7, 0.1, 0.2, 0.6]
    rows = joint.features(pairs, couples, [pairs.features(*couple) for couple in couples], scores)
    return {
        (anchor.text, place % 3): row
        for place, ((anchor, _), row) in enumerate(zip(couples, rows, strict=True))
    }


def test_a_pair_knows_how_it_stands_among_those_of_its_award(
    told: dict[tuple[str, int], dict[str, float]],
) -> None:
    second = told["Giấy khen", 1]
    assert (second["best"], second["rank"], second["likely"]) == (0.9, 1, 3)
    assert (second["before"], second["behind"]) == (0.9, 0.7)
    assert second["total"] == pytest.approx(1.6)


def test_a_pair_knows_what_its_name_is_under_other_awards(
    told: dict[tuple[str, int], dict[str, float]],
) -> None:
    first, last = told["Giấy khen", 2], told["Bằng khen", 2]
    assert (first["elsewhere"], first["here"], first["later"]) == (0.6, 1, 0.6)
    assert (last["elsewhere"], last["here"], last["earlier"]) == (0.7, 0, 0.7)


def test_a_pair_knows_whether_another_says_the_same(
    told: dict[tuple[str, int], dict[str, float]],
) -> None:
    assert told["Giấy khen", 1]["again"] == 0.7
    assert told["Giấy khen", 0]["again"] == -1


def test_cues_are_whole_words_and_the_longest_phrase_counts() -> None:
    text = exact("ông được trao tặng, traotặng (thừa lệnh)")
    kinds = [(text[cue.start : cue.end], cue.kind) for cue in Cues(text).within(0, len(text))]
    assert kinds == [
        ("ông", "mr"),
        ("được", "passive"),
        ("trao tặng", "give"),
        (",", "comma"),
        ("(", "open"),
        ("thừa lệnh", "proxy"),
        (")", "close"),
    ]
    assert [cue.kind for cue in Cues(text).within(9, 18)] == ["give"]

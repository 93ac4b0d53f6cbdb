"""Training: reading the corpus, and the same weights from the same articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from diembao.errors import ExtractError
from diembao.records import Label, Mention
from extraction.tagging import Tagger
from extraction.tagging.tokens import tokenize
from extraction.training import card, corpus, crf, readings
from extraction.training.tagger import predict
from extraction.training.unlabelled import measured_ids

if TYPE_CHECKING:
    from pathlib import Path

TAGGED = """{"id": "one", "genre": "award"}
=====
[U|UBND xã Kim Sơn] tặng [A|Giấy khen]
  cho ông [P|Lê Văn Bách].
=====
{"awards": [], "models": [], "people": [], "is_award_article": true}
"""
QUICK = crf.Recipe(passes=6, averaged=2, least=1)


def test_a_tagged_text_becomes_a_row() -> None:
    row = corpus.parse(TAGGED)
    assert row["text"] == "UBND xã Kim Sơn tặng Giấy khen\ncho ông Lê Văn Bách."
    assert row["mentions"] == [[0, 15, "UNIT"], [21, 30, "AWARD"], [39, 50, "PERSON"]]
    assert row["is_award_article"] is True


def test_a_tagged_text_without_records_is_refused() -> None:
    with pytest.raises(ExtractError, match="three parts"):
        corpus.parse("{}\n=====\nno records")


def test_labels_follow_the_mentions() -> None:
    text = "ông Lê Văn Bách tặng"
    mentions = [Mention(4, 15, Label.PERSON)]
    assert corpus.labels_of(tokenize(text), mentions) == [
        "O",
        "B-PERSON",
        "I-PERSON",
        "I-PERSON",
        "O",
    ]


def test_every_article_of_ours_is_sound() -> None:
    articles = corpus.read(sorted((card.HERE / "training" / "articles").glob("*.txt")))
    assert articles
    for article in articles:
        names = {article.text[m.start : m.end] for m in article.mentions}
        assert {row["name"] for row in article.row["models"] + article.row["people"]} <= names


@pytest.fixture(scope="module")
def sheets() -> list[readings.Sheet]:
    articles = corpus.read(sorted((card.HERE / "training" / "articles").glob("*.txt"))[:25])
    return [readings.prepare(article) for article in articles]


def test_training_twice_gives_the_same_weights(sheets: list[readings.Sheet]) -> None:
    first, again = (readings.fit(sheets, QUICK, folds=2) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.keys, other.keys)
        assert np.array_equal(one.scores, other.scores)


def test_what_was_learned_is_read_again(sheets: list[readings.Sheet]) -> None:
    tagger = Tagger(*readings.fit(sheets, QUICK, folds=2))
    article = sheets[0].article
    found = {tuple(m) for m in predict(tagger, article)["mentions"]}
    known = {tuple(m) for m in article.row["mentions"]}
    assert len(found & known) > 0.8 * len(known)


@pytest.mark.needs_shared
def test_measured_articles_are_the_reserved_and_the_development_ones(shared: Path) -> None:
    ids = measured_ids(shared)
    assert {a.id for a in corpus.read([shared / "corpus" / "dev.jsonl"])} <= ids
    assert len(ids) > 29 + 26 + 50

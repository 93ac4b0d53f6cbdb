"""Made-up articles whose every subject is known, the queries over them, and who answers what.

`articles()` is the same on every machine. An article knows its *intents*, and the rule of the judgements
is told by them alone:

- 3: the intent is the article's subject: its title and several sentences tell of it;
- 2: it is the article's second subject, told of under a subheading;
- 1: one sentence mentions it;
- 0: everything else, whatever syllables it holds. Distractors hold those of an intent, with other marks
  or across the borders of words, and tell of something else.

A phrase in quotes asks for articles that print it, a name typed without marks for all who are called so, a
name that has an abbreviation for both of its forms, a pasted headline for its article. Every article is
judged for every query, so whatever any system puts forward is judged; the first ten answers of all systems
were then read beside their judgements (`search_quality.py --pool`), which mended the rule and the articles
before any of it was kept.

    python benchmarks/search_set/making.py

writes the judgements anew; that is done when the articles change, and never to please a system.
"""

from __future__ import annotations

import json
import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diembao.vietnamese.folding import exact, fold

FOLDER = Path(__file__).parent
JUDGEMENTS = FOLDER / "judgements.json"
LEAST = 3200
"""Articles in all."""

SUBJECT, SECOND, MENTION = 3, 2, 1
MAIN, SECTIONS, DISTRACTING, NAMED, SHORT = 12, 8, 30, 6, 6
"""Articles of an intent, with it second, of a distractor, of a person, and of each form of a name that
has an abbreviation.
"""

PLACES = (
    "phường Bến Gót", "xã Đồi Chè", "xã Suối Mây", "phường Gò Lũy", "xã Bãi Sậy", "thôn Vạn Phú",
    "xã Cầu Mây", "phường Lò Than", "xã Hua Nậm", "xã Lạch Trầm", "phường Đồng Xanh", "xã Sông Con",
)  # fmt: skip
PEOPLE = (
    "Đinh Công Tạo", "Hà Thị Nhài", "Quách Văn Sửu", "Mạc Đình Vỹ", "Lò Văn Phanh", "Bùi Thị Mận",
    "Cao Xuân Lự", "Tạ Thị Huê", "Khổng Minh Thắng", "Ngân Văn Póm", "Chu Thị Nụ", "Thân Đức Kỳ",
)  # fmt: skip


@dataclass
class Made:
    """An article: its title, its lines, and the grade of each intent that it answers."""

    number: int
    title: str
    lines: list[str]
    intents: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The lines, the title first."""
        return "\n".join([self.title, *self.lines])


@dataclass(frozen=True)
class Asked:
    """A query as it is typed, of a kind, and its intent."""

    key: str
    kind: str
    text: str
    intent: str

    def is_printed_in(self, article: Made) -> bool:
        """Whether the article prints the phrase, where the query is one."""
        return self.kind != "phrase" or self.text.strip('"') in article.text.lower()


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def headlines() -> list[str]:
    """Headlines as people paste them, with all that newspapers put into headlines."""
    return (FOLDER / "headlines.txt").read_text(encoding="utf-8").splitlines()


class Maker:
    """Fills templates, always in the same order from the same seed."""

    def __init__(self) -> None:
        self.chance = random.Random(20241211)
        self.talk = (FOLDER / "talk.txt").read_text(encoding="utf-8").splitlines()
        self.made: list[Made] = []

    def fill(self, template: str, name: str | None = None) -> str:
        """The template with a place, a person and a number."""
        return template.format(
            noi=self.chance.choice(PLACES),
            ten=name or self.chance.choice(PEOPLE),
            so=self.chance.randint(3, 95),
        )

    def chatter(self, count: int) -> list[str]:
        """Lines about nothing in particular."""
        return [self.fill(line) for line in self.chance.sample(self.talk, count)]

    def add(self, title: str, told: list[str], intents: dict[str, int]) -> Made:
        """An article of what is told, with chatter around it."""
        lines = [told[0], *self.chatter(2)]
        for line in told[1:]:
            lines += [line, *self.chatter(self.chance.randint(1, 4))]
        lines += self.chatter(self.chance.randint(2, 12))
        made = Made(len(self.made) + 1, title, lines, intents)
        self.made.append(made)
        return made

    def subject(self, topic: dict[str, Any], name: str | None = None) -> tuple[str, list[str]]:
        """A title and three lines of a topic."""
        title = self.fill(self.chance.choice(topic["titles"]), name)
        lines = [self.fill(self.chance.choice(topic["lines"]), name) for _ in range(3)]
        return title, lines


def articles() -> list[Made]:
    """All articles, in an order that tells nothing."""
    maker = Maker()
    known = _toml("topics.toml")
    topics = known["topic"]
    for topic in topics:
        for _ in range(MAIN):
            maker.add(*maker.subject(topic), {topic["name"]: SUBJECT})
        for title, line in topic["distractors"]:
            for _ in range(DISTRACTING):
                maker.add(maker.fill(title), [maker.fill(line), maker.fill(line)], {})
    for topic in known["abbreviation"]:
        for _ in range(SHORT):
            maker.add(*maker.subject(topic), {topic["name"]: SUBJECT})
            title, line = (maker.fill(form) for form in topic["written_out"])
            maker.add(title.rstrip("."), [line, line], {topic["name"]: SUBJECT})
        for title, line in topic["distractors"]:
            for _ in range(DISTRACTING):
                maker.add(maker.fill(title), [maker.fill(line), maker.fill(line)], {})
    people = _toml("names.toml")
    for group in people["groups"]:
        for name in group:
            for _ in range(NAMED):
                maker.add(*maker.subject(people, name), {name: SUBJECT, fold(name): SUBJECT})
    for headline in headlines():
        maker.add(headline, maker.chatter(2), {headline: SUBJECT})
    while len(maker.made) < LEAST:
        maker.add(maker.fill(maker.chance.choice(maker.talk)).rstrip("."), maker.chatter(2), {})
    _beside(maker, topics)
    maker.chance.shuffle(maker.made)
    for number, made in enumerate(maker.made, 1):
        made.number = number
    return maker.made


def _beside(maker: Maker, topics: list[dict[str, Any]]) -> None:
    """Give other articles a second subject, or a sentence, of each topic."""
    for topic in topics:
        others = [made for made in maker.made if topic["name"] not in made.intents]
        chosen = maker.chance.sample(others, 2 * SECTIONS)
        for made in chosen[:SECTIONS]:
            made.lines += ["Chuyện bên lề", *maker.subject(topic)[1][:2], *maker.chatter(1)]
            made.intents[topic["name"]] = SECOND
        for made in chosen[SECTIONS:]:
            made.lines.insert(len(made.lines) // 2, maker.fill(topic["passing"]))
            made.intents[topic["name"]] = MENTION


def queries() -> list[Asked]:
    """All queries: of topics as the files have them, of names, and the pasted headlines."""
    known = _toml("topics.toml")
    found: list[tuple[str, str, str]] = []
    for topic in known["topic"]:
        found += [
            (_kind(text, topic["queries"][0]), text, topic["name"]) for text in topic["queries"]
        ]
    for topic in known["abbreviation"]:
        found += [("abbreviation", text, topic["name"]) for text in topic["queries"]]
    for group in _toml("names.toml")["groups"]:
        found.append(("name without marks", fold(group[0]), fold(group[0])))
        for name in group:
            found += [("name", name, name), ("name in quotes", f'"{name}"', name)]
            *before, last = name.split()
            if fold(last) != last.lower():
                found.append(("name with one mark", " ".join([*map(fold, before), last]), name))
    found += [("headline", text, text) for text in headlines()]
    return [Asked(f"{kind} {at}", kind, text, of) for at, (kind, text, of) in enumerate(found, 1)]


def _kind(text: str, whole: str) -> str:
    if text.startswith('"'):
        return "phrase"
    if text.isascii():
        return "without marks"
    is_whole = exact(text) == exact(whole) or len(text) > len(whole)
    return "with marks" if is_whole else "with some marks"


def judge() -> dict[str, dict[int, int]]:
    """By the rule: for each query the articles that answer it, with their grades."""
    made = articles()
    return {
        asked.key: {
            one.number: one.intents[asked.intent]
            for one in made
            if asked.intent in one.intents and asked.is_printed_in(one)
        }
        for asked in queries()
    }


def judgements() -> dict[str, dict[int, int]]:
    """The judgements as they were committed."""
    kept = json.loads(JUDGEMENTS.read_text(encoding="utf-8"))
    return {key: {int(n): grade for n, grade in found.items()} for key, found in kept.items()}


if __name__ == "__main__":
    rows = [
        f'"{key}": {json.dumps({str(n): grade for n, grade in sorted(found.items())})}'
        for key, found in judge().items()
    ]
    JUDGEMENTS.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")

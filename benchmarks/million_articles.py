"""Made-up articles with the measures of real ones, each a function of its number.

About 400 syllables in eight lines; words by Zipf's law, an eighth of them of the article's subject; six
units, five places and three people named in an article, of 40,000, 3,300 and 300,000, by Zipf's law
too; a conferment in six articles of ten; a fifth of the articles reprints; eight years, 120 newspapers.
They come segmented and extracted. Lines are drawn from a stock of each subject, since making a million
articles word by word would take longer than indexing them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from itertools import accumulate

from diembao.archived import Entity
from diembao.records import Label, Level
from diembao.source import SourceLevel
from diembao.vietnamese.folding import exact
from diembao.vietnamese.marks import tokens
from diembao.vietnamese.provinces import present_provinces
from search_api.index.document import ConfermentDocument, Document, Stretch, written
from search_api.query.calendar import INTERVALS, key, local_day


def list_of(words: str) -> list[str]:
    """The words."""
    return words.split()


COMMON = list_of(
    "và của các là có được trong cho với những người đã một không này khi về đến từ tại để ông làm ở ra "
    "năm ngày cũng việc nhiều trên theo bà anh chị phải vào còn đó sau lại như"
)
"""Words that stand in nearly every article."""

SUBJECTS = (
    ("phong trào", "thi đua", "yêu nước", "khen thưởng", "điển hình", "tiên tiến"),
    ("dân vận", "khéo", "mô hình", "vận động", "nhân dân", "đồng thuận"),
    ("bằng khen", "tập thể", "cá nhân", "thành tích", "xuất sắc", "tặng"),
    ("đường phố", "sạch đẹp", "môi trường", "rác thải", "cây xanh", "vỉa hè"),
    ("nông thôn", "xây dựng", "hiến đất", "giảm nghèo", "bền vững", "hợp tác xã"),
    ("học sinh", "giáo viên", "trường học", "học bổng", "năm học", "khuyến học"),
)
"""Some subjects in real words; the others have words that are made up."""

LEXICON, SUBJECTS_IN_ALL, SUBJECT_WORDS = 30_000, 400, 24
SYLLABLES, STOCK, LINES = 6500, 60, 7
SOURCES, DAYS, ELSEWHERE = 120, 8 * 365, 0.15
PROVINCES = present_provinces()
FIRST_DAY = datetime(2018, 1, 1, tzinfo=UTC)
NAMED = {
    Label.UNIT: (40_000, 6), Label.PLACE: (3_434, 5), Label.PERSON: (300_000, 3),
    Label.AWARD: (80, 1), Label.MODEL: (20_000, 0.3), Label.MOVEMENT: (200, 0.3),
}  # fmt: skip
"""Entities of each kind in the world, and how many of them an article names on average."""

CALLED = {
    Label.UNIT: ("Hội", "Đảng ủy", "Ban", "Công đoàn", "Chi đoàn"),
    Label.PERSON: ("Nguyễn", "Trần", "Lê"), Label.PLACE: ("xã", "phường"), Label.MODEL: ("Tổ", "Vườn"),
    Label.AWARD: ("Bằng khen", "Danh hiệu"), Label.MOVEMENT: ("Phong trào",),
}  # fmt: skip
ONSETS = list_of("b bl c ch d đ g gi gr h kh l m mr n ng nh ph pl qu r s t th tr v x")
RHYMES = list_of(
    "a ai am an ang anh ao ap at ay ăm ăn ăng âm ân âng âu ây e em en eo ê êm ên ênh i iêm iên iêng iêu in "
    "inh o oan oang oi om on ong ô ôi ôm ôn ông ơ ơi ơn u ui un ung uôi uôn uông ư ương ưng ươi ươm "
    "ac ach ăc ăt âc ât âp ec et ep êt êch iêc iêt it ich oac oach oat oc ot op ôc ôt ôp ơt ơp uc ut uôc uôt ươc "
    "ươt ưt ưc uya uyên uyêt uynh oay oeo ươu ưu iu iêu uê uy"
)
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


class Zipf:
    """Draws ranks by the law of Zipf and Mandelbrot."""

    def __init__(self, count: int, offset: float, power: float) -> None:
        self.ranks = range(count)
        self.cumulated = list(accumulate(1 / (n + 1 + offset) ** power for n in self.ranks))

    def draw(self, chance: random.Random, count: int) -> list[int]:
        """So many ranks, from 0."""
        return chance.choices(self.ranks, cum_weights=self.cumulated, k=count)


@dataclass(frozen=True)
class Line:
    """A line in the forms of the index."""

    stretch: Stretch
    compounds: str


@cache
def syllables() -> list[str]:
    """SYLLABLES of them, the most frequent first."""
    every = [exact(o + r[0] + t + r[1:]) for o in ONSETS for r in RHYMES for t in TONES]
    random.Random(1).shuffle(every)
    return every[:SYLLABLES]


FREQUENT = Zipf(SYLLABLES, offset=6, power=1.05)


def some(chance: random.Random, count: int) -> str:
    """So many syllables."""
    return " ".join(syllables()[n] for n in FREQUENT.draw(chance, count))


@cache
def lexicon() -> list[str]:
    """Words, the most frequent first."""
    chance = random.Random(2)
    real = [*COMMON, *(word for subject in SUBJECTS for word in subject)]
    return real + [
        some(chance, chance.choice((1, 1, 2, 2, 2, 3))) for _ in range(LEXICON - len(real))
    ]


@cache
def subject_words(subject: int) -> list[str]:
    """The words of a subject, the most frequent first."""
    own = list(SUBJECTS[subject]) if subject < len(SUBJECTS) else []
    return own + random.Random(f"subject {subject}").sample(
        lexicon()[100:], SUBJECT_WORDS - len(own)
    )


@cache
def stock(subject: int) -> list[Line]:
    """Lines of a subject."""
    chance = random.Random(f"stock {subject}")
    words, own = lexicon(), subject_words(subject)
    lines = []
    for _ in range(STOCK):
        length = max(8, int(chance.gauss(32, 8)))
        own_words = [own[n] for n in WITHIN.draw(chance, length // 8)]
        line = [*(words[n] for n in GENERAL.draw(chance, length - len(own_words))), *own_words]
        chance.shuffle(line)
        joined = " ".join(filter(None, map(_compounds, line)))
        lines.append(Line(_stretch(" ".join(line)), joined))
    return lines


GENERAL = Zipf(LEXICON, offset=12, power=1.1)
WITHIN = Zipf(SUBJECT_WORDS, offset=1, power=1.05)
POPULAR = Zipf(SUBJECTS_IN_ALL, offset=8, power=0.8)
PAPERS = Zipf(SOURCES, offset=4, power=0.8)
BEARERS = {label: Zipf(count, offset=20, power=0.9) for label, (count, _) in NAMED.items()}


def _stretch(text: str) -> Stretch:
    found = tokens(text)
    return Stretch(
        " ".join(one.folded for one in found),
        " ".join(written(one.exact, one.folded) for one in found),
    )


@lru_cache(maxsize=LEXICON)
def _compounds(word: str) -> str:
    found = tokens(word)
    joined = {"_".join(one.exact for one in found), "_".join(one.folded for one in found)}
    return " ".join(sorted(joined)) if len(found) > 1 else ""


@lru_cache(maxsize=400_000)
def entity(label: Label, number: int) -> Entity:
    """One of the world's entities."""
    chance = random.Random(f"{label} {number}")
    return Entity(
        id=f"{label.lower()}-{number}",
        label=label,
        name=f"{chance.choice(CALLED[label])} {some(chance, 2).title()}",
        province=PROVINCES[number % len(PROVINCES)] if label is Label.PLACE else None,
    )


@lru_cache(maxsize=400_000)
def _named(label: Label, number: int) -> Stretch:
    return _stretch(entity(label, number).name)


def made_up(number: int) -> Document:
    """The article of that number, from 1."""
    chance = random.Random(number)
    lines = chance.choices(stock(POPULAR.draw(chance, 1)[0]), k=LINES)
    title = Stretch(
        *(" ".join(form.split()[:9]) for form in (lines[0].stretch.folded, lines[0].stretch.exact))
    )
    numbers = {
        label: list(dict.fromkeys(BEARERS[label].draw(chance, chance.randint(0, round(2 * mean)))))
        for label, (_, mean) in NAMED.items()
    }
    home = chance.randrange(len(PROVINCES))
    numbers[Label.PLACE] = [
        n if chance.random() < ELSEWHERE else n - n % len(PROVINCES) + home
        for n in numbers[Label.PLACE]
    ]
    numbers[Label.PLACE] = list(dict.fromkeys(numbers[Label.PLACE]))
    names = {label: tuple(_named(label, n) for n in found) for label, found in numbers.items()}
    body = [title, *(line.stretch for line in lines)]
    for place, name in enumerate(one for found in names.values() for one in found):
        line = body[1 + place % LINES]
        body[1 + place % LINES] = Stretch(
            f"{line.folded} {name.folded}", f"{line.exact} {name.exact}"
        )
    award = {"award": names[Label.AWARD][:1], "recipient": names[Label.PERSON][:1]}
    award |= {"conferrer": names[Label.UNIT][:1]}
    level = chance.choice([*Level]) if award["award"] else None
    entities = tuple(entity(label, n) for label, found in numbers.items() for n in found)
    at = FIRST_DAY + timedelta(minutes=chance.randrange(DAYS * 24 * 60))
    return Document(
        article_id=number,
        version=1,
        story_id=number - number % 2 if chance.random() < 0.4 else number,
        published_at=at,
        texts={"text": tuple(body), "title": (title,), "lead": (body[1],)}
        | {label.lower(): found for label, found in names.items() if found},
        keywords=_keywords(PAPERS.draw(chance, 1)[0], at, entities, level),
        compounds=tuple(line.compounds for line in lines),
        conferments=(
            (ConfermentDocument(level, award | {"text": sum(award.values(), ())}),) if level else ()
        ),
        entities=entities,
    )


def _keywords(
    source: int, at: datetime, entities: tuple[Entity, ...], level: Level | None
) -> dict[str, tuple[str, ...]]:
    values: dict[str, list[str]] = {label.lower(): [] for label in NAMED}
    for one in entities:
        values[one.label.lower()].append(one.id)
    provinces = list(dict.fromkeys(one.province for one in entities if one.province))
    day = local_day(at)
    values |= {
        "source": [f"bao-{source}"],
        "source_level": [[*SourceLevel][source % len(SourceLevel)]],
        "source_province": [PROVINCES[source % len(PROVINCES)]],
        "province": provinces or [PROVINCES[source % len(PROVINCES)]],
        "award_level": [level] if level else [],
    }
    values |= {interval: [key(day, interval)] for interval in INTERVALS}
    return {field: tuple(map(str, found)) for field, found in values.items() if found}

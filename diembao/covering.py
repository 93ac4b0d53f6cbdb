"""How a withdrawn name is hidden: letter for letter, so that all offsets in a text stay.

- The full name is covered wherever it is printed, by case and place of tone marks alike, and also where it
  is printed without any marks.
- In a text that holds the full name its last syllable goes too, after a form of address (`ông An`) and
  where it stands alone as a name (`thôn trưởng An kể`): capital, no sentence's first word, and no
  capital beside it.
- Who has no letter left is nobody: no mention, no recipient, no person of a register.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from diembao.records import Label
from diembao.vietnamese.folding import exact, fold, nfc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diembao.article import Article
    from diembao.records import Extraction

COVER = "█"
_ADDRESS = (
    "ông|bà|anh|chị|em|cô|chú|bác|cụ|thầy|đồng chí|nghệ nhân|nghệ sĩ|bác sĩ|giáo sư|tiến sĩ|nhà giáo|luật sư|"
    "thiếu tá|trung tá|thượng tá|đại tá|thiếu tướng|trung tướng|trung úy|thượng úy|đại úy"
)


LONGEST_WORD = 40
_BEFORE = re.compile(r"(?:(\w+)|[,;:])\s+$")
_AFTER = re.compile(r"\s+(\w)")


class Patterns(NamedTuple):
    """What finds a name: in full, its last syllable after a form of address, and that standing alone.

    The first two look at the text in the form `exact`, the last at the text itself.
    """

    full: re.Pattern[str]
    addressed: re.Pattern[str]
    alone: re.Pattern[str]


def cover(article: Article, names: Sequence[str]) -> Article:
    """The article with the names covered."""
    around = (*article.related, *article.tags, article.section or "")
    if not names or not any(
        one.full.search(form)
        for form in (exact(article.text), exact("\n".join(around)))
        for one in _patterns(tuple(names))
    ):
        return article
    hide = _Hiding(names, article.text)
    return article.model_copy(
        update={
            "blocks": tuple(
                block.model_copy(update={"text": hide.in_text(block.text)})
                for block in article.blocks
            ),
            "related": tuple(map(hide.in_text, article.related)),
            "tags": tuple(map(hide.in_text, article.tags)),
            "section": article.section and hide.in_text(article.section),
        }
    )


def cover_value(value: Any, names: Sequence[str], around: str | None = None) -> Any:
    """A JSON value with the names covered in all its strings; `around` is the text that it tells of."""
    if not names:
        return value
    return _Hiding(names, "\n".join(_strings(value)) if around is None else around).in_value(value)


def holds(text: str, name: str) -> bool:
    """Whether a text holds the full name."""
    return bool(_patterns((name,))[0].full.search(exact(text)))


def without_hidden(extraction: Extraction) -> Extraction:
    """The extraction of a covered text without those who have no letter left."""
    if COVER not in extraction.text:
        return extraction
    text = extraction.text
    awards = []
    for award in extraction.awards:
        recipients = tuple(one for one in award.recipients if not _is_hidden(one))
        if recipients or not award.recipients:
            awards.append(award.model_copy(update={"recipients": recipients}))
    return extraction.model_copy(
        update={
            "mentions": tuple(
                mention
                for mention in extraction.mentions
                if not _is_hidden(text[mention.start : mention.end], mention.label)
            ),
            "awards": tuple(awards),
            "models": tuple(
                one.model_copy(update={"owner": None})
                if one.owner and _is_hidden(one.owner)
                else one
                for one in extraction.models
                if not _is_hidden(one.name)
            ),
            "people": tuple(
                one for one in extraction.people if not _is_hidden(one.name, Label.PERSON)
            ),
        }
    )


def _is_hidden(name: str, label: Label | None = None) -> bool:
    return COVER in name and (label is Label.PERSON or not any(map(str.isalpha, name)))


class _Hiding:
    """Hides names in the strings that belong to one text."""

    def __init__(self, names: Sequence[str], around: str) -> None:
        known, form = _patterns(tuple(names)), exact(around)
        self._full = [one.full for one in known]
        here = [one for one in known if one.full.search(form)]
        self._addressed = [one.addressed for one in here]
        self._alone = [one.alone for one in here]

    def in_text(self, text: str) -> str:
        """The text, as NFC, with the names covered."""
        printed = nfc(text)
        form = exact(printed)
        hidden = [
            found.span("name")
            for pattern in (*self._full, *self._addressed)
            for found in pattern.finditer(form)
        ]
        hidden += [
            found.span()
            for pattern in self._alone
            for found in pattern.finditer(printed)
            if _stands_alone(printed, *found.span())
        ]
        letters = list(printed)
        for start, end in hidden:
            letters[start:end] = [COVER if one.isalnum() else one for one in letters[start:end]]
        return "".join(letters)

    def in_value(self, value: Any) -> Any:
        """A JSON value with the names covered in its strings."""
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, list):
            return [self.in_value(one) for one in value]
        if isinstance(value, dict):
            return {key: self.in_value(one) for key, one in value.items()}
        return value


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


@lru_cache(maxsize=8)
def _patterns(names: tuple[str, ...]) -> tuple[Patterns, ...]:
    address = "|".join(map(exact, _ADDRESS.split("|")))
    return tuple(_patterns_of(nfc(name), address) for name in names)


def _patterns_of(name: str, address: str) -> Patterns:
    def spelled(form: str) -> str:
        return r"\s+".join(map(re.escape, form.split()))

    last = name.split()[-1]
    single = "|".join({re.escape(one) for one in (last.title(), exact(last).title())})
    return Patterns(
        re.compile(rf"(?<!\w)(?P<name>{spelled(exact(name))}|{spelled(fold(name))})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{address})\s+(?P<name>{re.escape(exact(last))})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{single})(?!\w)"),
    )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a syllable is a name by itself: within a sentence, and no part of a longer name."""
    before = _BEFORE.search(text, max(0, start - LONGEST_WORD), start)
    after = _AFTER.match(text, end)
    is_within = before is not None and not (before[1] or "")[:1].isupper()
    return is_within and not (after and after[1].isupper())

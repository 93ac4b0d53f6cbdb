"""Conferments: who was awarded what, by whom, for which model.

Every AWARD mention is an anchor. A ranker gives each name near it the probability of being a
recipient, a second one judges again in the light of what the first said of all of them; those above
its threshold are. Another ranker chooses the conferrer among the units and
offices near it, or none. Awards without a recipient (rules, plans, generic talk) and those that
are only proposed or were taken back give no conferment. What several mentions of one award say of
the same recipients is one conferment: it keeps the first evidence, every recipient once, and the
first conferrer that is named.

Award and recipients are called by their fullest form in the article, the conferrer as printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diembao.records import Conferment, Label, Span
from diembao.vietnamese.folding import exact
from extraction.records import dates, joint, levels
from extraction.records.forms import Forms, office
from extraction.records.page import GROUP, PRONOUN, Name, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extraction.records import Rankers
    from extraction.records.forest import Forest
    from extraction.records.relation import Pairs

RECIPIENTS = (Label.PERSON, Label.UNIT, Label.PLACE, GROUP, PRONOUN)
CONFERRERS = (Label.UNIT, Label.ROLE, Label.PLACE)
BATCH = 64
"""Awards whose pairs are judged at once; it bounds the memory that a long text takes."""
CLAUSE = 80
"""Code points before an award in which a proposal concerns it."""
_PROPOSED = re.compile(
    rf"(?<!\w)(?:{exact('đề nghị|đề xuất|hồ sơ|xét tặng|dự xét|thu hồi|tước')})(?!\w)"
)


_HONORIFIC = re.compile(
    rf"{exact('(?:nghệ sĩ|nghệ nhân|nhà giáo|thầy thuốc) (?:nhân dân|ưu tú)|ns[nư][dt]|nn[nư][dt]|ng[nư][dt]|tt[nư][dt]')}"
    rf"|{exact('anh hùng(?: (?:lao động|llvt|llvtnd|lực lượng vũ trang(?: nhân dân)?))?')}"
)
_OF = re.compile(rf"\s+{exact('của')}\s+(?:\w+\s+)?")
_CONFERRED = re.compile(
    rf"(?<!\w)(?:{exact('tặng|phong|truy tặng|danh hiệu|trao|công nhận|đạt|nhận')})(?!\w)"
)


@dataclass(eq=False)
class _Statement:
    """What one or more mentions of one award say."""

    award: Name
    recipients: dict[str, Name]
    conferrer: Name | None


def read(page: Page, pairs: Pairs, judges: Rankers) -> tuple[list[Conferment], float]:
    """The conferments of a page in printed order, and the highest probability of a recipient."""
    forms = Forms(page)
    certainty = 0.0
    statements: dict[tuple[str, str], _Statement] = {}
    for couples, rows in judged(pairs, judges.recipients):
        scores = judges.joint.probabilities(rows)
        certainty = max(certainty, *scores, 0.0)
        chosen: dict[Name, dict[str, Name]] = {}
        for (anchor, name), score in zip(couples, scores, strict=True):
            if score >= judges.joint.threshold:
                chosen.setdefault(anchor, {})[name.entity] = name
        for anchor, named in chosen.items():
            givers = [*pairs.candidates(anchor, CONFERRERS)]
            conferrer = best(pairs, anchor, givers, judges.conferrers)
            _merge(statements, _Statement(anchor, named, conferrer))
    return [
        _conferment(page, statement, forms) for statement in dict.fromkeys(statements.values())
    ], certainty


def judged(
    pairs: Pairs, first: Forest
) -> Iterator[tuple[list[tuple[Name, Name]], list[dict[str, float]]]]:
    """Awards with their candidates, and the features of each pair for the second judgement."""
    page = pairs.page
    anchors = [
        award
        for award in page.of(Label.AWARD)
        if not _proposed(page, award) and not _honorific(page, award)
    ]
    for begin in range(0, len(anchors), BATCH):
        couples = [
            (anchor, name)
            for anchor in anchors[begin : begin + BATCH]
            for name in pairs.candidates(anchor, RECIPIENTS)
            if not _address(page, name) and not _giver(page, anchor, name)
        ]
        rows = [pairs.features(anchor, name) for anchor, name in couples]
        yield couples, joint.features(pairs, couples, rows, first.probabilities(rows))


def _proposed(page: Page, award: Name) -> bool:
    """Whether the clause before an award says that it is only proposed, or taken back."""
    start = max(page.sentences[award.sentence][0], award.start - CLAUSE)
    return bool(_PROPOSED.search(page.mask[start : award.start].rpartition(";")[2]))


def _honorific(page: Page, award: Name) -> bool:
    """Whether an honorific title only stands before the name of its holder (`NSND X`)."""
    after = page.neighbour(award, +1)
    held = after and after.label == Label.PERSON and page.gap(award, after).isspace()
    title = _HONORIFIC.fullmatch(page.low, award.start, award.end)
    start = max(page.sentences[award.sentence][0], award.start - CLAUSE)
    return bool(held and title and not _CONFERRED.search(page.mask[start : award.start]))


def _address(page: Page, name: Name) -> bool:
    """Whether a place only says where the name right before it lives or is seated."""
    before = page.neighbour(name, -1)
    return (
        name.label == Label.PLACE
        and before is not None
        and before.sentence == name.sentence
        and before.label in (Label.PERSON, Label.UNIT, Label.ROLE, Label.PLACE)
        and not page.gap(before, name).strip(" ,(–-")
    )


def _giver(page: Page, award: Name, name: Name) -> bool:
    """Whether the unit or place is the one whose award it is: `Cờ thi đua của Chính phủ`."""
    first = page.neighbour(award, +1)
    if first and first.label == Label.ROLE and name.order == first.order + 1:
        touching = not page.gap(first, name).strip()
    else:
        touching = first == name
    return bool(
        first
        and touching
        and name.label in (Label.UNIT, Label.PLACE)
        and _OF.fullmatch(page.mask, award.end, first.start)
    )


def best(pairs: Pairs, anchor: Name, candidates: Sequence[Name], forest: Forest) -> Name | None:
    """The likeliest candidate, or None where none reaches the threshold."""
    scores = forest.probabilities([pairs.features(anchor, name) for name in candidates])
    top = max(zip(scores, candidates, strict=True), default=None)
    return top[1] if top and top[0] >= forest.threshold else None


def _merge(statements: dict[tuple[str, str], _Statement], new: _Statement) -> None:
    """Add a statement, or join it to one of the same award with a recipient in common.

    `statements` holds each statement under all pairs of its award and recipients.
    """
    pairs = [(new.award.entity, entity) for entity in new.recipients]
    old = next((statements[pair] for pair in pairs if pair in statements), None)
    if old is not None:
        old.recipients |= {k: v for k, v in new.recipients.items() if k not in old.recipients}
        old.conferrer = old.conferrer or new.conferrer
    for pair in pairs:
        statements.setdefault(pair, old or new)


def _conferment(page: Page, statement: _Statement, forms: Forms) -> Conferment:
    award = statement.award
    names = [name for name in statement.recipients.values() if name.sentence == award.sentence]
    stretch = [award, *names]
    if statement.conferrer and statement.conferrer.sentence == award.sentence:
        stretch.append(statement.conferrer)
    evidence = Span(min(n.start for n in stretch), max(n.end for n in stretch))
    conferrer = office(page, statement.conferrer) if statement.conferrer else None
    return Conferment(
        award=forms.fullest(award),
        recipients=tuple(dict.fromkeys(forms.fullest(n) for n in statement.recipients.values())),
        conferrer=conferrer,
        for_model=_for_model(page, statement),
        level=levels.level(award.text, conferrer),
        date=dates.stated(page.text, *page.sentences[award.sentence]),
        evidence=evidence,
    )


def _for_model(page: Page, statement: _Statement) -> str | None:
    """The only model named in the award's sentence."""
    models = {n.entity: n for n in page.within(statement.award.sentence, Label.MODEL)}
    return next(iter(models.values())).text if len(models) == 1 else None

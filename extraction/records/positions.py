"""Positions: every person named, under the fullest form, with the office held.

An office is a run of roles, each with its unit if one follows (`Bí thư Đảng ủy, Chủ tịch UBND xã
Kim Sơn`). It belongs to a person
1. who is said to take it up (`giữ chức`, `được bầu làm`, `làm`): the new office counts;
2. right behind the name, after a comma, dash, bracket, bar or `là` (`ông A, Phó Chủ tịch UBND
   tỉnh`), one unit or place between at most, or at the head of the line under the name; the higher
   unit behind it (`Trưởng phòng B, Sở Y tế`) belongs in, a role that names the next person does not;
3. right before the name, with an honorific or rank, a general word for the body (`nhà trường`), a
   bracket or, where no other person stands before the office, a comma between at most (`Chủ tịch
   UBND tỉnh A`);
4. to all of a list of persons who hold none of their own: before it in the plural (`hai Phó Bí thư
   là ông A và B`), or behind the last.
Among a person's mentions the first that gives an office by the first rule counts, then the longest
office by the second and third, those of the past (`nguyên`, `cựu`, which are kept) last.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from diembao.records import Label, Position, Span
from diembao.vietnamese.folding import exact
from extraction.records.forms import Forms, unit_of
from extraction.records.page import BLANK

if TYPE_CHECKING:
    from extraction.records.page import Name, Page

_HONORIFIC = exact(
    "các|đồng chí|ồng chí|đ/c|ông|bà|anh|chị|em|cô|thầy|bác|cụ|ngài|mr|bs|ths|ts|pgs|gs|ts.bs|luật sư|nhà báo|"
    "nhà văn|nhà thơ|nhạc sĩ|nghệ sĩ|kỹ sư|kiến trúc sư|bác sĩ|tiến sĩ|thạc sĩ|cử nhân|giáo sư|"
    "phó giáo sư|(?:đại|thượng|trung|thiếu|chuẩn) (?:tướng|tá|úy)|thượng sĩ|hạ sĩ|binh nhất|linh mục|"
    "giám mục|hòa thượng|thượng tọa|đại đức|ni sư|mục sư|sư cô|lương y|ckii|cki|ck2|nsưt|nsnd|chuyên khoa|đô đốc|đạo diễn|diễn viên|nhà sử học|cụ"
)
_AGE = exact(r"(?:\d+ tuổi|sn \d+|sinh năm \d+|sinh \d+|\d{4})")
_AGED = rf"(?:,?\s*\({_AGE}[^()]*\)\s*[,–-]?|,\s*{_AGE},)"
"""An age or year of birth between a name and the office."""
_BODY = exact("nhà trường|công ty|đơn vị|tập đoàn|câu lạc bộ|hợp tác xã")
_BEFORE = re.compile(
    rf"(?:\s+(?:{_BODY}))?(?:[\s:]*|\s*[,–-]\s*(?=(?:{_HONORIFIC})\b))(?:(?:{_HONORIFIC}|[a-z]{{1,4}}\.)[\s,.]*)*[\s-]*|\s+là\s+(?:{_HONORIFIC})?\s+"
)
_APPOSED = re.compile(r"\s*,\s*")
_PLURAL = re.compile(
    rf"(?<!\w)(?:{exact('hai|ba|bốn|năm|các|những|cùng')}|\d+)(?: {exact('đồng chí')})?\s*$"
)
_BRACKETED = re.compile(rf"\([UL]{BLANK}*\)")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_BEHIND = re.compile(
    rf"(?:\s*[,(]\s*[UL]{BLANK}*\)?)?\s*(?:[,(–—|-]|{_AGED}|\({_AGE}[^()]*,)?\s*(?:[-–]\s*)?"
    rf"(?:{exact('nguyên|cựu|hiện|nay|còn|vị|tân|đang|đồng thời|kiêm|là|làm|cùng|,|-|–')}|\s)*"
)
_NEXT = re.compile(
    rf"\s*(?:[,–-]|{exact('kiêm|và|đồng thời là|, kiêm|kiêm nhiệm')}|, nguyên|nguyên|\s)+\s*"
)
_TAKES = re.compile(
    rf"{exact('giữ chức(?: vụ)?|giữ chức danh|giữ vị trí|làm|nắm giữ chức(?: vụ)?|đảm nhận(?: chức(?: vụ)?| vị trí)?|là tân|vào chức vụ|bổ nhiệm|đắc cử|trúng cử|bầu làm')}(?: tân)?\s*$"
)
_TOOK = re.compile(
    exact(
        "bổ nhiệm|được bầu|bầu giữ|điều động|giữ chức|chỉ định|trúng cử|đắc cử|tái cử|phê chuẩn|luân chuyển|phân công"
    )
)
_LISTED = re.compile(rf"\s*(?:,|{exact('và')})\s*(?:{_HONORIFIC}|\s)*")
_FORMER = re.compile(rf"(?:{exact('nguyên|cựu|tân|quyền')})\s+$")
_ONCE = re.compile(exact(r"(?:nguyên|cựu)\b"))
_AT = exact("tại")
_OFFICES = 6
"""Roles of one run at most."""
_ALONE, _REST = 12, 40
"""Code points that may stand before a name alone on its line, and behind an office alone on its."""
SHARERS = 12
"""Persons of one list who can share an office that follows it."""
GAP = 80
"""Code points between a person and an office that belong together, at most."""
FAR = 200
"""Code points between a person and an office taken up, at most."""


_WIDER = re.compile(
    rf"(?:,\s*U{BLANK}*|\s*\(U{BLANK}*\)|\s+(?:{exact('thuộc|của')})\s+U{BLANK}*)(?!\w)"
)


class Office(NamedTuple):
    """A run of roles with their units; `unit` is the last unit's name."""

    start: int
    end: int
    unit: str | None
    taken_up: bool = False


def read(page: Page) -> list[Position]:
    """The persons of a page with their offices, in printed order."""
    forms = Forms(page)
    persons: dict[str, list[Name]] = {}
    for name in page.of(Label.PERSON):
        persons.setdefault(name.entity, []).append(name)
    return [_position(page, names, forms) for names in persons.values()]


def _position(page: Page, names: list[Name], forms: Forms) -> Position:
    held = [(office, name) for name in names for office in _offices(page, name)]
    held = held or [(office, name) for name in names if (office := _shared(page, name))]
    first, span = names[0], None
    if held:
        span, first = max(held, key=lambda pair: _weight(page, pair[0]))
    return Position(
        name=forms.fullest(first),
        role=page.text[span.start : span.end] if span else None,
        unit=span.unit if span else None,
        evidence=Span(min(first.start, span.start), max(first.end, span.end))
        if span
        else Span(first.start, first.end),
    )


def _weight(page: Page, office: Office) -> tuple[bool, bool, int]:
    """What makes one office of a person count before another: taken up, not a former one, long."""
    former = bool(_ONCE.match(page.low, office.start))
    return office.taken_up, not former, office.end - office.start


def _offices(page: Page, name: Name) -> list[Office]:
    """The offices that one mention of a person shows."""
    return [found for find in (_taken_up, _behind, _before) if (found := find(page, name))]


def _run(page: Page, role: Name, behind: bool = False) -> Office:
    """The run of roles that begins with this one; `behind` its holder it leaves out the next one's."""
    start = role.start
    if former := _FORMER.search(page.mask[max(0, start - 8) : start]):
        start -= len(former[0])
    end, unit, at = role.end, None, role
    for _ in range(_OFFICES):
        if seated := unit_of(page, at):
            end, at = seated.end, seated
            unit = seated.text if seated.label == Label.UNIT else unit
            if seat := _seat(page, seated):
                end, at = seat.end, seat
        following = page.neighbour(at, +1)
        if not following or following.label != Label.ROLE or following.line != at.line:
            break
        if not _fits(_NEXT, page, at, following) or (behind and _introduces(page, following)):
            break
        end, at = following.end, following
    return Office(start, end, unit)


def _introduces(page: Page, role: Name) -> bool:
    """Whether a role, with its unit, names the person that stands right behind it."""
    last = unit_of(page, role) or role
    person = page.neighbour(last, +1)
    return bool(
        person
        and person.label == Label.PERSON
        and person.line == last.line
        and "," not in page.gap(last, person)
        and _fits(_BEFORE, page, last, person)
    )


def _fits(pattern: re.Pattern[str], page: Page, left: Name, right: Name) -> bool:
    """Whether what stands between two names is of this kind, and short."""
    return right.start - left.end <= GAP and bool(pattern.fullmatch(page.gap(left, right)))


def _seat(page: Page, unit: Name) -> Name | None:
    """The country of an embassy and the like: `Đại sứ Nhật Bản tại Việt Nam`."""
    after = page.neighbour(unit, +1)
    joined = after and after.label == Label.PLACE and page.gap(unit, after).split() == [_AT]
    return after if joined else None


def _behind(page: Page, name: Name) -> Office | None:
    role = page.neighbour(name, +1)
    if role and role.label in (Label.UNIT, Label.PLACE):
        role = page.neighbour(role, +1)
    if not role or role.label != Label.ROLE:
        return None
    if role.line == name.line and _fits(_BEHIND, page, name, role):
        return _widened(page, _run(page, role, behind=True))
    return _below(page, name, role)


def _below(page: Page, name: Name, role: Name) -> Office | None:
    """The office printed alone on the line under a name that stands alone on its own."""
    start, (_, end) = page.lines[name.line][0], page.lines[role.line]
    if role.line != name.line + 1 or page.gap(name, role).strip() or name.start - start >= _ALONE:
        return None
    office = _run(page, role)
    return _widened(page, office) if end - office.end < _REST else None


def _shared(page: Page, name: Name) -> Office | None:
    """The office of a list of persons: `A, B, Phó Bí thư X` and `hai Phó Bí thư X là ông A và B`."""
    for step in (+1, -1):
        at = name
        for _ in range(SHARERS):
            beside = page.neighbour(at, step)
            if not beside or beside.label != Label.PERSON or beside.line != at.line:
                break
            if not _fits(_LISTED, page, *sorted((at, beside))):
                break
            at = beside
            office = _behind(page, at) if step > 0 else _before(page, at)
            if office:
                plural = _PLURAL.search(page.mask[max(0, office.start - 16) : office.start])
                return office if step > 0 or plural else None
    return None


def _widened(page: Page, office: Office) -> Office:
    """The office with the higher unit that follows it: `Trưởng phòng X, Sở Y`, `(Bộ Z)`."""
    wider = _WIDER.match(page.mask, office.end)
    return office._replace(end=wider.end()) if wider else office


def _taken_up(page: Page, name: Name) -> Office | None:
    """`được bầu giữ chức ...` behind the name, with no other person between."""
    at, found = page.neighbour(name, +1), None
    for _ in range(SHARERS):
        if not at or at.label != Label.PERSON or not _fits(_LISTED, page, name, at):
            break
        name, at = at, page.neighbour(at, +1)
    while (
        at
        and at.label != Label.PERSON
        and at.sentence == name.sentence
        and at.start - name.end < FAR
    ):
        before = page.mask[max(name.end, at.start - 24) : at.start]
        if (
            at.label == Label.ROLE
            and _TAKES.search(before)
            and _TOOK.search(page.mask[name.end - FAR if name.end > FAR else 0 : at.start])
        ):
            found = _run(page, at)._replace(taken_up=True)
        at = page.neighbour(at, +1)
    return found


def _before(page: Page, name: Name) -> Office | None:
    """The run of roles that ends where the name, or its honorific, begins."""
    last = page.neighbour(name, -1)
    if last and _BRACKETED.fullmatch(page.mask[last.start - 1 : last.end + 1]):
        last = page.neighbour(last, -1)
    if not last or last.line != name.line or name.start - last.end > GAP:
        return None
    gap = _ASIDE.sub("", page.gap(last, name))
    if not _BEFORE.fullmatch(gap) and not _APPOSED.fullmatch(gap):
        return None
    seated = page.neighbour(last, -1)
    if seated and _seat(page, seated) is last:
        last = seated
    first, nearest, at, steps = None, None, last, 0
    while at and at.line == name.line and steps < 2 * _OFFICES:
        steps += 1
        previous = page.neighbour(at, -1)
        if at.label == Label.ROLE:
            first, nearest = at, nearest or at
        elif not (
            at.label in (Label.UNIT, Label.PLACE)
            and previous
            and unit_of(page, previous) is at
            and previous.label == Label.ROLE
        ):
            break
        if not previous or (at.label == Label.ROLE and not _fits(_NEXT, page, previous, at)):
            break
        at = previous
    if first is None or nearest is None:
        return None
    holder = page.neighbour(first, -1)
    if holder and holder.label == Label.PERSON:
        if _APPOSED.fullmatch(gap):
            return None
        if _fits(_BEHIND, page, holder, first):
            first = nearest
    office = _run(page, first)
    return office if last.end <= office.end <= name.start else None

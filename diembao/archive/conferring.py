"""What tells one conferment from another, read off one article.

Two conferments may be the same only if they share a key: the award kind and a named recipient; for
counted groups alone (`15 tập thể`) the count with the conferrer, or else the very sentence. Conferrers
agree when their units are the same, however worded and whether or not the office is named (`Chủ tịch
UBND Thành phố`, `UBND thành phố Hà Nội`); one whose place the article does not tell agrees with every
place of its level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from diembao.records import Conferment, Label
from diembao.vietnamese.names import award_key, counted, expanded, key_text
from diembao.vietnamese.unit_names import unit_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STATE = key_text("Chủ tịch nước")
_OFFICES = (
    (key_text("thủ tướng"), key_text("chính phủ")),
    (_STATE, _STATE),
    (key_text("nhà nước"), _STATE),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of the article with its resolved name: form as printed, key, present province."""

    label: Label
    form: str
    key: str
    province: str


@dataclass(frozen=True, slots=True)
class Facts:
    """`conferrer` is head and place (`?` and a level where it is not told), None if unnamed.

    `keys` lead to the province of the recipient, where known. Provinces are not stored: what is known
    of a recipient changes with other articles, so they are read anew (`located`).
    """

    award: str
    keys: Mapping[str, str]
    conferrer: tuple[str, str] | None

    def dump(self) -> dict[str, Any]:
        """JSON."""
        return {"award": self.award, "keys": sorted(self.keys), "conferrer": self.conferrer}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Facts:
        """From JSON, without provinces."""
        conferrer = stored["conferrer"]
        return cls(
            stored["award"],
            dict.fromkeys(stored["keys"], ""),
            tuple(conferrer) if conferrer else None,
        )


def read(conferment: Conferment, named: Sequence[Named], sentence: str) -> Facts:
    """The facts of a conferment in an article whose mentions are `named`; `sentence` its evidence."""
    award = award_key(conferment.award)
    conferrer = _conferrer(conferment.conferrer, named)
    keys = _keys(award, conferment, named)
    if not keys:
        groups = " ".join(map(key_text, conferment.recipients))
        by = "\t".join(conferrer) if conferrer else key_text(sentence)
        keys[f"{award}\t#{groups}\t{by}"] = ""
    return Facts(award, keys, conferrer)


def located(facts: Facts, conferment: Conferment, named: Sequence[Named]) -> Facts:
    """The stored facts of a conferment with the provinces of its recipients as known now."""
    known = _keys(facts.award, conferment, named)
    return replace(facts, keys={key: known.get(key, "") for key in facts.keys})


def _keys(award: str, conferment: Conferment, named: Sequence[Named]) -> dict[str, str]:
    recipients = (_recipient(one, named) for one in conferment.recipients if not counted(one))
    return {f"{award}\t{key}": province for key, province in recipients}


def _recipient(recipient: str, named: Sequence[Named]) -> tuple[str, str]:
    """Key and province; the key is the same whether the extractor marked the name or missed it."""
    for mention in named:
        if mention.form == recipient and mention.label in (Label.UNIT, Label.PERSON):
            return mention.key, mention.province
    name = unit_name(recipient)
    if name is not None and name.place is not None and name.place.name:
        return f"{name.head}|{name.place}", ""
    return expanded(recipient), ""


def _conferrer(printed: str | None, named: Sequence[Named]) -> tuple[str, str] | None:
    if not printed:
        return None
    units = [m for m in named if m.label is Label.UNIT and m.form in printed]
    if units:
        head, _, place = max(units, key=lambda unit: len(unit.form)).key.partition("|")
        return head, place
    key = key_text(printed)
    for office, body in _OFFICES:
        if office in key:
            return body, ""
    name = unit_name(printed)
    if name is None:
        return key, ""
    if name.place is None or name.place.name:
        return name.head, str(name.place or "")
    return name.head, f"?{name.place.level}"


def agree(one: tuple[str, str] | None, other: tuple[str, str] | None) -> bool:
    """Whether two conferrers may be the same; one that is not named agrees with all."""
    if one is None or other is None:
        return True
    (head, place), (other_head, other_place) = one, other
    return head == other_head and (
        place == other_place or _within(place, other_place) or _within(other_place, place)
    )


def _within(untold: str, place: str) -> bool:
    if not untold.startswith("?"):
        return False
    level = untold[1:]
    is_province = " " not in place and not place.startswith("?")
    return place.startswith(f"{level} ") or (is_province and level in ("tỉnh", "thành phố"))


def share_recipient(one: Facts, other: Facts) -> bool:
    """Whether a key is common and its bearers are not of two provinces."""
    return any(
        not (one.keys[key] and other.keys[key] and one.keys[key] != other.keys[key])
        for key in one.keys.keys() & other.keys.keys()
    )

"""The forms of `/bai/{id}/sua`, made what an editor asks for: one model for all of them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from diembao.correcting.asking import Asked
from diembao.errors import BadInputError
from search_api.routes.state import Day

ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)
DAY: TypeAdapter[Day] = TypeAdapter(Day)
TEXT = 20_000
"""Characters of a field."""


class EditForm(BaseModel):
    """What the forms of the page send; only the fields of the chosen kind are filled."""

    kind: str = ""
    version: str = ""
    reason: str = Field(default="", max_length=2000)
    remove: str = ""
    ordinal: str = ""
    seen: str = Field(default="", max_length=TEXT)
    words: str = Field(default="", max_length=TEXT)
    was: str = Field(default="", max_length=TEXT)
    occurrence: str = ""
    label: str = ""
    award: str = Field(default="", max_length=TEXT)
    recipients: str = Field(default="", max_length=10 * TEXT)
    conferrer: str = Field(default="", max_length=TEXT)
    for_model: str = Field(default="", max_length=TEXT)
    level: str = ""
    date: str = ""
    name: str = Field(default="", max_length=TEXT)
    model_kind: str = "model"
    owner: str = Field(default="", max_length=TEXT)
    movement: str = Field(default="", max_length=TEXT)
    role: str = Field(default="", max_length=TEXT)
    unit: str = Field(default="", max_length=TEXT)
    is_award_article: str = ""

    def asked(self, text: str) -> Asked:
        """What the form asks for, in an article of that text. Raises BadInputError."""
        given: dict[str, Any] = {"kind": self.kind}
        if self.kind == "mention":
            label = None if self.remove else self.label or None
            given |= {"words": self.words.strip(), "label": label, "was": self.was or None}
            given["start"] = self._start(text)
        elif self.kind == "decision":
            given["is_award_article"] = self.is_award_article
        else:
            given |= {"ordinal": self.ordinal or None, "seen": self.seen or None}
            given["value"] = None if self.remove else self._value()
        try:
            if self.kind == "award" and given["value"]:
                given["value"]["date"] = DAY.validate_python(self.date)
            return ASKED.validate_python(given)
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors()[0]["loc"][1:]) or "date"
            raise BadInputError(
                f"Ô “{field}” còn trống hoặc chưa đúng; hãy sửa rồi gửi lại (a field is empty or wrong)."
            ) from error

    @property
    def seen_version(self) -> int | None:
        """The version of the article that the editor saw."""
        return int(self.version) if self.version.isdecimal() else None

    def _start(self, text: str) -> int | None:
        if not self.occurrence.strip():
            return None
        at, words = -1, self.words.strip()
        wanted = int(self.occurrence) if self.occurrence.strip().isdecimal() else 0
        for _ in range(min(wanted, len(text))):
            at = text.find(words, at + 1) if words else -1
            if at < 0:
                break
        if at < 0:
            raise BadInputError(
                f"“{words}” không có chỗ thứ {self.occurrence} trong bài; để trống là mọi chỗ "
                "(the words do not stand there so often)."
            )
        return at

    def _value(self) -> dict[str, Any]:
        named = {
            "award": ("award", "conferrer", "for_model", "level"),
            "model": ("name", "owner", "movement"),
            "person": ("name", "role", "unit"),
        }.get(self.kind, ())
        value: dict[str, Any] = {field: getattr(self, field).strip() or None for field in named}
        if self.kind == "award":
            lines = self.recipients.splitlines()
            value["recipients"] = [line.strip() for line in lines if line.strip()]
        if self.kind == "model":
            value["kind"] = self.model_kind
        return value

"""What an alert says, as data: archived with its alert, sent as JSON, printed by `wording`.

Who was awarded what, by whom, for what, or which model is whose; where it stood; the sentence of the
newspaper as evidence; links to the article on our page and to the original. A trend has notes in
their place, a digest the messages that it sums up and the reprints of what was told before.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from diembao.records import Conferment, Level
from diembao.vietnamese.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diembao.archived import ArchivedArticle
    from diembao.records import EmulationModel, Span
    from diembao.settings import Settings

NAMED = 3
"""Recipients that a title names; the others are counted."""

LEVELS = {
    Level.STATE: "cấp Nhà nước",
    Level.PRIME_MINISTER: "cấp Thủ tướng Chính phủ",
    Level.MINISTRY_PROVINCE: "cấp bộ, ban, ngành, tỉnh, thành phố",
    Level.GRASSROOTS: "cấp cơ sở",
}

Line = tuple[str, str]
"""Label and value, as they are printed."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Award(_Frozen):
    """One conferment, with the sentence that says so."""

    award: str
    recipients: tuple[str, ...]
    conferrer: str | None = None
    for_model: str | None = None
    level: Level | None = None
    date: dt.date | None = None
    evidence: str

    def lines(self) -> Iterable[Line]:
        """What is printed of it."""
        yield "Người nhận", "; ".join(self.recipients) or "bài báo không nêu tên"
        yield "Hình thức", self.award + (f" ({LEVELS[self.level]})" if self.level else "")
        if self.conferrer:
            yield "Nơi trao tặng", self.conferrer
        if self.for_model:
            yield "Về mô hình", self.for_model
        if self.date:
            yield "Ngày trao", f"{self.date:%d/%m/%Y}"
        yield "Báo viết", f"“{self.evidence}”"


class Model(_Frozen):
    """One model or exemplar, with the sentence that says so."""

    name: str
    kind: Literal["model", "exemplar"] = "model"
    owner: str | None = None
    movement: str | None = None
    evidence: str

    def lines(self) -> Iterable[Line]:
        """What is printed of it."""
        yield ("Mô hình" if self.kind == "model" else "Điển hình"), self.name
        if self.owner:
            yield "Nơi thực hiện", self.owner
        if self.movement:
            yield "Phong trào", self.movement
        yield "Báo viết", f"“{self.evidence}”"


class Printed(_Frozen):
    """Where it stood. `url` is the article on our page, `original_url` the newspaper's own."""

    id: int
    title: str
    lead: str
    source: str
    published_at: AwareDatetime
    url: str
    original_url: str

    @classmethod
    def of(cls, archived: ArchivedArticle, settings: Settings) -> Self:
        """An article of the archive."""
        article = archived.article
        return cls(
            id=archived.id,
            title=article.title,
            lead=article.lead,
            source=archived.source.title,
            published_at=article.date,
            url=f"{settings.public_url}/bai/{archived.id}",
            original_url=article.url,
        )


class Reprint(_Frozen):
    """Another article that tells what an alert, of that title, told."""

    told: str
    article: Printed


class Message(_Frozen):
    """An alert in full. `correction`: what was told before has changed."""

    kind: Literal["award", "model", "article", "trend", "digest", "trial"]
    title: str
    subscription: str
    correction: bool = False
    awards: tuple[Award, ...] = ()
    models: tuple[Model, ...] = ()
    notes: tuple[Line, ...] = ()
    article: Printed | None = None
    items: tuple[Message, ...] = ()
    reprints: tuple[Reprint, ...] = ()


def compose(
    archived: ArchivedArticle,
    records: Sequence[Conferment | EmulationModel],
    subscription: str,
    subject: str,
    settings: Settings,
    *,
    correction: bool,
) -> Message:
    """The message about these records of an article, or about the article if there are none.

    `subscription` is its name, `subject` what it tells of.
    """
    awards: list[Award] = []
    models: list[Model] = []
    for record in records:
        said = record.model_dump(exclude={"evidence"}) | {
            "evidence": _sentence(archived, record.evidence)
        }
        if isinstance(record, Conferment):
            awards.append(Award(**said))
        else:
            models.append(Model(**said))
    headline: str = archived.article.title
    kind: Literal["award", "model", "article"] = "article"
    if subject == "event" and awards:
        kind, headline = "award", award_title(awards[0])
    elif subject == "model" and models:
        kind, headline = "model", model_title(models[0])
    elif subject == "first":
        headline = f"Lần đầu có bài khớp “{subscription}”: {headline}"
    return Message(
        kind=kind,
        title=f"Đính chính: {headline}" if correction else headline,
        subscription=subscription,
        correction=correction,
        awards=tuple(awards),
        models=tuple(models),
        article=Printed.of(archived, settings),
    )


def trial_message(subscription: str) -> Message:
    """What the button "send a test message" sends."""
    return Message(
        kind="trial",
        title="Điểm báo: tin thử, kênh nhận cảnh báo này đã thông",
        subscription=subscription,
    )


def award_title(award: Award) -> str:
    """`Nguyễn Văn A, Hội B được tặng Bằng khen của UBND thành phố C`."""
    named = ", ".join(award.recipients[:NAMED]) or "Có tập thể, cá nhân"
    more = len(award.recipients) - NAMED
    others = f" và {more} tập thể, cá nhân khác" if more > 0 else ""
    giver = award.conferrer
    by = f" của {giver}" if giver and fold(giver) not in fold(award.award) else ""
    return f"{named}{others} được tặng {award.award}{by}"


def model_title(model: Model) -> str:
    """`Mô hình mới: “Năm có” của Hội Phụ nữ A`."""
    what = "Mô hình mới" if model.kind == "model" else "Điển hình mới"
    return f"{what}: “{model.name.strip('“”')}”" + (f" của {model.owner}" if model.owner else "")


def _sentence(archived: ArchivedArticle, evidence: Span) -> str:
    return " ".join(archived.article.text[evidence.start : evidence.end].split())

"""What an alert says: Vietnamese that can be forwarded as it is.

Who was awarded what, by whom, for what; where it stood; the sentence of the newspaper as evidence;
links to the article on our page and to the original. A message is data (it is archived with its
alert and goes out as JSON) and has two renderings, plain text and HTML, from the same lines.
"""

from __future__ import annotations

import datetime as dt
import html
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from diembao.records import Level
from diembao.vietnamese.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diembao.archive.alerts import Subscription
    from diembao.archived import ArchivedArticle
    from diembao.records import Conferment
    from diembao.settings import Settings

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NAMED = 3
"""Recipients that a title names; the others are counted."""

LEVELS = {
    Level.STATE: "cấp Nhà nước",
    Level.PRIME_MINISTER: "cấp Thủ tướng Chính phủ",
    Level.MINISTRY_PROVINCE: "cấp bộ, ban, ngành, tỉnh, thành phố",
    Level.GRASSROOTS: "cấp cơ sở",
}


class Award(BaseModel):
    """One conferment, with the sentence that says so."""

    model_config = ConfigDict(frozen=True)

    award: str
    recipients: tuple[str, ...]
    conferrer: str | None = None
    for_model: str | None = None
    level: Level | None = None
    date: dt.date | None = None
    evidence: str

    def lines(self) -> Iterable[tuple[str, str]]:
        """Label and value, as they are printed."""
        yield "Người nhận", "; ".join(self.recipients) or "bài báo không nêu tên"
        yield "Hình thức", self.award + (f" ({LEVELS[self.level]})" if self.level else "")
        if self.conferrer:
            yield "Nơi trao tặng", self.conferrer
        if self.for_model:
            yield "Về mô hình", self.for_model
        if self.date:
            yield "Ngày trao", f"{self.date:%d/%m/%Y}"
        yield "Báo viết", f"“{self.evidence}”"


class Printed(BaseModel):
    """Where it stood. `url` is the article on our page, `original_url` the newspaper's own."""

    model_config = ConfigDict(frozen=True)

    id: int
    title: str
    lead: str
    source: str
    published_at: AwareDatetime
    url: str
    original_url: str


class Message(BaseModel):
    """An alert in full. `correction`: what was told before has changed."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["award", "article", "trial"]
    title: str
    subscription: str
    correction: bool = False
    awards: tuple[Award, ...] = ()
    article: Printed | None = None

    def text(self) -> str:
        """Plain text."""
        parts = [self.title, *(_block(award.lines()) for award in self.awards)]
        if self.article:
            parts.append(_block(_printed(self.article)))
        parts.append(_why(self.subscription))
        return "\n\n".join(parts) + "\n"

    def html(self) -> str:
        """The same as a fragment of HTML that needs no style sheet."""
        parts = [f"<h2>{html.escape(self.title)}</h2>"]
        parts += [_table(award.lines()) for award in self.awards]
        if self.article:
            parts.append(_table(_printed(self.article)))
        parts.append(f"<p><small>{html.escape(_why(self.subscription))}</small></p>")
        return "\n".join(parts)


def compose(
    archived: ArchivedArticle,
    conferments: Sequence[Conferment],
    subscription: Subscription,
    settings: Settings,
    *,
    correction: bool,
) -> Message:
    """The message about these conferments of an article, or about the article if there are none."""
    article, text = archived.article, archived.article.text
    is_award = subscription.subject == "event"
    awards = tuple(
        Award(
            **conferment.model_dump(exclude={"evidence"}),
            evidence=" ".join(text[conferment.evidence.start : conferment.evidence.end].split()),
        )
        for conferment in conferments
    )
    headline = award_title(awards[0]) if is_award and awards else article.title
    return Message(
        kind="award" if is_award else "article",
        title=f"Đính chính: {headline}" if correction else headline,
        subscription=subscription.name,
        correction=correction,
        awards=awards,
        article=Printed(
            id=archived.id,
            title=article.title,
            lead=article.lead,
            source=archived.source.title,
            published_at=article.date,
            url=f"{settings.public_url}/bai/{archived.id}",
            original_url=article.url,
        ),
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


def local(moment: dt.datetime) -> str:
    """`15:30 ngày 11/12/2024`, Vietnamese time."""
    return f"{moment.astimezone(ZONE):%H:%M ngày %d/%m/%Y}"


def _printed(article: Printed) -> Iterable[tuple[str, str]]:
    yield "Bài", article.title
    if article.lead:
        yield "Tóm tắt", article.lead
    yield "Nguồn", f"{article.source}, {local(article.published_at)}"
    yield "Đọc bài", article.url
    yield "Bản gốc", article.original_url


def _why(subscription: str) -> str:
    return f"Điểm báo gửi theo mục theo dõi “{subscription}”."


def _block(lines: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{label}: {value}" for label, value in lines)


def _table(lines: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><th align="left" valign="top">{html.escape(label)}</th><td>{_cell(value)}</td></tr>'
        for label, value in lines
    )
    return f"<table>{rows}</table>"


def _cell(value: str) -> str:
    safe = html.escape(value)
    is_link = value.startswith(("http://", "https://")) and not any(map(str.isspace, value))
    return f'<a href="{safe}">{safe}</a>' if is_link else safe

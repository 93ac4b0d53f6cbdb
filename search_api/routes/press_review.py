"""The press review: `/diem-bao` drafts it; it is given as a document, for print, and as a mail.

The address is the whole state: the period and topics, and once it is drafted the articles with their
section, order and comment, which stand in parallel lists. Topics are saved searches, one's own dossiers and a
query; an article that several find stands in the first. Without topics the period's award articles are
drafted. A dossier brings its own period where none is named.
"""

import re
from collections.abc import Iterator
from datetime import date
from email.utils import format_datetime, make_msgid
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from diembao.archive import articles, dossiers, own
from diembao.archived import ArchivedArticle
from diembao.errors import BadInputError
from diembao.records import Conferment, EmulationModel
from diembao.vietnamese.dates import local
from search_api import mail
from search_api.index.base import SearchRequest
from search_api.page.rendering import day, language_of, render
from search_api.page.texts import Language, word
from search_api.reports.press_review import WORD, Entry, PressReview, Section, docx, letter
from search_api.routes import own_dossiers, subscriptions
from search_api.routes.context import LARGEST_ID, Context, Here
from search_api.routes.errors import answers
from search_api.routes.identity import asker
from search_api.routes.state import Day, in_order

router = APIRouter(tags=["press review"])

MOST = 30
"""Articles that a topic drafts at most."""

LOOKED_AT = 300
"""Stories among which award articles are looked for where no topic is chosen."""

RECORDS = 6
"""Key records of an article at most."""


Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class ReviewParams(BaseModel):
    """The state of a press review."""

    since: Day = Field(default=None, description="First local day.")
    until: Day = Field(default=None, description="Last local day; empty is the first.")
    topic: list[Number] = Field(default=[], description="Saved searches.")
    dossier: list[Number] = Field(default=[], description="One's own dossiers.")
    q: str = Field(default="", max_length=2000, description="One more topic.")
    article: list[Number] = Field(default=[], max_length=300, description="Articles of the draft.")
    section: list[str] = Field(default=[], description="Section of each article.")
    order: list[int] = Field(default=[], description="Place of each article.")
    comment: list[str] = Field(default=[], description="Comment on each article.")
    drop: list[Number] = Field(default=[], description="Articles that are left out.")
    title: str = Field(default="", max_length=300)
    header: bool = Field(default=False, description="With the national header.")
    agency: str = Field(default="", max_length=300)
    parent: str = Field(default="", max_length=300, description="The agency above.")

    @property
    def days(self) -> tuple[date, date] | None:
        """The period. Raises BadInputError where it ends before it begins."""
        first, last = self.since or self.until, self.until or self.since
        if first is None or last is None:
            return None
        in_order(first, last)
        return first, last

    def chosen(self) -> list[tuple[str, int, str]]:
        """Section, article and comment, in order. Raises BadInputError for lists that do not fit."""
        sizes = {len(self.article), len(self.section), len(self.order), len(self.comment)}
        if len(sizes) > 1:
            raise BadInputError(
                "article, section, order, comment phải dài bằng nhau (lists of one length)."
            )
        rows = sorted(
            zip(self.order, self.section, self.article, self.comment, strict=True),
            key=lambda row: row[0],
        )
        left = [row[1:] for row in rows if row[2] not in self.drop]
        sections = list(dict.fromkeys(self.section))
        return sorted(left, key=lambda row: sections.index(row[0]))


class MailParams(ReviewParams):
    """A review, and who is to get it."""

    to: list[str] = Field(min_length=1, max_length=50, description="Addresses, one mail for each.")


def completed(context: Context, params: ReviewParams, owner: int) -> ReviewParams:
    """The parameters with the period of the dossiers, where none is named."""
    if params.days is not None or not params.dossier:
        return params
    with context.archive.read() as connection:
        known = [dossiers.find(connection, owner, one) for one in params.dossier]
        ends = [own.period(connection, owner, one.id) for one in known]
    days = [local(moment).date() for end in ends if end for moment in end]
    return params.model_copy(update={"since": min(days), "until": max(days)}) if days else params


def review_of(
    context: Context, params: ReviewParams, language: Language, owner: int
) -> PressReview | None:
    """The draft, or the review as it was edited; None while no period is chosen."""
    if params.days is None:
        return None
    first, last = params.days
    chosen = params.chosen() if params.article else list(_drafted(context, params, language, owner))
    with context.archive.read() as connection:
        found = articles.load(connection, [article_id for _, article_id, _ in chosen])
    loaded = {item.id: item for item in found}
    sections: dict[str, list[Entry]] = {}
    for section, article_id, comment in chosen:
        if article_id in loaded:
            sections.setdefault(section, []).append(_entry(loaded[article_id], comment, language))
    return PressReview(
        title=params.title or word(language, "review_title"),
        period=day(first) if first == last else f"{day(first)} – {day(last)}",
        sections=tuple(Section(name, tuple(entries)) for name, entries in sections.items()),
        comment_label=word(language, "review_comment"),
        national_header=params.header,
        agency=params.agency,
        parent=params.parent,
    )


def _drafted(
    context: Context, params: ReviewParams, language: Language, owner: int
) -> Iterator[tuple[str, int, str]]:
    seen: set[int] = set()
    for title, found in _topics(context, params, language, owner):
        ids = [one for one in found if one not in seen]
        seen |= set(ids)
        yield from ((title, one, "") for one in ids[:MOST])


def _topics(
    context: Context, params: ReviewParams, language: Language, owner: int
) -> Iterator[tuple[str, list[int]]]:
    """The title of each topic and the articles that it finds."""
    for one in params.topic:
        saved = subscriptions.find(context, one)
        yield saved.name, _found(context, params, saved.query or None)
    for one in params.dossier:
        yield _of_dossier(context, params, one, owner)
    if params.q.strip():
        yield params.q.strip(), _found(context, params, params.q)
    if not (params.topic or params.dossier or params.q.strip()):
        yield word(language, "award_article"), _found(context, params, None)


def _of_dossier(
    context: Context, params: ReviewParams, dossier_id: int, owner: int
) -> tuple[str, list[int]]:
    assert params.days
    first, last = params.days
    with context.archive.read() as connection:
        name = dossiers.find(connection, owner, dossier_id).name
        kept = own.kept(connection, owner, dossier=dossier_id, since=first, until=last, limit=MOST)
    return name, list(kept.rows)


def _found(context: Context, params: ReviewParams, query: str | None) -> list[int]:
    """Articles of a topic, the best first; None asks for award articles."""
    assert params.days
    first, last = params.days
    limit = MOST if query else LOOKED_AT
    asked = SearchRequest(query=query or "", since=first, until=last, limit=limit)
    ids = [hit.article_id for hit in context.index.search(asked).hits]
    if query:
        return ids
    with context.archive.read() as connection:
        loaded = articles.load(connection, ids)
    return [one.id for one in loaded if one.extraction and one.extraction.is_award_article]


def _entry(item: ArchivedArticle, comment: str, language: Language) -> Entry:
    article, extraction = item.article, item.extraction
    records: list[str] = []
    if extraction:
        records = [_conferment(one, language) for one in extraction.awards]
        records += [_model(one, language) for one in extraction.models]
    return Entry(
        article_id=item.id,
        title=article.title,
        newspaper=item.source.title,
        day=day(article.date),
        lead=article.lead,
        records=tuple(dict.fromkeys(records))[:RECORDS],
        url=article.url if article.url.startswith(("http://", "https://")) else "",
        comment=comment.strip(),
    )


def _conferment(one: Conferment, language: Language) -> str:
    parts = [(None, "; ".join(one.recipients)), ("conferrer", one.conferrer)]
    told = [f"{word(language, key)}: {text}" if key else text for key, text in parts if text]
    return f"{one.award}: {'. '.join(told)}" if told else one.award


def _model(one: EmulationModel, language: Language) -> str:
    return f"{word(language, f'kind.{one.kind}').capitalize()} “{one.name}”" + (
        f" ({one.owner})" if one.owner else ""
    )


@router.get("/diem-bao", include_in_schema=False)
def review_page(
    context: Here, request: Request, params: Annotated[ReviewParams, Query()]
) -> HTMLResponse:
    """Choose, then edit."""
    return _editing(context, request, params, sent=[])


def _editing(
    context: Context, request: Request, params: ReviewParams, sent: list[str]
) -> HTMLResponse:
    known = asker(request)
    params = completed(context, params, known.owner)
    return render(
        request,
        "review/edit.html",
        params=params,
        review=review_of(context, params, language_of(request), known.owner),
        topics=subscriptions.list_all(context),
        dossiers=own_dossiers.list_dossiers(context, known.owner),
        can_mail=context.settings.smtp_host is not None,
        sent=sent,
    )


@router.get("/diem-bao/ban-in", include_in_schema=False)
def review_print(
    context: Here, request: Request, params: Annotated[ReviewParams, Query()]
) -> HTMLResponse:
    """The review ready to be printed."""
    return render(request, "review/print.html", review=_whole(context, request, params))


FILE: dict[int | str, dict[str, Any]] = {200: {"content": {WORD: {}}}, **answers(404, 422, 503)}


@router.get("/api/v1/press-review.docx", responses=FILE, response_class=Response)
def review_file(
    context: Here, request: Request, params: Annotated[ReviewParams, Query()]
) -> Response:
    """The press review of a period as a Word document."""
    return Response(
        docx(_whole(context, request, params)),
        media_type=WORD,
        headers={"Content-Disposition": 'attachment; filename="diem-bao.docx"'},
    )


class Mailed(BaseModel):
    """The addresses that the mail server took."""

    sent: list[str]


@router.post("/api/v1/press-review/mail", responses=answers(401, 403, 404, 422, 502, 503))
async def mail_review(context: Here, request: Request, params: MailParams) -> Mailed:
    """Send the press review of a period, with the Word document attached."""
    return Mailed(sent=await _mailed(context, request, params))


@router.post("/diem-bao/gui-thu", include_in_schema=False)
async def mail_review_page(
    context: Here, request: Request, params: Annotated[MailParams, Form()]
) -> HTMLResponse:
    """The same from the page, which is shown again with what was sent."""
    sent = await _mailed(context, request, params)
    return await run_in_threadpool(_editing, context, request, params, sent)


async def _mailed(context: Context, request: Request, params: MailParams) -> list[str]:
    addresses = list(
        dict.fromkeys(
            mail.address(one)
            for given in params.to
            for one in re.split("[,;]", given)
            if one.strip()
        )
    )
    if not addresses:
        raise BadInputError("Hãy nhập ít nhất một địa chỉ thư (no address given).")
    settings = context.settings
    if settings.smtp_host is None:
        raise BadInputError(mail.NO_SERVER)
    review = await run_in_threadpool(_whole, context, request, params)
    for address in addresses:
        sheet = await run_in_threadpool(letter, review)
        sheet["From"], sheet["To"] = settings.smtp_from, address
        sheet["Date"] = format_datetime(context.now())
        sheet["Message-ID"] = make_msgid(
            domain=settings.smtp_from.rpartition("@")[2].strip("> ") or None
        )
        await mail.post(sheet, settings)
    return addresses


def _whole(context: Context, request: Request, params: ReviewParams) -> PressReview:
    owner = asker(request).owner
    params = completed(context, params, owner)
    review = review_of(context, params, language_of(request), owner)
    if review is None:
        raise BadInputError("Hãy chọn ngày cần điểm báo (choose a day: since).")
    return review

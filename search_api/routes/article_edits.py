"""Editors' corrections of an article: `/bai/{id}/sua`, and in the API.

What is corrected follows at once in the archive, and its alerts are decided anew.
"""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from diembao import corrections
from diembao.archive import articles
from diembao.archive import corrections as kept
from diembao.archived import ArchivedArticle
from diembao.correcting import Claim
from diembao.correcting.asking import Asked
from diembao.correcting.claims import (
    AwardClaim,
    DecisionClaim,
    MentionClaim,
    ModelClaim,
    PersonClaim,
    names_of,
)
from diembao.errors import ConflictError, DiembaoError
from diembao.records import Extraction, Label, Level
from search_api.alerts.raising import raise_alerts
from search_api.page.article_body import LABELS, shown_blocks
from search_api.page.rendering import render, translated
from search_api.routes.context import LARGEST_ID, Context, Here, RowId
from search_api.routes.edit_form import EditForm
from search_api.routes.errors import answers
from search_api.routes.security import actor

router = APIRouter(tags=["editing"])


class CorrectionAsked(BaseModel):
    """What is so. `version` is the version of the article that the editor saw."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "correction": {
                        "kind": "mention",
                        "words": "UBND phường Tứ Liên",
                        "label": "UNIT",
                    },
                    "reason": "Tên đơn vị bị sót",
                    "version": 1,
                }
            ]
        }
    )

    correction: Asked
    reason: str = Field(default="", max_length=2000)
    version: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None


class TakenBack(BaseModel):
    """Why a correction holds no more."""

    reason: str = Field(default="", max_length=2000)


class CorrectionAnswer(BaseModel):
    """A correction. `does` what to `name`; `stands`: whether its words stand in the present version.

    `claim` is the correction in full, with the words that it is anchored to.
    """

    id: int
    kind: Literal["mention", "award", "model", "person", "decision"]
    does: Literal["add", "change", "remove", "decide"]
    name: str
    claim: Claim
    version: int
    at: datetime
    actor: str
    reason: str
    stands: bool
    undone_at: datetime | None
    undone_by: str | None


def correction_answer(made: kept.Correction) -> CorrectionAnswer:
    """A correction as the API answers it."""
    does, name = _told(made.claim)
    return CorrectionAnswer(
        id=made.id,
        kind=made.claim.kind,
        does=does,
        name=name,
        claim=made.claim,
        version=made.version,
        at=made.at,
        actor=made.actor,
        reason=made.reason,
        stands=made.stands,
        undone_at=made.undone_at,
        undone_by=made.undone_by,
    )


def _told(claim: Claim) -> tuple[Literal["add", "change", "remove", "decide"], str]:
    match claim:
        case MentionClaim():
            return (
                "remove" if claim.label is None else "change" if claim.was else "add",
                claim.at.words,
            )
        case AwardClaim() | ModelClaim() | PersonClaim():
            said = claim.value or claim.replaces
            name = names_of(said)[0] if said else claim.at.words
            if claim.value is None:
                return "remove", name
            return "add" if claim.replaces is None else "change", name
        case DecisionClaim():
            return "decide", "award" if claim.is_award_article else "other"


def of_article(connection: Connection, article_id: int) -> list[CorrectionAnswer]:
    """The corrections of an article, oldest first."""
    return [correction_answer(one) for one in kept.of_article(connection, article_id)]


def correct(context: Context, article_id: int, asked: CorrectionAsked, by: str) -> CorrectionAnswer:
    """Correct an article. Raises DiembaoError with the reason why not."""
    now = context.now()
    with context.archive.write() as connection:
        number = corrections.correct(
            connection, article_id, asked.correction, by, asked.reason, now, asked.version
        )
        raise_alerts(connection, articles.load(connection, [article_id]), context.settings, now)
        return next(one for one in of_article(connection, article_id) if one.id == number)


def take_back(context: Context, correction_id: int, reason: str, by: str) -> int:
    """Undo a correction; its article. Raises DiembaoError with the reason why not."""
    now = context.now()
    with context.archive.write() as connection:
        made = corrections.take_back(connection, correction_id, by, reason, now)
        found = articles.load(connection, [made.article_id])
        raise_alerts(connection, found, context.settings, now)
    return made.article_id


def _article(context: Context, article_id: int) -> tuple[ArchivedArticle, list[CorrectionAnswer]]:
    with context.archive.read() as connection:
        found = articles.current(connection, article_id)
        return found, of_article(connection, article_id)


@router.get("/api/v1/articles/{article_id}/corrections", responses=answers(404, 422, 503))
def article_corrections(context: Here, article_id: RowId) -> list[CorrectionAnswer]:
    """What editors corrected in an article, oldest first; what was undone is among it."""
    return _article(context, article_id)[1]


@router.post(
    "/api/v1/articles/{article_id}/corrections",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def correct_article(
    context: Here, request: Request, article_id: RowId, asked: CorrectionAsked
) -> CorrectionAnswer:
    """Correct a mention, a record or the award-article decision; it lasts until it is undone."""
    return correct(context, article_id, asked, actor(request))


@router.post(
    "/api/v1/corrections/{correction_id}/undo",
    status_code=204,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def undo_correction(
    context: Here, request: Request, correction_id: RowId, asked: TakenBack
) -> None:
    """Take a correction back."""
    take_back(context, correction_id, asked.reason, actor(request))


@router.get("/bai/{article_id}/sua", include_in_schema=False)
def edit_page(context: Here, request: Request, article_id: RowId) -> Response:
    """What was read out of the article, as forms."""
    return _form(context, request, article_id)


@router.post("/bai/{article_id}/sua", include_in_schema=False)
def edited_page(
    context: Here, request: Request, article_id: RowId, given: Annotated[EditForm, Form()]
) -> Response:
    """Take one of the forms; a mistake is told beside what was typed."""
    try:
        found, _ = _article(context, article_id)
        asked = CorrectionAsked(
            correction=given.asked(found.article.text),
            reason=given.reason,
            version=given.seen_version,
        )
        correct(context, article_id, asked, actor(request))
    except DiembaoError as error:
        if error.status == 404:
            raise
        return _form(context, request, article_id, given, error)
    return RedirectResponse(f"/bai/{article_id}/sua?saved=1", 303)


@router.post("/ban-sua/{correction_id}/bo", include_in_schema=False)
def taken_back_page(
    context: Here,
    request: Request,
    correction_id: RowId,
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Undo a correction and go back to its article."""
    article_id = take_back(context, correction_id, reason, actor(request))
    return RedirectResponse(f"/bai/{article_id}/sua?saved=1", 303)


def _form(
    context: Context,
    request: Request,
    article_id: int,
    given: EditForm | None = None,
    fault: DiembaoError | None = None,
) -> Response:
    found, made = _article(context, article_id)
    extraction = found.extraction
    if extraction is None:
        raise ConflictError(
            "Bài đang được đọc; hãy thử lại sau ít phút (the article is being read: try again)."
        )
    titles = {label: translated(request, f"label.{label}") for label in LABELS}
    names = {key: entity.name for key, entity in found.entities.items()}
    return render(
        request,
        "editing/article.html",
        fault.status if fault else 200,
        found=found,
        extraction=extraction,
        blocks=shown_blocks(found.article, extraction, names, titles),
        named=_named(extraction),
        corrections=made,
        given=given or EditForm(),
        fault=fault,
        kinds=LABELS,
        labels=list(Label),
        levels=list(Level),
        saved="saved" in request.query_params and fault is None,
    )


def _named(extraction: Extraction) -> list[tuple[str, Label, int]]:
    """Each name once, in printed order: words, label, number of places."""
    counted: dict[tuple[str, Label], int] = {}
    for mention in extraction.mentions:
        name = (extraction.text[mention.start : mention.end], mention.label)
        counted[name] = counted.get(name, 0) + 1
    return [(words, label, places) for (words, label), places in counted.items()]

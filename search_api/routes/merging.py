"""Editors' merges and splits of entities: `/thuc-the/{id}/gop` and `tach`, and in the API.

Whoever may change anything (`security`) may decide; whoever may read may see what was decided.
"""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from diembao.archive import registers
from diembao.entities import decisions, finding
from diembao.entities.finding import Decided
from diembao.errors import DiembaoError
from search_api.page.article_body import LABELS
from search_api.page.rendering import render
from search_api.routes.context import LARGEST_ID, Context, EntityId, Here
from search_api.routes.errors import answers
from search_api.routes.security import actor

router = APIRouter(tags=["editing"])

DecisionId = Annotated[str, Path(max_length=200, description="Identifier of a decision.")]
Reason = Annotated[str, Field(max_length=2000, description="Why; goes on record.")]
Written = Annotated[str, Form(max_length=2000)]
PAGE = 50
"""Articles of which the form of a split shows at a time."""


class MergeAsked(BaseModel):
    """The entity that is the same."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"other": "person-5d1f0c2b9a7e4c31", "reason": "Một người"}]
        }
    )

    other: str = Field(max_length=200)
    reason: Reason = ""


class SplitAsked(BaseModel):
    """The articles in which the name means somebody else."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"articles": [12, 40], "reason": "Người cùng tên ở Huế"}]}
    )

    articles: list[Annotated[int, Field(ge=1, le=LARGEST_ID)]] = Field(max_length=decisions.MOST)
    reason: Reason = ""


class UndoAsked(BaseModel):
    """Why a decision holds no more."""

    reason: Reason = ""


class NamedEntity(BaseModel):
    """A name that a decision speaks of, and the entity that it means now."""

    name: str
    entity: str | None


class DecisionAnswer(BaseModel):
    """A merge makes the two names one; a split takes the second name out of the first."""

    id: str
    kind: Literal["merge", "split"]
    at: datetime
    actor: str
    reason: str
    names: list[NamedEntity]
    articles: list[int]


def decision_answer(decided: Decided) -> DecisionAnswer:
    """A decision as the API answers it."""
    one = decided.decision
    return DecisionAnswer(
        id=one.id,
        kind=one.kind,
        at=one.at,
        actor=one.actor,
        reason=one.reason,
        names=[NamedEntity(name=name, entity=entity) for name, entity in decided.names],
        articles=sorted({article_id for article_id, _ in one.clusters}),
    )


def decided(connection: Connection, entity_id: str) -> list[DecisionAnswer]:
    """The standing decisions about an entity, oldest first."""
    return [decision_answer(one) for one in finding.decided(connection, entity_id)]


def _made(connection: Connection, decision_id: str, entity_id: str) -> DecisionAnswer:
    now = registers.entity(connection, entity_id).id
    return next(one for one in decided(connection, now) if one.id == decision_id)


def merge(context: Context, entity_id: str, asked: MergeAsked, by: str) -> DecisionAnswer:
    """Make two entities one. Raises DiembaoError with the reason why not."""
    with context.archive.write() as connection:
        made = decisions.merge(connection, entity_id, asked.other, by, asked.reason, context.now())
        return _made(connection, made.id, entity_id)


def split(context: Context, entity_id: str, asked: SplitAsked, by: str) -> DecisionAnswer:
    """Take articles out of an entity. Raises DiembaoError with the reason why not."""
    with context.archive.write() as connection:
        made = decisions.split(
            connection, entity_id, asked.articles, by, asked.reason, context.now()
        )
        return _made(connection, made.id, made.senses[0].id)


@router.get("/api/v1/entities/{entity_id}/decisions", responses=answers(404, 422, 503))
def entity_decisions(context: Here, entity_id: EntityId) -> list[DecisionAnswer]:
    """The merges and splits of an entity that stand."""
    with context.archive.read() as connection:
        return decided(connection, registers.entity(connection, entity_id).id)


@router.post(
    "/api/v1/entities/{entity_id}/merge",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def merge_entity(
    context: Here, request: Request, entity_id: EntityId, asked: MergeAsked
) -> DecisionAnswer:
    """Decide that two entities are one; it lasts until it is undone."""
    return merge(context, entity_id, asked, actor(request))


@router.post(
    "/api/v1/entities/{entity_id}/split",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def split_entity(
    context: Here, request: Request, entity_id: EntityId, asked: SplitAsked
) -> DecisionAnswer:
    """Decide that an entity's mentions in some articles are somebody else."""
    return split(context, entity_id, asked, actor(request))


@router.post(
    "/api/v1/decisions/{decision_id}/undo",
    status_code=204,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def undo_decision(
    context: Here, request: Request, decision_id: DecisionId, asked: UndoAsked
) -> None:
    """End a merge or a split."""
    with context.archive.write() as connection:
        by = actor(request)
        decisions.undo(connection, decision_id, by, asked.reason, context.now())


@router.get("/thuc-the/{entity_id}/gop", include_in_schema=False)
def merge_page(
    context: Here,
    request: Request,
    entity_id: EntityId,
    q: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Look for the entity that is the same."""
    return _merge_form(context, request, entity_id, q)


@router.post("/thuc-the/{entity_id}/gop", include_in_schema=False)
def merged_page(
    context: Here,
    request: Request,
    entity_id: EntityId,
    other: Written = "",
    reason: Written = "",
    q: Written = "",
) -> Response:
    """Take the form; what stands against it is told beside it."""
    try:
        asked = MergeAsked(other=other, reason=reason)
        made = merge(context, entity_id, asked, actor(request))
    except DiembaoError as error:
        return _merge_form(context, request, entity_id, q, error)
    return RedirectResponse(f"/thuc-the/{made.names[0].entity}", 303)


def _merge_form(
    context: Context,
    request: Request,
    entity_id: str,
    q: str | None,
    fault: DiembaoError | None = None,
) -> Response:
    with context.archive.read() as connection:
        found = registers.entity(connection, entity_id)
        words = (found.name if q is None else q).replace('"', " ").strip(" “”")
        like = finding.candidates(connection, found, words)
    return render(
        request, "editing/merge.html", fault.status if fault else 200,
        found=found, like=like, q=words, fault=fault, kinds=LABELS,
    )  # fmt: skip


@router.get("/thuc-the/{entity_id}/tach", include_in_schema=False)
def split_page(
    context: Here,
    request: Request,
    entity_id: EntityId,
    offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """Choose the articles that speak of somebody else."""
    return _split_form(context, request, entity_id, offset)


@router.post("/thuc-the/{entity_id}/tach", include_in_schema=False)
def split_off_page(
    context: Here,
    request: Request,
    entity_id: EntityId,
    article: Annotated[list[int], Form()] = [],  # noqa: B006
    reason: Written = "",
    offset: Annotated[int, Form(ge=0, le=10**6)] = 0,
) -> Response:
    """Take the form; what stands against it is told beside it."""
    try:
        asked = SplitAsked.model_construct(articles=article, reason=reason)
        made = split(context, entity_id, asked, actor(request))
    except DiembaoError as error:
        return _split_form(context, request, entity_id, offset, error, article)
    return RedirectResponse(f"/thuc-the/{made.names[1].entity}", 303)


def _split_form(
    context: Context,
    request: Request,
    entity_id: str,
    offset: int,
    fault: DiembaoError | None = None,
    chosen: list[int] = [],  # noqa: B006
) -> Response:
    with context.archive.read() as connection:
        found = registers.entity(connection, entity_id)
        shown = finding.tellings(connection, found.id, offset, PAGE + 1)
    return render(
        request, "editing/split.html", fault.status if fault else 200,
        found=found, shown=shown[:PAGE], chosen=chosen, fault=fault, offset=offset,
        before=max(offset - PAGE, 0) if offset else None,
        after=offset + PAGE if len(shown) > PAGE else None,
    )  # fmt: skip


@router.post("/quyet-dinh/{decision_id}/bo", include_in_schema=False)
def undone_page(
    context: Here,
    request: Request,
    decision_id: DecisionId,
    entity: Written = "",
    reason: Written = "",
) -> Response:
    """Undo a decision and go back to the entity that it was read at."""
    undo_decision(context, request, decision_id, UndoAsked(reason=reason))
    return RedirectResponse(f"/thuc-the/{entity}", 303)

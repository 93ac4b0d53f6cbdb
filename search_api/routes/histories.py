"""The life of an entity in the API: positions, models, awards and what the reform of 2025 made of it."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from diembao.entities.history import History, Named, Proof, Span, history
from search_api.routes.awards import AwardAnswer, award_answer
from search_api.routes.context import Context, EntityId, Here
from search_api.routes.errors import answers

router = APIRouter(tags=["entities"])


class ProofAnswer(BaseModel):
    """An article that says so; `page` leads to the sentence where it is known."""

    article_id: int
    page: str
    title: str
    newspaper: str
    date: datetime


class NameAnswer(BaseModel):
    """A name as printed, and its entity and page where they are known."""

    name: str
    entity: str | None
    page: str | None


class SpanAnswer(BaseModel):
    """`who` held `role` in `what`, or ran it (`role` null), from first to last article that says so."""

    who: NameAnswer
    role: str | None
    what: NameAnswer | None
    first: ProofAnswer
    last: ProofAnswer
    articles: int


class KinAnswer(BaseModel):
    """A place that this one was made of (`before`) or went into (`after`) on 1 July 2025."""

    relation: str
    place: str
    entity: NameAnswer | None


class HistoryAnswer(BaseModel):
    """The life of an entity. `is_whole`: all records were read; else the latest only."""

    first: ProofAnswer | None
    last: ProofAnswer | None
    positions: list[SpanAnswer]
    runs: list[SpanAnswer]
    received: list[AwardAnswer]
    given: list[AwardAnswer]
    kin: list[KinAnswer]
    dissolved: bool
    is_whole: bool


def find_history(context: Context, entity_id: str) -> HistoryAnswer:
    """The life of an entity. Raises NotFoundError."""
    with context.archive.read() as connection:
        return _answer(history(connection, entity_id))


def _answer(found: History) -> HistoryAnswer:
    return HistoryAnswer(
        first=_proof(found.first) if found.first else None,
        last=_proof(found.last) if found.last else None,
        positions=[span_answer(one) for one in found.positions],
        runs=[span_answer(one) for one in found.runs],
        received=[award_answer(one) for one in found.received],
        given=[award_answer(one) for one in found.given],
        kin=[
            KinAnswer(
                relation=one.relation,
                place=one.place,
                entity=_name(Named(one.entity.name, one.entity.id)) if one.entity else None,
            )
            for one in found.lineage.kin
        ],
        dissolved=found.lineage.dissolved,
        is_whole=found.is_whole,
    )


def _proof(proof: Proof) -> ProofAnswer:
    return ProofAnswer(
        article_id=proof.article_id,
        page=f"/bai/{proof.article_id}" + (f"#{proof.anchor}" if proof.anchor else ""),
        title=proof.title,
        newspaper=proof.newspaper,
        date=proof.date,
    )


def _name(named: Named) -> NameAnswer:
    page = f"/thuc-the/{named.entity}" if named.entity else None
    return NameAnswer(name=named.name, entity=named.entity, page=page)


def span_answer(span: Span) -> SpanAnswer:
    """A span as the API answers it."""
    return SpanAnswer(
        who=_name(span.who),
        role=span.role,
        what=_name(span.what) if span.what else None,
        first=_proof(span.first),
        last=_proof(span.last),
        articles=span.articles,
    )


@router.get("/api/v1/entities/{entity_id}/history", responses=answers(404, 422, 503))
def entity_history(context: Here, entity_id: EntityId) -> HistoryAnswer:
    """Positions over time, models run, awards received and given, and kin before and after 2025."""
    return find_history(context, entity_id)

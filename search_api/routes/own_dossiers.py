"""One's own dossiers, under `/api/v1/own/dossiers`. Their articles are `/api/v1/own/articles?dossier=`."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from diembao.archive import articles, dossiers
from diembao.archive.dossiers import Dossier
from search_api.routes.context import Context, Here, RowId
from search_api.routes.errors import answers
from search_api.routes.identity import Somebody

router = APIRouter(prefix="/api/v1/own/dossiers", tags=["own"])


class DossierAsked(BaseModel):
    """The name of a dossier."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Dân vận khéo 2026"}]})

    name: Annotated[str, Field(max_length=1000)]


class DossierAnswer(BaseModel):
    """A dossier and the number of its articles."""

    id: int
    name: str
    page: str
    created_at: datetime
    articles: int


def dossier_answer(one: Dossier) -> DossierAnswer:
    """A dossier as the API answers it."""
    return DossierAnswer(
        id=one.id,
        name=one.name,
        page=f"/ho-so/{one.id}",
        created_at=one.created_at,
        articles=one.articles,
    )


def list_dossiers(context: Context, owner: int) -> list[DossierAnswer]:
    """All dossiers of an owner by name."""
    with context.archive.read() as connection:
        return [dossier_answer(one) for one in dossiers.of_owner(connection, owner)]


@router.get("", responses=answers(401, 503))
def own_dossiers(context: Here, known: Somebody) -> list[DossierAnswer]:
    """One's dossiers by name."""
    return list_dossiers(context, known.owner)


@router.post("", status_code=201, responses=answers(401, 409, 422, 503))
def new_dossier(context: Here, known: Somebody, asked: DossierAsked) -> DossierAnswer:
    """Begin a dossier."""
    with context.archive.write() as connection:
        made = dossiers.add(connection, known.owner, asked.name, context.now())
    return dossier_answer(made)


@router.get("/{dossier_id}", responses=answers(401, 404, 422, 503))
def one_dossier(context: Here, known: Somebody, dossier_id: RowId) -> DossierAnswer:
    """One dossier; its articles are `/api/v1/own/articles?dossier=`."""
    with context.archive.read() as connection:
        return dossier_answer(dossiers.find(connection, known.owner, dossier_id))


@router.put("/{dossier_id}", responses=answers(401, 404, 409, 422, 503))
def renamed_dossier(
    context: Here, known: Somebody, dossier_id: RowId, asked: DossierAsked
) -> DossierAnswer:
    """Give a dossier another name."""
    with context.archive.write() as connection:
        found = dossiers.rename(connection, known.owner, dossier_id, asked.name)
    return dossier_answer(found)


@router.delete("/{dossier_id}", status_code=204, responses=answers(401, 404, 422, 503))
def removed_dossier(context: Here, known: Somebody, dossier_id: RowId) -> None:
    """Take a dossier away; its articles stay where they are."""
    with context.archive.write() as connection:
        dossiers.remove(connection, known.owner, dossier_id)


@router.put(
    "/{dossier_id}/articles/{article_id}",
    status_code=204,
    responses=answers(401, 404, 422, 503),
)
def put_in_dossier(context: Here, known: Somebody, dossier_id: RowId, article_id: RowId) -> None:
    """Put an article into a dossier, where it is not there."""
    with context.archive.write() as connection:
        articles.current(connection, article_id)
        dossiers.put_in(connection, known.owner, dossier_id, article_id, context.now())


@router.delete(
    "/{dossier_id}/articles/{article_id}",
    status_code=204,
    responses=answers(401, 404, 422, 503),
)
def taken_out_of_dossier(
    context: Here, known: Somebody, dossier_id: RowId, article_id: RowId
) -> None:
    """Take an article out of a dossier, where it is there."""
    with context.archive.write() as connection:
        dossiers.take_out(connection, known.owner, dossier_id, article_id)

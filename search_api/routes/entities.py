"""Models as a list (`/mo-hinh`) and one entity with its articles (`/thuc-the/{id}`)."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from diembao.archive import articles, entity_lists, registers, sources
from diembao.archive.entity_lists import EntityRow, Order
from diembao.archive.registers import Listing
from diembao.archived import Entity
from diembao.errors import BadInputError
from diembao.records import Label
from diembao.vietnamese.provinces import province_name
from search_api.page.article_body import LABELS, entity_address
from search_api.page.network import SHOWN, network
from search_api.page.rendering import render
from search_api.routes.cards import Card, card
from search_api.routes.context import Context, EntityId, Here
from search_api.routes.errors import answers
from search_api.routes.histories import find_history
from search_api.routes.merging import DecisionAnswer, decided
from search_api.routes.security import may_change
from search_api.routes.state import Day, SearchParams, in_order, none_if_empty
from search_api.routes.timeline import Bar, bars

router = APIRouter(tags=["entities"])


class ListFilter(BaseModel):
    """What of a register is shown, and in which order."""

    q: str = Field(default="", max_length=500, description="Words of the name.")
    since: Day = Field(default=None, description="First local day on which it is told of.")
    until: Day = Field(default=None, description="Last local day on which it is told of.")
    sort: Annotated[Order, BeforeValidator(lambda given: given or "articles")] = Field(
        default="articles",
        description="Most articles, name, first told of latest, last told of latest.",
    )

    def rows(
        self,
        context: Context,
        label: Label,
        limit: int,
        cursor: str | None,
        province: str | None = None,
    ) -> Listing[EntityRow]:
        """One page of the register. Raises BadInputError."""
        in_order(self.since, self.until)
        with context.archive.read() as connection:
            return entity_lists.listed(
                connection,
                label,
                text=self.q,
                province=province,
                since=self.since,
                until=self.until,
                order=self.sort,
                limit=limit,
                cursor=cursor,
            )

    def address(self, path: str) -> str:
        """An address with these filters."""
        fields = {**ListFilter.model_fields, **type(self).model_fields}
        pairs = [
            (name, str(value))
            for name, field in fields.items()
            if name not in ("limit", "cursor") and (value := getattr(self, name)) != field.default
        ]
        return f"{path}?{urlencode(pairs)}" if pairs else path


class ListParams(ListFilter):
    """Filters and place in the list."""

    limit: int = Field(default=50, ge=1, le=500)
    cursor: Annotated[str | None, BeforeValidator(none_if_empty)] = Field(
        default=None, max_length=200
    )


class ModelAnswer(BaseModel):
    """A model or exemplar; `owner` as the latest article names it."""

    id: str
    page: str
    name: str
    owner: str | None
    articles: int
    first_date: datetime
    last_date: datetime


class ModelsAnswer(BaseModel):
    """One page of the list; `total` counts all pages."""

    total: int
    models: list[ModelAnswer]
    cursor: str | None


def find_models(context: Context, params: ListParams) -> ModelsAnswer:
    """The page of the list that the parameters ask for."""
    listing = params.rows(context, Label.MODEL, params.limit, params.cursor)
    return ModelsAnswer(
        total=listing.total,
        models=[
            ModelAnswer(
                id=row.entity.id,
                page=f"/thuc-the/{row.entity.id}",
                name=row.entity.name,
                owner=row.detail,
                articles=row.articles,
                first_date=row.first_date,
                last_date=row.last_date,
            )
            for row in listing.rows
        ],
        cursor=listing.cursor,
    )


@router.get("/api/v1/models", responses=answers(422, 503))
def models(context: Here, params: Annotated[ListParams, Query()]) -> ModelsAnswer:
    """Models and exemplars, those in most articles first unless sorted otherwise."""
    return find_models(context, params)


@router.get("/mo-hinh", include_in_schema=False)
def models_page(
    context: Here, request: Request, params: Annotated[ListParams, Query()]
) -> HTMLResponse:
    """The list as people read it."""
    return render(request, "models.html", params=params, answer=find_models(context, params))


class Companion(BaseModel):
    """An entity that stands in the same articles, and in how many."""

    id: str
    page: str
    label: Label
    name: str
    articles: int


class NewspaperCount(BaseModel):
    """A newspaper, the number of its articles that mention the entity, and the address of these."""

    name: str
    title: str
    articles: int
    search: str


class EntityAnswer(BaseModel):
    """An entity with what the articles tell of it. `search` is the address of all its articles.

    `id` differs from the one asked for where the entity has been merged with another since.
    """

    id: str
    label: Label
    name: str
    aliases: list[str]
    province: str | None
    search: str
    total: int
    timeline: list[Bar]
    newspapers: list[NewspaperCount]
    latest: list[Card]
    beside: list[Companion]
    decisions: list[DecisionAnswer]


LATEST = 10
"""Articles that an entity's page shows."""


def _province(entity: Entity) -> str | None:
    if entity.province is None:
        return None
    try:
        return province_name(entity.province)
    except (KeyError, BadInputError):
        return entity.province


def find_entity(context: Context, entity_id: str) -> EntityAnswer:
    """An entity, its latest articles and its companions. Raises NotFoundError."""
    with context.archive.read() as connection:
        entity = registers.entity(connection, entity_id)
        beside = registers.co_mentions(connection, entity.id)
        stands = decided(connection, entity.id)
    params = SearchParams(filter=[f"{LABELS[entity.label]}:{entity.id}"])
    result = context.index.search(params.changed(limit=LATEST).request())
    with context.archive.read() as connection:
        latest = articles.load(connection, [hit.article_id for hit in result.hits])
        papers = [
            (sources.get(connection, one.value), one.count) for one in result.facets["source"]
        ]
    return EntityAnswer(
        id=entity.id,
        label=entity.label,
        name=entity.name,
        aliases=list(entity.aliases),
        province=_province(entity),
        search=entity_address(entity.label, entity.id),
        total=result.total,
        timeline=bars(result.timeline, "month"),
        newspapers=[
            NewspaperCount(
                name=paper.name,
                title=paper.title,
                articles=count,
                search=params.adding(f"source:{paper.name}").address,
            )
            for paper, count in papers
            if paper
        ],
        latest=[card(item) for item in latest],
        beside=[
            Companion(
                id=one.id,
                page=f"/thuc-the/{one.id}",
                label=one.label,
                name=one.name,
                articles=count,
            )
            for one, count in beside
        ],
        decisions=stands,
    )


@router.get("/api/v1/entities/{entity_id}", responses=answers(404, 422, 503))
def entity(context: Here, entity_id: EntityId) -> EntityAnswer:
    """A unit, person, model, award, movement or place."""
    return find_entity(context, entity_id)


@router.get("/thuc-the/{entity_id}", include_in_schema=False)
def entity_page(context: Here, request: Request, entity_id: EntityId) -> Response:
    """The entity as people read it."""
    found = find_entity(context, entity_id)
    if found.id != entity_id:
        return RedirectResponse(f"/thuc-the/{found.id}", 301)
    beside = [(Entity(one.id, one.label, one.name), one.articles) for one in found.beside[:SHOWN]]
    with context.archive.read() as connection:
        pairs = registers.co_mentioned_pairs(connection, found.id, [one.id for one, _ in beside])
    middle = Entity(found.id, found.label, found.name)
    return render(
        request,
        "entity.html",
        found=found,
        life=find_history(context, found.id),
        picture=network(middle, beside, pairs),
        may_edit=may_change(request),
        kinds=LABELS,
        params=SearchParams(filter=[f"{LABELS[found.label]}:{found.id}"]),
    )

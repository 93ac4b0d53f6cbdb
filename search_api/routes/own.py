"""What is one's own, under `/api/v1/own`: tags and notes on articles, dossiers, and past searches.

It belongs to who asks (`identity`) and is seen by nobody else.
"""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import StreamingResponse

from diembao.archive import articles, dossiers, own, past_searches
from diembao.archive.own import LONGEST, LONGEST_NOTE, MOST_TAGS
from diembao.archive.registers import Listing
from diembao.archived import ArchivedArticle
from search_api.page.rendering import language_of
from search_api.page.texts import Language
from search_api.reports.tables import Column, Row
from search_api.routes.cards import Card, card
from search_api.routes.context import LARGEST_ID, Context, Here, RowId
from search_api.routes.errors import answers
from search_api.routes.exports import (
    ARTICLES,
    FILES,
    PAGE,
    Form,
    Table,
    article_cells,
    as_file,
)
from search_api.routes.identity import Somebody
from search_api.routes.state import none_if_empty

router = APIRouter(prefix="/api/v1/own", tags=["own"])

OWN = Table("ho-so", (*ARTICLES.columns, Column("own_tags"), Column("own_note")))
MOST_DOSSIERS = 200
"""Dossiers that an article may lie in."""

Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Name = Annotated[str, Field(max_length=10 * LONGEST)]


class OwnAsked(BaseModel):
    """All that is to be one's own of an article; what is left out is taken away."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"tags": ["điển hình"], "note": "Gọi xã xin ảnh", "dossiers": [3]}]
        }
    )

    tags: list[Name] = Field(default=[], max_length=MOST_TAGS)
    note: str = Field(default="", max_length=2 * LONGEST_NOTE)
    dossiers: list[Number] = Field(default=[], max_length=MOST_DOSSIERS)


class OwnAnswer(BaseModel):
    """What is one's own of an article."""

    article_id: int
    tags: list[str]
    note: str
    dossiers: list[int]


class TagAnswer(BaseModel):
    """One of one's tags, and the number of articles that carry it."""

    tag: str
    articles: int


class KeptFilter(BaseModel):
    """Which of one's articles; without any condition all with a tag or a note or in a dossier."""

    tag: Annotated[str | None, BeforeValidator(none_if_empty)] = Field(
        default=None, max_length=10 * LONGEST, description="One of one's tags."
    )
    dossier: Annotated[Number | None, BeforeValidator(none_if_empty)] = Field(
        default=None, description="One of one's dossiers."
    )
    noted: bool = Field(default=False, description="Those with a note only.")

    def address(self, path: str, **more: object) -> str:
        """The same conditions at another address."""
        asked = self.model_dump(include=set(KeptFilter.model_fields), exclude_defaults=True) | more
        return f"{path}?{urlencode(asked)}" if asked else path


class KeptPage(KeptFilter):
    """Conditions and place in the list."""

    limit: int = Field(default=50, ge=1, le=500)
    cursor: Annotated[str | None, BeforeValidator(none_if_empty)] = Field(
        default=None, max_length=200
    )


class KeptArticle(BaseModel):
    """An article with one's own tags and note."""

    article: Card
    tags: list[str]
    note: str


class KeptAnswer(BaseModel):
    """One page of one's articles, newest first; `cursor` leads to the next."""

    total: int
    articles: list[KeptArticle]
    cursor: str | None


def list_tags(context: Context, owner: int) -> list[TagAnswer]:
    """All tags of an owner."""
    with context.archive.read() as connection:
        found = own.tags(connection, owner)
    return [TagAnswer(tag=one.tag, articles=one.articles) for one in found]


def of_article(connection: Connection, owner: int, article_id: int) -> OwnAnswer:
    """What is the owner's of an article."""
    return OwnAnswer(
        article_id=article_id,
        tags=own.tags_of(connection, owner, [article_id])[article_id],
        note=own.notes_of(connection, owner, [article_id]).get(article_id, ""),
        dossiers=dossiers.holding(connection, owner, article_id),
    )


def set_of_article(
    context: Context, owner: int, article_id: int, asked: OwnAsked, new_dossier: str = ""
) -> OwnAnswer:
    """Write it, all or nothing; the article also goes into a dossier that is named, made where there is none.

    Raises NotFoundError, BadInputError.
    """
    now = context.now()
    with context.archive.write() as connection:
        articles.current(connection, article_id)
        own.set_tags(connection, owner, article_id, asked.tags)
        own.set_note(connection, owner, article_id, asked.note, now)
        wanted = set(asked.dossiers)
        if new_dossier.strip():
            wanted.add(dossiers.named(connection, owner, new_dossier, now).id)
        dossiers.set_holding(connection, owner, article_id, wanted, now)
        return of_article(connection, owner, article_id)


def _page(
    context: Context, owner: int, params: KeptPage
) -> tuple[Listing[int], list[tuple[ArchivedArticle, KeptArticle]]]:
    """A page of the owner's articles. Raises NotFoundError for an unknown dossier."""
    with context.archive.read() as connection:
        if params.dossier is not None:
            dossiers.find(connection, owner, params.dossier)
        listing = own.kept(
            connection, owner, tag=params.tag, dossier=params.dossier, is_noted=params.noted,
            limit=params.limit, cursor=params.cursor,
        )  # fmt: skip
        items = articles.load(connection, listing.rows)
        tags = own.tags_of(connection, owner, listing.rows)
        notes = own.notes_of(connection, owner, listing.rows)
    return listing, [
        (item, KeptArticle(article=card(item), tags=tags[item.id], note=notes.get(item.id, "")))
        for item in items
    ]


def find(context: Context, owner: int, params: KeptPage) -> KeptAnswer:
    """A page of the owner's articles. Raises NotFoundError for an unknown dossier."""
    listing, found = _page(context, owner, params)
    kept = [one for _, one in found]
    return KeptAnswer(total=listing.total, articles=kept, cursor=listing.cursor)


def kept_rows(
    context: Context, owner: int, params: KeptFilter, language: Language
) -> Iterator[Row]:
    """The owner's articles as rows of a file."""
    asked = KeptPage(**params.model_dump(include=set(KeptFilter.model_fields)), limit=PAGE)
    while True:
        listing, found = _page(context, owner, asked)
        for item, kept in found:
            cells = (*article_cells(item, language), "; ".join(kept.tags), kept.note)
            yield Row(cells, kept)
        if listing.cursor is None:
            return
        asked = asked.model_copy(update={"cursor": listing.cursor})


@router.get("/tags", responses=answers(401, 503))
def own_tags(context: Here, known: Somebody) -> list[TagAnswer]:
    """One's own tags. Those that newspapers printed are searched with `tag:`."""
    return list_tags(context, known.owner)


@router.get("/articles", responses=answers(401, 404, 422, 503))
def own_articles(
    context: Here, known: Somebody, params: Annotated[KeptPage, Query()]
) -> KeptAnswer:
    """Articles with one's tags or notes, or in one's dossiers, newest first."""
    return find(context, known.owner, params)


@router.get("/articles.{form}", responses=FILES | answers(401), response_class=StreamingResponse)
def own_articles_file(
    context: Here,
    request: Request,
    known: Somebody,
    form: Form,
    params: Annotated[KeptFilter, Query()],
) -> StreamingResponse:
    """The same as a file, with one's tags and notes."""
    language = language_of(request)
    return as_file(form, OWN, kept_rows(context, known.owner, params, language), language)


@router.get("/articles/{article_id}", responses=answers(401, 404, 422, 503))
def own_of_article(context: Here, known: Somebody, article_id: RowId) -> OwnAnswer:
    """One's tags of an article, one's note on it, and one's dossiers that hold it."""
    with context.archive.read() as connection:
        articles.current(connection, article_id)
        return of_article(connection, known.owner, article_id)


@router.put("/articles/{article_id}", responses=answers(401, 404, 422, 503))
def set_own_of_article(
    context: Here, known: Somebody, article_id: RowId, asked: OwnAsked
) -> OwnAnswer:
    """Set all of it."""
    return set_of_article(context, known.owner, article_id, asked)


@router.get("/searches", responses=answers(401, 503))
def own_searches(context: Here, known: Somebody) -> list[str]:
    """What one searched for on the page, latest first."""
    with context.archive.read() as connection:
        return past_searches.latest(connection, known.owner)


@router.delete("/searches", status_code=204, responses=answers(401, 503))
def forgotten_searches(context: Here, known: Somebody) -> None:
    """Forget them."""
    with context.archive.write() as connection:
        past_searches.forget(connection, known.owner)

"""One article: `/bai/{id}`, its versions, and the same as JSON under `/api/v1/articles`."""

from datetime import datetime
from itertools import pairwise
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select
from starlette.responses import HTMLResponse

from diembao.archive import articles, extractions, names
from diembao.archive.schema import articles as article_table
from diembao.archived import ArchivedArticle
from diembao.article import Article
from diembao.covering import cover_value
from diembao.errors import DiembaoError
from diembao.records import Extraction, Label
from search_api.page.article_body import LABELS, shown_blocks
from search_api.page.difference import Piece, difference
from search_api.page.fact_changes import FactChange, fact_changes
from search_api.page.rendering import render, translated
from search_api.routes import own, own_dossiers
from search_api.routes.article_edits import CorrectionAnswer, of_article
from search_api.routes.cards import Card, Newspaper, card
from search_api.routes.context import LARGEST_ID, Context, Here
from search_api.routes.errors import answers
from search_api.routes.highlights import terms_of
from search_api.routes.identity import asker
from search_api.routes.reasons import Reason, reasons
from search_api.routes.security import may_change
from search_api.routes.state import FacetValue

router = APIRouter(tags=["articles"])
Id = Annotated[
    int, Path(ge=1, le=LARGEST_ID, description="Identifier of an article.", examples=[12])
]
LOOKED_AT = 30
"""The latest versions of an article whose facts are compared with those before."""

SHOWN_REPRINTS = 50
"""Reprints that an article lists at most."""


class VersionAnswer(BaseModel):
    """One version of an article, without its text.

    `changes_facts`: whether the newspaper's edit changed an award, a model, a position or a name; None for the
    first version, for one that was not read, and for old ones of very many.
    """

    version: int
    title: str
    fetched_at: datetime
    changes_facts: bool | None


class EntityName(BaseModel):
    """What mentions of an article mean. `page` is the entity's own page."""

    label: Label
    name: str
    page: str


class ArticleAnswer(BaseModel):
    """An article with what was read out of it. Offsets are code points of `text`."""

    id: int
    version: int
    versions: list[VersionAnswer]
    source: Newspaper
    first_seen_at: datetime
    article: Article
    text: str
    extraction: Extraction | None
    entities: dict[str, EntityName]
    story_id: int | None
    reprints: list[Card]
    corrections: list[CorrectionAnswer]
    found_by: list[Reason]


class Found(BaseModel):
    """The search that led to an article; it is told what of the article answers it."""

    q: str = Field(default="", max_length=2000, description="Its query.")
    filter: list[FacetValue] = Field(default=[], description="Its filters, FIELD:VALUE.")


def find(context: Context, article_id: int, by: Found) -> ArticleAnswer:
    """The current version with its records and reprints. Raises NotFoundError, BadInputError."""
    with context.archive.read() as connection:
        item = articles.current(connection, article_id)
        others = articles.load(connection, _reprints(connection, item))
        versions = articles.versions(connection, article_id)
        corrected = of_article(connection, article_id)
        edits = _edits(connection, article_id, len(versions))
    return ArticleAnswer(
        id=item.id,
        version=item.version,
        versions=[
            VersionAnswer(
                version=one.version,
                title=one.title,
                fetched_at=one.fetched_at,
                changes_facts=edits.get(one.version),
            )
            for one in versions
        ],
        source=Newspaper(name=item.source.name, title=item.source.title),
        first_seen_at=item.first_seen_at,
        article=item.article,
        text=item.article.text,
        extraction=item.extraction,
        entities={
            one.id: EntityName(label=one.label, name=one.name, page=f"/thuc-the/{one.id}")
            for one in item.entities.values()
        },
        story_id=item.story_id,
        reprints=[card(one) for one in others],
        corrections=corrected,
        found_by=reasons(by.q, by.filter, item),
    )


def _reprints(connection: Connection, item: ArchivedArticle) -> list[int]:
    if item.story_id is None:
        return []
    same = select(article_table.c.id).where(
        article_table.c.story_id == item.story_id, article_table.c.id != item.id
    )
    return list(
        connection.execute(same.order_by(article_table.c.date).limit(SHOWN_REPRINTS)).scalars()
    )


@router.get("/api/v1/articles/{article_id}", responses=answers(404, 422))
def article(context: Here, article_id: Id, by: Annotated[Found, Query()]) -> ArticleAnswer:
    """One article with its text, mentions, records, versions and reprints, and why a search found it."""
    return find(context, article_id, by)


@router.get("/bai/{article_id}", include_in_schema=False)
def article_page(
    context: Here, request: Request, article_id: Id, by: Annotated[Found, Query()]
) -> HTMLResponse:
    """The article as people read it, with the words of the search that led to it marked."""
    return show(context, request, article_id, by)


def show(
    context: Context,
    request: Request,
    article_id: int,
    by: Found,
    typed: own.OwnAnswer | None = None,
    fault: DiembaoError | None = None,
) -> HTMLResponse:
    """The page of an article; `typed` is what somebody wanted to keep of it, `fault` why it was not kept."""
    found = find(context, article_id, by)
    titles = {label: translated(request, f"label.{label}") for label in LABELS}
    named = {key: entity.name for key, entity in found.entities.items()}
    extraction = found.extraction
    present = {mention.label for mention in extraction.mentions} if extraction else set()
    known = asker(request)
    mine = typed
    if mine is None and known.role is not None:
        with context.archive.read() as connection:
            mine = own.of_article(connection, known.owner, article_id)
    return render(
        request,
        "article.html",
        fault.status if fault else 200,
        found=found,
        article=found.article,
        extraction=extraction,
        blocks=shown_blocks(found.article, extraction, named, titles, terms_of(by.q)),
        may_edit=may_change(request),
        legend=[(LABELS[label], titles[label]) for label in Label if label in present],
        is_pasted=not found.article.url.startswith(("http://", "https://")),
        q=by.q,
        mine=mine,
        dossiers=own_dossiers.list_dossiers(context, known.owner) if mine else [],
        tags=own.list_tags(context, known.owner) if mine else [],
        kept="kept" in request.query_params and fault is None,
        fault=fault,
    )


class VersionDifference(BaseModel):
    """A version and what it changed: `lines` of pieces, each `[same|added|removed, text]`, and `facts`.

    `facts` are the awards, models, positions and names that the newspaper's edit added, removed or changed;
    None where one of the two versions was never read.
    """

    id: int
    version: int
    title: str
    fetched_at: datetime
    compared_with: int
    lines: list[list[Piece]]
    facts: list[FactChange] | None


def compare(context: Context, article_id: int, version: int) -> VersionDifference:
    """A version beside the one before it; the first is compared with itself."""
    with context.archive.read() as connection:
        articles.current(connection, article_id)
        new = articles.load_version(connection, article_id, version)
        before = max(version - 1, 1)
        old = articles.load_version(connection, article_id, before)
        was, now = (_as_read(connection, article_id, one) for one in (before, version))
    return VersionDifference(
        id=article_id,
        version=version,
        title=new.title,
        fetched_at=new.fetched_at,
        compared_with=before,
        lines=difference(old.text, new.text),
        facts=fact_changes(was, now) if was and now else None,
    )


def _edits(connection: Connection, article_id: int, last: int) -> dict[int, bool]:
    """Whether the latest versions changed facts, where both versions were read."""
    first = max(1, last - LOOKED_AT)
    read = [_as_read(connection, article_id, one) for one in range(first, last + 1)]
    return {
        first + number: bool(fact_changes(was, now))
        for number, (was, now) in enumerate(pairwise(read), 1)
        if was and now
    }


def _as_read(connection: Connection, article_id: int, version: int) -> Extraction | None:
    """What the extractor read out of a version, withdrawn names covered."""
    read = extractions.uncorrected(connection, article_id, version)
    if read is None:
        return None
    hidden = names.standing(connection)
    return Extraction.model_validate(cover_value(read.model_dump(mode="json"), hidden, read.text))


@router.get("/api/v1/articles/{article_id}/versions/{version}", responses=answers(404, 422))
def version(context: Here, article_id: Id, version: Id) -> VersionDifference:
    """What a version changed."""
    return compare(context, article_id, version)


@router.get("/bai/{article_id}/ban/{version}", include_in_schema=False)
def version_page(context: Here, request: Request, article_id: Id, version: Id) -> HTMLResponse:
    """The difference as people read it."""
    return render(request, "version.html", found=compare(context, article_id, version))

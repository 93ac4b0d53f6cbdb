"""The search: `/` for people, `/api/v1/search` for programs."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse

from diembao.archive import articles, past_searches
from search_api.index.base import SearchResult
from search_api.page.rendering import language_of, render
from search_api.page.texts import Language
from search_api.routes.cards import Card, card
from search_api.routes.context import Context, Here
from search_api.routes.errors import answers
from search_api.routes.facets import Facet, facets
from search_api.routes.following import followed
from search_api.routes.highlights import excerpts, terms_of
from search_api.routes.identity import Asker, asker
from search_api.routes.security import is_same_origin
from search_api.routes.spelling import meant
from search_api.routes.state import SearchParams
from search_api.routes.suggestions import OfferedName, offered
from search_api.routes.timeline import Bar, bars

router = APIRouter(tags=["search"])

FEW_MONTHS = 3
"""Months that are drawn in days where the search names no period."""


class Found(BaseModel):
    """A story: the article that stands for it and its reprints among the articles found."""

    article: Card
    reprints: list[Card]


class SearchAnswer(BaseModel):
    """What a search found. `total` counts articles; `cursor` leads to the next stories.

    `meant`: names spelled almost like what was typed, where nothing was found.
    """

    total: int
    notices: list[str]
    hits: list[Found]
    facets: list[Facet]
    timeline: list[Bar]
    cursor: str | None
    meant: list[OfferedName]


def find(context: Context, params: SearchParams, language: Language) -> SearchAnswer:
    """The answer that page and API give."""
    result = context.index.search(params.request())
    wanted = [one for hit in result.hits for one in (hit.article_id, *hit.reprints)]
    terms = terms_of(params.q)
    with context.archive.read() as connection:
        loaded = {item.id: item for item in articles.load(connection, wanted)}
        shown_facets = facets(connection, params, result, language)
        like = [] if result.total else meant(context.index, params.q)
        names = offered(connection, like, language)
    hits = [
        Found(
            article=card(loaded[hit.article_id], *excerpts(loaded[hit.article_id].article, terms)),
            reprints=[card(loaded[one]) for one in hit.reprints if one in loaded],
        )
        for hit in result.hits
        if hit.article_id in loaded
    ]
    return SearchAnswer(
        total=result.total,
        notices=list(result.notices),
        hits=hits,
        facets=shown_facets,
        timeline=_timeline(context, params, result),
        cursor=result.cursor,
        meant=names,
    )


def _timeline(context: Context, params: SearchParams, result: SearchResult) -> list[Bar]:
    """The timeline in the stretches that suit the period; a few months alone are drawn in days."""
    drawn = bars(result.timeline, params.interval)
    if params.interval != "month" or len(drawn) > FEW_MONTHS:
        return drawn
    in_days = replace(params.request(), limit=1, cursor=None, facets=(), timeline="day")
    return bars(context.index.search(in_days).timeline, "day")


@router.get("/api/v1/search", responses=answers(422, 503))
def search(
    context: Here, request: Request, params: Annotated[SearchParams, Query()]
) -> SearchAnswer:
    """Articles that answer a query, as stories, with facets and a timeline."""
    return find(context, params, language_of(request))


@router.get("/", include_in_schema=False)
def search_page(
    context: Here, request: Request, params: Annotated[SearchParams, Query()]
) -> HTMLResponse:
    """The search page; what was found is remembered as one's past search."""
    answer = find(context, params, language_of(request))
    names = {
        f"{facet.field}:{item.value}": item.name for facet in answer.facets for item in facet.items
    }
    titles = {facet.field: facet.title for facet in answer.facets}
    page = render(
        request,
        "search.html",
        params=params,
        answer=answer,
        names=names,
        titles=titles,
        followed=followed(params),
    )
    if params.q.strip() and answer.total and not params.cursor and is_same_origin(request):
        page.background = BackgroundTask(_remember, context, asker(request), params.q)
    return page


def _remember(context: Context, known: Asker, query: str) -> None:
    """Keep what somebody searched for, once they have their answer."""
    if known.role is not None:
        with context.archive.write() as connection:
            past_searches.remember(connection, known.owner, query, context.now())

"""What is offered while typing in the search box: past searches, and names that the archive still has.

An index forgets the words of an article that was read anew only by and by.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from diembao.archive import past_searches, registers
from search_api.index.base import Suggestion
from search_api.page.rendering import language_of, translated
from search_api.page.texts import Language, word
from search_api.routes.context import Here
from search_api.routes.errors import answers
from search_api.routes.identity import asker

router = APIRouter(tags=["search"])


class OfferedName(BaseModel):
    """A name, what kind of thing it is, and the query that finds it."""

    query: str
    name: str
    title: str
    articles: int


class PastSearch(BaseModel):
    """A query that who asks searched for on the page."""

    query: str
    title: str


class Suggestions(BaseModel):
    """Names that begin so, most frequent first, and past searches that hold a word so, latest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "searches": [{"query": "dân vận khéo tây hồ", "title": "đã tìm"}],
                    "names": [
                        {
                            "query": '"Dân vận khéo"',
                            "name": "Dân vận khéo",
                            "title": "Phong trào",
                            "articles": 42,
                        }
                    ],
                }
            ]
        }
    )

    searches: list[PastSearch]
    names: list[OfferedName]


PAST = 4
"""Past searches that are offered at most."""


@router.get("/api/v1/suggest", responses=answers(422, 503))
def suggest(
    context: Here,
    request: Request,
    q: Annotated[str, Query(max_length=200, examples=["dan van"])],
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> Suggestions:
    """Past searches; names of units, people, awards, models, movements and places. Accents are free."""
    found = context.index.suggest(q, limit)
    owner = asker(request).owner
    with context.archive.read() as connection:
        names = offered(connection, found, language_of(request))
        past = past_searches.beginning(connection, owner, q, min(PAST, limit))
    title, queries = translated(request, "past_search"), {one.query for one in names}
    searches = [PastSearch(query=one, title=title) for one in past if one not in queries]
    return Suggestions(searches=searches, names=names)


def offered(
    connection: Connection, found: Sequence[Suggestion], language: Language
) -> list[OfferedName]:
    """Those of the names that the archive still has, as they are offered."""
    known = registers.entity_names(connection, {one.entity_id for one in found})
    return [
        OfferedName(
            query='"{}"'.format(one.name.replace('"', " ").strip("“” ")),
            name=one.name,
            title=word(language, f"label.{one.label}"),
            articles=one.articles,
        )
        for one in found
        if (now := known.get(one.entity_id)) and one.name in (now.name, *now.aliases)
    ]

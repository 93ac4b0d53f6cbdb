"""`/healthz`: whether archive and index answer, for the supervisor and the container."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from diembao.archive import articles
from search_api.routes.context import Here
from search_api.routes.errors import answers

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """Both parts answer; how many articles each holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"archived": 1204, "indexed": 1204}]})

    archived: int
    indexed: int


@router.get("/healthz", responses=answers(503))
def healthz(context: Here) -> Health:
    """Counts of the archive and of the index. 503 when one of them does not answer."""
    with context.archive.read() as connection:
        archived = articles.counts(connection)["articles"]
    return Health(archived=archived, indexed=context.index.count())

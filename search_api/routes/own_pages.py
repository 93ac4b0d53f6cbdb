"""The pages of what is one's own: `/ho-so` (dossiers, tags, notes, past searches), and its lists of articles."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from diembao.archive import dossiers, past_searches
from diembao.errors import DiembaoError
from search_api.page.rendering import render
from search_api.routes import articles, own, own_dossiers
from search_api.routes.context import LARGEST_ID, Context, Here, RowId
from search_api.routes.identity import Asker, Somebody, asker
from search_api.routes.own import KeptPage, OwnAsked
from search_api.routes.own_dossiers import DossierAsked
from search_api.routes.security import SIGN_IN

router = APIRouter(include_in_schema=False)

ROOT = "/ho-so"
LATEST = 20
"""Past searches that the page lists."""

Text = Annotated[str, Form(max_length=100_000)]


@router.get(ROOT)
def overview(context: Here, request: Request) -> Response:
    """All that is one's own; the sign-in for nobody."""
    known = asker(request)
    if known.role is None:
        return RedirectResponse(f"{SIGN_IN}?back={ROOT}", 303)
    return _overview(context, request, known)


@router.post(ROOT)
def begin(context: Here, request: Request, known: Somebody, name: Text = "") -> Response:
    """Begin a dossier; what stands against it is told beside the name."""
    try:
        made = own_dossiers.new_dossier(context, known, DossierAsked.model_construct(name=name))
    except DiembaoError as error:
        return _overview(context, request, known, name, error)
    return RedirectResponse(made.page, 303)


@router.get(f"{ROOT}/bai")
def list_page(
    context: Here, request: Request, known: Somebody, params: Annotated[KeptPage, Query()]
) -> Response:
    """Articles with a tag or with notes."""
    return _list(context, request, known, params)


@router.post(f"{ROOT}/bai/{{article_id}}")
def keep(
    context: Here,
    request: Request,
    known: Somebody,
    article_id: RowId,
    tags: Text = "",
    note: Text = "",
    dossier: Annotated[list[int], Form()] = [],  # noqa: B006
    new_dossier: Text = "",
    q: Text = "",
) -> Response:
    """Take the form of an article; what stands against it is told beside what was typed."""
    wanted = [one for part in tags.split(",") if (one := part.strip())]
    chosen = [one for one in dossier if 0 < one <= LARGEST_ID]
    by = articles.Found.model_construct(q=q[:2000])
    asked = OwnAsked.model_construct(tags=wanted, note=note, dossiers=chosen)
    try:
        own.set_of_article(context, known.owner, article_id, asked, new_dossier)
    except DiembaoError as error:
        if error.status == 404:
            raise
        typed = own.OwnAnswer(article_id=article_id, tags=wanted, note=note, dossiers=chosen)
        return articles.show(context, request, article_id, by, typed, error)
    kept = urlencode({"q": by.q, "kept": 1} if by.q else {"kept": 1})
    return RedirectResponse(f"/bai/{article_id}?{kept}#own", 303)


@router.post(f"{ROOT}/da-tim/xoa")
def forget(context: Here, known: Somebody) -> Response:
    """Forget past searches."""
    own.forgotten_searches(context, known)
    return RedirectResponse(ROOT, 303)


@router.get(f"{ROOT}/{{dossier_id}}")
def dossier_page(
    context: Here,
    request: Request,
    known: Somebody,
    dossier_id: RowId,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """A dossier with its articles."""
    return _list(context, request, known, KeptPage(dossier=dossier_id, cursor=cursor))


@router.post(f"{ROOT}/{{dossier_id}}")
def rename(
    context: Here, request: Request, known: Somebody, dossier_id: RowId, name: Text = ""
) -> Response:
    """Rename it; what stands against it is told beside the name."""
    try:
        asked = DossierAsked.model_construct(name=name)
        own_dossiers.renamed_dossier(context, known, dossier_id, asked)
    except DiembaoError as error:
        if error.status == 404:
            raise
        return _list(context, request, known, KeptPage(dossier=dossier_id), name, error)
    return RedirectResponse(f"{ROOT}/{dossier_id}", 303)


@router.post(f"{ROOT}/{{dossier_id}}/bo")
def take_out(
    context: Here,
    known: Somebody,
    dossier_id: RowId,
    article: Annotated[int, Form(ge=1, le=LARGEST_ID)],
) -> Response:
    """Take an article out."""
    own_dossiers.taken_out_of_dossier(context, known, dossier_id, article)
    return RedirectResponse(f"{ROOT}/{dossier_id}", 303)


@router.post(f"{ROOT}/{{dossier_id}}/xoa")
def remove(context: Here, known: Somebody, dossier_id: RowId) -> Response:
    """Take the dossier away."""
    own_dossiers.removed_dossier(context, known, dossier_id)
    return RedirectResponse(ROOT, 303)


def _overview(
    context: Context,
    request: Request,
    known: Asker,
    typed: str = "",
    fault: DiembaoError | None = None,
) -> Response:
    with context.archive.read() as connection:
        searches = past_searches.latest(connection, known.owner)[:LATEST]
    noted = own.find(context, known.owner, KeptPage(noted=True, limit=5))
    return render(
        request,
        "own/overview.html",
        fault.status if fault else 200,
        dossiers=own_dossiers.list_dossiers(context, known.owner),
        tags=own.list_tags(context, known.owner),
        noted=noted,
        searches=searches,
        typed=typed,
        fault=fault,
    )


def _list(
    context: Context,
    request: Request,
    known: Asker,
    params: KeptPage,
    typed: str | None = None,
    fault: DiembaoError | None = None,
) -> Response:
    dossier = None
    if params.dossier is not None:
        with context.archive.read() as connection:
            dossier = dossiers.find(connection, known.owner, params.dossier)
    return render(
        request,
        "own/list.html",
        fault.status if fault else 200,
        params=params,
        answer=own.find(context, known.owner, params),
        dossier=dossier,
        typed=typed,
        fault=fault,
    )

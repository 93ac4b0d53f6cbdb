"""`create_app`: the API under `/api/v1` and the page, in one application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from search_api.page.rendering import FOLDER
from search_api.routes import (
    account,
    adding,
    alert_pages,
    alerts,
    analysis,
    article_edits,
    articles,
    awards,
    caching,
    entities,
    errors,
    exports,
    feeds,
    health,
    histories,
    limiting,
    merging,
    metrics,
    newspaper_requests,
    newspapers,
    own,
    own_dossiers,
    own_pages,
    people_and_units,
    press_review,
    reference,
    search,
    security,
    session,
    subscriptions,
    suggestions,
    unsubscribing,
)
from search_api.routes.context import Context

if TYPE_CHECKING:
    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.index.base import SearchIndex

ROUTES = (
    health,
    metrics,
    search,
    analysis,
    people_and_units,
    exports,
    press_review,
    adding,
    articles,
    article_edits,
    awards,
    entities,
    histories,
    merging,
    newspaper_requests,
    newspapers,
    reference,
    session,
    account,
    own,
    own_dossiers,
    own_pages,
    suggestions,
    subscriptions,
    alerts,
    alert_pages,
    feeds,
    unsubscribing,
)
"""Modules that hold a `router`, in the order in which addresses are tried. Add a subject here."""


def create_app(archive: Archive, index: SearchIndex, settings: Settings) -> FastAPI:
    """The application over an open archive and an open index."""
    app = FastAPI(
        title="Điểm báo",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        form_limits={"max_fields": 2000, "max_files": 0, "max_part_size": security.BODY_LIMIT},
    )
    app.state.context = Context(archive, index, settings)
    caching.install(app)
    security.install(app)
    limiting.install(app, settings)
    metrics.install(app)
    errors.install(app)
    for subject in ROUTES:
        app.include_router(subject.router)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    return app

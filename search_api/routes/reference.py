"""`/api`: the operations of the API for people, read off its own OpenAPI description."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from search_api.page.rendering import render

router = APIRouter(include_in_schema=False)


def _operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "method": method.upper(),
            "address": address,
            "summary": operation.get("description", operation.get("summary", "")),
            "parameters": operation.get("parameters", []),
        }
        for address, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


@router.get("/api")
def reference_page(request: Request) -> HTMLResponse:
    """The list of operations."""
    return render(request, "reference.html", operations=_operations(request.app.openapi()))

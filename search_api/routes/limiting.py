"""How often one address may ask the API: `settings.api_rate` requests a minute, in a moving window.

Every answer of the API tells what is left (the RateLimit headers of the IETF's draft, version 7); who
asks too often gets 429 with `Retry-After`. The page itself is not limited.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from search_api.page.rendering import translated
from search_api.routes.errors import answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from diembao.settings import Settings


def install(app: FastAPI, settings: Settings) -> None:
    """Count the requests to the API; nothing is counted where no rate is set."""
    if not settings.api_rate:
        return
    rate = RateLimitItemPerMinute(settings.api_rate)
    limiter = MovingWindowRateLimiter(MemoryStorage())

    @app.middleware("http")
    async def limited(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        if not request.url.path.startswith("/api/"):
            return await call_next(request)
        asker = request.client.host if request.client else ""
        is_allowed = limiter.hit(rate, asker)
        reset, remaining = limiter.get_window_stats(rate, asker)
        seconds = max(1, math.ceil(reset - time.time()))
        if is_allowed:
            response = await call_next(request)
        else:
            said = translated(request, "http_429", seconds=seconds)
            response = answer(request, 429, said, {"Retry-After": str(seconds)})
        response.headers["RateLimit-Limit"] = str(rate.amount)
        response.headers["RateLimit-Remaining"] = str(remaining)
        response.headers["RateLimit-Reset"] = str(seconds)
        return response

"""One POST to a receiver, and what its answer means: shared by the channels that speak HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from diembao.errors import BadInputError, DeliverError
from search_api.alerts.channels.base import GoneError, RestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_api.alerts.channels.base import Wire

EXCERPT = 300
"""Characters of an answer that are kept to explain a failure."""

MOST = 10_000
"""Bytes of an answer that are read at most."""

RESTS = (429, 503)


async def post(
    wire: Wire, url: str, body: bytes, headers: Mapping[str, str]
) -> tuple[httpx.Response, bytes]:
    """The answer and the beginning of its body. Raises DeliverError if none came.

    The address is in no message: those of some receivers are secret.
    """
    taken = b""
    try:
        async with wire.client.stream("POST", url, content=body, headers=headers) as answer:
            async for part in answer.aiter_raw():
                taken += part
                if len(taken) >= MOST:
                    break
            return answer, taken[:MOST]
    except httpx.InvalidURL as error:
        raise BadInputError("Địa chỉ nhận không dùng được (the address is malformed).") from error
    except httpx.HTTPError as error:
        raise DeliverError(f"{_cause(error)} ({type(error).__name__})") from error


def failure(answer: httpx.Response, body: bytes) -> DeliverError:
    """The error that an answer other than 2xx means."""
    excerpt = " ".join(body.decode(errors="replace").split())[:EXCERPT]
    said = f"HTTP {answer.status_code}" + (f": {excerpt}" if excerpt else "")
    if answer.status_code == httpx.codes.GONE:
        return GoneError(said)
    rest = answer.headers.get("Retry-After", "")
    if answer.status_code in RESTS and rest.isdecimal():
        return RestError(said, float(rest))
    return DeliverError(said)


def _cause(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "nơi nhận không trả lời kịp"
    if isinstance(error, httpx.ConnectError):
        return "không kết nối được tới nơi nhận"
    return "nơi nhận ngắt kết nối hoặc trả lời sai cách"

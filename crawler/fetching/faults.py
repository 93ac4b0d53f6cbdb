"""Why a page could not be fetched: a sentence for people, and a short cause for counting."""

from __future__ import annotations

from diembao.errors import FetchError


class PageError(FetchError):
    """A fetch that failed. `cause` is the same for all faults of its kind.

    `retry_after` (seconds) is how long the newspaper wants to be left alone, where it says so.
    """

    def __init__(self, cause: str, url: str, retry_after: float | None = None) -> None:
        super().__init__(f"Không lấy được {url}: {cause}.")
        self.cause = cause
        self.url = url
        self.retry_after = retry_after


class DisallowedError(PageError):
    """The newspaper does not want the address fetched: no failure, and asked again only after days."""


def of_status(status: int) -> str:
    """The cause that a status other than success stands for."""
    if status in (401, 403):
        return f"báo từ chối (refused, HTTP {status})"
    if status in (404, 410):
        return f"trang không còn (gone, HTTP {status})"
    if status == 429:
        return "báo xin hoãn (too many requests, HTTP 429)"
    return f"máy chủ báo lỗi (HTTP {status})"

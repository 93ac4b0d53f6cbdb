"""Robots by RFC 9309, as pure decisions over the answer for `/robots.txt`.

2xx: its rules hold. 4xx: everything is allowed. 5xx, 429, no answer: nothing is allowed for now, and the
file is asked for again at the next crawl.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from protego import Protego

from crawler.fetching.faults import DisallowedError, PageError

SIZE_LIMIT = 512_000
ASK_AGAIN = 3 * 86400.0
"""Seconds after which an address that the rules forbid is looked at again."""

LONGEST_DELAY = 60.0
"""A crawl delay above so many seconds is taken for so many."""


class Robots:
    """The rules of one origin. `known` is False while the origin's rules could not be read."""

    def __init__(self, rules: Protego | None, known: bool) -> None:
        self._rules = rules
        self.known = known

    def allows(self, url: str, user_agent: str) -> bool:
        """Whether the address may be fetched."""
        if not self.known:
            return False
        return self._rules is None or bool(self._rules.can_fetch(url, user_agent))

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps that the rules name."""
        return list(self._rules.sitemaps) if self._rules else []

    def delay(self, user_agent: str) -> float:
        """Seconds between two requests that the rules ask for."""
        asked = self._rules.crawl_delay(user_agent) if self._rules else None
        return min(float(asked or 0.0), LONGEST_DELAY)


UNREACHABLE = Robots(None, known=False)
OPEN = Robots(None, known=True)


def read(status: int, body: bytes) -> Robots:
    """What the answer means."""
    if 200 <= status < 300:
        return Robots(Protego.parse(body[:SIZE_LIMIT].decode("utf-8-sig", "replace")), known=True)
    if 400 <= status < 500 and status != 429:
        return OPEN
    return UNREACHABLE


def address(url: str) -> str:
    """Where the rules for an address stand."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def check(robots: Robots, url: str, user_agent: str) -> None:
    """Raise DisallowedError where the rules forbid an address, PageError while there are none to be had."""
    if robots.allows(url, user_agent):
        return
    if robots.known:
        raise DisallowedError(
            "robots.txt không cho phép (disallowed by robots.txt)", url, ASK_AGAIN
        )
    raise PageError(
        "chưa đọc được robots.txt nên tạm không lấy (robots.txt unreachable, nothing fetched for now)",
        url,
    )

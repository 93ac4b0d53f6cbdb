"""Where a redirect leads, bounded.

A page that redirects to itself is followed once (it may set a cookie); a second time, any other
address met twice, or more than `LIMIT` steps is a loop, and the fault names its addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler import urls
from crawler.fetching.faults import PageError

if TYPE_CHECKING:
    from collections.abc import Sequence

STATUSES = frozenset({301, 302, 303, 307, 308})
LIMIT = 8


def follow(url: str, location: str, before: Sequence[str]) -> str:
    """The next address, after `before` (oldest first, without `url`). Raises PageError."""
    target = urljoin(url, location.strip())
    if urls.canonical(target) is None:
        raise PageError(
            "chuyển hướng tới địa chỉ không dùng được (redirect to an unusable address)", url
        )
    trail = [*before, url]
    again = trail.count(target)
    itself_once = target == url and again == 1
    if (again and not itself_once) or len(trail) > LIMIT:
        raise PageError("chuyển hướng lòng vòng (redirect loop)", " → ".join([*trail, target]))
    return target

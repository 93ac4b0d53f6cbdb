"""A page as it was fetched."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.fetching import encoding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from lxml import html


@dataclass(frozen=True)
class FetchedPage:
    """Final address, headers (names in lower case) and body, decoded from any transfer encoding."""

    url: str
    fetched_at: datetime
    headers: Mapping[str, str]
    body: bytes
    status: int = 200

    @cached_property
    def text(self) -> str:
        """The body as text, by `crawler.fetching.encoding`."""
        return encoding.decode(self.body, self.headers.get("content-type", ""))

    @cached_property
    def tree(self) -> html.HtmlElement:
        """The page's elements; whoever reads the article may make plain boxes of some."""
        return encoding.parse_html(self.text)

"""Getting pages: robots, politeness, redirects, retries, encodings, walls."""

from crawler.fetching.page import FetchedPage
from crawler.fetching.single import Visitor, fetch_one

__all__ = ["FetchedPage", "Visitor", "fetch_one"]

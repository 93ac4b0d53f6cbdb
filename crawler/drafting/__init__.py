"""A declaration drafted from nothing but a newspaper's address, by looking at the newspaper."""

from crawler.drafting.drafting import Draft, draft
from crawler.drafting.writing import write

__all__ = ["Draft", "draft", "write"]

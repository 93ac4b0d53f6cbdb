"""The query language: what was typed → a tree that belongs to no engine → an engine's query."""

from search_api.query.language import Parsed, parse

__all__ = ["Parsed", "parse"]

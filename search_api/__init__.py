"""Search index, query language, API, page and alerts over the archive."""

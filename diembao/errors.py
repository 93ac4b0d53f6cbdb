"""Errors named by meaning. Each message tells the cause and the remedy in one sentence.

The command line prints the message and exits with 1; the API answers it with `status`.
"""


class DiembaoError(Exception):
    """Anything that a user or an administrator can put right."""

    status = 500


class BadInputError(DiembaoError):
    """A value that the user gave cannot be used: a query, a file, an address, a setting."""

    status = 422


class NotFoundError(DiembaoError):
    """What was asked for is not in the archive."""

    status = 404


class ConflictError(DiembaoError):
    """What was asked for contradicts what stands decided; the message names that."""

    status = 409


class DeclarationError(BadInputError):
    """A newspaper's declaration is wrong; the message names file, line and field."""


class FetchError(DiembaoError):
    """A page could not be fetched (refused, timed out, a wall or a challenge instead of text)."""

    status = 502


class ReadError(DiembaoError):
    """A page was fetched but holds no article that can be read."""

    status = 422


class ExtractError(DiembaoError):
    """The extractor failed on one article; the article is set aside with the cause."""


class IndexUnavailableError(DiembaoError):
    """The search index cannot answer now; articles go on being archived."""

    status = 503


class RefusedByIndexError(DiembaoError):
    """The search index does not take an article; it is set aside with the cause."""


class DeliverError(DiembaoError):
    """A message could not be delivered. An alert is tried again."""

    status = 502

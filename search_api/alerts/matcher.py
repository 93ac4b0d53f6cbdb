"""Which saved queries a batch of articles matches.

The batch becomes a small index in memory, with the same documents, query language and compiler as the
search page, so a saved query matches what the page finds. A query is run only if the words that it
requires stand in one article of the batch. Queries carry no clock, so each is parsed once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import tantivy

from diembao.errors import BadInputError
from search_api.alerts.prefilter import holders, may_match, parsed
from search_api.index.answering import Answering
from search_api.index.schema import build_schema, rows
from search_api.query import parse
from search_api.query.selective import is_selective

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search_api.index.document import Document

log = logging.getLogger("diembao.alerts")

HEAP = 15_000_000
"""Bytes for a batch in memory; the least that the engine takes."""


def match(documents: Sequence[Document], queries: Mapping[int, str]) -> dict[int, set[int]]:
    """For each saved query that matches anything, the articles it matches.

    A saved query that is no longer understood matches nothing and is logged.
    """
    if not documents or not queries:
        return {}
    answering = _in_memory(documents)
    held = holders(documents)
    matched: dict[int, set[int]] = {}
    for number, query in queries.items():
        try:
            tree, ways = parsed(query)
        except BadInputError as error:
            log.warning(
                "theo dõi %s: câu tìm hỏng (subscription %s, bad query): %s", number, number, error
            )
            continue
        if may_match(ways, held) and (found := answering.ids(tree)):
            matched[number] = found
    return matched


def validate(query: str) -> None:
    """Raises BadInputError with the reason if the query cannot be saved."""
    parsed = parse(query)
    if not is_selective(parsed.tree):
        raise BadInputError(
            "Câu theo dõi phải có ít nhất một từ mang nghĩa, tên hoặc cấp khen thưởng mà mọi bài tìm "
            "thấy đều có; câu trống, chỉ có từ như “và”, “của”, chỉ có ngày hoặc chỉ có NOT sẽ khớp "
            "gần như mọi bài (the rule would match nearly everything)."
        )


def _in_memory(documents: Sequence[Document]) -> Answering:
    schema = build_schema()
    index = tantivy.Index(schema)
    writer = index.writer(HEAP, num_threads=1)
    for document in documents:
        for row in rows(document):
            writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return Answering(schema, index.searcher())

"""A withdrawn article leaves the index with the next batch."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from diembao.archive import audit
from search_api.index.sync import index_batch

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def test_a_withdrawn_article_is_found_no_more(own_shelf: Shelf) -> None:
    article_id = next(iter(own_shelf.ids.values()))
    before = own_shelf.index.count()
    assert own_shelf.client().get(f"/bai/{article_id}").status_code == 200
    now = datetime.now(UTC)
    with own_shelf.archive.write() as conn:
        audit.withdraw(conn, article_id, "lan", "Báo đã đính chính", now)
    while index_batch(own_shelf.archive, own_shelf.index, "w", now, own_shelf.settings):
        pass
    assert own_shelf.index.count() == before - 1
    assert own_shelf.client().get(f"/bai/{article_id}").status_code == 404

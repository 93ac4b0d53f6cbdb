"""An archive of an older release keeps what it holds, and learns what the new one derives from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from alembic import command
from sqlalchemy import insert, select, text

from diembao.archive.engine import Archive
from diembao.archive.migration import config, open_archive
from diembao.archive.schema import extractions, record_parts, senses

if TYPE_CHECKING:
    from pathlib import Path

READ = {
    "id": "1",
    "text": "UBND xã Đồi Chè tặng Giấy khen cho bà Trần Thị Thắm.",
    "mentions": [[0, 15, "UNIT", 1.0, "u"], [21, 30, "AWARD", 1.0, "a"], [38, 51, "PERSON", 1.0, "p"]],
    "awards": [{"award": "Giấy khen", "recipients": ["Trần Thị Thắm"], "conferrer": "UBND xã Đồi Chè", "for_model": None, "level": None, "date": None, "evidence": [0, 52]}],
    "models": [],
    "people": [{"name": "Trần Thị Thắm", "role": None, "unit": None, "evidence": [0, 52]}],
}  # fmt: skip


def test_records_of_before_get_their_parts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    old = Archive(url)
    with old.write() as connection:
        command.upgrade(config(connection), "0001")
        for statement in (
            "INSERT INTO sources (name, source, failures) VALUES ('bao', '{}', 0)",
            "INSERT INTO articles (id, canonical_url, source, version, title, date, first_seen_at)"
            " VALUES (7, 'u', 'bao', 2, 't', '2024-01-01', '2024-01-01')",
            "INSERT INTO entities (id, label, name, aliases, words) VALUES ('e', 'UNIT', 'n', '[]', 'n')",
            "INSERT INTO senses (id, label, key, bearer, entity_id) VALUES ('e', 'UNIT', 'n', '[]', 'e')",
        ):
            connection.execute(text(statement))
        for version in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO extractions (article_id, version, extraction, extractor,"
                    " is_award_article, award_score, extracted_at)"
                    " VALUES (7, :version, :read, 'x', 1, 1.0, '2024-01-01')"
                ),
                {"version": version, "read": json.dumps(READ)},
            )
    old.close()
    archive = open_archive(url)
    with archive.read() as connection:
        parts = connection.execute(select(record_parts).order_by(record_parts.c.kind)).all()
        assert [(row.kind, row.part, row.start, row.words) for row in parts] == [
            ("award", "award", 21, "Giấy khen"),
            ("award", "recipient", 38, "Trần Thị Thắm"),
            ("award", "conferrer", 0, "UBND xã Đồi Chè"),
            ("person", "person", 38, "Trần Thị Thắm"),
        ]
        assert connection.execute(select(extractions.c.uncorrected)).scalars().all() == [None, None]
        assert connection.execute(select(senses.c.split)).scalar_one() is None
    with archive.write() as connection:
        connection.execute(
            insert(senses).values(
                id="s", label="UNIT", key="n", bearer=[], split="d", entity_id="e"
            )
        )
    archive.close()

"""Stories: near-duplicate texts, such as one press release printed by many newspapers.

Two articles are of one story if at least ALIKE of their shingles (four syllables of the folded text
without headline and byline) are the same, by MinHash, and they were published within WINDOW.
Candidates come from the bands of the signatures in the archive. Texts of fewer than SHORTEST shingles
are alike only when equal.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from datasketch import MinHash
from sqlalchemy import delete, insert, select, update

from diembao.archive import jobs
from diembao.archive.components import identify, linked_groups
from diembao.archive.engine import RESOLUTION, lock
from diembao.archive.engine import insert as insert_or
from diembao.archive.schema import articles, signature_bands, signatures, stories
from diembao.article import Article, BlockKind
from diembao.vietnamese.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

ALIKE = 0.55
WINDOW = timedelta(days=7)
SHINGLE = 4
SHORTEST = 8
BANDS, ROWS = 32, 4
"""A pair that is 0.55 alike meets in a band in 95 cases of 100, one of 0.7 in all but one of 10,000."""

_NOT_COMPARED = {BlockKind.TITLE, BlockKind.BYLINE}


def signature(article: Article) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """The MinHash of an article's text: BANDS × ROWS numbers."""
    kept = [block.text for block in article.blocks if block.kind not in _NOT_COMPARED]
    syllables = re.findall(r"\w+", fold("\n".join(kept) or article.title))
    shingles = {" ".join(syllables[i : i + SHINGLE]) for i in range(len(syllables) - SHINGLE + 1)}
    if len(shingles) < SHORTEST:
        shingles = {" ".join(syllables)}
    sketch = MinHash(num_perm=BANDS * ROWS, seed=1, scheme="affine32")
    sketch.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return np.asarray(sketch.hashvalues, dtype="<u4")


def bands(values: np.ndarray[Any, np.dtype[np.uint32]]) -> list[int]:
    """The bands of a signature as numbers of 64 bits."""
    found = []
    for number, row in enumerate(values.reshape(BANDS, ROWS)):
        digest = hashlib.blake2b(number.to_bytes(2, "big") + row.tobytes(), digest_size=8).digest()
        found.append(int.from_bytes(digest, "big", signed=True))
    return found


def assign(connection: Connection, article_id: int, article: Article, now: datetime) -> int:
    """The story of the current version of an article, which may join stories or part one.

    Other articles whose story changes by that are filed for the index.
    """
    lock(connection, RESOLUTION)
    own = signature(article)
    _write(connection, article_id, own)
    before = connection.execute(
        select(articles.c.story_id, articles.c.date).where(articles.c.id == article_id)
    ).one()
    near = set(_candidates(connection, article_id, before.date))
    told = {before.story_id} | set(
        connection.execute(select(articles.c.story_id).where(articles.c.id.in_(near))).scalars()
    )
    of_stories = select(articles.c.id).where(articles.c.story_id.in_(told - {None}))
    members = near | set(connection.execute(of_stories).scalars()) | {article_id}
    rows = {
        row.id: row
        for row in connection.execute(
            select(articles.c.id, articles.c.date, articles.c.story_id, signatures.c.minhash)
            .join(signatures, signatures.c.article_id == articles.c.id)
            .where(articles.c.id.in_(members))
        )
    }
    sketches = {key: np.frombuffer(row.minhash, dtype="<u4") for key, row in rows.items()}

    def are_alike(one: int, other: int) -> bool:
        return bool(
            abs(rows[one].date - rows[other].date) <= WINDOW
            and np.mean(sketches[one] == sketches[other]) >= ALIKE
        )

    def make() -> int:
        new = insert(stories).values(created_at=now).returning(stories.c.id)
        return int(connection.execute(new).scalar_one())

    had = {key: row.story_id for key, row in rows.items()}
    found = identify(linked_groups(rows, are_alike), had, make)
    for key, story_id in found.items():
        if story_id != had[key]:
            connection.execute(
                update(articles).where(articles.c.id == key).values(story_id=story_id)
            )
            if key != article_id:
                jobs.add(connection, "index", str(key), {}, now)
    return found[article_id]


def _write(
    connection: Connection, article_id: int, values: np.ndarray[Any, np.dtype[np.uint32]]
) -> None:
    statement = insert_or(connection, signatures).values(
        article_id=article_id, minhash=values.tobytes()
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["article_id"], set_={"minhash": statement.excluded.minhash}
        )
    )
    connection.execute(delete(signature_bands).where(signature_bands.c.article_id == article_id))
    connection.execute(
        insert(signature_bands),
        [{"band": band, "article_id": article_id} for band in sorted(set(bands(values)))],
    )


def _candidates(connection: Connection, article_id: int, date: datetime) -> Iterable[int]:
    own = select(signature_bands.c.band).where(signature_bands.c.article_id == article_id)
    return connection.execute(
        select(signature_bands.c.article_id)
        .join(articles, articles.c.id == signature_bands.c.article_id)
        .where(
            signature_bands.c.band.in_(own),
            articles.c.date.between(date - WINDOW, date + WINDOW),
            articles.c.withdrawn_at.is_(None),
        )
        .distinct()
    ).scalars()

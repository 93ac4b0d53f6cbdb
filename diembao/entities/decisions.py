"""What an editor decides about entities: `merge` two that are one, `split` what is somebody else, `undo`.

Each is written down with who, when and why, also in the audit trail of the entities that it names, and
takes effect at once: mentions are resolved anew, the events of awards formed anew, articles filed for
the index. What contradicts a standing decision is refused with a sentence that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from diembao.archive import articles, audit, events, extractions, jobs
from diembao.archive.engine import RESOLUTION, lock
from diembao.archive.schema import articles as article_table
from diembao.archive.schema import entities, mentions, senses
from diembao.entities import deciding
from diembao.entities.deciding import Decision
from diembao.entities.partition import partition
from diembao.entities.register import connected_senses, regroup, sense_of
from diembao.entities.resolution import resolve
from diembao.errors import BadInputError, ConflictError, NotFoundError
from diembao.vietnamese.dates import local

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.entities.senses import Sense

MOST = 500
"""Articles that one split takes out by name at most."""


def merge(
    connection: Connection,
    one_id: str,
    other_id: str,
    actor: str,
    reason: str,
    now: datetime,
) -> Decision:
    """Decide that two entities are one.

    Raises NotFoundError, BadInputError where they are one already or of two kinds, ConflictError
    where an editor split them.
    """
    lock(connection, RESOLUTION)
    one, other = _sense(connection, one_id), _sense(connection, other_id)
    if one == other:
        raise BadInputError("Hai mục này đã là một, không cần gộp (they are one already).")
    if one.label is not other.label:
        raise BadInputError(
            "Chỉ gộp được hai mục cùng loại, như hai đơn vị hay hai người (only two of one kind)."
        )
    _refuse_if_split(connection, one, other)
    decision = Decision("merge", one.label, now, actor, reason.strip(), (one, other))
    _take(connection, decision, (one_id, other_id), now)
    return decision


def split(
    connection: Connection,
    entity_id: str,
    article_ids: Collection[int],
    actor: str,
    reason: str,
    now: datetime,
) -> Decision:
    """Decide that an entity's mentions in these articles are one somebody else.

    What all the articles of a sense were chosen for holds for articles to come too. Raises
    NotFoundError, BadInputError where no article, every article or a foreign one is chosen.
    """
    lock(connection, RESOLUTION)
    stays = _sense(connection, entity_id)
    chosen = set(article_ids)
    own = connection.execute(select(senses).where(senses.c.entity_id == entity_id))
    by_id = {row.id: sense_of(row) for row in own}
    rows = connection.execute(
        select(mentions.c.article_id, mentions.c.sense_id)
        .where(mentions.c.entity_id == entity_id)
        .distinct()
    ).all()
    held = {row.article_id for row in rows}
    if not chosen or len(chosen) > MOST:
        raise BadInputError(
            f"Hãy chọn từ 1 đến {MOST} bài nói về người hay đơn vị khác (choose 1 to {MOST} articles)."
        )
    if foreign := sorted(chosen - held):
        raise BadInputError(
            f"Bài số {foreign[0]} không nhắc tới mục này; hãy chọn trong các bài của nó "
            f"(article {foreign[0]} does not mention it)."
        )
    if chosen == held:
        raise BadInputError(
            "Phải để lại ít nhất một bài; nếu mọi bài đều nói về mục khác thì hãy dùng “Gộp với” "
            "(leave at least one article, or merge instead)."
        )
    where: dict[Sense, set[int]] = {}
    for row in rows:
        where.setdefault(by_id[row.sense_id], set()).add(row.article_id)
    whole = {sense for sense, found in where.items() if found <= chosen}
    staying = [sense for sense in where if sense not in whole]
    if stays in whole:
        stays = min(staying, key=lambda sense: sense.id)
    clusters = {(article_id, sense.key) for sense in where for article_id in where[sense] & chosen}
    decision = Decision(
        "split", stays.label, now, actor, reason.strip(),
        (stays, *sorted(whole, key=lambda sense: sense.id)), tuple(sorted(clusters)),
    )  # fmt: skip
    _take(connection, decision, (entity_id,), now)
    return decision


def undo(
    connection: Connection, decision_id: str, actor: str, reason: str, now: datetime
) -> Decision:
    """End a decision. Raises NotFoundError; ConflictError where it is undone already or others rest on it."""
    lock(connection, RESOLUTION)
    decision = deciding.find(connection, decision_id)
    if decision is None:
        raise NotFoundError(f"Không có quyết định {decision_id} (no such decision).")
    if decision.undone_at is not None:
        raise ConflictError(
            f"Quyết định này đã được {decision.undone_by} bỏ {_day(decision.undone_at)} (undone already)."
        )
    if resting := deciding.of_split(connection, decision_id):
        raise ConflictError(
            f"Mục tách ra đã được {resting[-1].actor} {_verb(resting[-1])} {_day(resting[-1].at)}; "
            "hãy bỏ quyết định đó trước (a later decision rests on this one: undo that first)."
        )
    touched = _resolved_articles(connection, decision)
    deciding.end(connection, decision_id, actor, now)
    audit.add(
        connection, audit.Entry(now, actor, "undo", f"decision:{decision_id}", reason.strip())
    )
    replay(connection, decision, now, touched)
    return decision


def replay(
    connection: Connection, decision: Decision, now: datetime, article_ids: Iterable[int] = ()
) -> None:
    """Bring the archive to what stands decided, after a decision was written down or ended.

    `article_ids`: articles that it held for before.
    """
    moved: set[int] = set()
    for article_id in sorted({*article_ids, *_resolved_articles(connection, decision)}):
        moved |= _resolve_again(connection, article_id, now)
    moved |= regroup(connection, decision.names)
    for article_id in sorted(moved):
        jobs.add(connection, "index", str(article_id), {}, now)
    events.rejoin(connection, moved, now)


def _take(
    connection: Connection, decision: Decision, entity_ids: Iterable[str], now: datetime
) -> None:
    deciding.keep(connection, decision)
    for subject in (f"decision:{decision.id}", *(f"entity:{one}" for one in entity_ids)):
        entry = audit.Entry(now, decision.actor, decision.kind, subject, decision.reason)
        audit.add(connection, entry)
    replay(connection, decision, now)


def _sense(connection: Connection, entity_id: str) -> Sense:
    row = connection.execute(
        select(senses).join(entities, entities.c.id == senses.c.id).where(senses.c.id == entity_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Không có mục {entity_id} trong kho; có thể nó đã được gộp hoặc tách "
            f"(no such entity: it may have been merged or split)."
        )
    return sense_of(row)


def _refuse_if_split(connection: Connection, one: Sense, other: Sense) -> None:
    rows, found = connected_senses(connection, {(sense.label, sense.key) for sense in (one, other)})
    living = {sense_of(row) for row in rows}
    merges = [(d.senses[0], d.senses[1]) for d in found if d.kind == "merge"]
    splits = [d for d in found if d.kind == "split"]
    apart = [(d.senses[0], d.id) for d in splits]
    if len(merges) not in partition(living, [*merges, (one, other)], apart).refused:
        return
    against = next(
        d for d, wall in zip(splits, apart, strict=True)
        if len(merges) in partition(living, [*merges, (one, other)], [wall]).refused
    )  # fmt: skip
    raise ConflictError(
        f"{against.actor} đã tách hai mục này {_day(against.at)}"
        f"{f' (“{against.reason}”)' if against.reason else ''}; nếu tách nhầm, hãy bỏ việc tách trước "
        "khi gộp (an editor split them: undo the split first)."
    )


def _resolved_articles(connection: Connection, decision: Decision) -> set[int]:
    """The articles whose names have another sense by a split."""
    if decision.kind == "merge":
        return set()
    found = {article_id for article_id, _ in decision.clusters}
    wanted = [sense.id for sense in decision.senses[1:]]
    taken = senses.c.split == decision.id
    found |= set(
        connection.execute(
            select(mentions.c.article_id)
            .join(senses, senses.c.id == mentions.c.sense_id)
            .where(senses.c.key.in_({key for _, key in decision.names}))
            .where(taken | senses.c.id.in_(wanted))
            .distinct()
        ).scalars()
    )
    return found


def _resolve_again(connection: Connection, article_id: int, now: datetime) -> set[int]:
    """Resolve an article from what was read out of it; the articles whose entities this changed."""
    version = connection.execute(
        select(article_table.c.version).where(article_table.c.id == article_id)
    ).scalar_one()
    extraction = extractions.load(connection, article_id, version)
    if extraction is None:
        return set()
    date = articles.load_version(connection, article_id, version).date
    resolved = resolve(connection, article_id, extraction, date, now)
    events.assign(connection, article_id, resolved, date, now)
    jobs.add(connection, "index", str(article_id), {}, now)
    return set(resolved.moved)


def _verb(decision: Decision) -> str:
    return "gộp" if decision.kind == "merge" else "tách tiếp"


def _day(at: datetime) -> str:
    return f"ngày {local(at):%d/%m/%Y}"

"""What is looked up to decide whether an article, or a day, gives rise to an alert.

Each version of an article is judged once (`take_unjudged`): extracting it anew raises nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from diembao.archive.engine import insert
from diembao.archive.schema import articles, conferments, judged_versions, mentions, subscriptions
from diembao.records import Conferment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection


def take_unjudged(connection: Connection, versions: Mapping[int, int]) -> set[int]:
    """The articles whose given version no one has decided on, which counts as decided from now on."""
    taken = set()
    for article_id, version in versions.items():
        statement = insert(connection, judged_versions).values(
            article_id=article_id, version=version
        )
        changed = connection.execute(
            statement.on_conflict_do_update(
                index_elements=["article_id"],
                set_={"version": statement.excluded.version},
                where=judged_versions.c.version < statement.excluded.version,
            ).returning(judged_versions.c.article_id)
        ).scalar()
        if changed is not None:
            taken.add(article_id)
    return taken


def event_tellings(
    connection: Connection, event_ids: Iterable[int]
) -> list[tuple[int, int, Conferment]]:
    """Event, article and what it says, of all conferments that these events are now made of."""
    rows = connection.execute(
        select(conferments.c.event_id, conferments.c.article_id, conferments.c.conferment).where(
            conferments.c.event_id.in_(list(event_ids))
        )
    )
    return [(event, article, Conferment.model_validate(said)) for event, article, said in rows]


def story_articles(connection: Connection, story_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Story and article, of all articles that these stories are now made of."""
    rows = connection.execute(
        select(articles.c.story_id, articles.c.id).where(articles.c.story_id.in_(list(story_ids)))
    )
    return [(story, article) for story, article in rows]


def first_seen(connection: Connection, entity_ids: Iterable[str]) -> dict[str, datetime]:
    """When the first article that mentions each of these entities came to the archive."""
    rows = connection.execute(
        select(mentions.c.entity_id, func.min(articles.c.first_seen_at).label("first"))
        .join(articles, articles.c.id == mentions.c.article_id)
        .where(mentions.c.entity_id.in_(sorted(entity_ids)))
        .group_by(mentions.c.entity_id)
    )
    return {row.entity_id: row.first for row in rows}


def take_evaluation(connection: Connection, subscription_id: int, day: date) -> bool:
    """Count a trend as looked at on this day; whether no one had."""
    statement = (
        update(subscriptions)
        .where(
            subscriptions.c.id == subscription_id,
            or_(subscriptions.c.evaluated_on.is_(None), subscriptions.c.evaluated_on < day),
        )
        .values(evaluated_on=day)
    )
    return connection.execute(statement).rowcount == 1

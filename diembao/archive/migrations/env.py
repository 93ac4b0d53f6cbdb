"""Runs the steps on the connection of the caller, inside its transaction."""

from typing import Any, Literal

from alembic import context

from diembao.archive.schema import Time, metadata


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Times as the database knows them, so that old steps do not lean on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Time) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()

"""The tables of the people who use the page: their accounts, and what is their own.

`owner` is the number of a user, or 0, the office, where nobody has an account.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from diembao.archive.metadata import Time, metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),  # the form in which spellings are equal
    Column("role", String, nullable=False),  # reader, editor, admin
    Column("password", String, nullable=False),  # its Argon2 digest
    Column("token", String, unique=True),  # SHA-256 of the one that the user's programs carry
    Column("created_at", Time, nullable=False),
    sqlite_autoincrement=True,  # what a removed user owned is never another's
)

sessions = Table(  # signed in in a browser
    "sessions",
    metadata,
    Column("token", String, primary_key=True),  # SHA-256 of the one in the cookie
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("expires_at", Time, nullable=False),
)

own_tags = Table(
    "own_tags",
    metadata,
    Column("owner", Integer, primary_key=True),
    Column("key", Text, primary_key=True),  # the form in which spellings are equal
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("tag", Text, nullable=False),
    Index("ix_own_tags_article", "owner", "article_id"),
)

notes = Table(
    "notes",
    metadata,
    Column("owner", Integer, primary_key=True),
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("changed_at", Time, nullable=False),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),  # the form in which spellings are equal
    Column("created_at", Time, nullable=False),
    UniqueConstraint("owner", "key"),
    sqlite_autoincrement=True,
)

dossier_articles = Table(
    "dossier_articles",
    metadata,
    Column("dossier_id", Integer, ForeignKey("dossiers.id"), primary_key=True),
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("added_at", Time, nullable=False),
    Index("ix_dossier_articles_article", "article_id"),
)

past_searches = Table(
    "past_searches",
    metadata,
    Column("owner", Integer, primary_key=True),
    Column("query", Text, primary_key=True),
    Column("searched_at", Time, nullable=False),
)

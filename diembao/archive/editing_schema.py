"""The tables of what editors decide and correct, and of who plays which part in which record."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from diembao.archive.metadata import Time, metadata

decisions = Table(  # editors' merges and splits of entities, replayed at every resolution
    "decisions",
    metadata,
    Column("id", String, primary_key=True),  # of its content: the same in every archive
    Column("kind", String, nullable=False),  # merge, split
    Column("label", String, nullable=False),
    Column("at", Time, nullable=False),
    Column("actor", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("undone_at", Time),
    Column("undone_by", String),
)

decision_senses = Table(  # merge: the two that are one; split: who stays (0), then who goes
    "decision_senses",
    metadata,
    Column("decision_id", String, ForeignKey("decisions.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("sense_id", String, nullable=False, index=True),
    Column("key", Text, nullable=False, index=True),
    Column("bearer", JSON, nullable=False),
    Column("split", String),
)

decision_clusters = Table(  # split: names of single articles that mean somebody else
    "decision_clusters",
    metadata,
    Column("decision_id", String, ForeignKey("decisions.id"), primary_key=True),
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True, index=True),
    Column("key", Text, primary_key=True),
)

corrections = Table(  # what editors changed in what was read out of an article
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Integer, ForeignKey("articles.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),  # that the editor saw
    Column("claim", JSON, nullable=False),  # diembao.correcting
    Column("at", Time, nullable=False),
    Column("actor", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("stands", Boolean, nullable=False),  # whether its words stand in the current version
    Column("undone_at", Time),
    Column("undone_by", String),
)

record_parts = Table(  # which mention plays which part in which record of an article
    "record_parts",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True),
    Column("kind", String, primary_key=True),  # award, model, person
    Column("ordinal", Integer, primary_key=True),  # its place in the extraction
    Column("number", Integer, primary_key=True),
    Column(
        "part", String, nullable=False
    ),  # recipient, conferrer, model, owner, person, unit, role
    Column("start", Integer),  # of the mention, where there is one
    Column("words", Text, nullable=False),  # as the record has them
    Index("ix_record_parts_start", "article_id", "start"),
)

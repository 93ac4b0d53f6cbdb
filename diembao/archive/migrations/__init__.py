"""Alembic's steps of the archive's tables."""

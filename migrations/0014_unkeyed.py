"""Leads of a file that have neither address nor outside id are read without the others when it comes again."""

from __future__ import annotations

from sqlite_utils import Database

INDEX = """CREATE INDEX lead_unkeyed ON lead(batch_id)
  WHERE batch_id IS NOT NULL AND email IS NULL AND external_id IS NULL"""


def up(db: Database) -> None:
    """Add the index."""
    db.execute(INDEX)

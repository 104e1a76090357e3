"""The rep's own telephone number, which messages may say."""

from __future__ import annotations

from sqlite_utils import Database


def up(db: Database) -> None:
    """Add the column; it is filled from the rep's config when the desk is next opened."""
    db.execute("ALTER TABLE rep ADD COLUMN phone TEXT")

"""What a day or a month should hear of its leads is read by when they qualified and when they ended."""

from __future__ import annotations

from sqlite_utils import Database

INDEXES = (
    "CREATE INDEX lead_qualified ON lead(qualified_at) WHERE qualified_at IS NOT NULL",
    "CREATE INDEX lead_ended ON lead(closed_at) WHERE closed_at IS NOT NULL",
)


def up(db: Database) -> None:
    """Add the two indexes."""
    for statement in INDEXES:
        db.execute(statement)

"""How much of a day is taken is read from the index alone, whoever's and whatever its touches are.

Accepting a lead looks at each coming day until one has room; where weeks ahead are full, the rows of every day were
fetched for two of their columns.
"""

from __future__ import annotations

from sqlite_utils import Database

INDEX = "CREATE INDEX lead_queue_due ON lead(queue_band, due_at, next_kind, owner_id) WHERE queue_band IS NOT NULL"


def up(db: Database) -> None:
    """Widen the index of what is due."""
    db.execute("DROP INDEX lead_queue_due")
    db.execute(INDEX)

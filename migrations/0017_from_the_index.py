"""What is due on a day, and whose response clock ran out, is read from the index alone.

Accepting a lead looks at each coming day until one has room, and the day's end lists every open lead whose clock ran
out: both fetched the row of each lead for a column or two. After a bought list of a hundred thousand that was seconds.
"""

from __future__ import annotations

from sqlite_utils import Database

INDEXES = (
    "CREATE INDEX lead_queue_due ON lead(queue_band, due_at, next_kind, owner_id) WHERE queue_band IS NOT NULL",
    """CREATE INDEX lead_unanswered ON lead(respond_by, state, queue_band, first_touch_at)
      WHERE respond_by IS NOT NULL AND first_touch_at IS NULL AND queue_band IS NOT NULL""",
)


def up(db: Database) -> None:
    """Widen both indexes."""
    for statement in INDEXES:
        db.execute(f"DROP INDEX {statement.split()[2]}")
        db.execute(statement)

"""What the first screen shows is read without counting and without the rows: verdicts by source, the queue by index.

The verdicts follow the tallies of migration 0007, whoever writes those; `sdr doctor` counts them again too.
"""

from __future__ import annotations

from sqlite_utils import Database

# The states that stand for a verdict.
VERDICTS = "'qualified', 'offered', 'accepted', 'opportunity', 'won', 'lost', 'rejected', 'disqualified'"
TABLE = """CREATE TABLE tally_verdict (
  source_id INTEGER NOT NULL, state TEXT NOT NULL, leads INTEGER NOT NULL, PRIMARY KEY (source_id, state)
) STRICT, WITHOUT ROWID"""
# All that the order of the queue is read from.
INDEXES = (
    "CREATE INDEX lead_queue_rank ON lead(queue_band, rank DESC, due_at, close_at) WHERE queue_band IS NOT NULL",
    "CREATE INDEX lead_queue_close ON lead(queue_band, close_at, due_at) WHERE close_at IS NOT NULL",
)


def _follow(what: str, row: str, leads: str) -> str:
    """Count into the verdicts what one tally gained or lost."""
    return f"""CREATE TRIGGER tally_verdict_{what.split()[0].lower()} AFTER {what} ON tally
      WHEN {row}.state IN ({VERDICTS}) BEGIN
      INSERT INTO tally_verdict VALUES ({row}.source_id, {row}.state, {leads})
      ON CONFLICT DO UPDATE SET leads = leads + excluded.leads; END"""


TRIGGERS = (
    _follow("INSERT", "NEW", "NEW.leads"),
    _follow("UPDATE OF leads", "NEW", "NEW.leads - OLD.leads"),
    _follow("DELETE", "OLD", "-OLD.leads"),
)


def up(db: Database) -> None:
    """Add the verdicts and what keeps them in place of the index they were counted by, and widen the queue's."""
    db.execute(TABLE)
    db.execute(
        f"""INSERT INTO tally_verdict SELECT source_id, state, sum(leads) FROM tally
        WHERE state IN ({VERDICTS}) GROUP BY 1, 2"""
    )
    for statement in TRIGGERS:
        db.execute(statement)
    db.execute("DROP INDEX lead_judged")
    for statement in INDEXES:
        db.execute(f"DROP INDEX {statement.split()[2]}")
        db.execute(statement)

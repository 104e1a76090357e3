"""What the day's end asks is read without every lead that waits, every handoff there was, every promise that was kept.

How many response clocks of untouched leads run out in an hour is a tally, as those of migration 0007: kept by
triggers in the transaction of every write, counted again by `sdr doctor`, and not told in the journal.
"""

from __future__ import annotations

from sqlite_utils import Database

TABLE = """CREATE TABLE tally_clock (
  hour INTEGER NOT NULL PRIMARY KEY, leads INTEGER NOT NULL
) STRICT, WITHOUT ROWID"""
INDEXES = (
    # When a handoff was last offered, answered or ended.
    "CREATE INDEX handoff_moved ON handoff(max(offered_at, coalesce(answered_at, 0), coalesce(closed_at, 0)))",
    "CREATE INDEX promise_open ON promise(due_at, lead_id) WHERE kept_at IS NULL AND dropped_at IS NULL",
)
_WAITING = """({0}.respond_by IS NOT NULL AND {0}.first_touch_at IS NULL
  AND {0}.state IN ('inquiry', 'new', 'working', 'talking', 'qualified'))"""
_HOUR = "{0}.respond_by / 3600000"
_CHANGE = "AFTER UPDATE OF respond_by, first_touch_at, state ON lead"


def _trigger(name: str, what: str, row: str, leads: int, other: str = "") -> str:
    """Count the clock of one lead in, or out, when it runs; of a change, when it ran otherwise in the `other` row."""
    hours = f"{_HOUR.format(row)} IS NOT {_HOUR.format(other)}"
    differs = f"AND (NOT {_WAITING.format(other)} OR {hours})" if other else ""
    return f"""CREATE TRIGGER tally_clock_{name} {what} WHEN {_WAITING.format(row)} {differs}
      BEGIN INSERT INTO tally_clock VALUES ({_HOUR.format(row)}, {leads})
      ON CONFLICT DO UPDATE SET leads = leads + excluded.leads; END"""


TRIGGERS = (
    _trigger("new", "AFTER INSERT ON lead", "NEW", 1),
    _trigger("end", "AFTER DELETE ON lead", "OLD", -1),
    _trigger("out", _CHANGE, "OLD", -1, "NEW"),
    _trigger("in", _CHANGE, "NEW", 1, "OLD"),
)


def up(db: Database) -> None:
    """Add the tally, count what is there and keep it from now on; add the indexes."""
    db.execute(TABLE)
    db.execute(
        f"""INSERT INTO tally_clock SELECT {_HOUR.format("lead")}, count(*) FROM lead
        WHERE {_WAITING.format("lead")} GROUP BY 1"""
    )
    for statement in (*TRIGGERS, *INDEXES):
        db.execute(statement)

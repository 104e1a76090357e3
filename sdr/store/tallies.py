"""The tallies by the hour of a lead's arrival (migration 0007), the verdicts by source that follow them (0008) and the
clocks of untouched leads by the hour they run out in (0013): compared with the rows, and counted again.

Triggers keep them; nothing here is on the way of a write.
"""

from __future__ import annotations

import sqlite3

from sdr.store.queries.handoffs import TAKEN

HOUR = 3_600_000
_HERE = "lead.arrived_at / 3600000, coalesce(lead.source_id, 0)"
LEADS = f"""SELECT {_HERE}, state, coalesce(reason, ''), first_touch_at IS NOT NULL, count(*), count(cost_minor),
  sum(coalesce(cost_minor, 0)) FROM lead GROUP BY 1, 2, 3, 4, 5"""
WORK = f"""SELECT {_HERE}, channel, count(*), sum(coalesce(touch.cost_minor, 0))
  FROM touch JOIN lead ON lead.id = touch.lead_id WHERE skipped = 0 GROUP BY 1, 2, 3"""
_TAKEN = ", ".join(f"'{state}'" for state in TAKEN)
HANDED = f"""SELECT hour, source_id, count(*), sum(taken) FROM (SELECT lead.arrived_at / 3600000 AS hour,
  coalesce(lead.source_id, 0) AS source_id, max(handoff.state IN ({_TAKEN})) AS taken
  FROM handoff JOIN lead ON lead.id = handoff.lead_id GROUP BY lead.id) GROUP BY 1, 2"""
VERDICTS = """SELECT coalesce(source_id, 0), state, count(*) FROM lead WHERE state IN
  ('qualified', 'offered', 'accepted', 'opportunity', 'won', 'lost', 'rejected', 'disqualified') GROUP BY 1, 2"""
CLOCKS = """SELECT respond_by / 3600000, count(*) FROM lead WHERE respond_by IS NOT NULL AND first_touch_at IS NULL
  AND state IN ('inquiry', 'new', 'working', 'talking', 'qualified') GROUP BY 1"""
# The triggers that count a lead in as it begins, and the statements that count many at once in their place.
KEPT_BY = ("tally_new", "tally_clock_new")
_NEW_ONES = "FROM temp.unindexed CROSS JOIN lead USING (id) WHERE true"
NEW_LEADS = (
    f"""INSERT INTO tally {LEADS.replace("FROM lead", _NEW_ONES)}
  ON CONFLICT DO UPDATE SET leads = leads + excluded.leads, priced = priced + excluded.priced,
  cost = cost + excluded.cost""",
    f"""INSERT INTO tally_clock {CLOCKS.replace("FROM lead WHERE", f"{_NEW_ONES} AND")}
  ON CONFLICT DO UPDATE SET leads = leads + excluded.leads""",
)
# In this order: the verdicts follow the tallies of leads.
COUNTED = {
    "tally": (LEADS, "leads"),
    "tally_work": (WORK, "touches"),
    "tally_handed": (HANDED, "offered"),
    "tally_verdict": (VERDICTS, "leads"),
    "tally_clock": (CLOCKS, "leads"),
}


def wrong(db: sqlite3.Connection) -> int:
    """How many tallies are not what counting the rows gives."""
    found = 0
    for table, (counted, what) in COUNTED.items():
        kept = f"SELECT * FROM {table} WHERE {what} <> 0"
        either = f"SELECT * FROM ({kept} EXCEPT {counted}) UNION ALL SELECT * FROM ({counted} EXCEPT {kept})"
        found += int(db.execute(f"SELECT count(*) FROM ({either})").fetchone()[0])
    return found


def count_again(db: sqlite3.Connection) -> None:
    """Put what counting gives in place of every tally, inside the caller's transaction."""
    for table, (counted, _what) in COUNTED.items():
        db.execute(f"DELETE FROM {table}")
        db.execute(f"INSERT INTO {table} {counted}")

"""A lead that changes is counted for a third of the cost: what a tally gains or loses is said as a row of values.

Said as a query, as in migration 0007, SQLite puts it into a temporary table first, for each row of each write, because
a tally has triggers of its own (migration 0008). What a new lead has brought along (an act may tell of touches before
the lead they are about) is looked at only when it has brought something.
"""

from __future__ import annotations

from sqlite_utils import Database

_OF_LEAD = "{0}.arrived_at / 3600000, coalesce({0}.source_id, 0)"
_LEAD = f"{_OF_LEAD}, {{0}}.state, coalesce({{0}}.reason, ''), {{0}}.first_touch_at IS NOT NULL"
# The states of a handoff that an account executive took.
TAKEN = "'accepted', 'met', 'no-show', 'opportunity', 'won', 'lost'"


def _count(row: str, sign: str) -> str:
    """Count one lead in, or out."""
    own = f"{row}.cost_minor"
    return f"""INSERT INTO tally VALUES ({_LEAD.format(row)}, {sign}1, {sign}({own} IS NOT NULL),
      {sign}coalesce({own}, 0)) ON CONFLICT DO UPDATE SET leads = leads + excluded.leads,
      priced = priced + excluded.priced, cost = cost + excluded.cost;"""


def _count_more(row: str, sign: str) -> str:
    """Count all touches of one lead in, or out, and whether it was offered and taken."""
    return f"""INSERT INTO tally_work SELECT {_OF_LEAD.format(row)}, channel, {sign}count(*),
        {sign}sum(coalesce(cost_minor, 0)) FROM touch WHERE lead_id = {row}.id AND skipped = 0 GROUP BY channel
        ON CONFLICT DO UPDATE SET touches = touches + excluded.touches, cost = cost + excluded.cost;
      INSERT INTO tally_handed SELECT {_OF_LEAD.format(row)}, {sign}1, {sign}max(state IN ({TAKEN}))
        FROM handoff WHERE lead_id = {row}.id GROUP BY lead_id
        ON CONFLICT DO UPDATE SET offered = offered + excluded.offered, accepted = accepted + excluded.accepted;"""


_BROUGHT = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE lead_id = NEW.id)" for table in ("touch", "handoff"))
TRIGGERS = (
    f"CREATE TRIGGER tally_new AFTER INSERT ON lead BEGIN {_count('NEW', '')} END",
    f"CREATE TRIGGER tally_brought AFTER INSERT ON lead WHEN {_BROUGHT} BEGIN {_count_more('NEW', '')} END",
    f"CREATE TRIGGER tally_end AFTER DELETE ON lead BEGIN {_count('OLD', '-')} {_count_more('OLD', '-')} END",
    f"""CREATE TRIGGER tally_change AFTER UPDATE OF
      arrived_at, source_id, state, reason, first_touch_at, cost_minor ON lead
      WHEN ({_LEAD.format("OLD")}, OLD.cost_minor) IS NOT ({_LEAD.format("NEW")}, NEW.cost_minor)
      BEGIN {_count("OLD", "-")} {_count("NEW", "")} END""",
)


def up(db: Database) -> None:
    """Make the triggers anew that count leads (no statement may end the surrounding transaction)."""
    for statement in TRIGGERS:
        db.execute(f"DROP TRIGGER IF EXISTS {statement.split()[2]}")
        db.execute(statement)

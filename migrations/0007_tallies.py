"""Tallies of leads, touches and handoffs by the hour a lead arrived: what the report of sources is added up from.

Kept by triggers in the transaction of every write, whoever writes, so that they always equal the count of the rows;
`sdr doctor` counts them again. They are a cache and are not told in the journal.
"""

from __future__ import annotations

from sqlite_utils import Database

TABLES = (
    """CREATE TABLE tally (
      hour INTEGER NOT NULL, source_id INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
      touched INTEGER NOT NULL, leads INTEGER NOT NULL, priced INTEGER NOT NULL, cost INTEGER NOT NULL,
      PRIMARY KEY (hour, source_id, state, reason, touched)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE tally_work (
      hour INTEGER NOT NULL, source_id INTEGER NOT NULL, channel TEXT NOT NULL, touches INTEGER NOT NULL,
      cost INTEGER NOT NULL, PRIMARY KEY (hour, source_id, channel)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE tally_handed (
      hour INTEGER NOT NULL, source_id INTEGER NOT NULL, offered INTEGER NOT NULL, accepted INTEGER NOT NULL,
      PRIMARY KEY (hour, source_id)
    ) STRICT, WITHOUT ROWID""",
)
# The states of a handoff that an account executive took.
TAKEN = "'accepted', 'met', 'no-show', 'opportunity', 'won', 'lost'"
# A source's id, 0 for a lead without one: NULL in a key would equal nothing.
_LEAD_KEY = "{0}.arrived_at / 3600000, coalesce({0}.source_id, 0), {0}.state, coalesce({0}.reason, '')"
_LEAD = f"{_LEAD_KEY}, {{0}}.first_touch_at IS NOT NULL"
_OF_LEAD = "{0}.arrived_at / 3600000 AS hour, coalesce({0}.source_id, 0) AS source_id"
_ADD = """ON CONFLICT DO UPDATE SET leads = leads + excluded.leads, priced = priced + excluded.priced,
  cost = cost + excluded.cost"""
_ADD_WORK = "ON CONFLICT DO UPDATE SET touches = touches + excluded.touches, cost = cost + excluded.cost"
_ADD_HANDED = "ON CONFLICT DO UPDATE SET offered = offered + excluded.offered, accepted = accepted + excluded.accepted"


def _count_handed(row: str, sign: str) -> str:
    """Count one lead in, or out, of those that were offered and those that were taken."""
    return f"""INSERT INTO tally_handed SELECT {_OF_LEAD.format(row)}, {sign}1, {sign}max(state IN ({TAKEN}))
      FROM handoff WHERE lead_id = {row}.id GROUP BY lead_id {_ADD_HANDED};"""


def _count_handoff(leads: str, sign: str) -> str:
    """The same for leads that are there, by their ids."""
    return f"""INSERT INTO tally_handed SELECT {_OF_LEAD.format("lead")}, {sign}1, {sign}max(handoff.state IN ({TAKEN}))
      FROM handoff CROSS JOIN lead ON lead.id = handoff.lead_id WHERE handoff.lead_id IN ({leads}) GROUP BY lead.id
      {_ADD_HANDED};"""


def _around(what: str, leads: str) -> tuple[str, str]:
    """What is counted out before a write of a handoff, and in after it."""
    name = what.split()[0].lower()
    return (
        f"CREATE TRIGGER tally_before_{name} BEFORE {what} ON handoff BEGIN {_count_handoff(leads, '-')} END",
        f"CREATE TRIGGER tally_after_{name} AFTER {what} ON handoff BEGIN {_count_handoff(leads, '')} END",
    )


def _count(row: str, sign: str) -> str:
    """Count one lead in, or out."""
    own = f"{row}.cost_minor"
    return f"""INSERT INTO tally SELECT {_LEAD.format(row)}, {sign}1, {sign}({own} IS NOT NULL),
      {sign}coalesce({own}, 0) WHERE true {_ADD};"""


def _count_work(row: str, sign: str) -> str:
    """Count all touches of one lead in, or out."""
    return f"""INSERT INTO tally_work SELECT {_OF_LEAD.format(row)}, channel, {sign}count(*),
      {sign}sum(coalesce(cost_minor, 0)) FROM touch WHERE lead_id = {row}.id AND skipped = 0 GROUP BY channel
      {_ADD_WORK};"""


def _count_more(row: str, sign: str) -> str:
    return f"{_count_work(row, sign)} {_count_handed(row, sign)}"


def _count_touch(row: str, sign: str) -> str:
    """Count one touch in, or out, of a lead that is there."""
    return f"""INSERT INTO tally_work SELECT {_OF_LEAD.format("lead")}, {row}.channel, {sign}1,
      {sign}coalesce({row}.cost_minor, 0) FROM lead WHERE id = {row}.lead_id AND {row}.skipped = 0 {_ADD_WORK};"""


_COUNTED = "arrived_at, source_id, state, reason, first_touch_at, cost_minor"
TRIGGERS = (
    f"CREATE TRIGGER tally_new AFTER INSERT ON lead BEGIN {_count('NEW', '')} {_count_more('NEW', '')} END",
    f"CREATE TRIGGER tally_end AFTER DELETE ON lead BEGIN {_count('OLD', '-')} {_count_more('OLD', '-')} END",
    f"""CREATE TRIGGER tally_change AFTER UPDATE OF {_COUNTED} ON lead
      WHEN ({_LEAD.format("OLD")}, OLD.cost_minor) IS NOT ({_LEAD.format("NEW")}, NEW.cost_minor)
      BEGIN {_count("OLD", "-")} {_count("NEW", "")} END""",
    f"""CREATE TRIGGER tally_move AFTER UPDATE OF arrived_at, source_id ON lead
      WHEN (OLD.arrived_at / 3600000, OLD.source_id) IS NOT (NEW.arrived_at / 3600000, NEW.source_id)
      BEGIN {_count_more("OLD", "-")} {_count_more("NEW", "")} END""",
    f"CREATE TRIGGER tally_touch AFTER INSERT ON touch BEGIN {_count_touch('NEW', '')} END",
    f"CREATE TRIGGER tally_untouch AFTER DELETE ON touch BEGIN {_count_touch('OLD', '-')} END",
    f"""CREATE TRIGGER tally_retouch AFTER UPDATE OF lead_id, channel, skipped, cost_minor ON touch
      BEGIN {_count_touch("OLD", "-")} {_count_touch("NEW", "")} END""",
    *_around("INSERT", "NEW.lead_id"),
    *_around("UPDATE OF lead_id, state", "OLD.lead_id, NEW.lead_id"),
    *_around("DELETE", "OLD.lead_id"),
)


def up(db: Database) -> None:
    """Add the tallies, count what is there, and keep them from now on."""
    for statement in TABLES:
        db.execute(statement)
    db.execute(
        f"""INSERT INTO tally SELECT {_LEAD.format("lead")}, count(*), count(cost_minor), sum(coalesce(cost_minor, 0))
        FROM lead GROUP BY 1, 2, 3, 4, 5"""
    )
    db.execute(
        f"""INSERT INTO tally_work SELECT {_OF_LEAD.format("lead")}, channel, count(*),
        sum(coalesce(touch.cost_minor, 0)) FROM touch JOIN lead ON lead.id = touch.lead_id WHERE skipped = 0
        GROUP BY 1, 2, 3"""
    )
    db.execute(
        f"""INSERT INTO tally_handed SELECT hour, source_id, count(*), sum(taken) FROM (
        SELECT {_OF_LEAD.format("lead")}, max(handoff.state IN ({TAKEN})) AS taken FROM handoff
        JOIN lead ON lead.id = handoff.lead_id GROUP BY lead.id) GROUP BY 1, 2"""
    )
    for statement in TRIGGERS:
        db.execute(statement)

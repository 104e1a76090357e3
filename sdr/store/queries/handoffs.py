"""Reading handoffs: each with its lead, its account executive, its clock and whose move it is."""

from __future__ import annotations

from typing import Any, NamedTuple

from sdr.models.terms import HandoffState, LeadState
from sdr.rules.handoff import accountable
from sdr.store import rows
from sdr.store.queries.reading import every, one
from sdr.store.session import Reader

OPEN = (HandoffState.OFFERED, HandoffState.ACCEPTED)  # what fills an account executive's capacity
TAKEN = (
    HandoffState.ACCEPTED, HandoffState.MET, HandoffState.NO_SHOW, HandoffState.OPPORTUNITY, HandoffState.WON,
    HandoffState.LOST,
)  # fmt: skip
BACK = (HandoffState.RETURNED, HandoffState.RECALLED, HandoffState.EXPIRED, HandoffState.NO_SHOW)


class Listed(NamedTuple):
    """One handoff as a list shows it. Times are ms UTC; `overdue` when its clock ran out unanswered."""

    id: int
    lead_id: int
    lead: str
    company: str | None
    city: str | None
    zone: str
    lead_state: str
    ae: str
    state: str
    offered_at: int
    respond_by: int
    answered_at: int | None
    closed_at: int | None
    meeting_at: int | None
    reason: str | None
    note: str | None
    why_ae: str
    rep: str
    accountable: str
    overdue: bool


class Executive(NamedTuple):
    """An account executive with the handoffs they have open."""

    ae: rows.AccountExecutive
    open: int


_LISTED = """SELECT handoff.id, handoff.lead_id, lead.name, lead.company, lead.city, lead.zone, lead.state, ae.name,
  handoff.state, handoff.offered_at, handoff.respond_by, handoff.answered_at, handoff.closed_at, handoff.meeting_at,
  handoff.reason, handoff.note, handoff.why_ae, coalesce(rep.name, (SELECT name FROM rep ORDER BY id LIMIT 1))
  FROM handoff JOIN lead ON lead.id = handoff.lead_id JOIN ae ON ae.id = handoff.ae_id
  LEFT JOIN rep ON rep.id = lead.owner_id"""
# Unanswered first, the most urgent on top; then the newest.
_ORDER = """ORDER BY handoff.state <> 'offered', CASE handoff.state WHEN 'offered' THEN handoff.respond_by
  ELSE -coalesce(handoff.closed_at, handoff.answered_at, handoff.offered_at) END, handoff.id"""


def by_id(db: Reader, handoff_id: int) -> rows.Handoff | None:
    """The handoff with this id."""
    return one(db, rows.Handoff, "SELECT * FROM handoff WHERE id=?", (handoff_id,))


def of_lead(db: Reader, lead_id: int) -> tuple[rows.Handoff, ...]:
    """Every handoff of a lead, oldest first."""
    return every(db, rows.Handoff, "SELECT * FROM handoff WHERE lead_id=? ORDER BY id", (lead_id,))


def listed(db: Reader, state: str | None = None, now: int = 0, limit: int = 1000) -> tuple[Listed, ...]:
    """Handoffs (of one `state`, if given), those that wait for an answer first; `now` in ms UTC sets their clocks."""
    where, args = ("WHERE handoff.state=?", [state]) if state else ("", [])
    found = db.execute(f"{_LISTED} {where} {_ORDER} LIMIT ?", [*args, limit])
    return tuple(_listed(row, now) for row in found)


def one_listed(db: Reader, handoff_id: int, now: int = 0) -> Listed | None:
    """The handoff with this id as a list shows it."""
    row = db.execute(f"{_LISTED} WHERE handoff.id=?", (handoff_id,)).fetchone()
    return None if row is None else _listed(row, now)


def _listed(row: Any, now: int) -> Listed:
    lead, handoff, overdue = LeadState(row[6]), HandoffState(row[8]), row[8] == "offered" and row[10] < now
    # A handoff that ended says nothing of a later one: the move is then the rep's.
    owed = LeadState.QUALIFIED if handoff in BACK else lead
    return Listed(*(*row, accountable(owed, row[17], row[7], overdue=overdue), overdue))


def executives(db: Reader) -> tuple[Executive, ...]:
    """The account executives in the order they were named, each with their open handoffs."""
    marks = ",".join(f"'{state}'" for state in OPEN)
    sql = f"SELECT id, (SELECT count(*) FROM handoff WHERE ae_id=ae.id AND state IN ({marks})) FROM ae"
    load = dict(db.execute(sql).fetchall())
    found = every(db, rows.AccountExecutive, "SELECT * FROM ae ORDER BY id")
    return tuple(Executive(ae, load[ae.id]) for ae in found)


def executive(db: Reader, name: str) -> rows.AccountExecutive | None:
    """The account executive of this name, whatever its case."""
    return one(db, rows.AccountExecutive, "SELECT * FROM ae WHERE name=? COLLATE NOCASE ORDER BY id", (name.strip(),))


class Contact(NamedTuple):
    """One done touch, as a brief tells it."""

    at: int
    channel: str
    outcome: str | None


def contacts(db: Reader, lead_id: int, limit: int = 6) -> tuple[Contact, ...]:
    """What was done to reach a lead, newest first."""
    sql = "SELECT at, channel, outcome FROM touch WHERE lead_id=? AND skipped=0 ORDER BY at DESC, id DESC LIMIT ?"
    return every(db, Contact, sql, (lead_id, limit))

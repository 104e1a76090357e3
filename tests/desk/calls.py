"""What tests of calls, drips and replies share: leads in every state, rows of a table, what must hold of a lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sdr.desk.calling import call
from sdr.desk.triage import accept, nurture
from sdr.models.terms import OPEN_STATES, ms
from sdr.store import rebuilding, rows
from sdr.store.queries.reading import every
from tests.desks import Desk

GOOD = {"budget": "yes", "decides": "self", "stage": "comparing", "role": "decider"}  # 84 points, every must-have met
STATES = ("inquiry", "new", "working", "talking", "qualified", "nurture", "offered")


def table(desk: Desk, kind: type, name: str, where: str = "1") -> tuple[Any, ...]:
    """Rows of one table."""
    return desk.store.read(lambda db: every(db, kind, f"SELECT * FROM {name} WHERE {where} ORDER BY id")).result(10)


def in_state(desk: Desk, state: str) -> int:
    """A lead brought to `state` by verbs, where there are some."""
    begun = "inquiry" if state == "inquiry" else "new"
    lead = desk.new_lead(state=begun, source_id=desk.source(name=state), email=f"{state}@acme.example")
    if state in ("working", "talking"):
        desk.act(accept, lead)
    if state == "talking":
        desk.act(call, lead, "interested")
    if state == "qualified":
        desk.act(call, lead, "qualified", answers=GOOD)
    if state == "nurture":
        desk.act(nurture, lead, desk.clock() + timedelta(days=60))
    if state == "offered":
        lead = desk.new_lead(state="offered", next_kind="answer", queue_band=7)
    assert desk.lead(lead).state == state
    desk.clock.pass_(minutes=5)
    return lead


def assert_owed_or_closed(desk: Desk, lead_id: int, before: rows.Lead | None = None) -> None:
    """An open lead has a next step and an owner, not in the past unless it was so before; a closed one has none."""
    lead = desk.lead(lead_id)
    if lead.state in OPEN_STATES:
        assert lead.next_kind
        assert lead.owner_id
        assert lead.queue_band is not None
        assert lead.due_at is not None
        assert lead.due_at >= ms(desk.clock()) or (before and lead.due_at == before.due_at), lead
    else:
        assert (lead.next_kind, lead.due_at, lead.queue_band) == (None, None, None)
        assert lead.closed_at


def assert_journal_holds(desk: Desk) -> None:
    """The state tables are what the journal folds to."""
    assert desk.store.exclusively(rebuilding.differences).result(10) == []

"""Leads that are ready to be handed over, for tests of what comes after."""

from __future__ import annotations

from sdr.desk.handing_off import hand_off, set_ae
from sdr.desk.triage import accept, answer
from sdr.store import rows
from sdr.store.queries import handoffs
from tests.desks import Desk

QUALIFIED = {"budget": "yes", "decides": "self", "role": "decider", "stage": "comparing"}


def executive(desk: Desk, name: str = "Kim Ode", **fields: object) -> int:
    """An account executive of this name."""
    desk.act(set_ae, name, **fields)
    found = desk.store.read(handoffs.executive, name).result(10)
    assert found is not None
    return found.id


def qualified(desk: Desk, **fields: object) -> int:
    """A lead that is being worked and meets the rubric."""
    lead = desk.new_lead(**fields)
    desk.act(accept, lead)
    desk.act(answer, lead, QUALIFIED)
    return lead


def offered(desk: Desk, lead: int | None = None, **more: object) -> rows.Handoff:
    """A lead handed off; its handoff."""
    lead = qualified(desk) if lead is None else lead
    desk.act(hand_off, lead, **more)
    return newest(desk, lead)


def newest(desk: Desk, lead: int) -> rows.Handoff:
    """The newest handoff of a lead."""
    return desk.store.read(handoffs.of_lead, lead).result(10)[-1]

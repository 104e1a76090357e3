"""`is:one-and-done`: a single touch, no verdict, nothing planned; on real leads brought there by verbs."""

from __future__ import annotations

from datetime import timedelta

from sdr.desk.calling import call
from sdr.desk.drip import enroll, stop
from sdr.desk.triage import disqualify
from sdr.models.terms import ms
from sdr.rules.filtering import parse
from sdr.store.queries import playbook, queue
from sdr.store.queries.narrowing import narrowed
from tests.desks import Desk


def found(desk: Desk, text: str = "is:one-and-done") -> set[int]:
    later = desk.clock() + timedelta(days=30)  # what is asked only tomorrow is in the queue then
    wanted = narrowed(parse(text), desk.clock(), "Europe/Madrid")
    return set(desk.store.read(queue.ids, ms(later), narrowed=wanted).result(10))


def touched(desk: Desk, name: str, times: int = 1) -> int:
    """A lead called so many times, whose drip was stopped: what then is the only question."""
    lead = desk.new_lead(name=name, email=f"{name.lower()}@x.example", phone=f"+3460000{len(name):04}")
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0])
    for _ in range(times):
        desk.act(call, lead, "no-answer")
        desk.clock.pass_(days=2)
    desk.act(stop, lead)
    return lead


def test_one_touch_and_nothing_planned(desk: Desk) -> None:
    once = touched(desk, "Once")
    touched(desk, "Twice!", times=2)
    assert found(desk) == {once}
    assert found(desk, "is:one") == {once}  # a prefix is enough
    assert once not in found(desk, "-is:one-and-done")


def test_untouched_planned_promised_and_decided_leads_are_not(desk: Desk) -> None:
    desk.new_lead(name="New")
    planned = desk.new_lead(name="Planned", email="p@x.example")
    desk.act(enroll, planned, desk.store.read(playbook.cadence).result(10)[0])
    desk.act(call, planned, "no-answer")
    promised = desk.new_lead(name="Promised", email="q@x.example")
    desk.act(call, promised, "callback", next_at=desk.clock() + timedelta(days=2))
    desk.act(disqualify, touched(desk, "Decided"), "no-need")
    assert found(desk) == set()

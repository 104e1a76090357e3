"""The rest after a drip: for as long as its text says nobody is touched or enrolled anew (behaviour.md G18).

It counts from the last touch of a drip that was gone through to its end, and holds for every record of that person.
Whoever wrote, was promised a call, or raised a hand and waits is not made to wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sdr.desk import facts, gate, steps
from sdr.desk.gate import Ruling
from sdr.models.terms import Band, Refused, at, ms
from sdr.rules.calendar import landing
from sdr.rules.consent import Level, Rule
from sdr.store import rows
from sdr.store.queries import enrolled, playbook
from sdr.store.session import Reader


class Rest(NamedTuple):
    """A rest that is not over: until when, after which drip, and how long its text says (like 30d)."""

    until: datetime
    cadence: str
    length: str


def resting(db: Reader, lead: rows.Lead, now: datetime, people: Sequence[int] | None = None) -> Rest | None:
    """The rest that a person is in, the longest; `people` are all records of them, looked up unless given."""
    if lead.queue_band == Band.HOT or facts.invited(db, lead):
        return None
    found = []
    for one in enrolled.ended(db, people or enrolled.same_person(db, lead)):
        length = playbook.parsed_cadence(one.text).rest
        until = landing(steps.calendar_of(lead, now, db), at(one.at), length) if length else None
        if until is not None and ms(until) > ms(now):
            found.append(Rest(until, one.cadence, str(length)))
    return max(found, key=lambda rest: ms(rest.until), default=None)


def refused(db: Reader, lead: rows.Lead, now: datetime, people: Sequence[int] | None = None) -> Refused | None:
    """Why a lead may not enter a drip yet, with the date from which it may."""
    rest = resting(db, lead, now, people)
    if rest is None:
        return None
    reason = f"{_said(lead, rest, now)}; enrol then"
    return Refused("drip.rest", reason, f"the drip “{rest.cadence}”")


def rested(db: Reader, lead: rows.Lead, found: Ruling, now: datetime, because: str | None = None) -> Ruling:
    """What the gate `found`, with the rest that somebody is in: a stop."""
    rest = resting(db, lead, now)
    if rest is None:
        return found
    hint = "a typed reason passes it: sdr touch … --because"
    no = Refused("drip.rest", _said(lead, rest, now), f"the drip “{rest.cadence}”", hint)
    rule = Rule(no.rule, Level.STOP, f"{no.reason}.", rest.until, passes=True, set_by=no.set_by)
    return gate.joined(found, rule, no, because, rest=rest.length, drip=rest.cadence)


def _said(lead: rows.Lead, rest: Rest, now: datetime) -> str:
    return f"{lead.name} rests until {steps.when(lead, rest.until, now)}, {rest.length} after “{rest.cadence}”"

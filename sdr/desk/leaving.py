"""The gate at the moment a message leaves: everything that takes one out of the outbox asks here, each time.

The touch of a message was counted when the message was written. What still waits has reached nobody yet and does not
count against the caps here, or a message would hold back itself; what left counts from when it left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sdr.desk import gate
from sdr.desk.facts import contact_of
from sdr.desk.gate import Meant, Ruling
from sdr.models.terms import Channel, Refused, at, ms
from sdr.rules import consent
from sdr.rules.consent import Decision, Touched
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, messages
from sdr.store.session import Reader, Session

_CAP = "cap."  # how the ids of the rules begin that count touches


def refused(
    db: Reader, lead_id: int, channel: Channel, now: datetime, message: rows.Message | None = None,
    sender: Sender | None = None,
) -> Refused | None:  # fmt: skip
    """Why nothing may leave to this lead on `channel` now, or None.

    `message` is the one that leaves, `sender` who it is from (a template asks for more of them).
    """
    lead = leads.lead(db, lead_id)
    if lead is None:
        return Refused("outbox.gone", "its lead is gone; d drops the message")
    return ruling(db, lead, channel, now, message, sender).refused


def ruling(
    db: Reader, lead: rows.Lead, channel: Channel, now: datetime, message: rows.Message | None = None,
    sender: Sender | None = None,
) -> Ruling:  # fmt: skip
    """What the gate says of a message that leaves now, with every rule that speaks against it."""
    meant = _meant(channel, message, sender)
    found = gate.allowed(db, lead, channel, now, meant)
    policy = gate.policy_of(db)
    if isinstance(policy, Refused):
        return found
    since = ms(now) - policy.rules["cap-person"].numbers["days"] * 86_400_000
    reached = tuple(Touched(Channel(by), at(when)) for by, when in messages.reached(db, lead.id, since))
    contact = contact_of(db, lead, now, policy, meant)._replace(touches=reached)
    again = consent.decide(contact, channel, now, policy)
    return replace(found, decision=again, refused=_still(found.refused, again))


def _still(no: Refused | None, again: Decision) -> Refused | None:
    """The refusal of a decision; the gate's own words where they are not about touches counted otherwise."""
    if again.level not in gate.SHUT:
        return None
    if no is not None and not no.rule.startswith(_CAP):
        return no
    first = again.rules[0]
    return Refused(first.id, first.reason, "the contact policy")


def _meant(channel: Channel, message: rows.Message | None, sender: Sender | None) -> Meant:
    if message is None:
        return Meant(planned=True)
    return Meant(
        address=message.address if channel is Channel.EMAIL else None,
        number=message.address if channel is Channel.SMS else None,
        planned=message.enrollment_id is not None,
        sender=sender if message.template else None,
    )


def held_back(session: Session, ids: Sequence[int], now: datetime, sender: Sender | None = None) -> Change | Refused:
    """Keep that the gate held these messages back: an event each, one a day for the same reason."""
    edits: list[Edit] = []
    for message_id in dict.fromkeys(ids):
        message = messages.message(session, message_id)
        lead = leads.lead(session, message.lead_id) if message else None
        if message is not None and lead is not None and message.state == "ready":
            edits += _noted(session, message, lead, now, sender)
    if not edits:
        return Refused("gate.nothing", "the gate holds nothing back that is not on record")
    return Change("gate", f"{len(edits)} messages held back by the gate", ms(now), tuple(edits), kind="out")


def _noted(
    session: Session, message: rows.Message, lead: rows.Lead, now: datetime, sender: Sender | None
) -> Iterator[Edit]:
    found = ruling(session, lead, Channel(message.channel), now, message, sender)
    if found.refused is None:
        return
    day = at(ms(now), lead.zone).date()
    told = [one for one in leads.events(session, lead.id) if one.kind == "gate"]
    if not any(at(one.at, lead.zone).date() == day and one.text == found.decision.rules[0].reason for one in told):
        yield from gate.noted(session, lead, now, found)

"""Before it rings: whether this number may be dialled now. Asked before each dial; the call itself is `calling`'s."""

from __future__ import annotations

from datetime import datetime

from sdr.desk import gate, onward, resting, spacing, steps
from sdr.models.terms import Channel, Refused
from sdr.rules.consent import Level
from sdr.store import rows
from sdr.store.changes import Change
from sdr.store.session import Reader, Session


def dial(db: Reader, lead_id: int, now: datetime, because: str | None = None) -> Refused | None:
    """Why a lead may not be dialled now (wishes, no number, calling hours there, caps, the gap), or None.

    A stop is passed by a typed reason (`because`).
    """
    asked = _asked(db, lead_id, now, because)
    return asked if isinstance(asked, Refused) else asked[1].refused


def passable(db: Reader, lead_id: int, now: datetime) -> bool:
    """Whether a typed reason passes what stands against dialling a lead now."""
    asked = _asked(db, lead_id, now, None)
    return not isinstance(asked, Refused) and asked[1].level is Level.STOP


def refuse(session: Session, lead_id: int, now: datetime) -> Change | Refused:
    """The same at the moment of the dial, with its no kept as an event."""
    asked = _asked(session, lead_id, now, None)
    if isinstance(asked, Refused):
        return asked
    lead, found = asked
    if found.refused is None:
        return Refused("call.allowed", f"{lead.name} may be called by now; press c again")
    return gate.kept(session, lead, now, found, found.refused)


def ruling(db: Reader, lead: rows.Lead, now: datetime, because: str | None = None) -> gate.Ruling:
    """What the gate says of a call of `lead` at `now`."""
    return spaced(db, lead, gate.allowed(db, lead, Channel.CALL, now, because=because), now, because)


def spaced(db: Reader, lead: rows.Lead, found: gate.Ruling, now: datetime, because: str | None = None) -> gate.Ruling:
    """What the gate `found`, with the rest they are in and the gap; for that waits a drip's call alone, other calls
    are the rep's own choice."""
    found = resting.rested(db, lead, found, now, because)
    drip = onward.drip_of(db, lead.id)
    if drip is None or drip.due is None or drip.due.channel is not Channel.CALL or not onward.is_due(lead, drip):
        return found
    return spacing.of_step(db, lead, found, drip, now, because)


def _asked(db: Reader, lead_id: int, now: datetime, because: str | None) -> tuple[rows.Lead, gate.Ruling] | Refused:
    lead = steps.open_lead(db, lead_id)
    if isinstance(lead, Refused):
        return lead
    found = ruling(db, lead, now, because)
    wished = found.refused is not None and found.refused.rule == gate.WISH_CALL
    if lead.phone is None and not wished:
        return Refused("call.no-number", f"{lead.name} has no number; fill one in with E")
    return lead, found

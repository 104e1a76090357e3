"""Before it rings: whether this number may be dialled now. Asked before each dial; the call itself is `calling`'s."""

from __future__ import annotations

from datetime import datetime

from sdr.desk import gate, onward, spacing, steps
from sdr.models.terms import Channel, Refused
from sdr.store import rows
from sdr.store.changes import Change
from sdr.store.session import Reader, Session


def dial(db: Reader, lead_id: int, now: datetime, because: str | None = None) -> Refused | None:
    """Why a lead may not be dialled now (wishes, no number, calling hours there, caps), or None.

    A stop is passed by a typed reason (`because`).
    """
    asked = _asked(db, lead_id, now, because)
    return asked if isinstance(asked, Refused) else asked[1].refused


def refuse(session: Session, lead_id: int, now: datetime) -> Change | Refused:
    """The same at the moment of the dial, with its no kept as an event."""
    asked = _asked(session, lead_id, now, None)
    if isinstance(asked, Refused):
        return asked
    lead, ruling = asked
    if ruling.refused is None:
        return Refused("call.allowed", f"{lead.name} may be called by now; press c again")
    return gate.kept(session, lead, now, ruling, ruling.refused)


def ruling(db: Reader, lead: rows.Lead, channel: Channel, now: datetime) -> gate.Ruling:
    """What the gate would say of a call of `lead` at `now`."""
    return gate.allowed(db, lead, channel, now)


def _asked(db: Reader, lead_id: int, now: datetime, because: str | None) -> tuple[rows.Lead, gate.Ruling] | Refused:
    lead = steps.open_lead(db, lead_id)
    if isinstance(lead, Refused):
        return lead
    ruling = gate.allowed(db, lead, Channel.CALL, now, because=because)
    wished = ruling.refused is not None and ruling.refused.rule == gate.WISH_CALL
    if lead.phone is None and not wished:
        return Refused("call.no-number", f"{lead.name} has no number; fill one in with E")
    soon = None if ruling.refused is not None or (because or "").strip() else _too_soon(db, lead, now)
    return soon or (lead, ruling)


def _too_soon(db: Reader, lead: rows.Lead, now: datetime) -> Refused | None:
    """A drip's call waits for the gap after anybody's touch of this person; other calls are the rep's own choice."""
    drip = onward.drip_of(db, lead.id)
    if drip is None or drip.due is None or drip.due.channel is not Channel.CALL or not onward.is_due(lead, drip):
        return None
    return spacing.too_soon(db, lead, drip.cadence.minimum_gap, now, but=drip.row.id)

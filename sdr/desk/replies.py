"""They wrote: eight kinds of reply, each a row of the playbook. An answer stops or pauses the drip in the same write.

A wish never to be mailed is kept whatever the lead's state, also when the matter is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sdr.desk import effects, onward, referring, steps
from sdr.desk.effects import Turn
from sdr.desk.onward import OUTRANKING, Onward
from sdr.desk.steps import Fields, NextStep
from sdr.desk.triage import later_band
from sdr.models.terms import OPEN_STATES, LeadState, NextKind, Refused, ms
from sdr.rules.calendar import due
from sdr.rules.calling import Reply
from sdr.rules.dates import preset
from sdr.rules.hours import Length
from sdr.rules.reasons import Reason
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, playbook
from sdr.store.session import Session

UNREAD = (LeadState.INQUIRY, LeadState.NEW)
USUAL_NO = "no-need"  # what a bare "no" means until the rep knows better


def reply(
    session: Session,
    lead_id: int,
    kind: str,
    now: datetime,
    *,
    until: datetime | None = None,
    text: str | None = None,
    name: str | None = None,
    reason: str | None = None,
) -> Change | Refused:
    """What a reply does. `until` is when they are back, or "not now" ends (next week and next quarter unless said);
    `text` their words, `name` the colleague they named, `reason` why not (no need unless said)."""
    row = playbook.outcomes().reply(kind)
    if row is None:
        return Refused("reply.kind", "there is no such reply; take one of the list")
    lead = steps.the_lead(session, lead_id) if row.suppress else steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    if (wrong := effects.refused(lead, row, until, now)) is not None:
        return wrong
    why = _reason(row, reason)
    if row.asks == "reason" and why is None:
        return Refused("reply.reason", f"“{row.label}” needs a reason of the list")
    if row.strikes_address and lead.email is None:
        return Refused("reply.address", f"{lead.name} has no address that could bounce")
    drip = onward.drip_of(session, lead.id)
    turn = Turn(session, lead, _after(lead, row), row, now, drip, until, why)
    goes = effects.decided(turn) or _goes(turn, row)
    edits = (
        *_events(turn, row, text),
        *effects.suppression_edits(turn, None, text),
        *_drip_edits(turn, row, goes),
        *effects.promise_edits(turn, goes),
        *(referring.newcomer(turn, name) if name and row.asks == "name" else ()),
        Edit.set("lead", lead.id, **_fields(turn, row, goes, text)),
    )
    return Change("reply", _summary(turn, goes), ms(now), edits, lead.id)


def _reason(row: Reply, word: str | None) -> Reason | None:
    chosen = word or row.reason or (USUAL_NO if row.asks == "reason" else None)
    return playbook.reasons().find("disqualify", chosen) if chosen else None


def _after(lead: rows.Lead, row: Reply) -> rows.Lead:
    """The lead as it can be reached from now on: a bounced address gives way to the second one."""
    if row.strikes_address:
        return replace(lead, email=lead.email_2, email_2=None)
    return replace(lead, email=None) if row.suppress in ("email", "all") else lead


# --- what is written -------------------------------------------------------------------------------------------


def _events(turn: Turn, row: Reply, text: str | None) -> Iterator[Edit]:
    """A reply, when it counts as one; else what came, so that it is known but not counted."""
    words = f"{turn.lead.email} bounced" if row.strikes_address else text
    yield effects.event(turn, "replied" if row.answers else row.key, words)


def _drip_edits(turn: Turn, row: Reply, goes: Onward) -> Iterator[Edit]:
    if turn.drip is None:
        return
    if row.key == "out-of-office" or (row.drip == "pause" and row.state is None):
        yield Edit.set("enrollment", turn.drip.row.id, state="paused", paused_until=ms(_back(turn)))
        return
    yield from effects.drip_edits(turn, goes, turn.drip.row.step_no)


def _fields(turn: Turn, row: Reply, goes: Onward, text: str | None) -> Fields:
    lead, now = turn.lead, ms(turn.now)
    held = leads.answers(turn.session, lead.id)
    facts: Fields = {
        "last_kind": turn.effect.word,
        "last_at": now,
        "contacted_at": lead.contacted_at or (now if row.answers else None),
        "said": text if text and row.answers else lead.said,
        **onward.rescored(turn.session, lead, held, turn.now, ("replied",) if row.answers else ()),
    }
    if row.strikes_address:
        facts |= {"email": turn.after.email, "email_2": None}
    if goes.step is None and (turn.state in OPEN_STATES or lead.next_kind is None):
        return facts  # nothing moves
    fields = effects.lead_fields(turn, goes, **facts)
    if row.next == "preset" and turn.state is not LeadState.NURTURE and goes.step is not None:
        # Nobody is there to answer until then, so the clock's band waits with it.
        fields |= {"due_at": ms(goes.step.due_at), "queue_band": later_band(int(fields["queue_band"]))}
    return fields


def _summary(turn: Turn, goes: Onward) -> str:
    if turn.lead.next_kind is None or turn.state not in OPEN_STATES or turn.state is LeadState.OFFERED:
        return effects.summary(turn, None)
    return effects.summary(turn, goes.step or onward.standing(turn.lead))


# --- where it goes ---------------------------------------------------------------------------------------------


def _goes(turn: Turn, row: Reply) -> Onward:
    """The next step of a lead that stays open, where no state or promise decides it."""
    lead = turn.lead
    if row.next == "preset":
        return Onward(_away(turn))
    if row.next_kind is NextKind.REPLY:
        return Onward(_to_answer(turn, row))
    if row.next == "none" or (row.state is None and lead.state in UNREAD) or lead.next_kind in OUTRANKING:
        return _kept(turn)
    moment = onward.usual(row.next, lead, turn.now)
    kind = row.next_kind or NextKind.CALL
    return Onward(onward.reached_by(turn.session, turn.after, kind, moment, turn.now))


def _to_answer(turn: Turn, row: Reply) -> NextStep:
    """Their words want an answer, by the rep's own clock: soon when they are interested."""
    rep = steps.rep_calendar(playbook.rep(turn.session), turn.now)
    soon = due(rep, turn.now, Length(5, "m")) if row.next == "five-minutes" else None
    note = "interested: call now" if row.next == "five-minutes" else "they asked something"
    return steps.in_hours(turn.lead, NextKind.REPLY, soon or turn.now, turn.now, note)


def _back(turn: Turn) -> datetime:
    """When they are back."""
    cal = steps.calendar_of(turn.lead, turn.now)
    day = turn.until or preset(3, turn.now, cal.zone, cal.hours, cal.closed) or turn.now
    return onward.opened(turn.lead, day, turn.now)


def _away(turn: Turn) -> NextStep | None:
    """The same step when they are back; what is due later than that, or promised, stays."""
    stays, back = onward.standing(turn.lead), _back(turn)
    if turn.lead.next_kind in OUTRANKING or ms(stays.due_at) >= ms(back):
        return None
    return steps.in_hours(turn.lead, stays.kind, back, turn.now, stays.note)


def _kept(turn: Turn) -> Onward:
    """The step stays, unless it is a mail and no address is left: then the next touch that can reach them."""
    lead, after = turn.lead, turn.after
    if lead.next_kind != NextKind.EMAIL or after.email is not None:
        return Onward(None)
    if turn.drip is not None and turn.drip.runs(turn.now):
        return onward.by_drip(turn.session, after, turn.drip.cadence, turn.drip.row.step_no, turn.now)
    return Onward(onward.follow_up(turn.session, after, turn.now))

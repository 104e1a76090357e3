"""Handing a qualified lead to an account executive, and everything that comes back: the answer, the recall, the rest.

An offer has a clock; while it runs the AE owes the answer, afterwards the rep covers. A lead that comes back stands
at the top of the queue with the reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sdr.desk import halting, siblings, steps
from sdr.desk.briefing import Offer, brief_text
from sdr.desk.steps import when
from sdr.desk.team import accountable, answer_due, pick, set_ae
from sdr.models.terms import Band, HandoffState, LeadState, NextKind, Refused, at, ms
from sdr.rules.handoff import missing, refusal
from sdr.rules.reasons import Reason
from sdr.rules.spoken import spoken
from sdr.rules.text import clean, cut
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import handoffs, leads, playbook
from sdr.store.session import Session

__all__ = ["OUTCOMES", "accountable", "answer_handoff", "hand_off", "outcome", "recall", "set_ae"]

WITH_AE = (LeadState.OFFERED, LeadState.ACCEPTED, LeadState.OPPORTUNITY)
READY = (LeadState.WORKING, LeadState.TALKING, LeadState.QUALIFIED)
OUTCOMES = ("met", "no-show", "opportunity", "won", "lost")
RUNNING = (HandoffState.OFFERED, HandoffState.ACCEPTED, HandoffState.MET, HandoffState.OPPORTUNITY)
RECALLABLE = (HandoffState.OFFERED, HandoffState.ACCEPTED)
_LEAD_AFTER = {
    "met": LeadState.ACCEPTED,
    "opportunity": LeadState.OPPORTUNITY,
    "won": LeadState.WON,
    "lost": LeadState.LOST,
}


def hand_off(
    session: Session,
    lead_id: int,
    now: datetime,
    *,
    ae_id: int | None = None,
    meeting_at: datetime | None = None,
    force: bool = False,
) -> Change | Refused:
    """Offer a qualified lead to an AE (the rules choose when `ae_id` is None), with a brief and a clock.

    `meeting_at` is the meeting agreed with the prospect. `force` hands over although something agreed is missing,
    and the brief says so.
    """
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    lacks = _lacks(session, lead)
    refused = _not_ready(session, lead, lacks, now, force)
    if refused is not None:
        return refused
    picked = pick(session, lead, ae_id, now)
    if isinstance(picked, Refused):
        return picked
    ae = next(one.ae for one in handoffs.executives(session) if one.ae.id == picked[0])
    promised = leads.open_promise(session, lead.id)
    if meeting_at is None and promised is not None and promised.kind == "meeting":
        meeting_at = at(promised.due_at)
    offer = Offer(ae, picked[1], answer_due(session, ae, now), meeting_at, lacks)
    edits = (
        *_stopped(session, lead, now),
        *_meeting(session, lead, promised, meeting_at, now),
        _offered(session, lead, offer, now),
        Edit.set("lead", lead.id, **_waiting(session, lead, offer, now)),
    )
    return Change("hand-off", _said(session, lead, offer, now), ms(now), edits, lead.id)


def _lacks(session: Session, lead: rows.Lead) -> tuple[str, ...]:
    _id, rubric = playbook.rubric(session)
    fields = {"name": lead.name, "company": lead.company, "email": lead.email, "phone": lead.phone}
    return missing(rubric, leads.answers(session, lead.id), fields)


def _not_ready(session: Session, lead: rows.Lead, lacks: tuple[str, ...], now: datetime, force: bool) -> Refused | None:
    if lead.state == LeadState.OFFERED:
        return Refused("handoff.offered", f"{lead.name} is with the account executive already; recall it first (g h)")
    if lead.state not in READY:
        return Refused("handoff.state", f"{lead.name} is {lead.state}; accept it first (a)")
    if force:
        return None
    if lacks:
        return refusal(lacks)
    _id, score = steps.judge(session, lead, leads.answers(session, lead.id), now)
    if lead.state == LeadState.QUALIFIED or score.verdict == "qualified":
        return None
    _id, rubric = playbook.rubric(session)
    return Refused(
        "handoff.verdict",
        f"{lead.name} has {score.total} of the {rubric.threshold} points needed ({score.verdict}); {score.would}",
        "the agreed rubric",
        "Answer more with o, or disqualify with d.",
    )


def _stopped(session: Session, lead: rows.Lead, now: datetime) -> tuple[Edit, ...]:
    """Its drip ends, what waits in the outbox is not sent, and colleagues are left in peace."""
    drip = leads.enrollment(session, lead.id)
    ended = [Edit.set("enrollment", drip.id, state="stopped", why="handed off", paused_until=None)] if drip else []
    quiet = halting.dropped(session, lead.id, now)
    return (*ended, *quiet, *siblings.soften_edits(session, lead, "handed off", now))


def _meeting(
    session: Session, lead: rows.Lead, promised: rows.Promise | None, meeting_at: datetime | None, now: datetime
) -> tuple[Edit, ...]:
    """The meeting as a promise: the one that stands, moved if need be; else a new one, which ends a callback."""
    if meeting_at is None:
        return ()
    if promised is not None and promised.kind == "meeting":
        if promised.due_at == ms(meeting_at):
            return ()
        return (Edit.set("promise", promised.id, due_at=ms(meeting_at), sequence=promised.sequence + 1),)
    ended = (Edit.set("promise", promised.id, dropped_at=ms(now)),) if promised else ()
    made = Edit.new(
        "promise", session.new_id(), lead_id=lead.id, kind="meeting", due_at=ms(meeting_at), made_at=ms(now),
        zone=lead.zone,
    )  # fmt: skip
    return (*ended, made)


def _offered(session: Session, lead: rows.Lead, offer: Offer, now: datetime) -> Edit:
    return Edit.new(
        "handoff", session.new_id(), lead_id=lead.id, ae_id=offer.ae.id, state=HandoffState.OFFERED.value,
        offered_at=ms(now), respond_by=ms(offer.respond_by), why_ae=offer.why,
        meeting_at=ms(offer.meeting_at) if offer.meeting_at else None,
        note=f"without {', '.join(offer.missing)}" if offer.missing else None,
        brief=brief_text(session, lead, offer, now),
    )  # fmt: skip


def _waiting(session: Session, lead: rows.Lead, offer: Offer, now: datetime) -> steps.Fields:
    step = steps.NextStep(NextKind.ANSWER, offer.respond_by, None, offer.ae.name)
    source = leads.source(session, lead.source_id)
    return steps.placed(
        lead, source, LeadState.OFFERED, step, qualified_at=lead.qualified_at or ms(now), reason=None, closed_at=None
    )


def _said(session: Session, lead: rows.Lead, offer: Offer, now: datetime) -> str:
    rep = playbook.rep(session)
    words = [f"{lead.name}: handed to {offer.ae.name} ({offer.why})"]
    if offer.missing:
        words.append(f"without {', '.join(offer.missing)}")
    if offer.meeting_at:
        words.append(f"meeting {when(lead, offer.meeting_at, now)}")
    words.append(f"answer by {spoken(at(ms(offer.respond_by), rep.zone), now)}")
    return " · ".join(words)


# --- the account executive's side ------------------------------------------------------------------------------


def answer_handoff(
    session: Session,
    handoff_id: int,
    verdict: str,
    now: datetime,
    *,
    reason: str | None = None,
    note: str | None = None,
) -> Change | Refused:
    """The AE's answer: `accept`, or `return` with a reason (key or digit) and perhaps a note."""
    found = _running(session, handoff_id, RECALLABLE if verdict == "return" else (HandoffState.OFFERED,))
    if isinstance(found, Refused):
        return found
    handoff, lead, ae = found
    if verdict == "accept":
        edit = Edit.set("handoff", handoff.id, state="accepted", answered_at=ms(now), note=note or handoff.note)
        taken = Edit.set("lead", lead.id, **{**steps.CLEARED, "state": LeadState.ACCEPTED.value})
        return Change("handoff-accepted", f"{lead.name}: accepted by {ae.name}", ms(now), (edit, taken), lead.id)
    if verdict != "return":
        return Refused("handoff.verdict", "a handoff is answered with accept or with return")
    option = playbook.reasons().find("returned", reason or "")
    if option is None:
        keys = ", ".join(one.key for one in playbook.reasons().returned)
        return Refused("handoff.reason", f"a return needs one of the agreed reasons: {keys}")
    if option.needs_note and not (note or "").strip():
        return Refused("handoff.note", f"the reason “{option.label}” needs a note that says what is wrong")
    return _returned(session, handoff, lead, ae.name, option, note, now)


def _returned(
    session: Session,
    handoff: rows.Handoff,
    lead: rows.Lead,
    ae: str,
    option: Reason,
    note: str | None,
    now: datetime,
) -> Change:
    before = any(one.state == "returned" for one in handoffs.of_lead(session, lead.id) if one.id != handoff.id)
    why = f"{option.label}, returned before" if before else option.label
    shown = f"{why}: {cut(clean(note), 80)}" if note and note.strip() else why
    edit = Edit.set("handoff", handoff.id, state="returned", answered_at=ms(now), reason=option.key, note=note)
    fields = _back(session, lead, LeadState.WORKING, NextKind.RETURNED, shown, now)
    summary = f"{lead.name}: returned by {ae}, {why}"
    return Change("handoff-returned", summary, ms(now), (edit, Edit.set("lead", lead.id, **fields)), lead.id)


def _back(
    session: Session, lead: rows.Lead, state: LeadState, kind: NextKind, note: str, now: datetime
) -> dict[str, Any]:
    """The lead is the rep's again, on top of the queue, whatever clock its source once had."""
    step = steps.NextStep(kind, now, None, note)
    fields = steps.placed(lead, leads.source(session, lead.source_id), state, step, closed_at=None, reason=None)
    return {**fields, "queue_band": int(Band.RETURNED), "due_at": ms(now)}


def recall(session: Session, handoff_id: int, now: datetime) -> Change | Refused:
    """Take a handoff back, as long as the AE has not met the lead."""
    found = _running(session, handoff_id, RECALLABLE)
    if isinstance(found, Refused):
        return found
    handoff, lead, ae = found
    edit = Edit.set("handoff", handoff.id, state="recalled", closed_at=ms(now))
    fields = _back(session, lead, LeadState.QUALIFIED, NextKind.HANDOFF, "recalled", now)
    summary = f"{lead.name}: recalled from {ae.name}"
    return Change("recall", summary, ms(now), (edit, Edit.set("lead", lead.id, **fields)), lead.id)


def outcome(
    session: Session,
    handoff_id: int,
    what: str,
    now: datetime,
    *,
    reason: str | None = None,
    at: datetime | None = None,
) -> Change | Refused:
    """What became of it: `met`, `no-show`, `opportunity`, `won` or `lost`, at the time `at` (else now)."""
    if what not in OUTCOMES:
        return Refused("handoff.outcome", f"a handoff ends in one of {', '.join(OUTCOMES)}")
    found = _running(session, handoff_id, RUNNING)
    if isinstance(found, Refused):
        return found
    handoff, lead, ae = found
    moment = ms(at or now)
    state = HandoffState(what)
    closed = moment if state not in (HandoffState.MET, HandoffState.OPPORTUNITY) else None
    edit = Edit.set(
        "handoff", handoff.id, state=what, answered_at=handoff.answered_at or moment, closed_at=closed,
        reason=reason or handoff.reason,
    )  # fmt: skip
    fields = _after(session, lead, what, reason, moment, now)
    edits = (edit, *_promise_after(session, lead, what, moment), Edit.set("lead", lead.id, **fields))
    because = f", {reason}" if reason else ""
    return Change(f"handoff-{what}", f"{lead.name}: {what}{because} · {ae.name}", ms(now), edits, lead.id)


def _after(
    session: Session, lead: rows.Lead, what: str, reason: str | None, moment: int, now: datetime
) -> dict[str, Any]:
    if what != "no-show":
        ended = {"closed_at": moment, "reason": reason or lead.reason} if what in ("won", "lost") else {}
        return {**steps.CLEARED, "state": _LEAD_AFTER[what].value, **ended}
    again = any(one.state == "no-show" for one in handoffs.of_lead(session, lead.id))
    note = "second no-show, rebook or end it" if again else "no-show, rebook the meeting"
    return _back(session, lead, LeadState.QUALIFIED, NextKind.RETURNED, note, now)


def after_answer(session: Session, lead: rows.Lead, state: str, now: datetime) -> dict[str, Any]:
    """The columns of a lead that was offered, when its handoff was answered while another record stood for it."""
    if state == HandoffState.ACCEPTED or state in _LEAD_AFTER:
        return {**steps.CLEARED, "state": _LEAD_AFTER.get(state, LeadState.ACCEPTED).value}
    return _back(session, lead, LeadState.WORKING, NextKind.RETURNED, f"handoff {state}", now)


def _promise_after(session: Session, lead: rows.Lead, what: str, moment: int) -> tuple[Edit, ...]:
    promise = leads.open_promise(session, lead.id)
    if promise is None:
        return ()
    return (Edit.set("promise", promise.id, **{"dropped_at" if what == "no-show" else "kept_at": moment}),)


def _running(
    session: Session, handoff_id: int, allowed: tuple[HandoffState, ...]
) -> tuple[rows.Handoff, rows.Lead, rows.AccountExecutive] | Refused:
    """The handoff, its lead and its AE, when it stands in one of the `allowed` states."""
    handoff = handoffs.by_id(session, handoff_id)
    if handoff is None:
        return Refused("handoff.unknown", "there is no such handoff; sdr handoffs lists them")
    lead = steps.the_lead(session, handoff.lead_id)
    if isinstance(lead, Refused):
        return lead
    newest = leads.live_handoff(session, handoff.lead_id)
    if HandoffState(handoff.state) not in allowed or newest is None or newest.id != handoff.id:
        return Refused("handoff.answered", f"this handoff of {lead.name} is {handoff.state} already; u takes that back")
    if lead.state not in WITH_AE:
        return Refused("handoff.closed", f"{lead.name} is {lead.state} since it was handed off; v shows its history")
    ae = next(one.ae for one in handoffs.executives(session) if one.ae.id == handoff.ae_id)
    return handoff, lead, ae

"""The touches that are not calls: done, or skipped with a reason. The drip then goes on from what really happened.

The gate is asked again at the moment of the touch, whatever was planned: a channel that was closed since refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sdr.desk import onward, steps, triage
from sdr.desk.onward import Drip, Onward
from sdr.desk.steps import Fields
from sdr.models.terms import Channel, LeadState, NextKind, Refused, at, ms
from sdr.rules.cadence import Step
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, playbook
from sdr.store.session import Session

# The channel of a next step that is done by hand, outside a drip.
CHANNEL_OF = {
    NextKind.EMAIL: Channel.EMAIL,
    NextKind.REPLY: Channel.EMAIL,
    NextKind.LINKEDIN: Channel.LINKEDIN,
    NextKind.LETTER: Channel.LETTER,
    NextKind.OTHER: Channel.CUSTOM,
}


def touch(
    session: Session,
    lead_id: int,
    channel: Channel | str | None,
    now: datetime,
    *,
    outcome: str | None = None,
    text: str | None = None,
    cost_minor: int | None = None,
) -> Change | Refused:
    """The due touch is done (`channel` None or its own), or one besides the drip, which leaves the next step.

    `text` is what was written for this one person; `cost_minor` what it cost, in minor units of the source.
    """
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    drip = onward.drip_of(session, lead.id)
    due = _due(lead, drip, channel)
    by = due.channel if due else _channel(lead, channel)
    if isinstance(by, Refused):
        return by
    wrong = _unreachable(session, lead, by) or (_paused(lead, drip, now) if due and drip else None)
    if wrong is not None:
        return wrong
    human = due is None or due.personal or bool(text)
    goes = _goes(session, lead, drip if due else None, now, besides=channel is not None)
    row = _row(session, lead, by, drip if due else None, now)
    row |= {"human": int(human), "outcome": outcome or "done", "cost_minor": cost_minor}
    wrote = {"lead_id": lead.id, "kind": "wrote", "at": ms(now), "text": text, "rep_id": row["rep_id"]}
    word = due.name if due else by.value
    facts = {"first_touch_at": lead.first_touch_at or (ms(now) if human else None), "last_kind": word}
    edits = (
        Edit.new("touch", session.new_id(), **row),
        *([Edit.new("event", session.new_id(), **wrote)] if text else []),
        *_drip_edit(drip, goes),
        moved(session, lead, LeadState(lead.state), goes, {**facts, "last_at": ms(now)}),
    )
    words = f"{lead.name}: {word} done · {onward.said_next(lead, goes.step or onward.standing(lead), now)}"
    return Change("touch", words, ms(now), edits, lead.id)


def skip(session: Session, lead_id: int, reason: str, now: datetime) -> Change | Refused:
    """The due touch is left out, with the reason of the list; the drip goes on from now."""
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    why = playbook.outcomes().skip(reason)
    if why is None:
        return Refused("skip.reason", "there is no such reason to skip; take one of the list")
    kind = NextKind(lead.next_kind or NextKind.TRIAGE)
    if kind not in CHANNEL_OF and kind is not NextKind.CALL:
        return _no_touch(lead)
    held = onward.drip_of(session, lead.id)
    drip = held if onward.is_due(lead, held) else None
    due = drip.due if drip else None
    if drip is not None and due is not None:
        goes = onward.by_drip(session, lead, drip.cadence, due.number, now)
    else:
        goes = Onward(onward.verdict(lead, now, "skipped: verdict?"))
    row = _row(session, lead, due.channel if due else CHANNEL_OF.get(kind, Channel.CALL), drip, now)
    row |= {"skipped": 1, "human": 0, "outcome": why.key}
    edits = (
        Edit.new("touch", session.new_id(), **row),
        *_drip_edit(drip, goes),
        moved(session, lead, LeadState(lead.state), goes, {}),
    )
    said = onward.said_next(lead, goes.step or onward.standing(lead), now)
    word = due.name if due else kind.value
    return Change("skip", f"{lead.name}: {word} skipped, {why.label} · {said}", ms(now), edits, lead.id)


# --- what is refused ---------------------------------------------------------------------------------------------


def _channel(lead: rows.Lead, channel: Channel | str | None) -> Channel | Refused:
    """The channel of a touch outside the drip."""
    if channel is None:
        return CHANNEL_OF.get(NextKind(lead.next_kind or NextKind.TRIAGE)) or _no_touch(lead)
    try:
        by = Channel(channel)
    except ValueError:
        return Refused("touch.channel", f"a touch is one of {', '.join(each.value for each in Channel)}")
    return by if by is not Channel.CALL else Refused("touch.call", "a call ends with its outcome; press c")


def _no_touch(lead: rows.Lead) -> Refused:
    ways = {
        NextKind.CALL: "press c",
        NextKind.PROMISE: "press c",
        NextKind.HANDOFF: "press h",
        NextKind.TRIAGE: "accept it (a) or send it back (r)",
        NextKind.COMPLETE: "fill in what is missing (E)",
    }
    kind = NextKind(lead.next_kind or NextKind.TRIAGE)
    way = ways.get(kind, "give a verdict")
    return Refused("touch.none", f"the next step of {lead.name} is {kind.value}, not a message: {way}")


def _unreachable(session: Session, lead: rows.Lead, by: Channel) -> Refused | None:
    blocked = steps.blocked_channels(session, lead)
    if "all" in blocked or by.value in blocked:
        return Refused("consent.blocked", f"{by.value} is blocked for {lead.name}: asked for; s skips the step")
    if not steps.reachable(lead, by, blocked):
        return Refused("touch.unreachable", f"{lead.name} has no address for {by.value}; fill it in (E) or skip (s)")
    return None


def _paused(lead: rows.Lead, drip: Drip, now: datetime) -> Refused | None:
    if drip.runs(now):
        return None
    until = f" until {triage.when(lead, at(drip.row.paused_until), now)}" if drip.row.paused_until else ""
    return Refused("drip.paused", f"the drip of {lead.name} is paused{until}; p resumes it")


# --- what is written ---------------------------------------------------------------------------------------------


def _due(lead: rows.Lead, drip: Drip | None, channel: Channel | str | None) -> Step | None:
    """The due touch of the drip, if that is what is being done."""
    due = drip.due if drip and onward.is_due(lead, drip) else None
    if due is None or due.channel is Channel.CALL:
        return None
    return due if channel in (None, due.channel.value) else None


def _goes(session: Session, lead: rows.Lead, drip: Drip | None, now: datetime, *, besides: bool) -> Onward:
    """After the due touch of `drip`; without one the step was the lead's own, or the touch stands besides it."""
    due = drip.due if drip else None
    if drip is None or due is None:
        return Onward(None if besides else onward.follow_up(session, lead, now))
    # A touch that blocks nothing counts from when it was due, however late it was done.
    late = lead.due_at is not None and not due.blocking and lead.due_at < ms(now)
    since = at(lead.due_at) if late and lead.due_at else None
    return onward.by_drip(session, lead, drip.cadence, due.number, now, counted_from=since)


def _row(session: Session, lead: rows.Lead, by: Channel, drip: Drip | None, now: datetime) -> Fields:
    step = drip.due if drip else None
    return {
        "lead_id": lead.id,
        "channel": by.value,
        "at": ms(now),
        "enrollment_id": drip.row.id if drip else None,
        "step_no": step.number if step else None,
        "template": step.template if step else None,
        "rep_id": playbook.rep(session).id,
    }


def _drip_edit(drip: Drip | None, goes: Onward) -> Iterator[Edit]:
    if drip is not None and goes.drip:
        yield Edit.set("enrollment", drip.row.id, **goes.drip)


def moved(session: Session, lead: rows.Lead, state: LeadState, goes: Onward, facts: Fields) -> Edit:
    """The lead's row. A step that stays keeps its time; only its band may cool, when the clock is answered."""
    if state is LeadState.OFFERED:
        return Edit.set("lead", lead.id, **facts)
    more = {**goes.lead, **facts}
    source = leads.source(session, lead.source_id)
    fields = steps.placed(lead, source, state, goes.step or onward.standing(lead), **more)
    if goes.step is None and fields["queue_band"] == 0:
        fields |= {"due_at": lead.due_at, "queue_band": lead.queue_band}
    return Edit.set("lead", lead.id, **fields)

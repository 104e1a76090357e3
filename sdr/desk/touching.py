"""The touches that are not calls: done, or skipped with a reason. The drip then goes on from what really happened.

The gate is asked again at the moment of the touch, whatever was planned: a channel that was closed since refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sdr.desk import composing, gate, onward, spacing, steps, triage
from sdr.desk.composing import Edited
from sdr.desk.onward import Drip, Onward
from sdr.desk.steps import Fields
from sdr.models.terms import Channel, LeadState, NextKind, Refused, at, ms
from sdr.rules.cadence import Step, Track
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, playbook
from sdr.store.session import Reader, Session

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
    edited: Edited | None = None,
    because: str | None = None,
) -> Change | Refused:
    """The due touch is done (`channel` None or its own), or one besides the drip, which leaves the next step.

    A due touch in writing puts its message into the outbox in the same act. `text` is the sentence written for this
    one person, `edited` the whole message as changed for them; `cost_minor` what it cost, in minor units of the
    source. `because` is the typed reason that passes a stop of the gate, and is kept.
    """
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    drip = onward.drip_of(session, lead.id)
    due = _due(lead, drip, channel)
    by = due.channel if due else _channel(lead, channel)
    if isinstance(by, Refused):
        return by
    asked = _asked(session, lead, by, now, due, because)
    if asked.refused is not None:
        return gate.kept(session, lead, now, asked, asked.refused)
    wrong = _unreachable(lead, by) or (_not_yet(session, lead, drip, now, because) if due and drip else None)
    if wrong is not None:
        return wrong
    made = composing.made(session, lead, drip, due, now, sentence=text or "", edited=edited) if due and drip else None
    if isinstance(made, Refused):
        return made
    human = due is None or due.personal or bool(text) or edited is not None
    goes = _goes(session, lead, drip, due, now, besides=channel is not None)
    row = _row(session, lead, by, drip if due else None, now)
    row |= {"human": int(human), "outcome": outcome or "done", "cost_minor": cost_minor, **(made.touch if made else {})}
    wrote = {"lead_id": lead.id, "kind": "wrote", "at": ms(now), "text": text, "rep_id": row["rep_id"]}
    word = due.name if due else by.value
    facts = {"first_touch_at": lead.first_touch_at or (ms(now) if human else None), "last_kind": word}
    edits = (
        *([made.edit] if made else []),
        Edit.new("touch", session.new_id(), **row),
        *([Edit.new("event", session.new_id(), **wrote)] if text else []),
        *gate.passed(session, lead, now, asked, because),
        *_drip_edit(drip, goes),
        moved(session, lead, LeadState(lead.state), goes, {**facts, "last_at": ms(now)}),
    )
    became = "in the outbox" if made else "done"
    words = f"{lead.name}: {word} {became} · {onward.said_next(lead, goes.step or onward.standing(lead), now)}"
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
        goes = onward.goes_on(session, lead, drip, due.number, now)
    else:
        goes = Onward(onward.verdict(lead, now, "skipped: verdict?", session))
    row = _row(session, lead, due.channel if due else CHANNEL_OF.get(kind, Channel.CALL), drip, now)
    row |= {"skipped": 1, "human": 0, "outcome": why.key}
    edits = (
        Edit.new("touch", session.new_id(), **row),
        *_drip_edit(drip, goes),
        moved(session, lead, LeadState(lead.state), goes, {}),
    )
    said = onward.said_next(lead, goes.step or onward.standing(lead), now)
    word = due.name if due else kind.value
    lost = _without(drip, due) if drip and due else ""
    return Change("skip", f"{lead.name}: {word} skipped, {why.label}{lost} · {said}", ms(now), edits, lead.id)


def _without(drip: Drip, skipped: Step) -> str:
    """What becomes of the steps that reply to a skipped one, and of those that reply to these."""
    gone, words = {skipped.number}, []
    for step in drip.cadence.of(skipped.track):
        if step.needs not in gone:
            continue
        if step.alone is None:
            gone.add(step.number)
        words.append(f"“{step.name}” {'falls away with it' if step.alone is None else 'goes out on its own'}")
    return "".join(f" · {word}" for word in words)


def ruling(db: Reader, lead: rows.Lead, channel: Channel, now: datetime) -> gate.Ruling:
    """What the gate would say of a touch of `lead` on `channel` at `now`."""
    return _asked(db, lead, channel, now, _due(lead, onward.drip_of(db, lead.id), channel))


def _asked(
    db: Reader, lead: rows.Lead, by: Channel, now: datetime, due: Step | None, because: str | None = None
) -> gate.Ruling:
    return gate.allowed(db, lead, by, now, gate.Meant(planned=due is not None), because)


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


def _unreachable(lead: rows.Lead, by: Channel) -> Refused | None:
    if not steps.reachable(lead, by, frozenset()):
        return Refused("touch.unreachable", f"{lead.name} has no address for {by.value}; fill it in (E) or skip (s)")
    return None


def _not_yet(session: Session, lead: rows.Lead, drip: Drip, now: datetime, because: str | None) -> Refused | None:
    """A drip's touch waits for the end of its pause, and for the gap after anybody's touch of this person."""
    if (paused := _paused(lead, drip, now)) is not None:
        return paused
    if (because or "").strip():
        return None
    return spacing.too_soon(session, lead, drip.cadence.minimum_gap, now, but=drip.row.id)


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


def _goes(
    session: Session, lead: rows.Lead, drip: Drip | None, due: Step | None, now: datetime, *, besides: bool
) -> Onward:
    """After the `due` touch of `drip`; without one the step was the lead's own, or the touch stands besides it."""
    if drip is None or due is None:
        if besides:
            return Onward(None)
        # They wrote, and were answered: now the steps begin that their answer turned the drip to.
        turned = drip is not None and drip.row.track != Track.MAIN and lead.next_kind == NextKind.REPLY
        if drip is not None and turned and drip.runs(now):
            return onward.goes_on(session, lead, drip, drip.row.step_no, now)
        return Onward(onward.follow_up(session, lead, now))
    # A touch that blocks nothing counts from when it was due, however late it was done.
    late = lead.due_at is not None and not due.blocking and lead.due_at < ms(now)
    since = at(lead.due_at) if late and lead.due_at else None
    return onward.goes_on(session, lead, drip, due.number, now, done=due.number, counted_from=since)


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

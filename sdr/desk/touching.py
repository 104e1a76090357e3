"""The touches that are not calls: done, or skipped with a reason. The drip then goes on from what really happened.

The gate is asked again at the moment of the touch, whatever was planned: a channel that was closed since refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sdr.desk import composing, gate, onward, replanning, resting, spacing, steps, workload
from sdr.desk.composing import Edited
from sdr.desk.onward import Drip, Onward
from sdr.desk.steps import Fields
from sdr.desk.workload import Workdays
from sdr.models.terms import Channel, LeadState, NextKind, Refused, at, ms
from sdr.rules.cadence import Step, Track
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import playbook
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
    asked = _asked(session, lead, by, now, drip, due, because)
    if asked.refused is not None:
        return gate.kept(session, lead, now, asked, asked.refused)
    if (wrong := _unreachable(lead, by)) is not None:
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
        onward.moved(session, lead, LeadState(lead.state), goes, {**facts, "last_at": ms(now)}),
    )
    became = "in the outbox" if made else "done"
    words = f"{lead.name}: {word} {became} · {onward.said_next(lead, goes.step or onward.standing(lead), now)}"
    return Change("touch", words, ms(now), edits, lead.id)


def skip(
    session: Session, lead_id: int, reason: str, now: datetime, *, days: Workdays | None = None
) -> Change | Refused:
    """The due touch is left out, with the reason of the list; the drip goes on from now, on a day with room.

    `days` are the rep's, where several leads share their room.
    """
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
        room = days or workload.days_at_work(session, (lead,), now)
        goes = replanning.on_a_day(
            lead, room, lambda since: onward.goes_on(session, lead, drip, due.number, now, not_before=since)
        )
    else:
        goes = Onward(onward.verdict(lead, now, "skipped: verdict?", session))
    row = _row(session, lead, due.channel if due else CHANNEL_OF.get(kind, Channel.CALL), drip, now)
    row |= {"skipped": 1, "human": 0, "outcome": why.key}
    edits = (
        Edit.new("touch", session.new_id(), **row),
        *_drip_edit(drip, goes),
        onward.moved(session, lead, LeadState(lead.state), goes, {}),
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


def ruling(db: Reader, lead: rows.Lead, channel: Channel, now: datetime, sender: Sender | None = None) -> gate.Ruling:
    """What the gate would say of a touch of `lead` on `channel` at `now`; with `sender` of a text that goes out under
    that name."""
    drip = onward.drip_of(db, lead.id)
    return _asked(db, lead, channel, now, drip, _due(lead, drip, channel), sender=sender)


def _asked(
    db: Reader, lead: rows.Lead, by: Channel, now: datetime, drip: Drip | None, due: Step | None,
    because: str | None = None, sender: Sender | None = None,
) -> gate.Ruling:  # fmt: skip
    asked = gate.allowed(db, lead, by, now, gate.Meant(planned=due is not None, sender=sender), because)
    found = resting.rested(db, lead, asked, now, because)
    if drip is None or due is None:
        return spacing.beside(db, lead, found, drip, now, because)
    return spacing.of_step(db, lead, onward.waits(lead, drip, found, now), drip, now, because)


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
            return Onward(None) if drip is None else replanning.behind_gap(session, lead, drip, now)
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

"""Where a lead goes after a call: the other number, the drip, its reactive steps, the ladder of dials.

Inside a drip a call step that nobody answers is dialled again, at most `CALL_AGAIN` times, and then the drip's own
delays are the ladder. Outside of one, dials without an answer come a day, three days and six days after the one
before, then every thirty (behaviour.md G18).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sdr.desk import effects, onward, replanning, steps
from sdr.desk.effects import Turn
from sdr.desk.onward import Drip, Onward
from sdr.desk.steps import Fields
from sdr.models.terms import Channel, LeadState, NextKind, zone_of
from sdr.rules.calling import LADDER, Outcome, rung
from sdr.rules.slots import other_half_of
from sdr.store.queries.reading import number
from sdr.store.session import Reader


def does_step(turn: Turn) -> bool:
    """Whether the dial does the call that is due in the drip."""
    due = turn.drip.due if turn.drip and turn.drip.runs(turn.now) else None
    return due is not None and due.channel is Channel.CALL


def goes_where(turn: Turn, outcome: Outcome, kept: frozenset[int], did_step: bool) -> Onward:
    """The next step of a lead that stays open, where no state or promise decides it."""
    lead, kind = turn.lead, turn.effect.next_kind or NextKind.CALL
    if turn.until is not None:
        moment = onward.opened(lead, turn.until, turn.now, turn.session)
        return Onward(onward.reached_by(turn.session, turn.after, kind, moment, turn.now), _done(turn, did_step))
    if lead.state == LeadState.QUALIFIED and lead.next_kind in (NextKind.HANDOFF, NextKind.REPLY):
        return Onward(onward.handoff_now(lead, turn.now))
    if turn.after.phone != lead.phone:
        return _other_way(turn)
    if any(one.kind == "callback" and one.id not in kept for one in effects.open_promises(turn)):
        return Onward(None)
    if (goes := effects.on_track(turn)) is not None:
        return goes
    if turn.drip is not None and turn.effect.drip == "keep" and turn.drip.runs(turn.now):
        return _on_drip(turn, turn.drip, did_step)
    moment, note = _rung(turn, outcome) or (onward.usual(turn.effect.next, lead, turn.now, turn.session), None)
    return Onward(onward.reached_by(turn.session, turn.after, kind, moment, turn.now, note))


def _rung(turn: Turn, outcome: Outcome) -> tuple[datetime, str | None] | None:
    """The date on the ladder of dials that nobody answered, from the second one on; the first has the outcome's own."""
    unanswered = 1 + _unanswered(turn.session, turn.lead.id) if outcome.ladder else 1
    if unanswered == 1:
        return None
    days, cal = rung(unanswered), steps.calendar_of(turn.lead, turn.now, turn.session)
    day = turn.now.astimezone(zone_of(cal.zone)).date() + timedelta(days=days)
    note = f"rested {days} days after {unanswered} calls" if unanswered > len(LADDER) else None
    moment = other_half_of(day, turn.now, cal)
    return None if moment is None else (moment, note)


def _unanswered(db: Reader, lead_id: int) -> int:
    """How many dials in a row nobody answered, up to now."""
    sql = """SELECT count(*) FROM call WHERE lead_id=:lead AND contact='attempt' AND at >=
      coalesce((SELECT max(at) FROM call WHERE lead_id=:lead AND contact<>'attempt'), 0)"""
    return number(db, sql, {"lead": lead_id})


def _done(turn: Turn, did_step: bool) -> Fields:
    """With a date of the rep's own the due call counts as done, and the drip waits behind it."""
    if not (did_step and turn.drip and turn.drip.due):
        return {}
    return {"state": "active", "step_no": turn.drip.due.number, "paused_until": None}


def _other_way(turn: Turn) -> Onward:
    """The number is gone: another one at once, else what the drip can still do, else mail, else a verdict."""
    if turn.after.phone is not None:
        return Onward(steps.in_hours(turn.lead, NextKind.CALL, turn.now, turn.now, "another number"))
    if turn.drip is not None and turn.effect.drip == "keep" and turn.drip.runs(turn.now):
        return onward.goes_on(turn.session, turn.after, turn.drip, turn.drip.row.step_no, turn.now)
    moment = onward.usual("two-business-days", turn.lead, turn.now, turn.session)
    return Onward(onward.reached_by(turn.session, turn.after, NextKind.EMAIL, moment, turn.now))


def _on_drip(turn: Turn, drip: Drip, did_step: bool) -> Onward:
    """No talk inside a drip: the same call again by the outcome's rule, and after enough of them the drip goes on."""
    due = drip.due
    if not did_step and onward.is_due(turn.lead, drip):
        return replanning.behind_gap(turn.session, turn.lead, drip, turn.now)
    if due is None or not did_step:
        return onward.goes_on(turn.session, turn.lead, drip, drip.row.step_no, turn.now)
    if onward.dials(turn.session, drip, due.number) >= onward.CALL_AGAIN:
        return onward.goes_on(turn.session, turn.lead, drip, due.number, turn.now, done=due.number)
    moment = onward.usual(turn.effect.next, turn.lead, turn.now, turn.session)
    again = steps.in_hours(turn.lead, NextKind.CALL, moment, turn.now, f"{due.name}, again")
    return Onward(again, {"state": "active", "paused_until": None})

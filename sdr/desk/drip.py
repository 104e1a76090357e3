"""The drip: paused, resumed, stopped. Into it leads `sdr.desk.enrolling`; its touches are done in `sdr.desk.touching`.

Steps that outrank a drip (a promise, a reply, a handoff) stand whatever becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sdr.desk import onward, replanning, siblings, steps, workload
from sdr.desk.enrolling import enroll
from sdr.desk.onward import OUTRANKING, Drip, Onward
from sdr.desk.steps import Fields
from sdr.desk.touching import skip, touch
from sdr.models.terms import LeadState, NextKind, Refused, ms
from sdr.rules.dates import preset
from sdr.rules.spoken import counted
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import enrolled, playbook
from sdr.store.session import Session

__all__ = ["enroll", "pause", "pause_all", "resume", "resume_all", "skip", "stop", "touch"]


def pause(session: Session, lead_id: int, until: datetime | None, now: datetime) -> Change | Refused:
    """The drip waits until a date; without one, until it is resumed: next week asks whether to go on."""
    found = _in_drip(session, lead_id)
    if isinstance(found, Refused):
        return found
    lead, drip = found
    if until is not None and ms(until) < ms(now):
        return Refused("date.past", f"{steps.when(lead, until, now)} has passed; choose a later date")
    if drip.row.state == "paused" and not drip.runs(now) and until is None:
        return Refused("drip.paused", "the drip is paused already; p resumes it")
    rest = {"state": "paused", "paused_until": ms(until) if until else None, "why": None}
    goes = Onward(None, rest)
    if lead.next_kind not in OUTRANKING:
        goes = Onward(_wait(session, lead, until, now), rest)
    return _drip_change(session, lead, drip, goes, "pause", "drip paused", now)


def resume(session: Session, lead_id: int, now: datetime) -> Change | Refused:
    """The drip goes on: its next touch, its delay counted from now."""
    found = _in_drip(session, lead_id)
    if isinstance(found, Refused):
        return found
    lead, drip = found
    if drip.row.state == "active":
        return Refused("drip.active", "the drip is running; p pauses it")
    if siblings.is_softened(drip.row):
        return siblings.resume_account(session, lead_id, now)
    if lead.next_kind in OUTRANKING:
        goes = Onward(None, {"state": "active", "paused_until": None})
    else:
        goes = onward.by_drip(session, lead, drip.cadence, drip.row.step_no, now)
    return _drip_change(session, lead, drip, goes, "resume", "drip resumed", now)


def stop(session: Session, lead_id: int, now: datetime) -> Change | Refused:
    """Out of the drip for good; what then is asked on the next business day."""
    found = _in_drip(session, lead_id)
    if isinstance(found, Refused):
        return found
    lead, drip = found
    ended: Fields = {"state": "stopped", "why": "stopped by hand", "paused_until": None}
    step = None if lead.next_kind in OUTRANKING else onward.verdict(lead, now, "drip stopped: verdict?", session)
    return _drip_change(session, lead, drip, Onward(step, ended), "stop-drip", "drip stopped", now)


# --- all of mine -----------------------------------------------------------------------------------------------


def pause_all(session: Session, until: datetime, now: datetime) -> Change | Refused:
    """All running drips of the rep wait for a date; their touches are then spread over days with room."""
    found = enrolled.in_drips(session, playbook.rep(session).id, "active")
    if not found:
        return Refused("drip.none", "none of your leads is in a running drip")
    if ms(until) <= ms(now):
        return Refused("date.past", "that date has passed; choose a later one")
    stopped = [Edit.set("enrollment", _live(session, lead), state="paused", paused_until=ms(until)) for lead in found]
    waiting = [lead for lead in found if lead.next_kind in enrolled.MOVABLE and (lead.due_at or 0) < ms(until)]
    days = workload.workdays(session, now, moving=waiting)
    moves = replanning.replanned(session, waiting, days, days.day_of(until))
    edits = (*stopped, *replanning.edits_of(session, moves))
    back = replanning.day_words(days.day_of(until))
    paused = counted(len(found), "drip")
    words = f"{paused} paused until {back}, {replanning.touches(len(moves))} moved behind it"
    return Change("pause-all", words, ms(now), edits)


def resume_all(session: Session, now: datetime) -> Change | Refused:
    """All paused drips of the rep go on, from now, on days with room."""
    found = enrolled.in_drips(session, playbook.rep(session).id, "paused")
    if not found:
        return Refused("drip.none", "none of your leads is in a paused drip")
    days = workload.workdays(session, now, moving=found)
    edits = tuple(edit for lead in found for edit in _resumed(session, lead, days))
    return Change("resume-all", f"{counted(len(found), 'drip goes', 'drips go')} on", ms(now), edits)


def _live(session: Session, lead: rows.Lead) -> int:
    drip = onward.drip_of(session, lead.id)
    assert drip is not None  # found by it
    return drip.row.id


def _resumed(session: Session, lead: rows.Lead, days: workload.Workdays) -> Iterator[Edit]:
    """One drip that goes on: its next touch on the first day with room, unless something outranks it."""
    drip = onward.drip_of(session, lead.id)
    assert drip is not None  # found by it
    if lead.next_kind in OUTRANKING:
        yield Edit.set("enrollment", drip.row.id, state="active", paused_until=None, why=None)
        return
    goes = replanning.with_room(
        lead, days, lambda since: onward.goes_on(session, lead, drip, drip.row.step_no, days.now, not_before=since)
    )
    yield Edit.set("enrollment", drip.row.id, **goes.drip | {"why": None})
    yield onward.moved(session, lead, LeadState(lead.state), goes, {})


# --- what is refused -------------------------------------------------------------------------------------------


def _in_drip(session: Session, lead_id: int) -> tuple[rows.Lead, Drip] | Refused:
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    drip = onward.drip_of(session, lead.id)
    return (lead, drip) if drip else Refused("drip.none", f"{lead.name} is in no drip; l and a digit starts one")


def _wait(session: Session, lead: rows.Lead, until: datetime | None, now: datetime) -> steps.NextStep:
    cal = steps.calendar_of(lead, now, session)
    if until is None:
        week = preset(3, now, cal.zone, cal.hours, cal.closed) or now
        return steps.in_hours(lead, NextKind.TRIAGE, week, now, "drip paused: go on?")
    stays = onward.standing(lead)
    return steps.in_hours(lead, stays.kind, onward.opened(lead, until, now, session), now, stays.note)


def _drip_change(
    session: Session, lead: rows.Lead, drip: Drip, goes: Onward, verb: str, words: str, now: datetime
) -> Change:
    edits = [Edit.set("enrollment", drip.row.id, **goes.drip)]
    if goes.step is not None:
        edits.append(onward.moved(session, lead, LeadState(lead.state), goes, {}))
    said = onward.said_next(lead, goes.step or onward.standing(lead), now)
    return Change(verb, f"{lead.name}: {words} · {said}", ms(now), tuple(edits), lead.id)

"""A drip's text put in force: a new drip, or a new version of a known one, and what becomes of those inside.

Those inside an older version keep it (they are grandfathered) unless the new one is applied to them, in the same act.
Applied, each keeps its place by the number of the step; only where the step that is due differs does its date move,
and a promise, a reply or a handoff that outranks the drip is never moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sdr.desk import onward, spacing, steps
from sdr.desk.onward import OUTRANKING, Drip, Onward
from sdr.desk.setting_up import cadence_edits
from sdr.models.terms import LeadState, Refused, at, ms
from sdr.rules.cadence import Cadence, CadenceError, Planned, Step, Track, parse_cadence, plan
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import cadences, leads, playbook
from sdr.store.queries.cadences import Inside
from sdr.store.session import Reader, Session


class Move(NamedTuple):
    """One lead whose next touch changes: the step it has and gets (0: the drip ends), and its dates (ms UTC)."""

    lead: rows.Lead
    step: int
    to_step: int
    due_at: int | None
    to_at: int


class Effects(NamedTuple):
    """What loading a drip would do: its version, who is inside an older one, and who would get another date."""

    cadence: Cadence
    inside: int
    versions: tuple[int, ...]
    moves: tuple[Move, ...]


class _Passage(NamedTuple):
    """One lead on its way to the new version."""

    held: Inside
    lead: rows.Lead
    goes: Onward
    due: Step | None  # before


def load_cadence(session: Session, text: str, now: datetime, *, apply: bool = False) -> Change | Refused:
    """A drip from its TOML: a new one, or a new version of the one with its name; `apply` moves those inside to it."""
    draft = readable(session, text)
    if isinstance(draft, Refused):
        return draft
    old = cadences.current(session, draft.name)
    same = old is not None and old.text == text
    passages = tuple(_passages(session, draft, now, old.id if same and old else None)) if apply else ()
    if same and not passages:
        return Refused("cadence.same", "this drip is in force already")
    cadence_id = old.id if same and old else session.new_id()
    version = old.version if same and old else _version(session, draft)
    made: tuple[Edit, ...] = ()
    if not same:
        made = tuple(cadence_edits(session, draft, text, version, now, cadence_id))
        made = (*([Edit.set("cadence", old.id, current=0)] if old else []), *made)
    moves = (edit for one in passages for edit in _passage_edits(session, one, draft, cadence_id))
    said = f" · {len(passages)} inside moved to it" if passages else _grandfathered(session, draft.name)
    return Change("cadence", f"drip “{draft.name}” version {version} in force{said}", ms(now), (*made, *moves))


def readable(db: Reader, text: str) -> Cadence | Refused:
    """The drip that `text` holds, all of whose messages are known; else what is wrong, by line and step."""
    try:
        draft = parse_cadence(text)
    except CadenceError as fault:
        return Refused("cadence.fault", str(fault), hint="nothing was changed")
    for step in draft.steps:
        for key in dict.fromkeys((*step.variants, *(key for key in (step.template, step.alone) if key))):
            if playbook.template(db, key) is None:
                return Refused(
                    "cadence.template",
                    f"step number {step.number} (“{step.name}”): there is no message text “{key}”",
                    hint="load the text first, or take it out of the step",
                )
    return draft


def effects(db: Reader, text: str, now: datetime) -> Effects | Refused:
    """What loading `text` and applying it would do, without doing it."""
    draft = readable(db, text)
    if isinstance(draft, Refused):
        return draft
    old = cadences.current(db, draft.name)
    same = old is not None and old.text == text
    version = old.version if same and old else _version(db, draft)
    found = tuple(_passages(db, draft, now, old.id if same and old else None))
    moves = tuple(_move(one) for one in found if one.goes.step is not None)
    versions = tuple(sorted({one.held.version for one in found}))
    return Effects(draft._replace(version=version), len(found), versions, moves)


def dates_from(db: Reader, cadence: Cadence, now: datetime) -> dict[int, Planned]:
    """The real dates of every step, by its number, for a prospect next door enrolled now; each track from its begin.

    Next door means the rep's own zone and holidays, less closures and the rep's time off.
    """
    rep = playbook.rep(db)
    cal = steps.prospect_calendar(rep.country, rep.zone, now, away=steps.days_off(db, rep.id, now))
    return {one.step.number: one for track in Track for one in plan(cadence, now, cal, track=track)}


def _version(db: Reader, draft: Cadence) -> int:
    return max(draft.version, cadences.newest_version(db, draft.name) + 1)


def _grandfathered(db: Reader, name: str) -> str:
    count = len(cadences.inside(db, name))
    return f" · {count} inside keep theirs" if count else ""


# --- those inside ------------------------------------------------------------------------------------------------


def _passages(db: Reader, draft: Cadence, now: datetime, keeps: int | None) -> Iterator[_Passage]:
    """Everybody inside the drip but those in version `keeps`, with what the draft makes of their next step."""
    for held in cadences.inside(db, draft.name):
        lead = leads.lead(db, held.enrollment.lead_id) if held.enrollment.cadence_id != keeps else None
        if lead is not None and lead.next_kind is not None:
            before = onward.drip_of(db, lead.id)
            if before is not None and before.row.id == held.enrollment.id:
                yield _Passage(held, lead, _goes(db, lead, before, draft, now), before.due)


def _goes(db: Reader, lead: rows.Lead, before: Drip, draft: Cadence, now: datetime) -> Onward:
    """The next step under the draft; a step that is the same, or not the drip's, stays where it is."""
    done = onward.done_steps(db, before.row)
    after = Drip(before.row, draft, done).due
    if before.row.state != "active" or lead.next_kind in OUTRANKING or not onward.is_due(lead, before):
        return Onward(None, {}, _place(draft, after))
    if after is not None and before.due is not None and _timed_alike(before.due, after):
        return Onward(None, {}, _place(draft, after) | {"next_note": after.name})
    since = at(cadences.last_step_at(db, before.row))
    free = spacing.free_from(db, lead, draft.minimum_gap, now)
    earliest = max((now, *([free] if free else [])), key=datetime.timestamp)
    planned = steps.next_drip_touch(
        db, lead, draft, before.row.step_no, since, earliest, track=before.row.track, done=done
    )
    return onward.by_plan(db, lead, draft, planned, now)


def _timed_alike(one: Step, other: Step) -> bool:
    return (one.number, one.channel, one.delay, one.window) == (
        other.number,
        other.channel,
        other.delay,
        other.window,
    )


def _place(draft: Cadence, step: Step | None) -> steps.Fields:
    if step is None:
        return {}
    place, places = draft.place(draft.steps[step.number - 1])
    return {"touch_no": place, "touch_of": places}


def _move(one: _Passage) -> Move:
    assert one.goes.step is not None
    ended = one.goes.drip.get("state") == "finished"
    number = 0 if ended else one.goes.drip["step_no"] + 1
    return Move(one.lead, one.due.number if one.due else 0, number, one.lead.due_at, ms(one.goes.step.due_at))


def _passage_edits(session: Session, one: _Passage, draft: Cadence, cadence_id: int) -> Iterator[Edit]:
    yield Edit.set("enrollment", one.held.enrollment.id, cadence_id=cadence_id, product=draft.product, **one.goes.drip)
    if one.goes.step is not None:
        yield onward.moved(session, one.lead, LeadState(one.lead.state), one.goes, {})
    elif one.goes.lead:
        yield Edit.set("lead", one.lead.id, **one.goes.lead)

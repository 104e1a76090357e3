"""Two leads that are one person become one: what the survivor takes on, what moves, what stops.

Who stays and what each has is `comparing`'s, who may be whom `suspecting`'s, taking them apart `unmerging`'s. Blanks
are filled and nothing is erased; the other's id still leads to the survivor; one `u` takes it back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sdr.desk import halting, making, steps, wishes
from sdr.desk.comparing import ordered, stage, taken_over
from sdr.desk.making import Setting
from sdr.desk.mending import setting_of
from sdr.desk.steps import Fields, NextStep
from sdr.models.terms import LeadState, NextKind, Refused, at, ms
from sdr.rules.phones import phone
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import doubles, leads
from sdr.store.queries.reading import every
from sdr.store.session import Reader, Session

# What the survivor takes over whole from one that was further on.
WHERE_IT_STANDS = (
    "state", "next_kind", "next_note", "due_at", "close_at", "queue_band", "rank", "touch_no", "touch_of", "snoozes",
    "reason", "closed_at", "owner_id", "owned_at",
)  # fmt: skip
FIRST_TIMES = ("first_touch_at", "contacted_at", "qualified_at", "opened_at")
# What happened goes along with the person; a drip goes with its touches, which count its steps.
MOVED = ("event", "touch", "call", "handoff", "message")
PERMITTED = (
    "basis", "basis_note", "consent", "consent_evidence", "consent_at", "consent_until", "subscriber", "obtained_at",
    "informed_at", "listed_at",
)  # fmt: skip


def merge(
    session: Session,
    lead_id: int,
    twin_id: int,
    now: datetime,
    *,
    keep: Mapping[str, int] | None = None,
    stays: int | None = None,
) -> Change | Refused:
    """Join two leads into the one that stays: the better standing, or `stays` when the rep says which.

    `keep` says by a word of `comparing.FIELDS` which of the two leads' values stands where both have one.
    """
    one, other = steps.the_lead(session, lead_id), steps.the_lead(session, twin_id)
    if isinstance(one, Refused) or isinstance(other, Refused):
        return one if isinstance(one, Refused) else other  # type: ignore[return-value]
    if one.id == other.id:
        return _one_already(one, lead_id, twin_id)
    kept, goes = ordered(one, other, stays)
    chosen = taken_over(kept, goes, keep or {})
    if isinstance(chosen, Refused):
        return chosen
    if goes.state == LeadState.WON:
        which = "both are" if kept.state == LeadState.WON else f"{goes.name} is"
        return Refused("merge.won", f"{which} won; won leads are never merged away")
    joining = Joining(session, kept, goes, now)
    summary = f"{goes.name} joined {kept.name} ({kept.company or 'no company'})"
    return Change("merge", summary, ms(now), tuple(_edits(joining, chosen)), kept.id)


def still_two(db: Reader, a: int, b: int) -> bool:
    """Whether both leads are here and stand for themselves."""
    found = doubles.leads_of(db, (a, b))
    return len(found) == 2 and all(lead.alias_of is None for lead in found.values())


def _one_already(lead: rows.Lead, lead_id: int, twin_id: int) -> Refused:
    if lead_id == twin_id:
        return Refused("merge.same", f"{lead.name} cannot be merged with itself; name two leads")
    return Refused("merge.already", f"they are one lead already, {lead.name}; sdr unmerge takes them apart again")


class Joining(NamedTuple):
    """Two leads that become one: who stays and who goes."""

    session: Session
    stays: rows.Lead
    goes: rows.Lead
    now: datetime

    @property
    def further(self) -> bool:
        """Whether who goes was further on: then the survivor goes on from there, drip and all."""
        return stage(self.goes) > stage(self.stays)

    @property
    def halts(self) -> rows.Lead:
        """Whose drip ends: one person is not written to twice."""
        return self.stays if self.further else self.goes


def _edits(joining: Joining, chosen: Fields) -> Iterator[Edit]:
    session, stays, goes, now = joining.session, joining.stays, joining.goes, joining.now
    yield from _moved_edits(joining)
    yield from _permission_edits(session, stays, goes)
    yield from _answer_edits(session, stays, goes)
    wished = list(_suppression_edits(session, stays, goes, now))
    yield from wished
    kept = _kept(joining, chosen)
    yield Edit.set("lead", stays.id, **kept)
    for edit in wished:
        yield from wishes.ended(session, making.with_fields(stays, kept), edit.fields["channel"], now)
    for alias in doubles.aliases(session, goes.id):
        yield Edit.set("lead", alias, alias_of=stays.id)
    gone = {**steps.CLEARED, "state": LeadState.MERGED.value, "alias_of": stays.id, "closed_at": ms(now)}
    yield Edit.set("lead", goes.id, **gone)


def _kept(joining: Joining, chosen: Fields) -> Fields:
    """The survivor's columns: blanks filled, first times united, score and next step as they follow."""
    session, stays, goes = joining.session, joining.stays, joining.goes
    setting = setting_of(session, joining.now)
    changed = making.filled(stays, _told_of(goes), setting)
    changed |= {name: getattr(goes, name) for name in ("account_id", "said", "source_id") if _blank(stays, goes, name)}
    changed |= chosen
    for name in FIRST_TIMES:
        times = [time for time in (getattr(stays, name), getattr(goes, name)) if time is not None]
        changed |= {name: min(times)} if times else {}
    if (goes.last_at or 0) > (stays.last_at or 0):
        changed |= {"last_at": goes.last_at, "last_kind": goes.last_kind}
    after = making.with_fields(stays, changed)
    answers = leads.answers(session, goes.id) | leads.answers(session, stays.id)
    changed |= steps.scored(session, after, answers, setting.now)
    changed |= _next(joining, changed, after, setting)
    return making.differing(stays, changed)


def _next(joining: Joining, changed: Fields, after: rows.Lead, setting: Setting) -> Fields:
    """Where the survivor goes on: from its own step, from the other's when that was further, or from a promise."""
    session, stays, goes = joining.session, joining.stays, joining.goes
    if joining.further:
        return {name: getattr(goes, name) for name in WHERE_IT_STANDS}
    source = leads.source(session, stays.source_id)
    found = making.promoted(stays, changed, source, setting)
    promise = leads.open_promise(session, goes.id)
    if promise is not None and _waits(session, stays):
        kind = NextKind.PROMISE if promise.kind == "callback" else NextKind.MEETING
        step = NextStep(kind, at(promise.due_at))
        found |= steps.placed(after, source, LeadState(found.get("state", stays.state)), step)
    return found


def _blank(stays: rows.Lead, goes: rows.Lead, name: str) -> bool:
    return getattr(stays, name) is None and getattr(goes, name) is not None


def _waits(session: Session, stays: rows.Lead) -> bool:
    """Whether a promise made to the other may become the survivor's next step."""
    free = stays.next_kind is not None and stays.state not in (LeadState.OFFERED, LeadState.NURTURE)
    return free and leads.open_promise(session, stays.id) is None


def _told_of(lead: rows.Lead) -> dict[str, Any]:
    """A kept lead as what it would tell another."""
    known = {name: getattr(lead, name) for name in making.PLAIN if getattr(lead, name) not in (None, "")}
    if lead.first_name or lead.last_name:
        parts = {"first_name": lead.first_name, "last_name": lead.last_name, "name": lead.name}
        known |= {name: value for name, value in parts.items() if value}
    known["phones"] = making.listed_numbers(lead)
    known["tags"] = json.loads(lead.tags or "[]")
    if lead.phone:
        number = phone(lead.phone, None)
        known["phone_zones"] = list(getattr(number, "zones", ()))
    if lead.zone_from == "explicit":
        known["zone"] = lead.zone
    return known


def _moved_edits(joining: Joining) -> Iterator[Edit]:
    """What happened with the other goes along; one of the drips stops, an open promise is the survivor's.

    What waited in the outbox for whose drip stops is not sent: one person would be written to twice.
    """
    session, stays, goes, now = joining.session, joining.stays, joining.goes, joining.now
    yield from halting.dropped(session, joining.halts.id, now)
    for table in MOVED:
        for row in session.execute(f"SELECT id FROM {table} WHERE lead_id=? ORDER BY id", (goes.id,)).fetchall():
            yield Edit.set(table, row[0], lead_id=stays.id)
    live = leads.enrollment(session, joining.halts.id)
    if live is not None:
        yield Edit.set("enrollment", live.id, state="stopped", why="merged", paused_until=None)
    for row in session.execute("SELECT id FROM enrollment WHERE lead_id=? ORDER BY id", (goes.id,)).fetchall():
        yield Edit.set("enrollment", row[0], lead_id=stays.id)
    sql = "SELECT * FROM promise WHERE lead_id=? AND kept_at IS NULL AND dropped_at IS NULL ORDER BY id"
    for promise in every(session, rows.Promise, sql, (goes.id,)):
        if joining.further or _waits(session, stays):
            yield Edit.set("promise", promise.id, lead_id=stays.id)
        else:
            yield Edit.set("promise", promise.id, dropped_at=ms(now))


def _permission_edits(session: Session, stays: rows.Lead, goes: rows.Lead) -> Iterator[Edit]:
    """What the other allowed: the survivor's, where it allowed nothing; else what its own leaves blank."""
    sql = "SELECT * FROM permission WHERE lead_id=?"
    mine, others = (every(session, rows.Permission, sql, (lead.id,)) for lead in (stays, goes))
    for other in others:  # one at most
        if not mine:
            yield Edit.set("permission", other.id, lead_id=stays.id)
            continue
        blank = [name for name in PERMITTED if getattr(mine[0], name) is None]
        more = {name: getattr(other, name) for name in blank if getattr(other, name) is not None}
        if more:
            yield Edit.set("permission", mine[0].id, **more)


def _answer_edits(session: Session, stays: rows.Lead, goes: rows.Lead) -> Iterator[Edit]:
    """Answers that only the other gave; where both answered, the survivor's stand."""
    held = leads.answers(session, stays.id)
    for answer in leads.answer_rows(session, goes.id):
        if answer.criterion not in held:
            yield Edit.set("answer", answer.id, lead_id=stays.id)


def _suppression_edits(session: Session, stays: rows.Lead, goes: rows.Lead, now: datetime) -> Iterator[Edit]:
    """A "no" of the other is a no of the survivor."""
    mine = {one.channel for one in leads.suppressions(session, stays)}
    for one in leads.suppressions(session, goes):
        if one.scope == "person" and one.channel not in mine:
            mine.add(one.channel)
            yield Edit.new(
                "suppression", session.new_id(), lead_id=stays.id, channel=one.channel, scope="person",
                value=str(stays.id), at=ms(now), wording=one.wording, rep_id=one.rep_id,
            )  # fmt: skip

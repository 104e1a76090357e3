"""Two leads that are one person: which of them stays, and what the other adds. How they are found is `suspecting`.

Who stays (product.md 2): one that is not lost before one that is, the later stage, the higher score, the older
record. Blanks are filled and nothing is erased; the other's id still leads to the survivor; one `u` takes it back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sdr.desk import halting, making, steps
from sdr.desk.making import Setting
from sdr.desk.mending import setting_of
from sdr.desk.steps import Fields, NextStep
from sdr.desk.suspecting import likeness
from sdr.models.terms import LeadState, NextKind, Refused, at, ms
from sdr.rules.phones import phone
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import doubles, leads
from sdr.store.queries.reading import every
from sdr.store.session import Reader, Session

# Not lost before lost, then by stage; asleep counts less than worked.
STAGES = (
    LeadState.LOST, LeadState.REJECTED, LeadState.DISQUALIFIED, LeadState.INQUIRY, LeadState.NURTURE, LeadState.NEW,
    LeadState.WORKING, LeadState.TALKING, LeadState.QUALIFIED, LeadState.OFFERED, LeadState.ACCEPTED,
    LeadState.OPPORTUNITY, LeadState.WON,
)  # fmt: skip
SHOWN = (
    "name", "title", "company", "email", "email_2", "phone", "city", "country", "linkedin", "state", "score", "said",
    "campaign", "external_id",
)  # fmt: skip
FIRST_TIMES = ("first_touch_at", "contacted_at", "qualified_at", "opened_at")
# What happened goes along with the person; a drip goes with its touches, which count its steps.
MOVED = ("event", "touch", "call", "handoff", "message")
PERMITTED = (
    "basis", "basis_note", "consent", "consent_evidence", "consent_at", "consent_until", "subscriber", "obtained_at",
    "informed_at", "listed_at",
)  # fmt: skip


def difference(db: Reader, a: int, b: int) -> list[str]:
    """What differs between two leads, a line for each field, and which of them stays."""
    one, other = leads.lead(db, a), leads.lead(db, b)
    if one is None or other is None or one.id == other.id:
        return []
    stays, goes = ordered(one, other)
    why = ", ".join(likeness(db, one.id, other.id).reasons) or "nothing in common"
    lines = [f"{stays.name} stays ({stays.state}), {goes.name} joins it · {why}"]
    for word in SHOWN:
        kept, new = getattr(stays, word), getattr(goes, word)
        if kept != new and (kept, new) != (None, ""):
            lines.append(f"{word.replace('_', ' '):<10} {_or_dash(kept)} | {_or_dash(new)}")
    return lines


def _or_dash(value: object) -> object:
    return "—" if value in (None, "") else value


def ordered(one: rows.Lead, other: rows.Lead) -> tuple[rows.Lead, rows.Lead]:
    """Who stays, and who joins."""
    stays = max(one, other, key=_standing)
    return (one, other) if stays is one else (other, one)


def _standing(lead: rows.Lead) -> tuple[int, int, int, int]:
    return STAGES.index(LeadState(lead.state)), lead.score, -lead.recorded_at, -lead.id


# --- joining ---------------------------------------------------------------------------------------------------------


def merge(session: Session, lead_id: int, twin_id: int, now: datetime) -> Change | Refused:
    """Join two leads into the one that stays."""
    one, other = steps.the_lead(session, lead_id), steps.the_lead(session, twin_id)
    if isinstance(one, Refused) or isinstance(other, Refused):
        return one if isinstance(one, Refused) else other  # type: ignore[return-value]
    if one.id == other.id:
        return Refused("merge.same", f"{one.name} is one lead already")
    stays, goes = ordered(one, other)
    if goes.state == LeadState.WON:
        return Refused("merge.won", "both were won; won leads are never merged away")
    setting = setting_of(session, now)
    edits = [*_moved_edits(session, stays, goes, now), *_answer_edits(session, stays, goes)]
    edits += _suppression_edits(session, stays, goes, now)
    edits.append(Edit.set("lead", stays.id, **_kept(session, stays, goes, setting)))
    edits += [Edit.set("lead", alias, alias_of=stays.id) for alias in doubles.aliases(session, goes.id)]
    gone = {**steps.CLEARED, "state": LeadState.MERGED.value, "alias_of": stays.id, "closed_at": ms(now)}
    edits.append(Edit.set("lead", goes.id, **gone))
    summary = f"{goes.name} joined {stays.name} ({stays.company or 'no company'})"
    return Change("merge", summary, ms(now), tuple(edits), stays.id)


def _kept(session: Session, stays: rows.Lead, goes: rows.Lead, setting: Setting) -> Fields:
    """The survivor's columns: blanks filled, first times united, score and next step as they follow."""
    changed = making.filled(stays, _told_of(goes), setting)
    changed |= {name: getattr(goes, name) for name in ("account_id", "said", "source_id") if _blank(stays, goes, name)}
    for name in FIRST_TIMES:
        times = [time for time in (getattr(stays, name), getattr(goes, name)) if time is not None]
        changed |= {name: min(times)} if times else {}
    if (goes.last_at or 0) > (stays.last_at or 0):
        changed |= {"last_at": goes.last_at, "last_kind": goes.last_kind}
    after = making.with_fields(stays, changed)
    answers = leads.answers(session, goes.id) | leads.answers(session, stays.id)
    changed |= steps.scored(session, after, answers, setting.now)
    source = leads.source(session, stays.source_id)
    changed |= making.promoted(stays, changed, source, setting)
    promise = leads.open_promise(session, goes.id)
    if promise is not None and _waits(session, stays):
        kind = NextKind.PROMISE if promise.kind == "callback" else NextKind.MEETING
        step = NextStep(kind, at(promise.due_at))
        changed |= steps.placed(after, source, LeadState(changed.get("state", stays.state)), step)
    return making.differing(stays, changed)


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
    known["phones"] = json.loads(lead.phones or "[]")
    known["tags"] = json.loads(lead.tags or "[]")
    if lead.phone:
        number = phone(lead.phone, None)
        known["phone_zones"] = list(getattr(number, "zones", ()))
    if lead.zone_from == "explicit":
        known["zone"] = lead.zone
    return known


def _moved_edits(session: Session, stays: rows.Lead, goes: rows.Lead, now: datetime) -> Iterator[Edit]:
    """What happened with the other goes along; its drip stops, its open promise is the survivor's.

    What waited in the outbox for the other is not sent: one person would be written to twice.
    """
    yield from halting.dropped(session, goes.id, now)
    for table in MOVED:
        for row in session.execute(f"SELECT id FROM {table} WHERE lead_id=? ORDER BY id", (goes.id,)).fetchall():
            yield Edit.set(table, row[0], lead_id=stays.id)
    live = leads.enrollment(session, goes.id)
    for row in session.execute("SELECT id FROM enrollment WHERE lead_id=? ORDER BY id", (goes.id,)).fetchall():
        ended = {"state": "stopped", "why": "merged", "paused_until": None} if live and live.id == row[0] else {}
        yield Edit.set("enrollment", row[0], lead_id=stays.id, **ended)
    yield from _permission_edits(session, stays, goes)
    sql = "SELECT * FROM promise WHERE lead_id=? AND kept_at IS NULL AND dropped_at IS NULL ORDER BY id"
    for promise in every(session, rows.Promise, sql, (goes.id,)):
        if _waits(session, stays):
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

"""Somebody who is worked already comes in again: the drip breaks, and the response clock of that source begins.

A file of bought names is no hand raised; nor is a row that was read before. Promises, replies and handoffs stand:
somebody is talking to them anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from sdr.desk import halting, making, onward, steps
from sdr.desk.making import Setting
from sdr.desk.mending import note_edits
from sdr.desk.onward import OUTRANKING
from sdr.desk.steps import Fields
from sdr.models.terms import Band, LeadState, NextKind, SourceType, at, ms
from sdr.rules.told import Told
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, playbook
from sdr.store.queries.inquiries import RAISED, Raised
from sdr.store.session import Session

WORKED = (LeadState.WORKING, LeadState.TALKING, LeadState.NURTURE)
HANDS = (SourceType.HAND_RAISER, SourceType.INBOUND)


class Inquiry(NamedTuple):
    """Through which source, and when it came (aware time)."""

    source: rows.Source
    at: datetime


def may_inquire(lead: rows.Lead, source_type: str | None) -> bool:
    """Whether this lead, coming in through such a source, asks for something that nobody answers yet."""
    return source_type in HANDS and lead.state in WORKED


def is_new(
    lead: rows.Lead, source: tuple[int | None, str], arrived: int | None, raised: Collection[Raised], *, wrote: bool
) -> bool:
    """Whether it was not heard before, so that the same file twice changes nothing.

    `arrived` (ms UTC) tells by itself. Without it, a `source` (id and name) that this lead did not come through yet
    is news, and one that it did only when they `wrote` something that is not kept.
    """
    mine = [one for one in raised if one.lead == lead.id]
    if arrived is not None:
        return arrived > max([lead.arrived_at, *(one.at for one in mine)])
    known = source[0] is not None and source[0] == lead.source_id
    return wrote or not (known or any(one.source == source[1] for one in mine))


def broken(session: Session, lead: rows.Lead, inquiry: Inquiry, now: datetime) -> tuple[Fields, tuple[Edit, ...]]:
    """The lead's columns after an inquiry, and what happens besides: noted, drip stopped, outbox emptied."""
    return _answered_first(session, lead, inquiry, now), tuple(_edits(session, lead, inquiry, now))


def _edits(session: Session, lead: rows.Lead, inquiry: Inquiry, now: datetime) -> Iterator[Edit]:
    name = inquiry.source.name
    yield Edit.new(
        "event", session.new_id(), lead_id=lead.id, kind=RAISED, at=ms(inquiry.at), text=f"came in again: {name}",
        detail=name, rep_id=playbook.rep(session).id,
    )  # fmt: skip
    if (drip := leads.enrollment(session, lead.id)) is not None:
        why = f"inquiry: {name}"
        yield Edit.set("enrollment", drip.id, state="stopped", paused_until=None, why=why)
    yield from halting.dropped(session, lead.id, now)


def _answered_first(session: Session, lead: rows.Lead, inquiry: Inquiry, now: datetime) -> Fields:
    """Hot, by the clock of the source; where somebody is owed an answer already, only the score moves."""
    scored = onward.rescored(session, lead, leads.answers(session, lead.id), now, ("raised-hand",))
    if lead.next_kind in OUTRANKING and lead.next_kind != NextKind.WAKE:
        return scored
    rep = playbook.rep(session)
    came = min(inquiry.at, now, key=ms)
    by = steps.respond_by(rep, inquiry.source, came, steps.days_off(session, rep.id, now)) or now
    state = LeadState.WORKING if lead.state == LeadState.NURTURE else LeadState(lead.state)
    step = onward.reached_by(session, lead, NextKind.CALL, now, now, f"asked again: {inquiry.source.name}")
    told: Fields = {**scored, "respond_by": ms(by), "reason": None}
    fields = steps.placed(lead, inquiry.source, state, step, **told)
    return {**fields, "due_at": ms(by), "queue_band": int(Band.HOT)}


def come_in(session: Session, lead_id: int, source: rows.Source | None, told: Told, setting: Setting) -> Change | None:
    """A known lead that was typed in again through a source that brings hands; None when that is no inquiry."""
    lead, now = leads.lead(session, lead_id), setting.now
    if lead is None or source is None or not may_inquire(lead, source.type):
        return None
    changed = making.filled(lead, told.values, setting)
    inquiry = Inquiry(source, now)
    fields, edits = broken(session, making.with_fields(lead, changed), inquiry, now)
    more = note_edits(session, lead.id, told, now)
    due = at(int(fields["respond_by"]), setting.rep.zone) if "respond_by" in fields else None
    clock = f" · answer by {due:%H:%M}" if due else ""
    words = f"{lead.name}: asked again through {source.name}{clock}"
    every = (*edits, *more, Edit.set("lead", lead.id, **{**changed, **fields}))
    return Change("inquiry", words, ms(now), every, lead.id)

"""What an export of one day may carry: handoffs, touches, promises, and what has gone out already.

A row belongs to the day under which it first went out; what never went out belongs to the next export, so that a
row from a day nobody exported is late, not lost. A day is ms UTC, its end excluded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from sdr.models.terms import Band, NextKind
from sdr.store import rows
from sdr.store.queries.reading import every
from sdr.store.session import Reader


class Sent(NamedTuple):
    """One row that went out: its delivery, under which day, and the digest of what was sent."""

    id: int
    kind: str
    about_id: int
    day: str
    hash: str


class Outward(NamedTuple):
    """A lead with everything its row in a file needs; `blocked` are channels on which it is left alone."""

    lead: rows.Lead
    source: str | None
    owner: str | None
    notes: tuple[str, ...]
    blocked: frozenset[str]


class HandedOff(NamedTuple):
    """A handoff with everything its row in a CRM needs. Times are ms UTC."""

    handoff: rows.Handoff
    who: Outward
    ae: str
    ae_email: str | None


# A done touch as a line of the activity file: its id, when it was done, the lead's id, external id, name and company,
# channel, outcome, contact, seconds, step, template, source, owner. Numbers may be None, text is never. A plain tuple,
# for a day may have a hundred thousand.
Activity = tuple[int, int, int, str, str, str, str, str, str, int | None, int | None, str, str, str]


class Promised(NamedTuple):
    """A callback or meeting with whom it is; `ae` when one takes the meeting.

    `changes` counts what was ever written about it (taking back is a change too), `changed_at` is the last time.
    """

    promise: rows.Promise
    name: str
    company: str | None
    phone: str | None
    email: str | None
    ae: str | None
    ae_email: str | None
    changes: int = 0
    changed_at: int | None = None


class DueTouch(NamedTuple):
    """A touch of the drip that is due; `changes` as of `Promised`, of its lead."""

    lead_id: int
    name: str
    company: str | None
    kind: str
    note: str | None
    due_at: int
    zone: str
    phone: str | None
    email: str | None
    changes: int
    changed_at: int | None


_TOUCHES = (NextKind.CALL, NextKind.EMAIL, NextKind.LINKEDIN, NextKind.LETTER, NextKind.OTHER)
_CHANGES = """(SELECT count(*) FROM operation WHERE entity_id={0}.id),
  (SELECT max(at) FROM operation WHERE entity_id={0}.id)"""


def sent(db: Reader, kind: str, about: Sequence[int]) -> dict[int, tuple[Sent, ...]]:
    """Deliveries of these rows, oldest first, by row."""
    found: dict[int, tuple[Sent, ...]] = {}
    # Newer rows than ever went out, as those of most exports are, are told by one look.
    between = "SELECT 1 FROM delivery WHERE kind=? AND about_id BETWEEN ? AND ? LIMIT 1"
    if not about or db.execute(between, (kind, min(about), max(about))).fetchone() is None:
        return found
    sql = """SELECT delivery.id, kind, about_id, day, hash FROM json_each(?) AS given CROSS JOIN delivery
      ON kind=? AND about_id = given.value ORDER BY about_id, at, delivery.id"""
    for one in every(db, Sent, sql, (json.dumps(about), kind)):
        found[one.about_id] = (*found.get(one.about_id, ()), one)
    return found


# By the index of days: the one of rows holds everything that ever went out.
_WENT = "SELECT about_id FROM delivery WHERE day=:day AND +kind="


def handoff_ids(db: Reader, day: str, since: int, end: int) -> tuple[int, ...]:
    """Handoffs that moved between `since` and `end`, or went out under `day`."""
    sql = f"""SELECT id FROM handoff INDEXED BY handoff_moved
      WHERE max(offered_at, coalesce(answered_at, 0), coalesce(closed_at, 0)) >= :since AND offered_at < :end
      UNION {_WENT}'handoff' ORDER BY 1"""
    return tuple(row[0] for row in db.execute(sql, {"day": day, "since": since, "end": end}))


_ACTIVITY = """SELECT touch.id, touch.at, touch.lead_id, coalesce(lead.external_id, ''), lead.name,
  coalesce(lead.company, ''), touch.channel, coalesce(touch.outcome, ''), coalesce(call.contact, ''), call.seconds,
  touch.step_no, coalesce(touch.template, ''), coalesce(source.name, ''), coalesce(rep.name, '')
  FROM touch CROSS JOIN lead ON lead.id = touch.lead_id LEFT JOIN source ON source.id = lead.source_id
  LEFT JOIN rep ON rep.id = touch.rep_id
  LEFT JOIN call ON call.lead_id = CASE touch.channel WHEN 'call' THEN touch.lead_id END AND call.at = touch.at
    AND call.touch_id = touch.id
  WHERE touch.skipped = 0 AND {} ORDER BY touch.at, touch.id"""
_UNDER = f"touch.id IN ({_WENT}'touch')"
# In order of time without sorting what a day holds: what went out under the day is among its touches or beside them.
_PARTS = (
    f"+touch.at < :since AND {_UNDER}", "touch.at >= :since AND touch.at < :end", f"+touch.at >= :end AND {_UNDER}",
)  # fmt: skip


def activity(db: Reader, day: str, since: int, end: int) -> Iterator[Activity]:
    """Touches done between `since` and `end`, or that went out under `day`, in order of time; one by one."""
    args = {"day": day, "since": since, "end": end}
    return chain.from_iterable(db.execute(_ACTIVITY.format(part), args) for part in _PARTS)


def handed_off(db: Reader, handoff_id: int) -> HandedOff | None:
    """The handoff with this id and its lead; `None` when it was taken back."""
    from sdr.store.queries import handoffs

    handoff = handoffs.by_id(db, handoff_id)
    who = outward(db, handoff.lead_id) if handoff else None
    if handoff is None or who is None:
        return None
    ae, ae_email = db.execute("SELECT name, email FROM ae WHERE id=?", (handoff.ae_id,)).fetchone()
    return HandedOff(handoff, who, ae, ae_email)


def outward(db: Reader, lead_id: int) -> Outward | None:
    """The lead with this id as it goes out; `None` when there is no such lead."""
    from sdr.store.queries import leads

    lead = leads.lead(db, lead_id)
    if lead is None:
        return None
    sql = "SELECT (SELECT name FROM source WHERE id=?), (SELECT name FROM rep WHERE id=?)"
    source, owner = db.execute(sql, (lead.source_id, lead.owner_id)).fetchone()
    notes = tuple(one.text for one in leads.events(db, lead.id) if one.kind in ("note", "said") and one.text)
    blocked = frozenset(one.channel for one in leads.suppressions(db, lead))
    return Outward(lead, source, owner, notes, blocked)


def outward_many(db: Reader, lead_ids: Sequence[int]) -> list[Outward]:
    """As `outward`, of some leads in this order; those that went meanwhile are left out."""
    return [found for lead_id in lead_ids if (found := outward(db, lead_id)) is not None]


def promises(db: Reader, since: int, *, overdue: bool = False) -> tuple[Promised, ...]:
    """Callbacks and meetings due from `since` on, also those that were called off, in order; `overdue` also all that
    are still to be kept."""
    late = "OR (promise.due_at < :since AND kept_at IS NULL AND dropped_at IS NULL)" if overdue else ""
    sql = f"""SELECT promise.*, lead.name, lead.company, lead.phone, lead.email, ae.name, ae.email,
      {_CHANGES.format("promise")}
      FROM promise JOIN lead ON lead.id = promise.lead_id
      LEFT JOIN handoff ON handoff.id = (SELECT max(id) FROM handoff WHERE lead_id = lead.id)
      AND promise.kind = 'meeting' LEFT JOIN ae ON ae.id = handoff.ae_id
      WHERE promise.due_at >= :since {late} ORDER BY promise.due_at, promise.id"""
    return tuple(Promised(rows.Promise(*row[:9]), *row[9:]) for row in db.execute(sql, {"since": since}))


def due_touches(db: Reader, start: int, end: int, limit: int = 500) -> tuple[DueTouch, ...]:
    """The touches due between `start` and `end` (ms UTC), in order, at most `limit`."""
    kinds, bands = ", ".join(f"'{kind}'" for kind in _TOUCHES), ", ".join(str(int(band)) for band in Band)
    sql = f"""SELECT lead.id, name, company, next_kind, next_note, due_at, zone, phone, email, {_CHANGES.format("lead")}
      FROM lead WHERE queue_band IN ({bands}) AND due_at >= ? AND due_at < ? AND next_kind IN ({kinds})
      ORDER BY due_at, lead.id LIMIT ?"""
    return every(db, DueTouch, sql, (start, end, limit))

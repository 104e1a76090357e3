"""Who is in a drip, who was touched when, and what is planned: what enrolling and planning ask of the file.

One person may stand as several leads (merged ones, or the same address twice); questions about touches and drips are
about the person. Every question is a lookup by index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from sdr.models.terms import Band
from sdr.rules.identity import role_address
from sdr.store import rows
from sdr.store.queries.reading import every, one
from sdr.store.session import Reader

# Next kinds that a plan may put on another day; the rest is promised, owed, or about somebody who waits.
MOVABLE = ("call", "mail", "linkedin", "letter", "touch", "wake")
_LIVE = "enrollment.state IN ('active', 'paused')"
# The bands that hold planned touches: calls, and everything else by hand.
_PLANNED = f"({int(Band.CLOSING)}, {int(Band.DUE)})"


class Touched(NamedTuple):
    """One touch of a person: when (ms UTC), how, by whom, and as which lead."""

    at: int
    channel: str
    rep_id: int | None
    rep: str | None
    lead_id: int
    name: str


class Live(NamedTuple):
    """A drip that somebody is in. `name` and `source` are of their record; `enrolled_at` is ms UTC."""

    lead_id: int
    name: str
    cadence: str
    product: str
    state: str
    enrolled_at: int
    source: str | None


class Colleague(NamedTuple):
    """Somebody at the same account with whom there is a talk. `at` (ms UTC) is when they were last heard or touched."""

    id: int
    name: str
    state: str
    at: int | None
    owner: str | None


def cadence_row(db: Reader, cadence_id: int) -> rows.Cadence | None:
    """One version of a drip."""
    return one(db, rows.Cadence, "SELECT * FROM cadence WHERE id=?", (cadence_id,))


def same_person(db: Reader, lead: rows.Lead, *, by_phone: bool = False) -> tuple[int, ...]:
    """The ids of every lead that is this person, its own first: merged into it, or with an address of its own.

    An address that a whole office reads (info@) is theirs only under the same name. `by_phone`: also those with its
    number, unless it is a line that people of different names share.
    """
    given = [address for address in (lead.email, lead.email_2) if address]
    office = [address for address in given if role_address(address)]
    sql = """SELECT id FROM lead WHERE alias_of=:id
      UNION SELECT id FROM lead WHERE email IN (SELECT value FROM json_each(:own))
      UNION SELECT id FROM lead WHERE email_2 IN (SELECT value FROM json_each(:own))"""
    if office:
        sql += """ UNION SELECT id FROM lead WHERE email IN (SELECT value FROM json_each(:office))
            AND folded(name)=folded(:name)
          UNION SELECT id FROM lead WHERE email_2 IN (SELECT value FROM json_each(:office))
            AND folded(name)=folded(:name)"""
    if by_phone:
        sql += """ UNION SELECT id FROM lead WHERE phone=:phone
          AND (phone_type='mobile' OR folded(name)=folded(:name))"""
    args = {
        "id": lead.id, "own": json.dumps([one for one in given if one not in office]), "office": json.dumps(office),
        "phone": lead.phone, "name": lead.name,
    }  # fmt: skip
    return (lead.id, *(row[0] for row in db.execute(sql, args) if row[0] != lead.id))


def live(db: Reader, lead_ids: Iterable[int]) -> Live | None:
    """The drip, running or paused, that one of these leads is in; the oldest."""
    sql = f"""SELECT lead.id, lead.name, cadence.name, cadence.product, enrollment.state, enrollment.enrolled_at,
        source.name
      FROM enrollment JOIN cadence ON cadence.id=enrollment.cadence_id JOIN lead ON lead.id=enrollment.lead_id
      LEFT JOIN source ON source.id=lead.source_id
      WHERE enrollment.lead_id IN (SELECT value FROM json_each(?)) AND {_LIVE} AND lead.queue_band IS NOT NULL
      ORDER BY enrollment.enrolled_at LIMIT 1"""
    return one(db, Live, sql, (json.dumps(list(lead_ids)),))


class Ended(NamedTuple):
    """A drip that was gone through to its end; `at` (ms UTC) is its last touch, done or skipped."""

    cadence: str
    text: str
    at: int


def ended(db: Reader, lead_ids: Iterable[int]) -> tuple[Ended, ...]:
    """The drips that these leads went through to the end, the newest first."""
    sql = """SELECT cadence.name, cadence.text, coalesce((SELECT max(at) FROM touch
        WHERE touch.lead_id=enrollment.lead_id AND touch.enrollment_id=enrollment.id), enrollment.enrolled_at)
      FROM enrollment JOIN cadence ON cadence.id=enrollment.cadence_id
      WHERE enrollment.lead_id IN (SELECT value FROM json_each(?)) AND enrollment.state='finished'
      ORDER BY enrollment.id DESC"""
    return every(db, Ended, sql, (json.dumps(list(lead_ids)),))


def last_touch(db: Reader, lead_ids: Iterable[int], since: int, *, but: int | None = None) -> Touched | None:
    """The newest done touch of these leads after `since` (ms UTC); `but` leaves those of one enrollment out."""
    sql = """SELECT touch.at, touch.channel, touch.rep_id, rep.name, touch.lead_id, lead.name FROM touch
      JOIN lead ON lead.id=touch.lead_id LEFT JOIN rep ON rep.id=touch.rep_id
      WHERE touch.lead_id IN (SELECT value FROM json_each(:ids)) AND touch.at > :since AND touch.skipped=0
      AND touch.enrollment_id IS NOT coalesce(:but, -1) ORDER BY touch.at DESC LIMIT 1"""
    return one(db, Touched, sql, {"ids": json.dumps(list(lead_ids)), "since": since, "but": but})


def in_talks(db: Reader, lead: rows.Lead, others: Iterable[int]) -> Colleague | None:
    """A colleague at the account of `lead` who is being talked to or offered; `others` are the person's own leads."""
    if lead.account_id is None:
        return None
    sql = """SELECT lead.id, lead.name, lead.state, lead.last_at, rep.name FROM lead
      LEFT JOIN rep ON rep.id=lead.owner_id
      WHERE lead.account_id=:account AND lead.alias_of IS NULL
      AND lead.id NOT IN (SELECT value FROM json_each(:own))
      AND (lead.state IN ('talking', 'qualified', 'offered', 'accepted', 'opportunity') OR lead.next_kind = 'reply')
      ORDER BY lead.last_at DESC, lead.id LIMIT 1"""
    return one(db, Colleague, sql, {"account": lead.account_id, "own": json.dumps(list(others))})


def planned(db: Reader, rep_id: int, since: int | None, until: int, most: int | None = None) -> dict[str, int]:
    """How many touches of a rep are due from `since` (None: ever) and before `until` (ms UTC), by kind of step.

    No more than `most` are counted, whichever these are: enough to know that a day is full, however many are overdue.
    """
    sql = f"""SELECT next_kind, count(*) FROM (SELECT next_kind FROM lead WHERE queue_band IN {_PLANNED}
      AND due_at < :until AND due_at >= :since AND coalesce(owner_id, :rep)=:rep LIMIT :most) GROUP BY next_kind"""
    args = {"rep": rep_id, "since": since or 0, "until": until, "most": -1 if most is None else most}
    return dict(db.execute(sql, args).fetchall())


def touched_since(db: Reader, rep_id: int, since: int) -> dict[str, int]:
    """How many touches a rep did since then (ms UTC), by channel."""
    sql = "SELECT channel, count(*) FROM touch WHERE at >= ? AND skipped=0 AND rep_id=? GROUP BY channel"
    return dict(db.execute(sql, (since, rep_id)).fetchall())


def due_touches(db: Reader, rep_id: int, since: int, until: int) -> tuple[rows.Lead, ...]:
    """The leads of a rep whose planned touch is due from `since` and before `until` (ms UTC), the worthiest first."""
    sql = f"""SELECT * FROM lead WHERE queue_band IN {_PLANNED} AND due_at >= :since AND due_at < :until
      AND coalesce(owner_id, :rep)=:rep ORDER BY rank DESC, due_at, id"""
    return every(db, rows.Lead, sql, {"rep": rep_id, "since": since, "until": until})


def promised(db: Reader, rep_id: int, since: int, until: int) -> tuple[rows.Lead, ...]:
    """The leads of a rep with a promise or a meeting from `since` and before `until` (ms UTC), by time."""
    sql = """SELECT * FROM lead WHERE queue_band=:band AND due_at >= :since AND due_at < :until
      AND coalesce(owner_id, :rep)=:rep ORDER BY due_at, id"""
    return every(db, rows.Lead, sql, {"band": int(Band.PROMISE), "rep": rep_id, "since": since, "until": until})


def unanswered(db: Reader, rep_id: int, since: int, until: int) -> tuple[rows.Lead, ...]:
    """The open leads of a rep, untouched, whose response clock runs out from `since` and before `until` (ms UTC)."""
    sql = """SELECT * FROM lead WHERE respond_by >= :since AND respond_by < :until AND first_touch_at IS NULL
      AND queue_band IS NOT NULL AND coalesce(owner_id, :rep)=:rep ORDER BY respond_by, id"""
    return every(db, rows.Lead, sql, {"rep": rep_id, "since": since, "until": until})


def in_drips(db: Reader, rep_id: int, state: str) -> tuple[rows.Lead, ...]:
    """The open leads of a rep in a drip that is `active` or `paused`, the worthiest first."""
    sql = f"""SELECT lead.* FROM enrollment JOIN lead ON lead.id=enrollment.lead_id
      WHERE {_LIVE} AND enrollment.state=:state AND coalesce(lead.owner_id, :rep)=:rep AND lead.queue_band IS NOT NULL
      ORDER BY lead.rank DESC, lead.due_at, lead.id"""
    return every(db, rows.Lead, sql, {"rep": rep_id, "state": state})

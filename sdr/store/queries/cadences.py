"""The drips with who is inside: how many, at which step, how many are due, paused, done, and answered.

A drip is known by its name; its versions count together, since those inside an older one are in the same drip.
Every number is of leads, and the same words give the leads behind it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sdr.rules.cadence import Cadence, standing_step
from sdr.store import rows
from sdr.store.queries.playbook import cadence_of, cadences
from sdr.store.queries.reading import every, number, one
from sdr.store.session import Reader

_LIVE = "enrollment.state IN ('active', 'paused')"
_OF = "enrollment.cadence_id IN (SELECT id FROM cadence WHERE name=:name)"
# A drip's touch that is to be done; promises, replies and handoffs are not the drip's.
_KINDS = "('call', 'mail', 'linkedin', 'letter', 'touch')"
# An answer belongs to the drip the lead was in when it came: the newest one begun before it.
_REPLIED = """EXISTS (SELECT 1 FROM event WHERE event.lead_id=enrollment.lead_id AND event.kind='replied'
  AND event.at >= enrollment.enrolled_at AND NOT EXISTS (SELECT 1 FROM enrollment AS later
  WHERE later.lead_id=enrollment.lead_id AND later.enrolled_at > enrollment.enrolled_at
  AND later.enrolled_at <= event.at))"""
_WHICH = {
    "inside": _LIVE,
    "due": f"""enrollment.state='active' AND EXISTS (SELECT 1 FROM lead WHERE lead.id=enrollment.lead_id
      AND lead.next_kind IN {_KINDS} AND lead.due_at < :until)""",
    "paused": "enrollment.state='paused'",
    "finished": "enrollment.state='finished'",
    "replied": _REPLIED,
}
BEHIND = tuple(_WHICH)


class Line(NamedTuple):
    """One drip in force and its numbers; `older` of those inside are in an earlier version."""

    row: rows.Cadence
    cadence: Cadence
    inside: int
    due: int
    paused: int
    finished: int
    replied: int
    older: int


class Inside(NamedTuple):
    """One lead inside a drip: its enrollment, the version that holds it, and the number of its next step (0: none)."""

    enrollment: rows.Enrollment
    version: int
    step: int


def named(db: Reader, name: str) -> tuple[rows.Cadence, ...]:
    """The drips in force that are called `name`, else those that begin with it, else those that hold it."""
    key = name.strip().casefold()
    listed = cadences(db) if key else ()
    exact = tuple(row for row in listed if row.name.casefold() == key)
    begun = tuple(row for row in listed if row.name.casefold().startswith(key))
    return exact or begun or tuple(row for row in listed if key in row.name.casefold())


def current(db: Reader, name: str) -> rows.Cadence | None:
    """The version in force of the drip called exactly `name`."""
    return one(db, rows.Cadence, "SELECT * FROM cadence WHERE name=? AND current=1 ORDER BY version DESC", (name,))


def newest_version(db: Reader, name: str) -> int:
    """The highest version the drip `name` ever had; 0 for a new name."""
    return number(db, "SELECT max(version) FROM cadence WHERE name=?", (name,))


def lines(db: Reader, until: int) -> tuple[Line, ...]:
    """Every drip in force, in the order of their digits; due means before `until` (ms UTC)."""
    return tuple(_line(db, row, until) for row in cadences(db))


def _line(db: Reader, row: rows.Cadence, until: int) -> Line:
    older = f"SELECT count(DISTINCT lead_id) FROM enrollment WHERE {_OF} AND {_LIVE} AND cadence_id<>:id"
    return Line(
        row,
        cadence_of(row.text, row.version),
        **{which: _count(db, row.name, which, until) for which in BEHIND},
        older=number(db, older, {"name": row.name, "id": row.id}),
    )


def _count(db: Reader, name: str, which: str, until: int) -> int:
    sql = f"SELECT count(DISTINCT lead_id) FROM enrollment WHERE {_OF} AND {_WHICH[which]}"
    return number(db, sql, {"name": name, "until": until})


def rows_behind(db: Reader, name: str, which: str, until: int) -> tuple[int, ...]:
    """The leads behind a number of a drip's line, newest enrollment first; `which` is one of `BEHIND`."""
    sql = f"""SELECT lead_id FROM enrollment WHERE {_OF} AND {_WHICH[which]}
      GROUP BY lead_id ORDER BY max(enrolled_at) DESC, lead_id DESC"""
    return tuple(row[0] for row in db.execute(sql, {"name": name, "until": until}))


def inside(db: Reader, name: str) -> tuple[Inside, ...]:
    """Who is in the drip `name` now, whatever the version, in the order they came."""
    sql = f"SELECT * FROM enrollment WHERE {_OF} AND {_LIVE} ORDER BY enrolled_at, id"
    versions = {row.id: row for row in every(db, rows.Cadence, "SELECT * FROM cadence WHERE name=?", (name,))}
    return tuple(
        Inside(held, versions[held.cadence_id].version, _next_step(held, versions[held.cadence_id]))
        for held in every(db, rows.Enrollment, sql, {"name": name})
    )


def _next_step(held: rows.Enrollment, row: rows.Cadence) -> int:
    step = standing_step(cadence_of(row.text, row.version), held.step_no, held.track)
    return step.number if step else 0


def last_step_at(db: Reader, held: rows.Enrollment) -> int:
    """When the newest touch of an enrollment, done or skipped, was (ms UTC); without one, when it began."""
    sql = "SELECT max(at) FROM touch WHERE lead_id=? AND enrollment_id=?"
    return number(db, sql, (held.lead_id, held.id)) or held.enrolled_at


def names(db: Reader, lead_ids: Iterable[int]) -> dict[int, str]:
    """The names of these leads."""
    sql = "SELECT id, name FROM lead WHERE id IN (SELECT value FROM json_each(?))"
    return dict(db.execute(sql, (json.dumps(list(lead_ids)),)).fetchall())


def at_steps(found: tuple[Inside, ...]) -> Counter[int]:
    """How many of those inside have which step next."""
    return Counter(one.step for one in found)

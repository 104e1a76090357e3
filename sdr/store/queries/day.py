"""The day's end: what is left to do before it may end, what was done, and which source did best and worst.

A day is given as ms UTC, its end excluded; `now` says whose clock has run out.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sdr.models.terms import at
from sdr.store.queries.playbook import rep
from sdr.store.queries.reading import every, number
from sdr.store.session import Reader

SHOWN = 3  # leads of each list that are named beside its count
HOUR = 3_600_000
WEEK = 7 * 24 * 3_600_000  # how far back rows that did not go out are looked for
WORKED = "('inquiry', 'new', 'working', 'talking', 'qualified')"


class Waiting(NamedTuple):
    """A lead of one of the lists: what the list needs to name it. `at` is when it was due, ms UTC."""

    lead_id: int
    name: str
    company: str | None
    source: str | None
    zone: str
    at: int


class Left(NamedTuple):
    """One list: every lead in it, most overdue first, and the first few by name."""

    ids: tuple[int, ...]
    first: tuple[Waiting, ...]


class Counts(NamedTuple):
    """What was done in the day."""

    calls: int
    talks: int
    qualified: int
    handed_off: int
    mails: int
    letters: int


class SourceDay(NamedTuple):
    """A source on this day: people spoken to, and how many of them qualified."""

    name: str
    qualified: int
    talks: int


class Remaining(NamedTuple):
    """How many things stay open: untouched leads past their clock, promises, handoffs without an answer."""

    untouched: int
    promises: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Closing:
    """What is told of a day that is over: counts, the sources spoken to, best first, and what stays open."""

    counts: Counts
    sources: tuple[SourceDay, ...]
    remaining: Remaining

    @property
    def best(self) -> SourceDay | None:
        """The source with the largest share of talks that qualified, when there is a choice."""
        return self.sources[0] if len(self.sources) > 1 else None

    @property
    def worst(self) -> SourceDay | None:
        """The source at the other end."""
        return self.sources[-1] if len(self.sources) > 1 else None


@dataclass(frozen=True, slots=True)
class Summary(Closing):
    """The day with its four lists of what is left."""

    untouched: Left
    promises: Left
    unanswered: Left
    unsynced: Left

    @property
    def left(self) -> int:
        """How many things are left in the four lists."""
        return sum(len(one.ids) for one in (self.untouched, self.promises, self.unanswered, self.unsynced))


_UNTOUCHED = f"""SELECT lead.id, respond_by AS due FROM lead
  WHERE respond_by < :now AND first_touch_at IS NULL AND state IN {WORKED} AND queue_band IS NOT NULL"""
_PROMISES = f"""SELECT promise.lead_id AS id, min(promise.due_at) AS due FROM promise
  INDEXED BY promise_open CROSS JOIN lead ON lead.id = promise.lead_id WHERE promise.due_at < :now
  AND promise.kept_at IS NULL AND promise.dropped_at IS NULL AND state IN {WORKED} GROUP BY 1
  UNION SELECT id, due_at AS due FROM lead WHERE queue_band = 1 AND due_at < :now AND NOT EXISTS
  (SELECT 1 FROM promise WHERE promise.lead_id = lead.id AND kept_at IS NULL AND dropped_at IS NULL)"""
_UNANSWERED = "SELECT lead_id AS id, respond_by AS due FROM handoff WHERE state = 'offered'"
_UNSYNCED = """SELECT id, min(due) AS due FROM (
  SELECT lead_id AS id, at AS due FROM touch WHERE at >= :since AND at < :sent AND skipped = 0 AND NOT EXISTS
    (SELECT 1 FROM delivery WHERE kind = 'touch' AND about_id = touch.id)
  UNION ALL SELECT lead_id, offered_at FROM handoff WHERE offered_at >= :since AND offered_at < :sent AND NOT EXISTS
    (SELECT 1 FROM delivery WHERE kind = 'handoff' AND about_id = handoff.id)) GROUP BY 1"""
LISTS = {"untouched": _UNTOUCHED, "promises": _PROMISES, "unanswered": _UNANSWERED, "unsynced": _UNSYNCED}


def summary(db: Reader, day_start: int, day_end: int, now: int) -> Summary:
    """The day from `day_start` to `day_end` as it stands at `now`."""
    day = at(day_start, rep(db).zone).date().isoformat()
    last = number(db, "SELECT max(at) FROM delivery WHERE day=?", (day,))
    args = {"now": now, "since": day_start - WEEK, "sent": max(day_start, last)}
    lists = {name: _left(db, sql, args) for name, sql in LISTS.items()}
    remaining = Remaining(*(len(lists[name].ids) for name in ("untouched", "promises", "unanswered")))
    return Summary(counts(db, day_start, day_end), _sources(db, day_start, day_end), remaining, **lists)


def closing(db: Reader, day_start: int, day_end: int) -> Closing:
    """The day as it stands when it is over, without the lists: at the cost of what was done in it."""
    now = {"now": day_end}
    remaining = Remaining(
        untouched=_run_out(db, day_end),
        promises=number(db, f"SELECT count(DISTINCT id) FROM ({_PROMISES})", now),
        unanswered=number(db, "SELECT count(DISTINCT lead_id) FROM handoff WHERE state = 'offered'"),
    )
    return Closing(counts(db, day_start, day_end), _sources(db, day_start, day_end), remaining)


def _run_out(db: Reader, now: int) -> int:
    """How many leads `_UNTOUCHED` lists: whole hours by the tally of clocks, the rest by the leads."""
    begun = now - now % HOUR
    rest = f"SELECT count(*) FROM ({_UNTOUCHED} AND respond_by >= :begun)"
    whole = number(db, "SELECT sum(leads) FROM tally_clock WHERE hour < ?", (begun // HOUR,))
    return whole + (number(db, rest, {"now": now, "begun": begun}) if now > begun else 0)


NOTHING = Left((), ())
# Who came lately from a list, or whose data was obtained on a noted day, and was not told of it; closed leads are not
# used any more. A lead never comes before its data is obtained, so that the index of arrivals bounds the search.
_UNTOLD = """SELECT lead.id, coalesce(own.obtained_at, listed.obtained_at, lead.arrived_at) + :within AS due FROM lead
  LEFT JOIN source ON source.id = lead.source_id LEFT JOIN permission AS own ON own.lead_id = lead.id
  LEFT JOIN permission AS listed ON listed.source_id = lead.source_id
  WHERE lead.arrived_at > :since AND +lead.queue_band IS NOT NULL
  AND lead.country IN (SELECT value FROM json_each(:countries))
  AND coalesce(own.informed_at, listed.informed_at) IS NULL
  AND (source.type = 'list' OR coalesce(own.obtained_at, listed.obtained_at) IS NOT NULL)
  AND coalesce(own.obtained_at, listed.obtained_at, lead.arrived_at) <= :before"""


def untold(db: Reader, countries: Collection[str], since: int, before: int, within: int) -> Left:
    """The open leads of these countries who are not told that we have their data, the soonest due first.

    They came after `since`, their data was obtained by `before` (both ms UTC); it is due `within` ms of that.
    """
    args = {"countries": json.dumps(sorted(countries)), "since": since, "before": before, "within": within}
    return _left(db, _UNTOLD, args)


def _left(db: Reader, sql: str, args: dict[str, Any]) -> Left:
    named = {key: value for key, value in args.items() if f":{key}" in sql}
    ids = tuple(row[0] for row in db.execute(f"SELECT id FROM ({sql}) ORDER BY due, id", named))
    first = f"""SELECT lead.id, lead.name, lead.company, source.name, lead.zone, found.due FROM ({sql}) AS found
      CROSS JOIN lead ON lead.id = found.id LEFT JOIN source ON source.id = lead.source_id
      ORDER BY found.due, found.id LIMIT {SHOWN}"""
    return Left(tuple(dict.fromkeys(ids)), every(db, Waiting, first, named))


def counts(db: Reader, start: int, end: int) -> Counts:
    day = {"start": start, "end": end}
    during = "at >= :start AND at < :end"
    letters = "('letter', 'postcard', 'parcel')"
    calling = f"""SELECT count(*), total(contact = 'conversation'),
      count(DISTINCT CASE WHEN outcome = 'qualified' THEN lead_id END) FROM call WHERE {during}"""
    without_call = f"""SELECT count(DISTINCT lead_id) FROM handoff JOIN lead ON lead.id = handoff.lead_id
      WHERE offered_at >= :start AND offered_at < :end AND qualified_at >= :start AND qualified_at < :end AND NOT EXISTS
      (SELECT 1 FROM call WHERE call.lead_id = lead.id AND {during} AND outcome = 'qualified')"""
    handed = "SELECT count(*) FROM handoff WHERE offered_at >= :start AND offered_at < :end AND state <> 'recalled'"
    wrote = f"SELECT total(channel = 'email'), total(channel IN {letters}) FROM touch WHERE {during} AND skipped = 0"
    calls, talks, qualified = db.execute(calling, day).fetchone()
    mails, posted = db.execute(wrote, day).fetchone()
    return Counts(
        calls=calls,
        talks=int(talks),
        qualified=qualified + number(db, without_call, day),
        handed_off=number(db, handed, day),
        mails=int(mails),
        letters=int(posted),
    )


def _sources(db: Reader, start: int, end: int) -> tuple[SourceDay, ...]:
    """Sources whose leads were spoken to, by the share that qualified; many talks without one are worst."""
    sql = """SELECT coalesce(source.name, 'no source'), sum(good), count(*) FROM (SELECT lead_id,
      max(outcome = 'qualified') AS good FROM call WHERE at >= ? AND at < ? AND contact = 'conversation' GROUP BY 1)
      AS spoken JOIN lead ON lead.id = spoken.lead_id LEFT JOIN source ON source.id = lead.source_id
      GROUP BY lead.source_id
      ORDER BY 1.0 * sum(good) / count(*) DESC, CASE WHEN sum(good) > 0 THEN -count(*) ELSE count(*) END, 1"""
    return every(db, SourceDay, sql, (start, end))

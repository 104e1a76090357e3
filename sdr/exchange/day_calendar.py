"""The rep's callbacks, meetings and due touches as calendar events with names that never change: a move is a move.

The number of an event's version counts what was ever written about it, so that one that was called off and then
taken back is newer than its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from sdr.exchange.busy import colliding
from sdr.exchange.calendar_files import Attendee, Event, write_calendar
from sdr.exchange.folders import Outbound, Written
from sdr.models.terms import NextKind, at, ms
from sdr.rules.calendar import local_time
from sdr.store.queries import deliveries, playbook
from sdr.store.queries.deliveries import DueTouch, Promised
from sdr.store.session import Reader
from sdr.store.store import Store

LENGTHS = {"callback": timedelta(minutes=15), "meeting": timedelta(minutes=30)}
WORDS = {"callback": "Call", "meeting": "Meeting with"}
TOUCH = timedelta(minutes=10)


class Collision(NamedTuple):
    """A promise at a time (ms UTC) that the rep's own calendar takes; `words` say by what."""

    lead_id: int
    name: str
    due_at: int
    words: str


def calendar_of(promises: Iterable[Promised], now: datetime) -> bytes:
    """The calendar file of these promises; one called off is told as cancelled."""
    return write_calendar((_event(one) for one in promises), now)


def write_calendar_file(store: Store, path: Path, now: datetime) -> Written:
    """Put everything the rep has to keep into the one file at `path`: open promises, those of today and later, and
    today's due touches. Equal data give equal bytes; a second run writes nothing. Raises `folders.ExportFailed`."""
    events = store.read(events_of, now).result()
    return Outbound(path.parent).write(path.name, write_calendar(events, now), len(events))


def events_of(db: Reader, now: datetime) -> tuple[Event, ...]:
    """Promises that are open or due from today (the rep's) on, called off ones as cancelled; today's due touches."""
    zone = playbook.rep(db).zone
    today = at(ms(now), zone).date()
    start, end = (ms(local_time(zone, day, time())) for day in (today, today + timedelta(days=1)))
    promised = deliveries.promises(db, start, overdue=True)
    due = deliveries.due_touches(db, start, end)
    return (*(_event(one) for one in promised), *(_touch(one, today) for one in due))


def collisions(db: Reader, paths: Sequence[str], now: datetime) -> tuple[Collision, ...]:
    """The promises to come that meet something in the rep's own calendars (`paths`), in order."""
    zone = playbook.rep(db).zone
    told = []
    for found in deliveries.promises(db, ms(now)):
        promise = found.promise
        if promise.kept_at is None and promise.dropped_at is None:
            words, _fault = colliding(paths, at(promise.due_at), LENGTHS[promise.kind], zone)
            told += [Collision(promise.lead_id, found.name, promise.due_at, words)] if words else []
    return tuple(told)


def _event(found: Promised) -> Event:
    promise = found.promise
    start = at(promise.due_at)
    gone = promise.dropped_at is not None
    return Event(
        uid=f"promise-{promise.id}@desk",
        start=start,
        end=start + LENGTHS[promise.kind],
        summary=f"{WORDS[promise.kind]} {_who(found.name, found.company)}",
        description=_reach(found.phone, found.email, promise.due_at, promise.zone),
        attendees=_attendees(found) if promise.kind == "meeting" else (),
        sequence=max(promise.sequence + gone, found.changes - 1),
        cancelled=gone,
        changed_at=at(found.changed_at or promise.dropped_at or promise.made_at),
    )


def _touch(found: DueTouch, today: date) -> Event:
    """A due touch: named by its lead and the day, tentative, and the time stays free."""
    start = at(found.due_at)
    who = _who(found.name, found.company)
    word = "Call" if found.kind == NextKind.CALL else found.note or found.kind
    return Event(
        uid=f"touch-{found.lead_id}-{today.isoformat()}@desk",
        start=start,
        end=start + TOUCH,
        summary=f"{word} {who}" if found.kind == NextKind.CALL else f"{word}: {who}",
        description=_reach(found.phone, found.email, found.due_at, found.zone),
        sequence=max(found.changes - 1, 0),
        tentative=True,
        changed_at=at(found.changed_at or found.due_at),
    )


def _who(name: str, company: str | None) -> str:
    return f"{name} ({company})" if company else name


def _reach(phone: str | None, email: str | None, due_at: int, zone: str) -> str:
    """How to reach them, and the time where they are."""
    ways = [word for word in (phone, email) if word]
    return "\n".join([*ways, f"{at(due_at, zone):%Y-%m-%d %H:%M} {zone}"])


def _attendees(found: Promised) -> tuple[Attendee, ...]:
    both = ((found.name, found.email), (found.ae, found.ae_email))
    return tuple(Attendee(name, email) for name, email in both if name and email)

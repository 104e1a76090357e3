"""The rep's callbacks and meetings as calendar events with names that never change, so that a move is a move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sdr.exchange.calendar_files import Attendee, Event, write_calendar
from sdr.models.terms import at
from sdr.store.queries.deliveries import Promised

LENGTHS = {"callback": timedelta(minutes=15), "meeting": timedelta(minutes=30)}
WORDS = {"callback": "Call", "meeting": "Meeting with"}


def calendar_of(promises: Iterable[Promised], now: datetime) -> bytes:
    """The calendar file of these promises; one called off is told as cancelled."""
    return write_calendar((_event(one) for one in promises), now)


def _event(found: Promised) -> Event:
    promise = found.promise
    start = at(promise.due_at)
    gone = promise.dropped_at is not None
    who = f"{found.name} ({found.company})" if found.company else found.name
    reach = [word for word in (found.phone, found.email) if word]
    return Event(
        uid=f"promise-{promise.id}@desk",
        start=start,
        end=start + LENGTHS[promise.kind],
        summary=f"{WORDS[promise.kind]} {who}",
        description="\n".join([*reach, f"{at(promise.due_at, promise.zone):%Y-%m-%d %H:%M} {promise.zone}"]),
        attendees=_attendees(found) if promise.kind == "meeting" else (),
        sequence=promise.sequence + gone,
        cancelled=gone,
        changed_at=at(promise.dropped_at or promise.made_at),
    )


def _attendees(found: Promised) -> tuple[Attendee, ...]:
    both = ((found.name, found.email), (found.ae, found.ae_email))
    return tuple(Attendee(name, email) for name, email in both if name and email)

"""Calendar files (.ics): the rep's promises and meetings as events that a calendar program takes in.

Times are written in UTC, so no zone table travels with the file. RFC 5545 gives the form; folding
is the icalendar library's. Never sends anything and never asks for an answer (no RSVP).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from sdr.rules.text import clean

if TYPE_CHECKING:
    from icalendar import Event as IcalEvent
    from icalendar import vCalAddress, vText

PRODUCT = "-//sdr-desk//Sales development desk//EN"

# An address is written into the file as a URI, bare: anything that could end it or start another is refused.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


class Attendee(NamedTuple):
    """Somebody named in an event. An address that is no plain e-mail address leaves the attendee out."""

    name: str
    email: str


class Event(NamedTuple):
    """One event. `uid` names it for ever; `sequence` grows with each change of it (RFC 5545 3.8.7.4).

    A `tentative` one is a plan that leaves the time free for others.
    """

    uid: str
    start: datetime  # aware
    end: datetime  # aware; an end not after the start is left out
    summary: str
    description: str = ""
    location: str = ""
    attendees: tuple[Attendee, ...] = ()
    sequence: int = 0
    cancelled: bool = False
    tentative: bool = False
    changed_at: datetime | None = None  # aware; when the event last changed, else `now` stands in


def write_calendar(events: Iterable[Event], now: datetime) -> bytes:
    """The file of `events`: METHOD is CANCEL when every one is cancelled, else PUBLISH.

    Equal events at an equal `now` give equal bytes; events that all say when they changed give equal bytes at
    any `now`, so that a second export writes nothing. A time without a zone raises `ValueError`.
    """
    from icalendar import Calendar

    listed = tuple(events)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    gone = bool(listed) and all(event.cancelled for event in listed)
    calendar.add("method", "CANCEL" if gone else "PUBLISH")
    for event in listed:
        calendar.add_component(_component(event, now))
    return bytes(calendar.to_ical())


def _component(event: Event, now: datetime) -> IcalEvent:
    from icalendar import Event as IcalEvent

    component = IcalEvent()
    component.add("uid", clean(event.uid))
    component.add("dtstamp", _utc(event.changed_at or now))
    component.add("dtstart", _utc(event.start))
    if event.end > event.start:
        component.add("dtend", _utc(event.end))
    component.add("sequence", event.sequence)
    component.add("status", _status(event))
    if event.tentative:
        component.add("transp", "TRANSPARENT")
    component.add("summary", _text(clean(event.summary)))
    for key, text in (("description", event.description), ("location", event.location)):
        if text:
            component.add(key, _text(clean(text, lines=True)))
    for attendee in event.attendees:
        if _ADDRESS.fullmatch(attendee.email):
            component.add("attendee", _address(attendee))
    return component


def _status(event: Event) -> str:
    if event.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if event.tentative else "CONFIRMED"


def _text(words: str) -> vText:
    """`words` escaped by RFC 5545 3.3.11. The library's own escaping turns a backslash before an N into a line end."""
    from icalendar import vText

    class Words(vText):
        def to_ical(self) -> bytes:
            return _escaped(str(self)).encode()

    return Words(words)


def _escaped(words: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        words = words.replace(plain, written)
    return words


def _address(attendee: Attendee) -> vCalAddress:
    from icalendar import vCalAddress

    address = vCalAddress(f"mailto:{attendee.email}")
    address.params["CN"] = clean(attendee.name)
    return address


def _utc(moment: datetime) -> datetime:
    """`moment` in UTC to the second: the form has no smaller unit."""
    if moment.tzinfo is None:
        raise ValueError("a calendar time needs a zone")
    return moment.astimezone(UTC).replace(microsecond=0)

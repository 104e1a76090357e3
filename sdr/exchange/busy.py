"""When the rep is busy, read from calendar files (.ics) that they named: other programs' files, never written to.

Cancelled events and those that leave the time free are no business of ours. Of repeating events the usual rules are
followed (daily, weekly, monthly, yearly), with their exceptions and moved single dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sdr.models.terms import zone_of
from sdr.rules.text import clean

LARGEST = 20_000_000  # bytes of a calendar that is read
_RULES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


class Busy(NamedTuple):
    """A time that is taken; `what` is the event's title, clean and in one line."""

    start: datetime  # aware
    end: datetime  # aware
    what: str


class Found(NamedTuple):
    """What is taken between two times, in order, and the files that could not be read, each as a sentence."""

    taken: tuple[Busy, ...] = ()
    faults: tuple[str, ...] = ()


def busy_between(paths: Sequence[str], start: datetime, end: datetime, zone: str) -> Found:
    """What the calendars at `paths` hold between `start` and `end` (aware). Whole days and times without a zone are
    read in `zone`."""
    taken: list[Busy] = []
    faults = []
    for path in paths:
        try:
            taken += _of_file(Path(path).expanduser(), start, end, zone)
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
            name = Path(path).name
            faults.append(f"the calendar “{name}” cannot be read; name an .ics file (busy, [rep], config.toml)")
    return Found(tuple(sorted(taken, key=lambda one: (one.start, one.end, one.what))), tuple(faults))


def colliding(paths: Sequence[str], start: datetime, length: timedelta, zone: str) -> tuple[str, str]:
    """What is in the rep's own calendars at a time they promise (`Dentist 10:00-11:00`, in `zone`), and what could
    not be read; both empty when all is well."""
    found = busy_between(paths, start, start + max(length, timedelta(minutes=1)), zone)
    fault = found.faults[0] if found.faults else ""
    if not found.taken:
        return "", fault
    first = found.taken[0]
    begins, ends = (one.astimezone(zone_of(zone)) for one in (first.start, first.end))
    return f"{first.what} {begins:%H:%M}-{ends:%H:%M}", fault


def _of_file(path: Path, start: datetime, end: datetime, zone: str) -> Iterator[Busy]:
    from icalendar import Calendar

    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    events: list[Any] = list(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))
    moved = {(str(one.get("uid")), _moment(one["recurrence-id"].dt, zone)) for one in events if "recurrence-id" in one}
    for event in events:
        if str(event.get("status", "")).upper() == "CANCELLED" or str(event.get("transp", "")).upper() == "TRANSPARENT":
            continue
        what = clean(str(event.get("summary", "")))[:80] or "busy"
        length = _length(event, zone)
        for begins in _starts(event, start - length, end, zone, moved):
            if begins < end and begins + length > start:
                yield Busy(begins, begins + length, what)


def _starts(
    event: Any, start: datetime, end: datetime, zone: str, moved: set[tuple[str, datetime]]
) -> Iterator[datetime]:
    """When an event begins: once, or by its rule between `start` and `end`, less what was taken out or moved."""
    first = _moment(event["dtstart"].dt, zone)
    rule = event.get("rrule")
    if rule is None or "recurrence-id" in event:
        yield first
        return
    if str(rule.get("freq", [""])[0]).upper() not in _RULES:
        raise ValueError("a rule that repeats within a day")
    out = {_moment(one.dt, zone) for each in _listed(event.get("exdate")) for one in each.dts}
    for begins in _by_rule(rule, first, start, end):
        if begins not in out and (str(event.get("uid")), begins) not in moved:
            yield begins


def _by_rule(rule: Any, first: datetime, start: datetime, end: datetime) -> list[datetime]:
    """The dates of a rule: counted on the wall clock of `first`, so that a meeting stays at ten over a clock change."""
    from dateutil.rrule import rrulestr

    here = first.tzinfo
    words = rule.to_ical().decode()
    parts = [part for part in words.split(";") if not part.upper().startswith("UNTIL=")]
    wall = rrulestr(";".join(parts), dtstart=first.replace(tzinfo=None))
    until = _until(rule, first)
    last = min(end, until) if until else end
    since, to = (one.astimezone(here).replace(tzinfo=None) for one in (start, last))
    return [one.replace(tzinfo=here) for one in wall.between(since, to, inc=True)]


def _until(rule: Any, first: datetime) -> datetime | None:
    listed = rule.get("until")
    if not listed:
        return None
    found = listed[0]
    if not isinstance(found, datetime):
        return datetime.combine(found, time(23, 59, 59), first.tzinfo)
    return found if found.tzinfo else found.replace(tzinfo=first.tzinfo)


def _listed(found: Any) -> list[Any]:
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _length(event: Any, zone: str) -> timedelta:
    begins = event["dtstart"].dt
    if "dtend" in event:
        return max(_moment(event["dtend"].dt, zone) - _moment(begins, zone), timedelta())
    if "duration" in event:
        long: timedelta = event["duration"].dt
        return max(long, timedelta())
    return timedelta() if isinstance(begins, datetime) else timedelta(days=1)


def _moment(found: date | datetime, zone: str) -> datetime:
    """An aware time: of a whole day its beginning; without a zone in the rep's."""
    if not isinstance(found, datetime):
        return datetime.combine(found, time(), zone_of(zone))
    return found if found.tzinfo else found.replace(tzinfo=zone_of(zone))

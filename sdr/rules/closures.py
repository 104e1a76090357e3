"""Days on which somebody here does not work, as the days of a prospect elsewhere.

A rep's day off lies across two dates of a prospect on the other side of the world. A date of the prospect is closed
when any of its hours fall into the day off: no touch is ever planned into it, at the price of a few hours.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sdr.models.terms import zone_of
from sdr.rules.calendar import local_time
from sdr.rules.hours import Hours

_MIDNIGHT = time()


@lru_cache(maxsize=1024)
def dates_there(days: frozenset[date], here: str, there: str, hours: Hours) -> frozenset[date]:
    """The dates in zone `there` of which `hours` touch one of `days` in zone `here` (both IANA names)."""
    if here == there:
        return days
    return frozenset(found for day in days for found in _touched(day, here, there, hours))


def _touched(day: date, here: str, there: str, hours: Hours) -> set[date]:
    start = local_time(here, day, _MIDNIGHT).astimezone(zone_of(there))
    end = local_time(here, day + timedelta(days=1), _MIDNIGHT).astimezone(zone_of(there))
    found = {start.date(), end.date(), start.date() + timedelta(days=1)}
    return {each for each in found if each <= end.date() and _overlap(each, hours, there, start, end)}


def _overlap(day: date, hours: Hours, zone: str, start: datetime, end: datetime) -> bool:
    for span in hours.on(day):
        opens = local_time(zone, day, span.start)
        closes = local_time(zone, day if span.end > _MIDNIGHT else day + timedelta(days=1), span.end)
        if opens.timestamp() < end.timestamp() and start.timestamp() < closes.timestamp():
            return True
    return False

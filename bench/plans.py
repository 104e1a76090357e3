"""The real dates of a whole list's drips: the least code that walks a calendar, and the desk planning the same.

Prospects are spread over every country the desk knows, each in its main zone with its holidays; the drip is the
standard one, of eight steps. The floor knows weekdays and the zone's clock, and nothing of holidays or windows.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.figures import Data, Measured, in_child

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STEPS = 8
_BUSINESS_DAYS = (0, 1, 1, 2, 2, 2, 3, 2)  # the delays of the standard drip


def _entered(number: int) -> datetime:
    """When the prospect of this number is enrolled: spread over a year, at any minute."""
    return NOW + timedelta(minutes=number * 5_171 % 525_600)


def floor(data: Data) -> Measured:
    """CPU milliseconds of the bare walk for the whole list."""
    return in_child(lambda: _timed(_walk(data.rows)))


def desk(data: Data) -> Measured:
    """CPU milliseconds of the desk's plans for the whole list, calendars and holidays built on the way."""
    return in_child(lambda: _timed(_plan(data.rows)))


def _timed(dates: Iterator[int]) -> list[float]:
    for planned in dates:
        if planned != STEPS:
            raise RuntimeError(f"a plan has {planned} dates instead of {STEPS}")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return [(used.ru_utime + used.ru_stime) * 1000]


def _zones() -> list[tuple[str, str]]:
    from sdr.rules.zone_tables import COUNTRIES

    return [(country, zone) for country, zone in (item.split("=", 1) for item in COUNTRIES.split())]


def _walk(rows: int) -> Iterator[int]:
    zones = [ZoneInfo(zone) for _country, zone in _zones()]
    for number in range(rows):
        zone, at, found = zones[number % len(zones)], _entered(number), 0
        for days in _BUSINESS_DAYS:
            local = at.astimezone(zone)
            day = _after(local.date(), days)
            clock = min(max(local.time(), time(9)), time(16, 59))
            at = datetime.combine(day, clock, zone).astimezone(UTC)
            found += 1
        yield found


def _after(day: date, count: int) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def _plan(rows: int) -> Iterator[int]:
    from sdr.desk.steps import prospect_calendar
    from sdr.rules.cadence import parse_cadence, plan
    from sdr.store.queries.playbook import packaged

    drip, places = parse_cadence(packaged("cadence.toml")), _zones()
    for number in range(rows):
        country, zone = places[number % len(places)]
        entered = _entered(number)
        yield len(plan(drip, entered, prospect_calendar(country, zone, entered)))

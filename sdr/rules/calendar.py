"""Working time: when a place is open, when a clock runs out, where a delay lands.

A moment is open when the wall clock of the calendar's zone stands inside a window of that weekday (start
included, end excluded) and the date is not closed. That one sentence also decides clock changes: an hour that
is skipped is never open, an hour that comes twice is open twice. Working seconds are real seconds.

Each calendar year becomes, once, a sorted array of open stretches with running totals; every question is then
a binary search in it, so that no span of time is ever walked. Nothing here reads the clock or knows a lead.
Dates before 1970 are outside the promise: zones then still moved by whole days.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from sdr.models.terms import zone_of
from sdr.rules.clock_changes import EPOCH_DAY, Stretch, calm, micros, offsets, real, shown
from sdr.rules.hours import DAY, SECOND, STANDARD, CalendarError, Hours, Length, Span, edges
from sdr.rules.public_holidays import holidays_of

__all__ = [
    "STANDARD",
    "Calendar",
    "CalendarError",
    "Hours",
    "Length",
    "Span",
    "add_business_days",
    "add_working",
    "close_of",
    "day_close",
    "delayed",
    "due",
    "holidays_of",
    "is_open",
    "landing",
    "local_time",
    "next_open",
    "opening",
    "working_between",
]

_MIDNIGHT, _ONE_DAY = time(), timedelta(days=1)
_SEARCH_YEARS = 3  # the year of the moment and two more: `next_open` gives up after that
_REACH_YEARS = 100  # no clock of the desk runs longer
_KEPT = 4096  # calendars and their years that are kept; a year takes about 10 KiB


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours in a zone (IANA name), less the `closed` local dates: holidays, closures, time off.

    A closed date stays closed, also when `hours` has an exception for it.
    """

    hours: Hours = STANDARD
    zone: str = "UTC"
    closed: frozenset[date] = frozenset()
    _hash: int = field(init=False, repr=False, compare=False)  # asked for at every look into the caches below

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.hours, self.zone, self.closed)))

    def __hash__(self) -> int:
        return self._hash

    def within(self, hours: Hours | None) -> Calendar:
        """The same place and closed dates with other hours; None changes nothing."""
        return self if hours is None or hours == self.hours else _within(self, hours)


@lru_cache(maxsize=_KEPT)
def _within(cal: Calendar, hours: Hours) -> Calendar:
    """One calendar for every prospect of a place and window: what is equal is found fastest when it is the same."""
    return replace(cal, hours=hours)


class _Year(NamedTuple):
    """Open stretches of one local year in microseconds since 1970 UTC; `done[i]` counts up to `closes[i]`.

    `ends[i]` is when the last stretch of the same local day closes.
    """

    opens: array[int]
    closes: array[int]
    done: array[int]
    ends: array[int]

    def holding(self, at: int) -> int | None:
        """Which stretch holds `at`, if any."""
        found = bisect_right(self.opens, at) - 1
        return found if found >= 0 and at < self.closes[found] else None

    def until(self, at: int) -> int:
        """Working microseconds of this year before `at`."""
        found = bisect_right(self.opens, at) - 1
        return 0 if found < 0 else self.done[found] - max(0, self.closes[found] - at)

    @property
    def total(self) -> int:
        return self.done[-1] if self.done else 0


@lru_cache(maxsize=_KEPT)
def _working_days(cal: Calendar, year: int) -> array[int]:
    """Ordinals of the dates of `year` that have hours and are not closed."""
    closed = {day.toordinal() for day in cal.closed if day.year == year}
    return array("q", [day for day in _days_with_hours(cal.hours, year) if day not in closed])


@lru_cache(maxsize=_KEPT)
def _days_with_hours(hours: Hours, year: int) -> array[int]:
    """`_working_days` of every calendar with these hours, before any closure."""
    if not 2 <= year <= 9998:  # the ends of `datetime` itself; conversions there overflow
        return array("q")
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    exceptions = _exceptions(hours)
    return array("q", (day for day in range(first, last + 1) if exceptions.get(day, hours.week[(day - 1) % 7])))


def _exceptions(hours: Hours) -> dict[int, tuple[Span, ...]]:
    return {day.toordinal(): spans for day, spans in hours.exceptions}


@lru_cache(maxsize=_KEPT)
def _year(cal: Calendar, year: int) -> _Year:
    spans, among = _edges(cal.hours), offsets(cal.zone, year)
    days = _working_days(cal, year)
    found: list[tuple[int, int, int]] = []
    begun = 0
    for one in among:  # a year has few changes: most days need not be held against each
        first = bisect_left(days, one.first)
        end = max(first, bisect_right(days, one.last))
        found += [piece for day in days[begun:first] for piece in _near_a_change(day, spans(day), among)]
        midnight = -EPOCH_DAY * DAY - one.offset
        found += [
            (start + low, start + high, start + last)
            for day in days[first:end]
            for start in (midnight + day * DAY,)
            for low, high, last in spans(day)
        ]
        begun = end
    found += [piece for day in days[begun:] for piece in _near_a_change(day, spans(day), among)]
    found.sort()
    opens, closes, ends = (array("q", column) for column in zip(*found, strict=True)) if found else [array("q")] * 3
    done = array("q", accumulate(map(sub, closes, opens)))
    return _Year(opens, closes, done, ends)


_Edges = tuple[tuple[int, int, int], ...]  # of a day's spans: start and end after midnight, and the end of the last


@lru_cache(maxsize=_KEPT)
def _edges(hours: Hours) -> Callable[[int], _Edges]:
    """The edges of any day that has hours, by its ordinal."""
    week = [_of_day(spans) for spans in hours.week]
    single = {day: _of_day(spans) for day, spans in _exceptions(hours).items()}
    return lambda day: single.get(day) or week[(day - 1) % 7]


def _of_day(spans: Iterable[Span]) -> _Edges:
    found = [edges(span) for span in spans]
    return tuple((low, high, found[-1][1]) for low, high in found)


def _near_a_change(day: int, spans: _Edges, among: Iterable[Stretch]) -> list[tuple[int, int, int]]:
    """When the wall clock of one day stands in `spans`: (opens, closes, when the last of the day closes)."""
    midnight = (day - EPOCH_DAY) * DAY
    pieces = [piece for low, high, _last in spans for piece in real(midnight + low, midnight + high, among)]
    last = max((closes for _opens, closes in pieces), default=0)
    return [(opens, closes, last) for opens, closes in pieces]


def local_time(zone: str, day: date, clock: time) -> datetime:
    """The moment at which a wall clock in `zone` shows `clock` on `day`.

    A time that comes twice is its first coming; one that is skipped moves forward by what was skipped.
    """
    if clock.fold or clock.tzinfo is not None:
        clock = clock.replace(tzinfo=None, fold=0)
    wall = datetime.combine(day, clock, zone_of(zone))
    if wall.utcoffset() == wall.replace(fold=1).utcoffset():
        return wall  # no clock change is near
    return wall.astimezone(UTC).astimezone(wall.tzinfo)


def is_open(cal: Calendar, moment: datetime) -> bool:
    """Whether `moment` (aware) is working time."""
    return close_of(cal, moment) is not None


def close_of(cal: Calendar, moment: datetime) -> datetime | None:
    """When the window that holds `moment` ends, at midnight at the latest; None when closed."""
    local = moment.astimezone(zone_of(cal.zone))
    year = _year(cal, local.year)
    found = year.holding(micros(moment))
    return None if found is None else shown(year.closes[found], cal.zone)


def day_close(cal: Calendar, moment: datetime) -> datetime | None:
    """When the last window of the local day of `moment` ends; None when no window holds `moment`."""
    year = _year(cal, _local(cal, moment).year)
    found = year.holding(micros(moment))
    return None if found is None else shown(year.ends[found], cal.zone)


def next_open(cal: Calendar, moment: datetime) -> datetime | None:
    """`moment` itself if it is open, else the next opening; None when none comes within two years."""
    found = opening(cal, moment)
    return None if found is None else found[0]


def opening(cal: Calendar, moment: datetime) -> tuple[datetime, datetime] | None:
    """`next_open` with the `day_close` of that day, in one look; a local `moment` that is open is returned itself."""
    local = _local(cal, moment)
    found = _soon(cal, local)
    return _opening(cal, micros(moment), local) if found is None else found


def _soon(cal: Calendar, local: datetime) -> tuple[datetime, datetime] | None:
    """`opening` by the wall clock alone; None where a clock change or the year's end is near.

    Most questions of a plan are such, and no index of a year need be made for them.
    """
    today, year = local.toordinal(), local.year
    days = _working_days(cal, year)
    place = bisect_left(days, today)
    found = local
    if place < len(days) and days[place] == today:
        clock = local.time()
        for start, end in cal.hours.on(local.date()):
            if clock < end or end == _MIDNIGHT:
                found = local if start <= clock else datetime.combine(local, start, local.tzinfo)
                break
        else:
            place += 1
    if place == len(days):
        return None
    day = date.fromordinal(days[place])
    spans = cal.hours.on(day)
    if days[place] != today:
        found = datetime.combine(day, spans[0].start, local.tzinfo)
    for first, last in calm(cal.zone, year):
        if first <= today and days[place] <= last:
            return found, _ended(day, spans[-1].end, local)
    return None


def _ended(day: date, end: time, local: datetime) -> datetime:
    return datetime.combine(day + _ONE_DAY if end == _MIDNIGHT else day, end, local.tzinfo)


def _opening(cal: Calendar, at: int, local: datetime) -> tuple[datetime, datetime] | None:
    for number in range(local.year, local.year + _SEARCH_YEARS):
        index = _year(cal, number)
        found = bisect_right(index.closes, at)
        if found < len(index.closes):
            opens = index.opens[found]
            return local if opens <= at else shown(opens, cal.zone), shown(index.ends[found], cal.zone)
    return None


def _local(cal: Calendar, moment: datetime) -> datetime:
    zone = zone_of(cal.zone)
    return moment if moment.tzinfo is zone else moment.astimezone(zone)


def add_working(cal: Calendar, moment: datetime, seconds: int) -> datetime | None:
    """The earliest time by which `seconds` of working time have passed since `moment`.

    Eight hours from an opening at 09:00 end at 17:00 that day, not at the next opening. Zero seconds is
    `next_open`. None when there is no working day, or not within a hundred years.
    """
    if seconds < 0:
        raise CalendarError("Working time can only be counted forward; give a length of zero or more.")
    start = next_open(cal, moment)
    if start is None or seconds == 0:
        return start
    at, left = micros(start), seconds * SECOND
    for number in range(start.year, start.year + _REACH_YEARS):
        index = _year(cal, number)
        left += index.until(at)
        if left <= index.total:
            found = bisect_left(index.done, left)
            return shown(index.closes[found] - (index.done[found] - left), cal.zone)
        left -= index.total
    return None


def working_between(cal: Calendar, a: datetime, b: datetime) -> int:
    """Whole working seconds from `a` to `b`; negative when `b` is the earlier."""
    if micros(b) < micros(a):  # plain `<` would compare wall clocks in one zone, where an hour may come twice
        return -working_between(cal, b, a)
    first, last = (moment.astimezone(zone_of(cal.zone)).year for moment in (a, b))
    whole = sum(_year(cal, number).total for number in range(first, last))
    return (whole + _year(cal, last).until(micros(b)) - _year(cal, first).until(micros(a))) // SECOND


def add_business_days(cal: Calendar, day: date, n: int) -> date | None:
    """The `n`th business day after `day`; for 0, `day` itself or the first business day after it.

    A business day has hours and is not closed: Friday and 3 is Wednesday. None when a hundred years do not
    hold so many.
    """
    if n < 0:
        raise CalendarError("Business days can only be counted forward; give zero or more.")
    ordinal = day.toordinal()
    for year in range(day.year, day.year + _REACH_YEARS):
        days = _working_days(cal, year)
        passed = bisect_right(days, ordinal) if n else bisect_left(days, ordinal)
        wanted = passed + max(n - 1, 0)
        if wanted < len(days):
            return date.fromordinal(days[wanted])
        n -= (len(days) - passed) if n else 0
    return None


def due(cal: Calendar, start: datetime, length: Length) -> datetime | None:
    """When a response clock of `length` that starts at `start` runs out; closed at `start`, it waits.

    Seconds, minutes and hours are working time; days of any kind keep the local time and land when open.
    """
    opening = next_open(cal, start)
    if opening is None:
        return None
    if length.seconds is not None:
        return add_working(cal, opening, length.seconds)
    return delayed(cal, opening, length)


def landing(cal: Calendar, start: datetime, length: Length) -> datetime | None:
    """Where a cadence delay leads before any window is asked, in `cal.zone`.

    Seconds, minutes and hours elapse; days, business days and weeks keep the wall time of `start` across
    clock changes. A length of zero is `start` itself.
    """
    local = _local(cal, start)
    if length.count == 0:
        return local
    if length.seconds is not None:
        return shown(micros(start) + length.seconds * SECOND, cal.zone)
    if length.unit == "bd":
        day = add_business_days(cal, local.date(), length.count)
    else:
        day = local.date() + timedelta(days=length.count * (7 if length.unit == "w" else 1))
    return None if day is None else local_time(cal.zone, day, local.time())


def delayed(cal: Calendar, start: datetime, length: Length) -> datetime | None:
    """`landing`, moved to the next opening when it falls outside the hours."""
    moment = landing(cal, start, length)
    return None if moment is None else next_open(cal, moment)

"""What fits into a rep's day, and how work is spread over days so that none holds more than that.

What a day holds is derived, not a constant: the calls a rep makes a day at the minutes a call takes, never more than
the hours of that day. Work is placed by worth, each item on the first of its own days with room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sdr.models.terms import NextKind
from sdr.rules.triage import MINUTES, OTHER_MINUTES

HORIZON = timedelta(days=3 * 366)  # as far as work is put off; what finds no room by then is not put off at all
_DAY = timedelta(days=1)


def minutes_of(kind: NextKind) -> float:
    """The minutes that one step of a kind takes."""
    return MINUTES.get(kind, OTHER_MINUTES)


def day_holds(daily_calls: int, open_minutes: float) -> float:
    """The minutes of touches that a day of `open_minutes` working minutes holds for a rep of `daily_calls` a day.

    A rep without a number of calls works all of the day; a day without hours holds nothing.
    """
    wanted = daily_calls * MINUTES[NextKind.CALL] if daily_calls > 0 else open_minutes
    return max(0.0, min(wanted, open_minutes))


@dataclass(slots=True)
class Diary:
    """The days of one rep: what each holds, what was in it before (`held`), and what has been put in since, minutes."""

    holds: Callable[[date], float]
    held: Callable[[date], float] = lambda _day: 0.0
    _taken: dict[date, float] = field(default_factory=dict)
    _holds: dict[date, float] = field(default_factory=dict)

    def room(self, day: date) -> float:
        """The minutes still free on a day, never below 0."""
        return max(0.0, self.capacity(day) - self.taken(day))

    def capacity(self, day: date) -> float:
        """The minutes that a day holds when it is empty."""
        if day not in self._holds:
            self._holds[day] = self.holds(day)
        return self._holds[day]

    def taken(self, day: date) -> float:
        """The minutes of a day that are taken."""
        if day not in self._taken:
            self._taken[day] = self.held(day)
        return self._taken[day]

    def fits(self, day: date, minutes: float) -> bool:
        """Whether so much still goes in; what is too long for any day goes into an empty one, alone."""
        if self.capacity(day) <= 0:
            return False
        return minutes <= self.room(day) or (minutes > self.capacity(day) and self.taken(day) <= 0)

    def take(self, day: date, minutes: float) -> None:
        """Put so much into a day."""
        self._taken[day] = self.taken(day) + minutes

    def first(self, since: date, minutes: float, until: date) -> date | None:
        """The first day from `since` to `until` with room for so much."""
        day = since
        while day <= until:
            if self.fits(day, minutes):
                return day
            day += _DAY
        return None


@dataclass(frozen=True, slots=True)
class Job:
    """One item of work. `rank` is its worth per minute (0-99), `since` the first day it may be done.

    `lands` gives, for a day on which it is wanted, the first day from then on that it can be done; None for never.
    """

    key: int
    minutes: float
    rank: int
    since: date
    lands: Callable[[date], date | None] = lambda day: day


def place(job: Job, diary: Diary) -> date | None:
    """The day of one item, taken in `diary`: the first it can be done on that has room; None when it never can be.

    Where no day up to the horizon has room it keeps its first day: nothing is lost for want of time.
    """
    earliest = day = job.lands(job.since)
    while day is not None and earliest is not None:
        found = diary.first(day, job.minutes, earliest + HORIZON)
        if found is None:
            break
        landed = job.lands(found)
        if landed == found:
            diary.take(found, job.minutes)
            return found
        day = landed
    if earliest is not None:
        diary.take(earliest, job.minutes)
    return earliest


def spread(jobs: Iterable[Job], diary: Diary) -> dict[int, date | None]:
    """The day of every item by its key, placed in the order of worth; equals keep the order they came in."""
    return {job.key: place(job, diary) for job in sorted(jobs, key=lambda one: -one.rank)}

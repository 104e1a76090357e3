"""What fits into a rep's day, and how work is spread over days so that none holds more than that.

What a day holds is derived, not a constant: the calls a rep makes a day at the minutes a call takes, never more than
the hours of that day. The minutes of a kind of work are the rep's own, once there are enough of them to tell. Work is
placed by worth, each item on the first of its own days with room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from statistics import median
from typing import NamedTuple

from sdr.models.terms import NextKind
from sdr.rules.triage import MINUTES, OTHER_MINUTES

HORIZON = timedelta(days=3 * 366)  # as far as work is put off; what finds no room by then is not put off at all
ENOUGH_ACTS = 20  # of a kind: with fewer the usual minutes hold
LONGEST_ACT = 30.0  # minutes: what is longer was a break, a meeting, or the end of a day
LEAST_MINUTES = 0.1  # of any act: nothing takes no time
_DAY = timedelta(days=1)
_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Pace:
    """The minutes that work takes a rep, by kind; what is not in `own` takes what is usual."""

    own: Mapping[NextKind, float] = field(default_factory=dict)

    def minutes_of(self, kind: NextKind) -> float:
        """The minutes that one step of a kind takes."""
        return self.own.get(kind, MINUTES.get(kind, OTHER_MINUTES))


USUAL_PACE = Pace()


class Act(NamedTuple):
    """One logged act: when it ended (ms UTC), the kind of work it was (None: none that is planned), a call's length."""

    at: int
    kind: NextKind | None
    seconds: int = 0


def pace_of(acts: Iterable[Act]) -> Pace:
    """The rep's own pace by their acts, the oldest first: the median of each kind with at least `ENOUGH_ACTS`.

    An act took the time since the one before it, a call never less than it lasted. After a break there is no such
    time. Acts of one moment (forty cards in one batch) share it.
    """
    took: dict[NextKind, list[float]] = {}
    before: int | None = None
    for moment, together in groupby(acts, lambda act: act.at):
        same = list(together)
        gap = None if before is None else (moment - before) / _MINUTE
        shared = gap / len(same) if gap is not None and gap <= LONGEST_ACT else None
        before = moment
        for act in same:
            lengths = [found for found in (shared, act.seconds / 60 if act.seconds else None) if found is not None]
            if act.kind is not None and lengths:
                took.setdefault(act.kind, []).append(max(LEAST_MINUTES, *lengths))
    return Pace({kind: median(each) for kind, each in took.items() if len(each) >= ENOUGH_ACTS})


def day_holds(daily_calls: int, open_minutes: float, pace: Pace = USUAL_PACE) -> float:
    """The minutes of touches that a day of `open_minutes` working minutes holds for a rep of `daily_calls` a day.

    A rep without a number of calls works all of the day; a day without hours holds nothing.
    """
    wanted = daily_calls * pace.minutes_of(NextKind.CALL) if daily_calls > 0 else open_minutes
    return max(0.0, min(wanted, open_minutes))


def fitting(work: Iterable[float], minutes: float) -> int:
    """How many of these, done one after the other, fit into so many minutes; the first that does not ends it."""
    fits = 0
    for each in work:
        minutes -= each
        if minutes < 0:
            break
        fits += 1
    return fits


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


class Job(NamedTuple):
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

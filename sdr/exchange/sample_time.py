"""The time of the sample: lives told side by side, each act at a moment of the rep's own past working days.

A life is a generator: it yields a `Wish` for a moment and gets the moment it may act at, then yields changes, each
of which the store applies before the life goes on. What is not reached by the end of the telling is simply due.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from sdr.models.terms import Refused, zone_of
from sdr.rules.calendar import Calendar, add_business_days, local_time, next_open
from sdr.store.changes import Change

REACH = 70  # days that the telling may look back


class Wish(NamedTuple):
    """When a life goes on. `minutes` of the rep's time make it wait for the rep; 0 means others act, at that moment."""

    at: datetime
    minutes: int = 0


Life = Generator[Wish | Change | Refused, datetime, None]


@dataclass(slots=True)
class Days:
    """The rep's days up to `now`: working days back, moments on them, and until when the rep is busy."""

    cal: Calendar
    now: datetime
    free_at: datetime

    @property
    def midnight(self) -> datetime:
        """When today began where the rep is."""
        local = self.now.astimezone(zone_of(self.cal.zone))
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    def back(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A moment on the working day `days` working days before today."""
        return local_time(self.cal.zone, _working_days(self.cal, self.midnight.date())[-days], time(hour, minute))

    def today(self, share: float) -> datetime:
        """A moment of today: 0 is the opening (or midnight, when it is not open yet), 1 is now."""
        opening = next_open(self.cal, self.midnight)
        start = opening if opening and opening < self.now else self.midnight
        return start + (self.now - start) * share

    def slot(self, wish: Wish) -> datetime:
        """When a wish comes true."""
        if not wish.minutes:
            return wish.at
        start = next_open(self.cal, max(wish.at, self.free_at)) or wish.at
        self.free_at = start + timedelta(minutes=wish.minutes)
        return start


@lru_cache(maxsize=8)
def _working_days(cal: Calendar, before: date) -> tuple[date, ...]:
    """The working days of the months before a date."""
    days = (before - timedelta(days=ago) for ago in range(REACH, 0, -1))
    return tuple(day for day in days if add_business_days(cal, day, 0) == day)


def told(lives: Iterable[Life], days: Days) -> Iterator[Change | Refused]:
    """Every act of these lives in the order of time: what takes the rep's time until midnight, all else until now."""
    waiting: list[tuple[datetime, int, int, Life]] = []
    for number, life in enumerate(lives):
        first = next(life)
        assert isinstance(first, Wish)
        waiting.append((first.at, number, first.minutes, life))
    heapify(waiting)
    while waiting:
        at, number, minutes, life = heappop(waiting)
        moment = days.slot(Wish(at, minutes))
        if moment >= (days.midnight if minutes else days.now):
            continue
        if (wish := (yield from _one_turn(life, moment))) is not None:
            heappush(waiting, (max(wish.at, moment), number, wish.minutes, life))


def _one_turn(life: Life, moment: datetime) -> Generator[Change | Refused, None, Wish | None]:
    """The changes of a life at one moment; its next wish, or None at its end."""
    try:
        told = life.send(moment)
        while not isinstance(told, Wish):
            yield told
            told = life.send(moment)
    except StopIteration:
        return None
    return told

"""When a zone's clocks change, and what stands between the changes: stretches of one offset to UTC.

Instants are whole microseconds since 1970 UTC, dates are ordinals as `date.toordinal` counts them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sdr.models.terms import zone_of
from sdr.rules.hours import DAY, SECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()


class Stretch(NamedTuple):
    """A zone is `offset` microseconds ahead of UTC from `since` to `till`.

    `first` to `last` are the local dates with no change near: neither the day before nor the one after has any.
    """

    since: int
    till: int
    offset: int
    first: int
    last: int


@lru_cache(maxsize=2048)
def offsets(zone: str, year: int) -> tuple[Stretch, ...]:
    """Stretches of constant offset over the local `year`, a little more at both ends.

    Looks once a day and bisects to the second where two looks differ; no zone changes twice within a day.
    """
    place, day = zone_of(zone), timedelta(days=1)
    look = datetime(year, 1, 1, tzinfo=UTC) - 2 * day
    last = micros(look) + 370 * DAY
    ahead, found = look.astimezone(place).utcoffset(), []
    since = micros(look)
    for _ in range(370):
        look += day
        now = look.astimezone(place).utcoffset()
        if now != ahead:
            change = _change(zone, micros(look) - DAY, _whole(ahead))
            found.append(_stretch(since, change, _whole(ahead)))
            since, ahead = change, now
    return (*found, _stretch(since, last, _whole(ahead)))


def _stretch(since: int, till: int, offset: int) -> Stretch:
    first = EPOCH_DAY - (-(since + DAY + offset) // DAY)
    return Stretch(since, till, offset, first, EPOCH_DAY + (till - 2 * DAY + offset) // DAY)


def _whole(offset: timedelta | None) -> int:
    return 0 if offset is None else offset // timedelta(microseconds=1)


def _change(zone: str, look: int, offset: int) -> int:
    """The first second after `look`, within a day, at which `zone` has left `offset`."""
    seconds = range(86_401)
    return look + SECOND * bisect_left(
        seconds, True, key=lambda second: _offset(zone, look + second * SECOND) != offset
    )


@lru_cache(maxsize=2048)
def calm(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """The dates of `year`, first and last of each stretch, with no clock change near: no time there comes twice."""
    return tuple((one.first, one.last) for one in offsets(zone, year))


def real(start: int, end: int, among: Iterable[Stretch]) -> list[tuple[int, int]]:
    """The real stretches in which the wall clock stands in `start`..`end`: two when an hour comes twice."""
    pieces: list[tuple[int, int]] = []
    for since, till, offset, _first, _last in among:
        low, high = max(start - offset, since), min(end - offset, till)
        if low < high and pieces and pieces[-1][1] == low:
            pieces[-1] = (pieces[-1][0], high)
        elif low < high:
            pieces.append((low, high))
    return pieces


def _offset(zone: str, at: int) -> int:
    return _whole(shown(at, zone).utcoffset())


def micros(moment: datetime) -> int:
    """`moment` (aware) as microseconds."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def shown(at: int, zone: str) -> datetime:
    """The instant `at` on the wall clock of `zone`."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(zone_of(zone))

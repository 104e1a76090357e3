"""The prospecting block: hours of the rep's day in which new people come first, and how much of it was used so.

In its hours only what has an exact time or a running clock goes before new people and calls; replies and returned
handoffs wait for its end (features 107). Nothing is forbidden in it: it is an order, and a measure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sdr.models.terms import zone_of
from sdr.rules.calendar import local_time
from sdr.rules.hours import Hours

LONGEST = timedelta(minutes=30)  # what one touch can have taken; a longer gap was something else
_MIDNIGHT = time()


class Prospected(NamedTuple):
    """What was done in the block of a day: `minutes` of its `of` went into prospecting, in so many `touches`."""

    minutes: int
    of: int
    touches: int


def read_block(text: str) -> Hours:
    """Read `09:00-10:30` (each day) or `mon-thu 09:00-10:30`; raises `CalendarError`."""
    return Hours.parse(f"mon-sun {text}" if text.strip()[:1].isdigit() else text)


def spans_on(block: Hours, zone: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The block's stretches on a day of the rep, each from its start (included) to its end (excluded)."""
    return tuple(
        (
            local_time(zone, day, span.start),
            local_time(zone, day + timedelta(days=span.end == _MIDNIGHT), span.end),
        )
        for span in block.on(day)
    )


def ends_at(block: Hours, zone: str, now: datetime) -> datetime | None:
    """When the stretch of the block that holds `now` ends; None outside the block."""
    spans = spans_on(block, zone, now.astimezone(zone_of(zone)).date())
    held = (end for start, end in spans if start.timestamp() <= now.timestamp() < end.timestamp())
    return next(held, None)


def prospected(
    spans: Iterable[tuple[datetime, datetime]], touches: Iterable[tuple[datetime, bool]]
) -> Prospected:  # fmt: skip
    """What of `spans` was used. A touch is its moment and whether it was prospecting, the oldest first.

    A touch took the time since the one before it or since the block began, at most `LONGEST`.
    """
    held, done, used, of = list(touches), 0, timedelta(), timedelta()
    for start, end in spans:
        of += _between(start, end)
        before = start
        for moment, new in held:
            if start.timestamp() < moment.timestamp() <= end.timestamp():
                used += min(_between(before, moment), LONGEST) if new else timedelta()
                done += new
                before = moment
    return Prospected(int(used.total_seconds() // 60), int(of.total_seconds() // 60), done)


def _between(start: datetime, end: datetime) -> timedelta:
    """Elapsed time: two local times of one zone would be compared by the wall clock, which may jump between them."""
    return timedelta(seconds=end.timestamp() - start.timestamp())

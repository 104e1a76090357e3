"""The date digits and the default next dates of calls: where in a prospect's day the next touch is put.

A touch at the stroke of the hour meets the daily stand-up, so the slots lie a little inside each half of the day:
09:40 and 14:10 for a day from nine to five. Every answer is inside the hours and later than `now`, or None when
no working day comes.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sdr.models.terms import zone_of
from sdr.rules.calendar import (
    STANDARD,
    Calendar,
    CalendarError,
    Hours,
    Length,
    add_business_days,
    day_close,
    delayed,
    local_time,
    next_open,
)

_INTO_MORNING = (timedelta(minutes=40), 1 / 12)  # after opening: so long, or this share of a short day
_INTO_AFTERNOON = (timedelta(minutes=70), 7 / 48)  # after the middle of the day
_BEFORE_CLOSE = (timedelta(minutes=30), 1 / 16)


def preset(
    digit: int, now: datetime, zone: str, hours: Hours = STANDARD, closed: frozenset[date] = frozenset()
) -> datetime | None:
    """The date a digit stands for, in `zone`; None for 8, 9 and anything else, which are not dates.

    1 later today (the other half of the day, else the next opening), 2 tomorrow, 3 next week, 4 next month,
    5 next quarter, 6 half a year, 7 next year. Next week, month, quarter and year mean their first Tuesday:
    Mondays are full, and the first day of a period is for planning.
    """
    cal = Calendar(hours, zone, closed)
    local = now.astimezone(zone_of(zone))
    if digit == 1:
        return _later_today(cal, local)
    return morning(cal, PRESET_DAYS[digit](local.date())) if digit in PRESET_DAYS else None


def months_on(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _tuesday_from(day: date) -> date:
    return day + timedelta(days=(1 - day.weekday()) % 7)


PRESET_DAYS: dict[int, Callable[[date], date]] = {
    2: lambda today: today + timedelta(days=1),
    3: lambda today: today + timedelta(days=8 - today.weekday()),
    4: lambda today: _tuesday_from(months_on(today.replace(day=1), 1)),
    5: lambda today: _tuesday_from(months_on(today.replace(day=1), 3 - (today.month - 1) % 3)),
    6: lambda today: months_on(today, 6),
    7: lambda today: _tuesday_from(date(today.year + 1, 1, 1)),
}


def _later_today(cal: Calendar, local: datetime) -> datetime | None:
    later = afternoon(cal, local.date()) if _before_midday(cal, local) else None
    if later is not None and later.date() == local.date():
        return later
    return next_open(cal, day_close(cal, local) or local)


def _day(cal: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """Opening and last closing (UTC) of `day`, or of the first business day after it."""
    business = add_business_days(cal, day, 0)
    opening = None if business is None else next_open(cal, local_time(cal.zone, business, time()))
    close = None if opening is None else day_close(cal, opening)
    return None if opening is None or close is None else (opening.astimezone(UTC), close.astimezone(UTC))


def morning(cal: Calendar, day: date) -> datetime | None:
    """The morning slot of `day`, or of the first business day after it."""
    if (bounds := _day(cal, day)) is None:
        return None
    opening, close = bounds
    return next_open(cal, opening + _part(_INTO_MORNING, close - opening))


def afternoon(cal: Calendar, day: date) -> datetime | None:
    """The afternoon slot of `day`, or of the first business day after it."""
    if (bounds := _day(cal, day)) is None:
        return None
    opening, close = bounds
    return next_open(cal, opening + (close - opening) / 2 + _part(_INTO_AFTERNOON, close - opening))


def last(cal: Calendar, day: date) -> datetime | None:
    """The last slot of `day`, half an hour before closing, or of the first business day after it."""
    if (bounds := _day(cal, day)) is None:
        return None
    opening, close = bounds
    return next_open(cal, close - _part(_BEFORE_CLOSE, close - opening))


def first(cal: Calendar, day: date) -> datetime | None:
    """The opening of `day`, or of the first business day after it."""
    bounds = _day(cal, day)
    return bounds and next_open(cal, bounds[0])


def _part(rule: tuple[timedelta, float], length: timedelta) -> timedelta:
    usual, share = rule
    return timedelta(seconds=int(min(usual, length * share).total_seconds()))


def _before_midday(cal: Calendar, local: datetime) -> bool:
    """Whether the wall clock stands before the middle of a working day, also on a day that is none."""
    if (bounds := _day(cal, local.date())) is None:
        return True
    opening, close = bounds
    return local.time() < (opening + (close - opening) / 2).astimezone(zone_of(cal.zone)).time()


def other_half(now: datetime, cal: Calendar, days: int = 1) -> datetime | None:
    """The slot `days` business days on, in the half of the day that `now` is not in.

    Who never answers at ten may answer at three.
    """
    local = now.astimezone(zone_of(cal.zone))
    day = add_business_days(cal, local.date(), days)
    if day is None:
        return None
    return other_half_of(day, now, cal)


def other_half_of(day: date, now: datetime, cal: Calendar) -> datetime | None:
    """The slot of `day`, or of the first business day after it, in the half of the day that `now` is not in."""
    local = now.astimezone(zone_of(cal.zone))
    return (afternoon if _before_midday(cal, local) else morning)(cal, day)


def _edge(now: datetime, cal: Calendar) -> datetime | None:
    """The other end of the next business day: gatekeepers come late or leave early, their bosses do not."""
    local = now.astimezone(zone_of(cal.zone))
    day = add_business_days(cal, local.date(), 1)
    if day is None:
        return None
    return (last if _before_midday(cal, local) else first)(cal, day)


_RULES: dict[str, Callable[[datetime, Calendar], datetime | None]] = {
    "other-half": other_half,
    "two-business-days": lambda now, cal: other_half(now, cal, 2),
    "edge": _edge,
    "two-hours": lambda now, cal: delayed(cal, now, Length(2, "h")),
    "five-minutes": lambda now, cal: delayed(cal, now, Length(5, "m")),
    "now": lambda now, cal: next_open(cal, now),
}
_UNDATED = frozenset({"none", "preset", "promise"})


def next_date(rule: str, now: datetime, cal: Calendar) -> datetime | None:
    """The date an outcome sets by itself, in `cal.zone`.

    `other-half`, `two-business-days`, `edge` (early or late on the next business day), `two-hours` (or the
    opening after it), `five-minutes`, `now`, `preset:3`. None for `none`, and for `preset` and `promise`, whose
    date the rep gives. Raises `CalendarError` for a rule that is not one of these.
    """
    if rule in _UNDATED:
        return None
    name, _, digit = rule.partition(":")
    if name == "preset" and digit.isascii() and digit.isdigit() and int(digit) in range(1, 8):
        return preset(int(digit), now, cal.zone, cal.hours, cal.closed)
    if rule not in _RULES:
        raise CalendarError(f'"{rule[:40]}" is no rule for a next date; use {", ".join(_RULES)} or preset:3.')
    return _RULES[rule](now, cal)

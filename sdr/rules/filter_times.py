"""The times of the filter language: dates, moments, words and distances, each as the time it begins and ends.

Days are the rep's own; weeks and months have no words here, a range says them.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from sdr.models.terms import ms
from sdr.rules.hours import WEEKDAYS

RANGE = ".."
AHEAD = frozenset({"due"})  # fields whose weekdays are to come; those of the others have been

_DISTANCE = re.compile(r"([+-])(\d{1,4})([hdw])")
_UNSIGNED = re.compile(r"\d{1,4}[hdw]")
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_SHORT = {day[:3]: place for place, day in enumerate(WEEKDAYS)}

Bounds = tuple[int, int]  # the first millisecond UTC of a time, and the first one after it


def flaw_of(field: str, value: str) -> str:
    """What keeps `value` (lower case) from being a time, or times with `..` between, of `field`; "" when it is one."""
    ends = value.split(RANGE)
    if len(ends) > 2 or not any(ends):
        return f"{field} takes one range, like {field}:today{RANGE}friday"
    if any(_UNSIGNED.fullmatch(end) for end in ends):
        return "a distance says which way: -7d is a week ago, +7d ahead"
    if not all(_readable(end) for end in ends if end):
        return f"{field} takes a date like 2026-01-31, today, friday or -7d"
    return ""


def _readable(value: str) -> bool:
    if value in _DAYS or value == "now" or _weekday(value) is not None or _DISTANCE.fullmatch(value):
        return True
    moment = _moment(value)
    return moment is not None and 1900 < moment.year < 9000


def _weekday(value: str) -> int | None:
    return _SHORT.get(value[:3]) if value in WEEKDAYS or value in _SHORT else None


def _moment(value: str) -> date | datetime | None:
    """The ISO date or moment `value` is; None when it is neither or has no year a calendar holds."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            return date.fromisoformat(value)
        if re.fullmatch(r"\d{4}-\d\d-\d\dt\d\d:\d\d(:\d\d)?(z|[+-]\d\d:\d\d)?", value, re.ASCII):
            return datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    return None


def bounds(field: str, value: str, local: datetime, *, whole_day: bool) -> Bounds:
    """Where `value`, which has no flaw, begins and ends; `whole_day` takes the day of what is a moment."""
    found = _found(field, value, local)
    if isinstance(found, datetime):
        moment = found if found.tzinfo else found.replace(tzinfo=local.tzinfo)
        if not whole_day:
            return ms(moment), ms(moment)
        found = moment.astimezone(local.tzinfo).date()
    midnights = (found, found + timedelta(days=1))
    first, after = (datetime(day.year, day.month, day.day, tzinfo=local.tzinfo) for day in midnights)
    return ms(first), ms(after)


def _found(field: str, value: str, local: datetime) -> date | datetime:
    if value == "now":
        return local
    if value in _DAYS:
        return local.date() + timedelta(days=_DAYS[value])
    if (weekday := _weekday(value)) is not None:
        away = weekday - local.weekday()
        return local.date() + timedelta(days=away % 7 if field in AHEAD else -(-away % 7))
    if distance := _DISTANCE.fullmatch(value):
        far = timedelta(**{_UNITS[distance[3]]: int(distance[2])}) * (1 if distance[1] == "+" else -1)
        # Hours are elapsed time; days and weeks keep the local time across a clock change.
        return (local.astimezone(UTC) + far).astimezone(local.tzinfo) if distance[3] == "h" else local + far
    moment = _moment(value)
    assert moment is not None  # `flaw_of` has refused the rest
    return moment


def between(field: str, value: str, local: datetime) -> tuple[int | None, int | None]:
    """From the one time of a range to the end of the other; an end that is left out has no bound.

    Both ends are included: days whole, moments and hours as they are. Of two weekdays the second comes after.
    """
    first, last = value.split(RANGE)
    start = bounds(field, first, local, whole_day=not _exact(first))[0] if first else None
    end = bounds(field, last, local, whole_day=not _exact(last))[1] if last else None
    if start is None or end is None or start < end or _weekday(first) is None or _weekday(last) is None:
        return start, end
    if field in AHEAD:
        return start, bounds(field, last, local + timedelta(weeks=1), whole_day=True)[1]
    return bounds(field, first, local - timedelta(weeks=1), whole_day=True)[0], end


def _exact(value: str) -> bool:
    return value == "now" or value.endswith("h") or isinstance(_moment(value), datetime)

"""Dates in words: what a rep types (`next tue 3pm`, `+3bd`, `eod`) and how the desk says a time back.

The grammar is small, English and exact on purpose: a phrase it does not understand is None, so that the rep sees
that rather than a guess. dateutil reads what is left, only where one reading exists. A date is never in the past
(it rolls forward) and lands inside the prospect's hours. The date digits and rules come from `sdr.rules.slots`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from sdr.models.terms import zone_of
from sdr.rules.calendar import STANDARD, Calendar, Hours, Length, add_business_days, delayed, local_time, next_open
from sdr.rules.hours import WEEKDAYS
from sdr.rules.slots import (
    PRESET_DAYS,
    afternoon,
    first,
    last,
    months_on,
    morning,
    next_date,
    other_half,
    preset,
)
from sdr.rules.spoken import ago, spoken

__all__ = ["ago", "next_date", "other_half", "phrase", "preset", "spoken"]

Landing = Callable[[Calendar, date], datetime | None]  # where on a day the phrase lands
DayRule = Callable[[date], date | None]  # the first such day from an anchor on

_CLOCK = re.compile(
    r"(?:(?P<day>.+?) )??(?:at )?"
    r"(?P<clock>\d{1,2}:\d{2}(?: ?[ap]m)?|\d{1,2} ?[ap]m|noon|midday|morning|afternoon|eod|end of day)"
)
_PARTS: dict[str, Landing] = {"morning": morning, "afternoon": afternoon, "eod": last, "end of day": last}
_AMOUNT = re.compile(r"(?:\+ ?|in )?(?P<count>\d{1,4}|an?) ?(?P<unit>business days?|working days?|[a-z]+)")
_UNITS = {
    "m": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
    "bd": ("bd", "business day", "business days", "working day", "working days"),
    "w": ("w", "week", "weeks"),
    "months": ("mo", "month", "months"),
    "years": ("y", "year", "years"),
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words}
_DAY_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in WEEKDAYS) + "|tues|weds|thur|thurs"
# Two dates that differ in every field: what dateutil reads alike from both, the words did say.
_DEFAULTS = (datetime.fromisoformat("2000-01-01 00:00"), datetime.fromisoformat("2004-03-02 01:01"))


def phrase(
    text: str, now: datetime, zone: str, hours: Hours = STANDARD, closed: frozenset[date] = frozenset()
) -> datetime | None:
    """The moment a typed phrase means in `zone`, inside the hours and not before `now`; None if not understood.

    Without a time it lands at the opening of that day. A day that is closed becomes the next business day, a
    time outside the hours the next opening. `next tue` is the Tuesday of next week, `tue` the coming one;
    `03/04` is nobody's date for sure and is None.
    """
    cal = Calendar(hours, zone, closed)
    local = now.astimezone(zone_of(zone))
    words = " ".join(text.lower().replace(",", " ").split())
    if len(words) > 60 or not re.fullmatch(r"[a-z0-9 +:./-]+", words):
        return None
    words = re.sub(r"\btoday\b", local.date().isoformat(), re.sub(r"(\d)t(\d)", r"\1 \2", words))
    try:
        return _elapsed(words, local, cal) or _dated(words, local, cal)
    except (OverflowError, ValueError):  # a date beyond the calendar
        return None


def _elapsed(words: str, local: datetime, cal: Calendar) -> datetime | None:
    """`+2h`, `in 30 minutes`."""
    amount = _amount(words)
    return delayed(cal, local, Length(*amount)) if amount and amount[1] in ("m", "h") else None


def _amount(words: str) -> tuple[int, str] | None:
    found = _AMOUNT.fullmatch(words)
    unit = found and _UNIT.get(found["unit"])
    if found is None or unit is None:
        return None
    return (int(found["count"]) if found["count"].isdigit() else 1), unit


def _dated(words: str, local: datetime, cal: Calendar) -> datetime | None:
    found = _CLOCK.fullmatch(words)
    land = _landing(found["clock"]) if found else first
    today = local.date()
    rule = _day_rule(words, today, cal) if found is None else _any_day
    if found and found["day"]:
        rule = _day_rule(found["day"], today, cal)
    day = rule(today) if rule else None
    if rule is None or land is None or day is None or day < today:
        return None
    moment = _landed(land, cal, day)
    if moment is None or moment.timestamp() > local.timestamp():
        return moment
    later = rule(day + timedelta(days=1))
    if later is None or later <= day:  # a fixed date, which is today
        return next_open(cal, local)
    return _landed(land, cal, later)


def _landed(land: Landing, cal: Calendar, day: date) -> datetime | None:
    business = add_business_days(cal, day, 0)
    return None if business is None else land(cal, business)


def _any_day(anchor: date) -> date:
    return anchor


def _landing(clock: str) -> Landing | None:
    """How a time of day lands, or None for one that does not exist, such as 25:00."""
    if clock in _PARTS:
        return _PARTS[clock]
    if clock in ("noon", "midday"):
        clock = "12:00"
    hour, _, minute = clock.removesuffix("am").removesuffix("pm").strip().partition(":")
    hours, half = int(hour), clock[-2:]
    if half in ("am", "pm"):
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    if hours > 23 or int(minute or 0) > 59:
        return None
    wall = time(hours, int(minute or 0))
    return lambda cal, day: next_open(cal, local_time(cal.zone, day, wall))


def _day_rule(words: str, today: date, cal: Calendar) -> DayRule | None:
    """The rule for the day that `words` name, or None when they name none."""
    words = re.sub(r"^(?:on |the |this )+", "", words)
    return (
        _near(words, today)
        or _counted(words, today, cal)
        or _weekday(words, today)
        or _period_end(words, cal)
        or _quarter(words)
        or _written(words)
    )


def _fixed(day: date | None) -> DayRule | None:
    return None if day is None else lambda anchor: day


def _near(words: str, today: date) -> DayRule | None:
    """`tomorrow`, `next month`: days named from today."""
    digit = {"tomorrow": 2, "next week": 3, "next month": 4, "next quarter": 5, "next year": 7}.get(words)
    if digit is not None:
        return _fixed(PRESET_DAYS[digit](today))
    return _fixed(today + timedelta(days=2)) if words == "day after tomorrow" else None


def _counted(words: str, today: date, cal: Calendar) -> DayRule | None:
    """`+3bd`, `in 2 weeks`, `3 months`."""
    count, unit = _amount(words) or (0, "")
    if unit == "bd":
        return _fixed(add_business_days(cal, today, count))
    if unit in ("months", "years"):
        return _fixed(months_on(today, count * (12 if unit == "years" else 1)))
    return _fixed(today + timedelta(days=count * (7 if unit == "w" else 1))) if unit in ("d", "w") else None


def _weekday(words: str, today: date) -> DayRule | None:
    """`fri`, `next tue`."""
    found = re.fullmatch(rf"(next )?({_DAY_NAME})", words)
    if found is None:
        return None
    number = next(number for number, name in enumerate(WEEKDAYS) if name.startswith(found[2][:3]))
    if found[1]:
        return _fixed(today + timedelta(days=7 - today.weekday() + number))
    return lambda anchor: anchor + timedelta(days=(number - anchor.weekday()) % 7)


def _period_end(words: str, cal: Calendar) -> DayRule | None:
    """`end of month`, `eow`: the last business day of the week, month, quarter or year."""
    found = re.fullmatch(r"(?:end of (?:the )?|eo)(w|m|q|y|week|month|quarter|year)", words)
    if found is None:
        return None
    months = {"w": 0, "m": 1, "q": 3, "y": 12}[found[1][0]]

    def rule(anchor: date) -> date | None:
        ends = (_end_of_period(anchor, months, number) for number in range(4))
        days = (_business_day_by(cal, end) for end in ends)
        return next((day for day in days if day is not None and day >= anchor), None)

    return rule


def _end_of_period(anchor: date, months: int, number: int) -> date:
    """The last day of the period of `anchor` (0 months: a week), or of the `number`th after it."""
    if not months:
        return anchor + timedelta(days=6 - anchor.weekday() + 7 * number)
    left = months - (anchor.month - 1) % months + months * number
    return months_on(anchor.replace(day=1), left) - timedelta(days=1)


def _business_day_by(cal: Calendar, end: date) -> date | None:
    """The last business day of the month up to `end`, if any."""
    days = (end - timedelta(days=back) for back in range(31))
    return next((day for day in days if add_business_days(cal, day, 0) == day), None)


def _quarter(words: str) -> DayRule | None:
    """`q1`, `q3 2027`: its first day."""
    found = re.fullmatch(r"q([1-4])(?: (\d{4}))?", words)
    if found is None:
        return None
    month = int(found[1]) * 3 - 2
    return _fixed(date(int(found[2]), month, 1)) if found[2] else _yearly(month, 1)


def _yearly(month: int, day: int) -> DayRule:
    def rule(anchor: date) -> date | None:
        years = range(anchor.year, anchor.year + 9)  # nine, so that a 29 February is among them
        days = (date(year, month, day) for year in years if day <= monthrange(year, month)[1])
        return next((each for each in days if each >= anchor), None)

    return rule


def _monthly(day: int) -> DayRule:
    def rule(anchor: date) -> date:
        this = _in_month(anchor, 0, day)
        return this if this >= anchor else _in_month(anchor, 1, day)

    return rule


def _in_month(anchor: date, months: int, day: int) -> date:
    month = months_on(anchor.replace(day=1), months)
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _written(words: str) -> DayRule | None:
    """`2026-06-01`, `3 feb`, `june 2027`, `the 15th`: a date that has one reading."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        return _fixed(date.fromisoformat(words))
    pair = re.match(r"(\d{1,2})[ ./-](\d{1,2})(?!\d)", words)
    either = pair is not None and pair[1] != pair[2] and max(int(pair[1]), int(pair[2])) <= 12
    if either or words.isdigit() or (parts := _parts(words)) is None:
        return None
    year, month, day = parts
    if month is None:
        return _monthly(day) if day and not year else None
    return _fixed(date(year, month, day or 1)) if year else _yearly(month, day or 1)


def _parts(words: str) -> tuple[int | None, int | None, int | None] | None:
    """Year, month and day as dateutil reads them, each None when `words` do not say it.

    dateutil fills what is missing from a default; what differs between two defaults was not said.
    """
    from dateutil import parser

    day_first = re.match(r"(?:1[3-9]|2\d|3[01])[ ./-]", words) is not None

    try:
        a, b = (parser.parse(words, default=default, dayfirst=day_first, ignoretz=True) for default in _DEFAULTS)
    except (ValueError, ArithmeticError):  # long digits reach its decimals
        return None
    if (a.time(), b.time()) != tuple(default.time() for default in _DEFAULTS):
        return None  # it took a number for an hour
    day = a.day if a.day == b.day else None
    if day is None and re.search(rf"\b(?:{_DAY_NAME})\b", words):
        return None
    return a.year if a.year == b.year else None, a.month if a.month == b.month else None, day

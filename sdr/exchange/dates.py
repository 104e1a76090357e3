"""Dates as people and products write them: one order of day and month a column, aware times out.

Text without a zone is read in the zone given; a date alone is its local midnight. What cannot be read for sure is
None, never a guess at another order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from sdr.models.terms import zone_of

ORDERS = ("dmy", "mdy", "ymd")
_MONTH_FIRST_COUNTRIES = frozenset({"US", "PH", "PR", "GU", "FM", "MH", "PW", "AS", "VI"})
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan ene gen janv",
            "feb fev fevr",
            "mar mär mrz mars maa mrt",
            "apr abr avr avri",
            "may mai mag mei maio",
            "jun juin giu",
            "jul juil lug",
            "aug ago aoû aou août",
            "sep set sept",
            "oct okt ott out",
            "nov",
            "dec dez dic déc",
        ),
        1,
    )
    for word in words.split()
}
_TIME = (
    r"(?:[T ,]+(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z?[+-]\d\d:?\d\d|Z|UTC|GMT|UTC?[+-]\d\d?)?)?\s*\Z"
)
_YEAR_FIRST = re.compile(r"\s*(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})" + _TIME)
_PACKED = re.compile(r"\s*(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)" + _TIME)
_NUMBERS = re.compile(r"\s*(?P<a>\d{1,2})([-/.])\s?(?P<b>\d{1,2})\2\s?(?P<y>\d{4}|\d\d)" + _TIME)
_DAY_WORD = re.compile(
    r"\s*(?:[^\W\d]+,? )?(?P<d>\d{1,2})\.?[ -](?:de )?(?P<w>[^\W\d]{3,})\.?,?[ -](?:de )?(?P<y>\d{4})" + _TIME
)
_WORD_DAY = re.compile(
    r"\s*(?:[^\W\d]+,? )?(?P<w>[^\W\d]{3,})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})" + _TIME
)
_EPOCH = re.compile(r"\s*(\d{10}|\d{13})\s*\Z")
_SERIAL = re.compile(r"\s*(\d{5})(\.\d+)?\s*\Z")
# Days since 1899-12-30 in a spreadsheet, kept to 1990-2100 so that no other five-digit number passes.
_SERIAL_DAYS = range(32_874, 73_415)
_EPOCH_SECONDS = range(631_152_000, 4_102_444_800)  # the same years


class DateOrder(NamedTuple):
    """How the dates of one column are written. `certain` is False when no value proves it: show it, and ask.

    `mixed` says why: some values can only be day first, and others only month first.
    """

    order: str
    certain: bool
    mixed: bool = False


def date_order(samples: Iterable[str], country: str = "") -> DateOrder:
    """The order of day, month and year in `samples` of one column.

    A first number over 12 proves day first, a second one month first; a four-digit first number is the year.
    Without proof: month first for `country` (ISO alpha-2) US and the few others that write so, day first with
    dots or elsewhere. Values that contradict each other are settled by the majority, uncertainly.
    """
    first, second, year, dots, seen = 0, 0, 0, 0, 0
    for text in samples:
        if found := _NUMBERS.match(text):
            seen += 1
            first += int(found["a"]) > 12
            second += int(found["b"]) > 12
            dots += found[2] == "."
        elif _YEAR_FIRST.match(text) or _PACKED.match(text):
            year += 1
    if not seen:
        return DateOrder("ymd", year > 0)
    if first != second:
        mixed = min(first, second) > 0
        return DateOrder("dmy" if first > second else "mdy", not mixed, mixed)
    here = "mdy" if country.upper() in _MONTH_FIRST_COUNTRIES and not dots else "dmy"
    return DateOrder(here, False, first > 0)


def parse_when(text: str, order: str, zone: str | tzinfo) -> datetime | None:
    """The aware time `text` says, or None if it says none.

    `order` ("dmy", "mdy", "ymd") decides between 3/4 and 4/3; ISO dates need no order. Text without an offset is
    local to `zone`, a date alone is local midnight. `…Z-0300` (Salesforce's loader) is the offset's time. Bare
    numbers are seconds or milliseconds since 1970 UTC, or a spreadsheet's day number.
    """
    here = zone_of(zone) if isinstance(zone, str) else zone
    try:
        return _number(text, here) or _written(text, order, here)
    except (ValueError, OverflowError):  # 31 February, 25:00, an offset of 99 hours
        return None


def _written(text: str, order: str, here: tzinfo) -> datetime | None:
    for pattern in (_YEAR_FIRST, _PACKED):
        if found := pattern.match(text):
            return _moment(found, int(found["y"]), int(found["m"]), int(found["d"]), here)
    if found := _NUMBERS.match(text):
        a, b, year = int(found["a"]), int(found["b"]), _full_year(found["y"])
        if order == "ymd" and len(found["y"]) == 2:
            return _moment(found, _full_year(found["a"]), b, int(found["y"]), here)
        return _moment(found, year, a, b, here) if order == "mdy" else _moment(found, year, b, a, here)
    for pattern in (_DAY_WORD, _WORD_DAY):
        if (found := pattern.match(text)) and (month := _month(found["w"])):
            return _moment(found, int(found["y"]), month, int(found["d"]), here)
    return None


def _number(text: str, here: tzinfo) -> datetime | None:
    if found := _EPOCH.match(text):
        seconds = int(found[1]) / (1000 if len(found[1]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).astimezone(here) if int(seconds) in _EPOCH_SECONDS else None
    if (found := _SERIAL.match(text)) and int(found[1]) in _SERIAL_DAYS:
        day = datetime(1899, 12, 30, tzinfo=here) + timedelta(days=float(text))
        return (day + timedelta(microseconds=500_000)).replace(microsecond=0)
    return None


def _full_year(digits: str) -> int:
    """Two digits as POSIX reads them: 69-99 are 1969-1999, 00-68 are 2000-2068."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 69 else 2000)


def _month(word: str) -> int | None:
    plain = word.casefold()
    return _MONTHS.get(plain[:4]) or _MONTHS.get(plain[:3])


def _moment(found: re.Match[str], year: int, month: int, day: int, here: tzinfo) -> datetime | None:
    if not 1900 <= year <= 2100:
        return None
    hour = int(found["hour"] or 0)
    if half := found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    micro = int((found["part"] or "0").ljust(6, "0")[:6])
    zone = _offset(found["zone"]) or here
    return datetime(year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0), micro, zone)


def _offset(said: str | None) -> tzinfo | None:
    if not said:
        return None
    digits = re.sub(r"[^\d+-]", "", said)
    if not digits:
        return UTC
    hours, minutes = int(digits[1:3]), int(digits[3:5] or 0)
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if digits[0] == "-" else 1))

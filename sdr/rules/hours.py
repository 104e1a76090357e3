"""Hours and lengths as people write them: `mon-fri 09:00-17:00`, `2026-12-24 09:00-12:00`, `3bd`. Times here are
wall clock, of no zone yet.

What they come to in a real place, with its clock changes and holidays, is `sdr.rules.calendar`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATE = r"\d{4}-\d\d-\d\d"
# Days or dates, then spans; dates may also be closed. Without spaces a date and an hour touch: 2026-12-2409:00.
_PART = rf"(?:(?P<days>[a-z,-]+)|(?P<dates>{_DATE}(?:,{_DATE})*))(?:(?P<spans>[0-9].*)|(?P<closed>(?<=\d)closed))"
SECOND = 1_000_000  # edges and calendar arithmetic are in whole microseconds
DAY = 86_400 * SECOND


class CalendarError(ValueError):
    """Hours, a length, a country or a rule that cannot be read; the text is a sentence for the rep."""


class Span(NamedTuple):
    """One stretch of a day, `start` included, `end` excluded; an `end` of 00:00 is the midnight after it."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """The open spans of each weekday, Monday first, and of single dates that have hours of their own.

    Inside a day spans are in order and do not overlap. `exceptions` are in the order of their dates.
    """

    week: tuple[tuple[Span, ...], ...]
    exceptions: tuple[tuple[date, tuple[Span, ...]], ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)  # hours are keys of every calendar's cache

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise CalendarError("Hours need seven days, Monday first; give a day without hours as empty.")
        for spans in (*self.week, *(spans for _day, spans in self.exceptions)):
            marks = [edge for span in spans for edge in edges(span)]
            if any(a >= b for a, b in zip(marks[::2], marks[1::2], strict=True)) or marks != sorted(marks):
                raise CalendarError("The hours of a day must follow one another and each end after it starts.")
        object.__setattr__(self, "_hash", hash((self.week, self.exceptions)))

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        """As `parse` reads it: days with the same hours together, in the order of the week, then the dates."""
        parts: list[str] = []
        day = 0
        while day < len(self.week):
            last = day
            while last + 1 < len(self.week) and self.week[last + 1] == self.week[day]:
                last += 1
            if self.week[day]:
                days = WEEKDAYS[day][:3] if last == day else f"{WEEKDAYS[day][:3]}-{WEEKDAYS[last][:3]}"
                parts.append(f"{days} {_written(self.week[day])}")
            day = last + 1
        return "; ".join([*parts, *(f"{single} {_written(spans) or 'closed'}" for single, spans in self.exceptions)])

    @property
    def weekly(self) -> bool:
        """Whether any day of an ordinary week has hours."""
        return any(self.week)

    def on(self, day: date) -> tuple[Span, ...]:
        """The open spans of `day`, before any closure."""
        for known, spans in self.exceptions:
            if known == day:
                return spans
        return self.week[day.weekday()]

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Read `mon-fri 09:00-17:00`, `wed,fri 08:00-12:00,13:00-18:00`, several joined by `;`.

        A date in place of the days has hours of its own, whatever its weekday: `2026-12-24 09:00-12:00`,
        `2026-12-31 closed`. `24:00` is the end of the day. Spans of one day that touch or overlap become one.
        Raises `CalendarError`.
        """
        week: list[list[Span]] = [[] for _ in WEEKDAYS]
        dates: dict[date, list[Span]] = {}
        for part in text.lower().replace("–", "-").split(";"):
            found = re.fullmatch(_PART, re.sub(r"\s", "", part), re.ASCII)
            if found is None:
                raise CalendarError(
                    f'The window "{part.strip()[:40]}" needs days and hours; write it like mon-fri 09:00-17:00.'
                )
            spans = [] if found["closed"] else [_parse_span(span) for span in found["spans"].split(",")]
            for day in _parse_days(found["days"]) if found["days"] else ():
                week[day] += spans
            for single in _parse_dates(found["dates"]) if found["dates"] else ():
                dates.setdefault(single, []).extend(spans)
        return cls(
            tuple(_united(spans) for spans in week),
            tuple((single, _united(spans)) for single, spans in sorted(dates.items())),
        )


def _written(spans: Iterable[Span]) -> str:
    return ",".join(f"{start:%H:%M}-{'24:00' if end == time() else f'{end:%H:%M}'}" for start, end in spans)


def edges(span: Span) -> tuple[int, int]:
    """Start and end of `span` in microseconds after midnight."""
    return _of_day(span.start), _of_day(span.end) or DAY


def _of_day(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * SECOND + clock.microsecond


def _parse_days(text: str) -> Iterator[int]:
    for item in text.split(","):
        first, _, last = item.partition("-")
        start = _weekday(first)
        for step in range((_weekday(last or first) - start) % 7 + 1):
            yield (start + step) % 7


def _parse_dates(text: str) -> Iterator[date]:
    for item in text.split(","):
        try:
            yield date.fromisoformat(item)
        except ValueError:
            raise CalendarError(f'"{item}" is not a date; write it like 2026-12-24.') from None


def _weekday(word: str) -> int:
    for number, name in enumerate(WEEKDAYS):
        if len(word) >= 3 and name.startswith(word):
            return number
    raise CalendarError(f'"{word[:20]}" is not a day of the week; write mon, tue, wed, thu, fri, sat or sun.')


def _parse_span(text: str) -> Span:
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})", text)
    if found is None:
        raise CalendarError(f'The hours "{text[:40]}" cannot be read; write them like 09:00-17:00.')
    hour, minute, last_hour, last_minute = map(int, found.groups())
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if max(minute, last_minute) > 59 or not start < end <= 1440:
        raise CalendarError(f'The hours "{text[:40]}" must end after they start, on the same day.')
    return Span(time(hour, minute), time(last_hour % 24, last_minute))


def _united(spans: Iterable[Span]) -> tuple[Span, ...]:
    united: list[Span] = []
    for span in sorted(spans, key=edges):
        if united and edges(span)[0] <= edges(united[-1])[1]:
            united[-1] = Span(united[-1].start, max(united[-1], span, key=lambda each: edges(each)[1]).end)
        else:
            united.append(span)
    return tuple(united)


STANDARD = Hours.parse("mon-fri 09:00-17:00")


_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "bd": 86_400, "w": 604_800}
_LONGEST = 10 * 366 * 86_400


@dataclass(frozen=True, slots=True)
class Length:
    """A number of seconds, minutes, hours, days, business days or weeks (`s m h d bd w`)."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read `90s 15m 4h 3d 3bd 2w`; raises `CalendarError`, also above ten years."""
        found = re.fullmatch(r"([0-9]{1,9})\s*(s|m|h|bd|d|w)", text.strip().lower())
        if found is None:
            raise CalendarError(f'The length "{text.strip()[:20]}" cannot be read; write 90s, 15m, 4h, 3d, 3bd or 2w.')
        length = cls(int(found[1]), found[2])
        if length.count * _UNIT_SECONDS[length.unit] > _LONGEST:
            raise CalendarError(f'The length "{length}" is more than ten years; give a shorter one.')
        return length

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def seconds(self) -> int | None:
        """Its seconds when it is measured in seconds, minutes or hours; None for days of any kind."""
        return self.count * _UNIT_SECONDS[self.unit] if self.unit in ("s", "m", "h") else None

    @property
    def days(self) -> float:
        """About how many calendar days it is; a business day counts as one."""
        return self.count * _UNIT_SECONDS[self.unit] / _UNIT_SECONDS["d"]

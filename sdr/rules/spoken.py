"""How the desk says a time: short, in English whatever the machine's locale, in the zone of the time itself; and a
number of things."""

from __future__ import annotations

from datetime import UTC, datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spoken(moment: datetime, now: datetime) -> str:
    """A time as short as it is clear, in `moment`'s own zone.

    `14:30` today, `tomorrow 09:40`, `Wed 14:10` within a week, `Thu 21 May` this year, else `3 Feb 2027`.
    """
    here = now.astimezone(moment.tzinfo)
    days = (moment.date() - here.date()).days
    clock = f"{moment:%H:%M}"
    if days == 0:
        return clock
    if days == 1:
        return f"tomorrow {clock}"
    if 1 < days < 7:
        return f"{_DAYS[moment.weekday()]} {clock}"
    month = f"{moment.day} {_MONTHS[moment.month - 1]}"
    return f"{_DAYS[moment.weekday()]} {month}" if moment.year == here.year else f"{month} {moment.year}"


def ago(moment: datetime, now: datetime) -> str:
    """How far `moment` is from `now`, either way, rounded down: `6 min`, `3 h`, `2 d`, `5 w`."""
    minutes = abs(int((now - moment.astimezone(UTC)).total_seconds())) // 60
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h"
    days = minutes // (24 * 60)
    return f"{days} d" if days < 14 else f"{days // 7} w"


def counted(count: int, word: str, plural: str = "") -> str:
    """A number with its noun: `1 touch`, `12 touches`."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"

"""Why a lead stands where it stands, in words: a short line for the list, a long one for the card.

Every screen, the command line and the tests take the words from here. Times are shown in the prospect's zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sdr.models.terms import Band, NextKind
from sdr.rules.economics import one_in
from sdr.rules.text import cut, width

SHORT_CELLS = 40
SOURCE_CELLS = 18  # of a source's name in the short line
DOT = " · "
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
AGAIN = "look again"  # what a step says that wakes a lead, unless its note says more
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Situation(NamedTuple):
    """What the words are made of. Times are aware; `now` and the others may be in any zone.

    `band` is where the lead shows now. `due_at` is when the step may start (a promise's time), `close_at` the
    end of its window, `respond_by` the end of the response clock. `zone_now` is `now` in the prospect's zone,
    `place` the city to say with a time, with `~` before it when guessed. `chance` is that of this touch, `spent`
    the lead's cost in words ("$118"), `note` what the step is about.
    """

    band: Band | None
    kind: NextKind
    zone_now: datetime
    due_at: datetime
    place: str = ""
    close_at: datetime | None = None
    respond_by: datetime | None = None
    source: str = ""
    grade: str = ""
    touch_no: int = 0
    touch_of: int = 0
    chance: float | None = None
    spent: str = ""
    note: str = ""


class Why(NamedTuple):
    """The same reason twice: `short` in at most `SHORT_CELLS` cells, `long` whole."""

    short: str
    long: str


def why_words(situation: Situation) -> Why:
    """The why line of one lead."""
    head = _head(situation)
    short = head
    if width(short) > SHORT_CELLS and situation.place:
        short = head.replace(f" {situation.place}", "")
    return Why(cut(short, SHORT_CELLS), DOT.join((_with_minutes(situation, head), *_context(situation))))


def span(length: timedelta) -> str:
    """A length as a rep says it: "38 min", "3 h", "4 d"; the sign is dropped, the largest whole unit stays."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def moment(when: datetime, zone_now: datetime) -> str:
    """`when` in the zone of `zone_now`: "14:10" today, "Wed 14:10" within a week, else "Thu 21 May 14:10"."""
    local = when.astimezone(zone_now.tzinfo)
    days = (local.date() - zone_now.date()).days
    clock = f"{local:%H:%M}"
    if days == 0:
        return clock
    day = _DAYS[local.weekday()]
    return f"{day} {clock}" if 0 < days < 7 else f"{day} {local.day} {_MONTHS[local.month - 1]} {clock}"


def _head(it: Situation) -> str:
    """The reason itself: by what kind of step it is."""
    if it.kind == NextKind.TRIAGE and width(it.note) and it.band != Band.HOT:  # a note may be nothing to see
        return it.note if _is_due(it) else f"{it.note} {_at_place(it)}"
    if it.kind in (NextKind.TRIAGE, NextKind.COMPLETE) or it.band == Band.HOT:
        return DOT.join(_arrival(it))
    if it.kind in (NextKind.PROMISE, NextKind.MEETING):
        word = "promised call" if it.kind == NextKind.PROMISE else "confirm meeting"
        return f"{word} {moment(it.due_at, it.zone_now)}, {_lateness(it)}"
    if it.kind == NextKind.REPLY:
        return f"they wrote, answer{_waiting(it)}"
    if it.kind == NextKind.RETURNED:
        return f"returned: {it.note}" if it.note else f"returned{_waiting(it)}"
    if it.kind == NextKind.HANDOFF:
        return f"qualified, hand off{_waiting(it)}"
    if it.kind == NextKind.ANSWER:
        return f"AE to answer by {moment(it.due_at, it.zone_now)}, {_lateness(it)}"
    if it.kind == NextKind.WAKE:
        more = f": {it.note}" if it.note not in ("", AGAIN) else ""
        return f"{AGAIN}{more}" if _is_due(it) else f"sleeps until {_at_place(it)}"
    return _touch(it)


def _touch(it: Situation) -> str:
    if not _is_due(it):
        same_day = it.due_at.astimezone(it.zone_now.tzinfo).date() == it.zone_now.date()
        return f"{it.kind.value} {'after ' if same_day else ''}{_at_place(it)}"
    if it.kind == NextKind.CALL and it.close_at is not None and it.close_at > it.zone_now:
        return f"call window closes {moment(it.close_at, it.zone_now)}{_place(it)}"
    return f"{it.kind.value} {it.touch_no} ready" if it.touch_no else f"{it.kind.value} ready"


def _arrival(it: Situation) -> Iterator[str]:
    yield {NextKind.TRIAGE: "new", NextKind.COMPLETE: "inquiry"}.get(it.kind, it.kind.value)
    if it.respond_by is not None:
        left = it.respond_by - it.zone_now
        yield f"{span(left)} {'left' if left > timedelta(0) else 'over'}"
    if it.source:
        yield cut(it.source, SOURCE_CELLS)


def _lateness(it: Situation) -> str:
    late = it.zone_now - it.due_at
    if abs(late) < timedelta(minutes=1):
        return "now"
    return f"{span(late)} late" if late > timedelta(0) else f"in {span(late)}"


def _waiting(it: Situation) -> str:
    waited = it.zone_now - it.due_at
    return f"{DOT}{span(waited)}" if waited >= timedelta(minutes=1) else ""


def _with_minutes(it: Situation, head: str) -> str:
    """The head with the minutes to the end of its window, where it names one."""
    if it.close_at is None or not head.startswith("call window closes"):
        return head
    return f"{head} ({span(it.close_at - it.zone_now)})"


def _context(it: Situation) -> Iterator[str]:
    """What the long line adds: why it goes before others now, grade, touch, chance, cost."""
    if it.band == Band.BLOCK:
        yield "prospecting now"
    if it.grade:
        yield it.grade
    if it.touch_no and it.touch_of:
        yield f"touch {it.touch_no}/{it.touch_of}"
    if it.chance is not None:
        yield f"{one_in(it.chance)} at this touch"
    if it.spent:
        yield f"cost so far {it.spent}"


def _is_due(it: Situation) -> bool:
    return it.due_at <= it.zone_now


def _at_place(it: Situation) -> str:
    return f"{moment(it.due_at, it.zone_now)}{_place(it)}"


def _place(it: Situation) -> str:
    return f" {it.place}" if it.place else ""

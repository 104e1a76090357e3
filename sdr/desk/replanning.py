"""Touches put on other days: each on the first day from a given one with room, the worthiest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from sdr.desk import onward, steps
from sdr.desk.onward import Drip, Onward
from sdr.desk.steps import NextStep
from sdr.desk.workload import Workdays, put_at, put_in
from sdr.models.terms import Band, LeadState, NextKind, ms
from sdr.rules.cadence import Cadence
from sdr.rules.calendar import landing
from sdr.rules.capacity import Job, place, spread
from sdr.rules.spoken import counted
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.session import Reader, Session


class Move(NamedTuple):
    """A lead's next step on another day; `drip` is the one it is in, `goes` where it stands then."""

    lead: rows.Lead
    drip: Drip | None
    goes: Onward

    @property
    def step(self) -> NextStep:
        """The step as it will stand."""
        assert self.goes.step is not None  # a move has a step
        return self.goes.step


def replanned(db: Reader, found: Iterable[rows.Lead], days: Workdays, since: date) -> tuple[Move, ...]:
    """Where the next steps of these leads go from the day `since` on, by worth; their own windows hold."""
    made: dict[tuple[int, date], NextStep] = {}
    held = [(lead, onward.drip_of(db, lead.id)) for lead in found]

    def job(lead: rows.Lead, drip: Drip | None) -> Job:
        def lands(wanted: date) -> date | None:
            step = put_at(lead, drip, days.start(wanted), days)
            if step is None:
                return None
            day = days.day_of(step.due_at)
            made[lead.id, day] = step
            return day

        return Job(lead.id, days.pace.minutes_of(NextKind(lead.next_kind or "")), lead.rank, since, lands)

    placed = spread([job(lead, drip) for lead, drip in held], days.diary)
    moves = []
    for lead, drip in held:
        day = placed[lead.id]
        if day is not None:
            moves.append(Move(lead, drip, Onward(made[lead.id, day])))
    return tuple(moves)


def with_room(lead: rows.Lead, days: Workdays, goes: Callable[[datetime | None], Onward]) -> Onward:
    """Where `goes` leads, put off to the first day with room; what is no touch (a drip's end) takes no room.

    `goes` plans the lead's next step not before a moment, None for as soon as may be.
    """
    natural = goes(None)
    if natural.step is None or natural.drip.get("state") == "finished":
        return natural
    since = days.day_of(natural.step.due_at)
    made = {since: natural}

    def lands(wanted: date) -> date | None:
        if wanted == since:
            return since
        then = goes(days.start(wanted))
        if then.step is None or then.drip.get("state") == "finished":
            return None
        day = days.day_of(then.step.due_at)
        made[day] = then
        return day

    day = place(Job(lead.id, days.pace.minutes_of(natural.step.kind), lead.rank, since, lands), days.diary)
    return natural if day is None else made[day]


def enters(db: Reader, lead: rows.Lead, cadence: Cadence, after: int, days: Workdays) -> Onward | None:
    """The first touch, behind step `after`, of a drip that somebody enters; None when no step can reach them.

    It keeps the gap after anybody's touch, and lies on a day with room.
    """

    def goes(not_before: datetime | None) -> Onward:
        return onward.by_drip(db, lead, cadence, after, days.now, not_before=not_before, done=())

    found = on_a_day(lead, days, goes)
    return None if found.step is None or found.drip["state"] == "finished" else found


def on_a_day(lead: rows.Lead, days: Workdays, goes: Callable[[datetime | None], Onward]) -> Onward:
    """Where `goes` leads, on the first day with room for it; at once where a response clock runs."""
    return goes(None) if lead.queue_band == Band.HOT else with_room(lead, days, goes)


def behind_gap(db: Reader, lead: rows.Lead, drip: Drip, now: datetime) -> Onward:
    """After a touch that stands beside the drip its due one stays where it is, or comes behind the gap."""
    cal = steps.calendar_of(lead, now, db)
    free = landing(cal, now, drip.cadence.minimum_gap)
    if free is None or not onward.is_due(lead, drip) or (lead.due_at or 0) >= ms(free):
        return Onward(None)
    return Onward(put_in(lead, drip, free, cal))


def edits_of(session: Session, moves: Iterable[Move]) -> Iterator[Edit]:
    """The leads' rows with their steps on the new days."""
    for move in moves:
        yield onward.moved(session, move.lead, LeadState(move.lead.state), move.goes, {})


def day_words(day: date) -> str:
    """A day as the rep reads it: `Mon 9 Mar`."""
    return f"{day:%a} {day.day} {day:%b}"


def touches(count: int) -> str:
    """So many touches, in words."""
    return counted(count, "touch", "touches")

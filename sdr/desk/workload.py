"""The rep's days as a diary: what each still holds beside the touches already planned, and where a step lands in it.

Days are those of the rep's zone. Days off, holidays and the company's closures hold nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sdr.desk import steps
from sdr.desk.onward import Drip, is_due
from sdr.desk.steps import NextStep
from sdr.models.terms import Channel, NextKind, at, ms, zone_of
from sdr.rules import capacity
from sdr.rules.calendar import Calendar, day_close, local_time, next_open, working_between
from sdr.rules.capacity import Act, Diary, Pace
from sdr.store import rows
from sdr.store.queries import absences, acts, enrolled, playbook
from sdr.store.session import Reader

_DAY = timedelta(days=1)
_LATELY = timedelta(weeks=6)  # of the journal: long enough for a median, short enough to follow a rep who gets quicker
_BY_VERB = {
    "accept": NextKind.TRIAGE, "reject": NextKind.TRIAGE, "give": NextKind.TRIAGE, "reply": NextKind.REPLY,
    "hand-off": NextKind.HANDOFF,
}  # fmt: skip


class Workdays(NamedTuple):
    """The days of one rep: who, when they work, and the diary of them. `today` is the rep's day of `now`.

    On the days `off` nobody does the rep's touches.
    """

    rep: rows.Rep
    cal: Calendar
    diary: Diary
    off: frozenset[date]
    pace: Pace
    now: datetime

    @property
    def today(self) -> date:
        """The rep's day."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The rep's day that holds `moment`."""
        return moment.astimezone(zone_of(self.rep.zone)).date()

    def start(self, day: date) -> datetime:
        """When work on a day may begin: its midnight, for today now."""
        midnight = local_time(self.rep.zone, day, time())
        return max(midnight, self.now, key=datetime.timestamp)

    def open_on(self, day: date) -> date | None:
        """That day, or the first after it on which the rep works."""
        opening = next_open(self.cal, local_time(self.rep.zone, day, time()))
        return None if opening is None else self.day_of(opening)


def workdays(
    db: Reader,
    now: datetime,
    *,
    away: frozenset[date] = frozenset(),
    but: frozenset[date] = frozenset(),
    moving: Iterable[rows.Lead] = (),
    rep: rows.Rep | None = None,
    whole_today: bool = False,
    to_be_told: bool = False,
) -> Workdays:
    """The days of a rep (of this desk, unless said) from `now` on.

    `away` are days off that the file does not know yet, `but` such as are being called off. The leads of `moving`
    are about to be put elsewhere, so that they do not count where they stand. What is overdue counts today, of which
    only the hours that are left count, unless `whole_today`. Of a full day no more is counted than fills it, unless
    what it holds is `to_be_told`.
    """
    rep = rep or playbook.rep(db)
    today = now.astimezone(zone_of(rep.zone)).date()
    off = absences.closed_days(db, rep.id, today, today + capacity.HORIZON)
    cal = steps.rep_calendar(rep, now, (off - but) | away)  # the rep's own days off close, covered or not
    pace = own_pace(db, now)
    shortest = min(pace.minutes_of(NextKind(kind)) for kind in enrolled.MOVABLE)  # the kinds that a day is filled with
    leaving = _leaving(moving, rep, today, pace)
    done = _done_today(db, rep, today, pace)

    def holds(day: date) -> float:
        start = local_time(rep.zone, day, time())
        if day == today and not whole_today:
            start = now
        minutes = working_between(cal, start, local_time(rep.zone, day + _DAY, time())) / 60
        minutes += done if start is now else 0.0  # what is done has had its time already
        return capacity.day_holds(rep.daily_calls, minutes, pace)

    def held(day: date) -> float:
        since = None if day <= today else ms(local_time(rep.zone, day, time()))
        until = ms(local_time(rep.zone, day + _DAY, time()))
        filling = None if to_be_told else math.ceil((diary.capacity(day) + leaving[day]) / shortest)
        counts = enrolled.planned(db, rep.id, since, until, filling)
        there = sum(count * pace.minutes_of(NextKind(kind)) for kind, count in counts.items())
        return max(0.0, there - leaving[day]) + (done if day == today else 0.0)

    diary = Diary(holds, held)
    uncovered = (steps.days_off(db, rep.id, now) - but) | away
    return Workdays(rep, cal, diary, uncovered, pace, now)


def days_at_work(db: Reader, moving: Iterable[rows.Lead], now: datetime) -> Workdays:
    """The days of who plans the next touches of the leads `moving`; they are at work, so that today counts whole."""
    return workdays(db, now, moving=moving, whole_today=True)


def own_pace(db: Reader, now: datetime) -> Pace:
    """How long each kind of work took lately, by this desk's own journal; where that is too little, as is usual."""
    return capacity.pace_of(
        Act(one.at, _kind_of(one), one.seconds) for one in acts.lately(db, ms(now - _LATELY), ms(now))
    )


def _kind_of(one: acts.Logged) -> NextKind | None:
    """The kind of work that an act was: a touch by its channel, else by what it did."""
    if one.channel is not None:
        return steps.KIND_OF.get(Channel(one.channel), NextKind.OTHER)
    return _BY_VERB.get(one.verb)


def _leaving(moving: Iterable[rows.Lead], rep: rows.Rep, today: date, pace: Pace) -> Counter[date]:
    """The minutes by which each day is freed."""
    freed: Counter[date] = Counter()
    for lead in moving:
        if lead.due_at is not None and lead.next_kind in enrolled.MOVABLE:
            day = max(today, at(lead.due_at, rep.zone).date())
            freed[day] += pace.minutes_of(NextKind(lead.next_kind))  # type: ignore[assignment]
    return freed


def _done_today(db: Reader, rep: rows.Rep, today: date, pace: Pace) -> float:
    """The minutes of the touches that the rep made today."""
    done = enrolled.touched_since(db, rep.id, ms(local_time(rep.zone, today, time())))
    kinds = ((steps.KIND_OF.get(Channel(channel), NextKind.OTHER), count) for channel, count in done.items())
    return sum(count * pace.minutes_of(kind) for kind, count in kinds)


def put_at(lead: rows.Lead, drip: Drip | None, moment: datetime, days: Workdays) -> NextStep | None:
    """The lead's next step at `moment`, or at the next opening of its window; None when that never opens."""
    return put_in(lead, drip, moment, steps.calendar_with(lead, days.rep, days.off, days.now))


def put_in(lead: rows.Lead, drip: Drip | None, moment: datetime, cal: Calendar) -> NextStep | None:
    """The same by the prospect's days `cal`."""
    due = drip.due if drip is not None and is_due(lead, drip) else None
    window = cal.within(due.window if due else None)
    opens = next_open(window, moment)
    if opens is None or lead.next_kind is None:
        return None
    return NextStep(NextKind(lead.next_kind), opens, day_close(window, opens), lead.next_note)

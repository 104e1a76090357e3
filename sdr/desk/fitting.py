"""What of the queue fits into the rest of the rep's day, by how long each kind of work takes them; and what of the
prospecting block went into prospecting.

Work is done in the order of the queue; what is promised for later today has its time put aside first. It decides
nothing and moves nothing: what does not fit is only said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from sdr.desk import steps, workload
from sdr.models.terms import Band, NextKind, at, ms, zone_of
from sdr.rules.calendar import local_time, working_between
from sdr.rules.capacity import Pace, fitting
from sdr.rules.prospecting import Prospected, prospected
from sdr.store.queries import absences, acts, playbook, queue
from sdr.store.queries.queue import CAP, LATER
from sdr.store.session import Reader

AHEAD = 500  # items: more than any day holds


class Today(NamedTuple):
    """The rest of the rep's day: `minutes` of it, and the leads whose work `fits` into them, in order.

    `over` is the first lead that does not fit, None when all do; `left_out` how many do not (up to `queue.CAP`),
    counted only by `whole`.
    """

    minutes: float
    fits: tuple[int, ...]
    over: int | None
    left_out: int = 0


def today(db: Reader, now: datetime, pace: Pace | None = None, *, block: bool = False) -> Today:
    """What fits today; `pace` is the rep's own when it was read before, `block` whether it is time to prospect."""
    return _today(db, now, pace, AHEAD, block)


def whole(db: Reader, now: datetime, *, block: bool = False) -> Today:
    """The same, with all that does not fit counted."""
    return _today(db, now, None, CAP, block)


def used(db: Reader, spans: Sequence[tuple[datetime, datetime]]) -> Prospected:
    """What of a day's prospecting block went into prospecting."""
    if not spans:
        return Prospected(0, 0, 0)
    found = acts.touched(db, playbook.rep(db).id, ms(spans[0][0]), ms(spans[-1][1]))
    return prospected(spans, [(at(moment), new) for moment, new in found])


def _today(db: Reader, now: datetime, pace: Pace | None, most: int, block: bool) -> Today:
    pace = pace or workload.own_pace(db, now)
    until = _midnight(playbook.rep(db).zone, now)
    minutes = _minutes_left(db, now, until)
    waiting = queue.loads(db, ms(now), ms(until) - 1, most, block=block)
    put_aside = [one for one in waiting if _is_promised(one)]
    in_turn = [one for one in waiting if not _is_promised(one)]
    free = minutes - sum(pace.minutes_of(NextKind(one.kind)) for one in put_aside)
    done = fitting((pace.minutes_of(NextKind(one.kind)) for one in in_turn), free)
    fits = (*in_turn[:done], *put_aside)
    over = in_turn[done].id if done < len(in_turn) else None
    return Today(minutes, tuple(one.id for one in fits), over, len(in_turn) - done)


def _is_promised(one: queue.Load) -> bool:
    """Whether it has a time of its own, later today."""
    return one.band == LATER and one.held == Band.PROMISE


def _minutes_left(db: Reader, now: datetime, until: datetime) -> float:
    """The working minutes from `now` to the end of the rep's day; none on a day off."""
    rep = playbook.rep(db)
    day = now.astimezone(zone_of(rep.zone)).date()
    cal = steps.rep_calendar(rep, now, absences.closed_days(db, rep.id, day, day))
    return working_between(cal, now, until) / 60


def _midnight(zone: str, now: datetime) -> datetime:
    return local_time(zone, now.astimezone(zone_of(zone)).date() + timedelta(days=1), time())

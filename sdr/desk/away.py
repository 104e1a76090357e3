"""Time off: what is due meanwhile goes to a colleague and comes back, or waits for the return, spread over days.

Days are the rep's. One act writes the absence and everything that follows from it, so that one `u` takes it back.
Promises are the rep's word: they stay where they are and are named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sdr.desk import replanning, steps, workload
from sdr.desk.replanning import Move, day_words, touches
from sdr.desk.steps import Fields
from sdr.models.terms import Band, Refused, at, ms
from sdr.rules.calendar import local_time
from sdr.rules.dates import phrase
from sdr.rules.hours import Hours
from sdr.rules.spoken import counted
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import absences, enrolled, leads, playbook
from sdr.store.session import Reader, Session

LONGEST = 366  # days of one absence
ALWAYS = Hours.parse("mon-sun 00:00-24:00")  # any day can be a day off
GIVEN_BACK = "given back"  # the label of a covered absence that is over
_DAY = timedelta(days=1)


class Plan(NamedTuple):
    """What an absence comes to. `returns` is the first day back, `covered` the leads a colleague takes over.

    `moves` are touches put behind the return, `promises` what stays, `clocks` answers that may wait (aware times).
    """

    rep: rows.Rep
    first: date
    last: date
    returns: date
    back_at: datetime
    cover: rows.Rep | None
    covered: tuple[rows.Lead, ...]
    moves: tuple[Move, ...]
    promises: tuple[rows.Lead, ...]
    clocks: tuple[tuple[rows.Lead, datetime], ...]

    @property
    def paused(self) -> int:
        """How many drips wait for the return."""
        return sum(1 for move in self.moves if move.drip is not None)

    @property
    def words(self) -> str:
        """The absence in one sentence."""
        when = f"away {day_words(self.first)} to {day_words(self.last)}, back {day_words(self.returns)}"
        if self.cover is not None:
            what = f"{counted(len(self.covered), 'lead')} with {self.cover.name} meanwhile"
        else:
            what = f"{touches(len(self.moves))} moved behind it, {counted(self.paused, 'drip')} paused"
        count = len(self.promises)
        stay = f", {counted(count, 'promise stays', 'promises stay')}" if count else ""
        return f"{when}: {what}{stay}"


def away(session: Session, first: date, last: date, cover_id: int | None, now: datetime) -> Change | Refused:
    """Away from `first` to `last` (both included); due touches go to `cover_id` meanwhile, or wait for the return."""
    plan = planned(session, first, last, cover_id, now)
    if isinstance(plan, Refused):
        return plan
    return Change("away", plan.words, ms(now), tuple(_edits(session, plan, now)))


def planned(db: Reader, first: date, last: date, cover_id: int | None, now: datetime) -> Plan | Refused:
    """What `away` would do, without doing it."""
    rep = playbook.rep(db)
    no = _refused(db, rep, first, last, now)
    if no is not None:
        return no
    cover = _cover(db, rep, cover_id, first, last)
    if isinstance(cover, Refused):
        return cover
    off = frozenset(first + timedelta(days=number) for number in range((last - first).days + 1))
    since, until = _span(rep, first, last, now)
    found = enrolled.due_touches(db, rep.id, since, ms(until))
    days = workload.workdays(db, now, away=off, moving=found)
    returns = days.open_on(last + _DAY)
    if returns is None:
        return Refused("away.return", "no working day comes after that; look at your hours")
    back = local_time(rep.zone, returns, time())
    if returns > last + _DAY:  # a weekend or a holiday behind it
        found = enrolled.due_touches(db, rep.id, since, ms(back))
        days = workload.workdays(db, now, away=off, moving=found)
    plan = Plan(
        rep, first, last, returns, back, cover, (), (), enrolled.promised(db, rep.id, since, ms(back)), ()
    )  # fmt: skip
    if cover is not None:
        return plan._replace(covered=found)
    moves = replanning.replanned(db, found, days, returns)
    return plan._replace(moves=moves, clocks=_clocks(db, rep, off, ms(back), now))


def day_meant(text: str, now: datetime, zone: str) -> date | None:
    """The day that `text` names in `zone`, also one that nobody works on: `2026-08-03`, `tomorrow`, `next mon`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        moment = phrase(text, now, zone, ALWAYS)
    return moment.date() if moment is not None else None


def _span(rep: rows.Rep, first: date, last: date, now: datetime) -> tuple[int, datetime]:
    """From when (ms UTC) to when touches fall into the absence; what is overdue when it begins today goes with it."""
    start = local_time(rep.zone, first, time())
    since = 0 if ms(start) <= ms(now) else ms(start)
    return since, local_time(rep.zone, last + _DAY, time())


def _clocks(
    db: Reader, rep: rows.Rep, off: frozenset[date], until: int, now: datetime
) -> tuple[tuple[rows.Lead, datetime], ...]:
    """Response clocks that would run out meanwhile, with when they do if they stand still on the days `off`."""
    found = []
    for lead in enrolled.unanswered(db, rep.id, ms(now), until):
        arrived = at(lead.arrived_at)
        closed = off | steps.days_off(db, rep.id, arrived)
        moment = steps.respond_by(rep, leads.source(db, lead.source_id), arrived, closed)
        if moment is not None and ms(moment) > (lead.respond_by or 0):
            found.append((lead, moment))
    return tuple(found)


# --- what is refused -------------------------------------------------------------------------------------------


def _refused(db: Reader, rep: rows.Rep, first: date, last: date, now: datetime) -> Refused | None:
    today = at(ms(now), rep.zone).date()
    if last < first:
        return Refused("away.days", f"{day_words(last)} comes before {day_words(first)}; give the first day first")
    if last < today:
        return Refused("away.past", f"{day_words(last)} has passed; give days to come")
    if (last - first).days >= LONGEST:
        return Refused("away.long", f"that is more than {LONGEST} days; give the leads away instead (w)")
    for held in absences.overlapping(db, rep.id, first, last):
        if held.rep_id == rep.id:
            return Refused("away.twice", f"you are away {said(held)} already; call that off first (sdr away --cancel)")
    return None


def _cover(db: Reader, rep: rows.Rep, cover_id: int | None, first: date, last: date) -> rows.Rep | Refused | None:
    if cover_id is None:
        return None
    if cover_id == rep.id:
        return Refused("away.cover", "you cannot cover for yourself; name a colleague, or nobody")
    found = next((one for one in playbook.reps(db) if one.id == cover_id), None)
    if found is None:
        return Refused("away.cover", "there is no such rep on this desk")
    for held in absences.overlapping(db, found.id, first, last):
        if held.rep_id == found.id:
            until = day_words(date.fromisoformat(held.to_day))
            return Refused("away.cover", f"{found.name} is away too, until {until}; name somebody else, or nobody")
    return found


# --- what is written -------------------------------------------------------------------------------------------


def _edits(session: Session, plan: Plan, now: datetime) -> Iterator[Edit]:
    absence = session.new_id()
    yield Edit.new(
        "absence", absence, rep_id=plan.rep.id, from_day=plan.first.isoformat(), to_day=plan.last.isoformat(),
        cover_id=plan.cover.id if plan.cover else None, made_at=ms(now),
    )  # fmt: skip
    for lead in plan.covered:
        assert plan.cover is not None  # who else would take them
        yield Edit.set("lead", lead.id, owner_id=plan.cover.id)
        words = f"with {plan.cover.name} until {day_words(plan.returns)}, then back to {plan.rep.name}"
        yield _event(session, lead.id, plan.rep, "covered", words, absence, now)
    yield from replanning.edits_of(session, plan.moves)
    for move in plan.moves:
        if move.drip is not None:
            fields = {"state": "paused", "paused_until": ms(plan.back_at), "why": _why(plan.first.isoformat())}
            yield Edit.set("enrollment", move.drip.row.id, **fields)
    for lead, moment in plan.clocks:
        hot: Fields = {"due_at": ms(moment)} if lead.queue_band == Band.HOT else {}
        yield Edit.set("lead", lead.id, respond_by=ms(moment), **hot)


def _event(session: Session, lead_id: int, rep: rows.Rep, kind: str, text: str, absence: int, now: datetime) -> Edit:
    return Edit.new(
        "event", session.new_id(), lead_id=lead_id, kind=kind, at=ms(now), text=text, rep_id=rep.id,
        detail=json.dumps({"absence": str(absence)}),
    )  # fmt: skip


# --- the return ------------------------------------------------------------------------------------------------


def to_come(db: Reader, now: datetime) -> tuple[rows.Absence, ...]:
    """The rep's time off that is not over, the next one first."""
    rep = playbook.rep(db)
    today = at(ms(now), rep.zone).date().isoformat()
    return tuple(reversed([one for one in absences.own(db, rep.id) if one.to_day >= today]))


def said(one: rows.Absence) -> str:
    """The days of an absence, in words."""
    return f"{day_words(date.fromisoformat(one.from_day))} to {day_words(date.fromisoformat(one.to_day))}"


def come_back(session: Session, now: datetime) -> Change | Refused:
    """What a colleague covered comes back after the absence; what they left overdue is spread over days with room."""
    found = absences.to_give_back(session, at(ms(now), playbook.rep(session).zone).date())
    if not found:
        return Refused("away.none", "no time off is over that somebody covered")
    return _returned(session, found, now, "back")


def cancel(session: Session, absence_id: int, now: datetime) -> Change | Refused:
    """Time off is called off, or ends before its time: leads come back, and the drips that wait for it go on."""
    rep = playbook.rep(session)
    today = at(ms(now), rep.zone).date()
    found = next((one for one in absences.own(session, rep.id) if one.id == absence_id), None)
    if found is None or date.fromisoformat(found.to_day) < today:
        return Refused("away.unknown", "there is no such time off to come; sdr away --list shows it")
    return _returned(session, (found,), now, "time off called off")


def _returned(session: Session, found: tuple[rows.Absence, ...], now: datetime, words: str) -> Change:
    rep = playbook.rep(session)
    today = at(ms(now), rep.zone).date()
    edits: list[Edit] = []
    back: list[rows.Lead] = []
    waiting: list[rows.Lead] = []
    for one in found:
        mine = absences.covered_leads(session, one)
        back += mine
        edits += [_event(session, lead.id, rep, "returned", f"back to {rep.name}", one.id, now) for lead in mine]
        waiting += _waiting(session, rep, one) if one.cover_id is None else ()
        edits.append(_ended(one, today))
    late = [lead for lead in back if _overdue(lead, rep, today)]
    moving = [*late, *waiting]
    off = frozenset(day for one in found for day in absences.days_of(one))
    days = workload.workdays(session, now, moving=moving, but=off)
    moves = replanning.replanned(session, moving, days, today)
    edits += [Edit.set("lead", lead.id, owner_id=rep.id) for lead in back]
    edits += replanning.edits_of(session, moves)
    edits += [
        Edit.set("enrollment", move.drip.row.id, state="active", paused_until=None, why=None)
        for move in moves
        if move.drip is not None and move.drip.row.why is not None
    ]
    said = f"{words}: {counted(len(back), 'lead')} given back, {touches(len(moves))} planned anew"
    return Change("back", said, ms(now), tuple(edits))


def _ended(one: rows.Absence, today: date) -> Edit:
    """The absence as it was: gone when it never began, shortened when it ends early, marked when it is over."""
    if date.fromisoformat(one.from_day) >= today:
        return Edit.drop("absence", one.id)
    if date.fromisoformat(one.to_day) >= today:
        return Edit.set("absence", one.id, to_day=(today - _DAY).isoformat(), label=GIVEN_BACK)
    return Edit.set("absence", one.id, label=GIVEN_BACK)


def _waiting(db: Reader, rep: rows.Rep, one: rows.Absence) -> Iterator[rows.Lead]:
    """The leads whose drip waits for the end of this absence."""
    for lead in enrolled.in_drips(db, rep.id, "paused"):
        row = leads.enrollment(db, lead.id)
        if row is not None and row.why == _why(one.from_day) and lead.next_kind in enrolled.MOVABLE:
            yield lead


def _why(first: str) -> str:
    """What the drips that wait for an absence say; absences of one rep never begin on the same day."""
    return f"away from {first}"


def _overdue(lead: rows.Lead, rep: rows.Rep, today: date) -> bool:
    late = lead.due_at is not None and at(lead.due_at, rep.zone).date() < today
    return late and lead.next_kind in enrolled.MOVABLE

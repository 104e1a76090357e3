"""What is overdue, spread over the coming days by value, within what fits into each; what is dropped has a rule.

Dropped are a mail whose next step of the drip has come due as well (the later touch says it better), and the last
call of a drip that was put off three times. A dropped step counts as skipped, and the drip goes on from now. Promises,
replies and new leads are nobody's to move: they are left where they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from sdr.desk import onward, replanning, steps, workload
from sdr.desk.onward import Drip, Onward
from sdr.desk.replanning import Move, day_words, touches
from sdr.desk.workload import Workdays
from sdr.models.terms import Channel, LeadState, NextKind, Refused, at, ms
from sdr.rules.cadence import Step
from sdr.rules.spoken import counted
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import enrolled, leads, playbook
from sdr.store.session import Reader, Session

TIRED = 3  # times a drip's last call was put off before it is dropped
MAIL, CALL = "out-of-date", "other"  # reasons to skip, of the playbook's list


class Drop(NamedTuple):
    """A due step that is left out, and why. `reason` is the key under which its skip is kept."""

    step: Step
    why: str
    reason: str


class Item(NamedTuple):
    """One lead of the plan: what is dropped of its drip, and where it stands afterwards."""

    move: Move
    drops: tuple[Drop, ...]


class Day(NamedTuple):
    """One day of the plan: how many touches go there, and its minutes taken (with what stood there) and held."""

    day: date
    touches: int
    taken: float
    holds: float


class Plan(NamedTuple):
    """What catching up would do; `left` are leads that stay as they are, with the reason."""

    items: tuple[Item, ...]
    days: tuple[Day, ...]
    left: tuple[tuple[str, str], ...]

    @property
    def dropped(self) -> tuple[tuple[rows.Lead, Drop], ...]:
        """Every step that is dropped."""
        return tuple((item.move.lead, drop) for item in self.items for drop in item.drops)

    @property
    def words(self) -> str:
        """The plan in one sentence."""
        until = f" until {day_words(self.days[-1].day)}" if len(self.days) > 1 else ""
        days = f"{counted(len(self.days), 'day')}{until}"
        return f"caught up: {touches(len(self.items))} over {days}, {len(self.dropped)} dropped"


def overdue(db: Reader, now: datetime) -> tuple[int, ...]:
    """The rep's leads with a touch due before today, or a call whose window has closed, the worthiest first."""
    rep = playbook.rep(db)
    midnight = at(ms(now), rep.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = enrolled.due_touches(db, rep.id, 0, ms(now))
    late = (one for one in found if (one.due_at or 0) < ms(midnight) or _missed(one, now))
    return tuple(one.id for one in late)


def _missed(lead: rows.Lead, now: datetime) -> bool:
    return lead.next_kind == NextKind.CALL and lead.close_at is not None and lead.close_at <= ms(now)


def told(plan: Plan, most: int = 9) -> Iterator[str]:
    """The plan as lines: each day with its minutes, what is dropped and why, and what stays; `most` of each."""
    lines = [f"{day_words(one.day)}: {touches(one.touches)}, {_minutes(one)}" for one in plan.days]
    yield from _first(lines, most, "days more")
    yield from _first([f"dropped: {lead.name}, {drop.step.name}: {drop.why}" for lead, drop in plan.dropped], most)
    yield from _first([f"stays: {name}, {why}" for name, why in plan.left], most)


def _minutes(day: Day) -> str:
    return f"{day.taken:.0f} of {day.holds:.0f} min taken"


def _first(lines: Sequence[str], most: int, word: str = "more") -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"and {len(lines) - most} {word}"


def catch_up(session: Session, lead_ids: Sequence[int], now: datetime) -> Change | Refused:
    """Spread the due touches of these leads over the coming days, as `planned` shows it; one act."""
    plan = planned(session, lead_ids, now)
    if not plan.items:
        why = plan.left[0][1] if plan.left else "nothing is overdue"
        return Refused("catch-up.nothing", f"nothing to catch up: {why}")
    edits = tuple(edit for item in plan.items for edit in _edits(session, item, now))
    return Change("catch-up", plan.words, ms(now), edits)


def planned(db: Reader, lead_ids: Sequence[int], now: datetime) -> Plan:
    """Where the due touches of these leads go, what is dropped, and what stays."""
    found = [lead for one in dict.fromkeys(lead_ids) if (lead := leads.lead(db, one)) is not None]
    left = tuple((lead.name, why) for lead in found if (why := _stays(lead, now)))
    moving = [lead for lead in found if not _stays(lead, now)]
    days = workload.workdays(db, now, moving=moving, to_be_told=True)
    items = tuple(_items(db, moving, days))
    counts = Counter(days.day_of(item.move.step.due_at) for item in items)
    shown = tuple(
        Day(day, count, days.diary.taken(day), days.diary.capacity(day)) for day, count in sorted(counts.items())
    )
    return Plan(items, shown, left)


def _stays(lead: rows.Lead, now: datetime) -> str:
    """Why a lead is not moved; empty when it is."""
    if lead.next_kind is None:
        return f"it is {lead.state}"
    if lead.next_kind not in enrolled.MOVABLE or lead.state == LeadState.OFFERED:
        return f"{lead.next_kind} is not for a plan to move"
    return "" if (lead.due_at or 0) <= ms(now) else "its touch is not due yet"


def _items(db: Reader, moving: Iterable[rows.Lead], days: Workdays) -> Iterator[Item]:
    """Every lead with its new day, by worth: what is dropped first, since then another step is placed."""
    kept: list[rows.Lead] = []
    dropping: list[tuple[rows.Lead, Drip, tuple[Drop, ...]]] = []
    for lead in moving:
        drip = onward.drip_of(db, lead.id)
        drops = _drops(db, lead, drip, days.now) if drip is not None else ()
        if drip is None or not drops:
            kept.append(lead)
        else:
            dropping.append((lead, drip, drops))
    for move in replanning.replanned(db, kept, days, days.today):
        yield Item(move, ())
    for lead, drip, drops in dropping:
        go_on = partial(onward.goes_on, db, lead, drip, drops[-1].step.number, days.now)
        yield Item(Move(lead, drip, replanning.with_room(lead, days, _not_before(go_on))), drops)


def _not_before(goes: Callable[..., Onward]) -> Callable[[datetime | None], Onward]:
    return lambda since: goes(not_before=since)


# --- what is dropped -------------------------------------------------------------------------------------------


def _drops(db: Reader, lead: rows.Lead, drip: Drip, now: datetime) -> tuple[Drop, ...]:
    """The due steps of a drip that are not worth doing any more, in order."""
    found: list[Drop] = []
    due_at = lead.due_at
    while due_at is not None and onward.is_due(lead, drip) and drip.due is not None:
        step = drip.due
        after = steps.next_drip_touch(
            db, lead, drip.cadence, step.number, at(due_at), track=drip.row.track, done=drip.done
        )
        drop = _drop(lead, step, after.due_at if after else None, now)
        if drop is None:
            break
        found.append(drop)
        if after is None:
            break
        drip = drip._replace(row=drip.row._replace(step_no=after.step.number - 1))
        lead = lead._replace(next_kind=steps.drip_step(after).kind.value, due_at=ms(after.due_at))
        due_at = lead.due_at
    return tuple(found)


def _drop(lead: rows.Lead, step: Step, after: datetime | None, now: datetime) -> Drop | None:
    if step.channel is Channel.EMAIL and after is not None and ms(after) <= ms(now):
        return Drop(step, "its next step has come due as well", MAIL)
    if step.channel is Channel.CALL and after is None and lead.snoozes >= TIRED:
        return Drop(step, f"the drip's last call, put off {lead.snoozes} times", CALL)
    return None


# --- what is written -------------------------------------------------------------------------------------------


def _edits(session: Session, item: Item, now: datetime) -> Iterator[Edit]:
    move, rep = item.move, playbook.rep(session)
    drip = move.drip
    for drop in item.drops:
        assert drip is not None  # only a drip's steps are dropped
        yield Edit.new(
            "touch", session.new_id(), lead_id=move.lead.id, channel=drop.step.channel.value, at=ms(now),
            outcome=drop.reason, human=0, enrollment_id=drip.row.id, step_no=drop.step.number, skipped=1,
            template=drop.step.template, rep_id=rep.id,
        )  # fmt: skip
    if item.drops and drip is not None:
        yield Edit.set("enrollment", drip.row.id, **move.goes.drip)
    yield onward.moved(session, move.lead, LeadState(move.lead.state), move.goes, {})

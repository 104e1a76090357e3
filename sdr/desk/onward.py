"""Where a lead goes after a touch: the drip's next one, one more call, or a verdict; never nowhere.

The drip and the calls share the lead. A call step that nobody answers is dialled again by the outcome's own date
rule, at most `CALL_AGAIN` times; then the drip goes on. A dial between two touches of the drip leaves the next
one where it is, unless it were nearer than the gap. Steps that outrank a drip (promises, replies, handoffs) are
never moved by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sdr.desk import gate, spacing, steps
from sdr.desk.gate import Ruling
from sdr.desk.steps import KIND_OF, Fields, NextStep, when
from sdr.models.terms import Channel, LeadState, NextKind, Refused, at, ms
from sdr.rules.cadence import Cadence, Planned, Step, Track, standing_step
from sdr.rules.calendar import landing, next_open
from sdr.rules.consent import Level, Rule
from sdr.rules.dates import next_date, preset
from sdr.rules.grading import Event, Facts
from sdr.rules.scoring import score
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.judging import columns_of
from sdr.store.queries import leads, playbook
from sdr.store.queries.reading import number
from sdr.store.session import Reader, Session

CALL_AGAIN = 2  # repeated dials of one call step that nobody answers, before the drip goes on
USUAL = {"promise": 2, "preset": 5}  # the date digit proposed where the rep must give one: tomorrow, next quarter

# Steps that a drip does not move: somebody promised, wrote, or is waited for.
OUTRANKING = frozenset(
    {
        NextKind.PROMISE,
        NextKind.MEETING,
        NextKind.REPLY,
        NextKind.RETURNED,
        NextKind.HANDOFF,
        NextKind.ANSWER,
        NextKind.WAKE,
    }
)


class Drip(NamedTuple):
    """The drip a lead is in."""

    row: rows.Enrollment
    cadence: Cadence
    done: frozenset[int] | None = None  # the steps really done; None where no step asks for that

    @property
    def due(self) -> Step | None:
        """The touch of its track that is to be done next; None when all are done."""
        return standing_step(self.cadence, self.row.step_no, self.row.track, self.done)

    def with_done(self, number: int) -> frozenset[int] | None:
        """The steps done when `number` is, too."""
        return None if self.done is None else self.done | {number}

    def runs(self, now: datetime) -> bool:
        """Whether it goes on: not paused, or paused until a date that has come."""
        until = self.row.paused_until
        return self.row.state == "active" or (until is not None and until <= ms(now))


@dataclass(frozen=True, slots=True)
class Onward:
    """What comes next; `step` None leaves the next step as it is. `drip` and `lead` are fields that change."""

    step: NextStep | None
    drip: Fields = field(default_factory=dict)
    lead: Fields = field(default_factory=dict)


def drip_of(db: Reader, lead_id: int) -> Drip | None:
    """The drip (running or paused) of a lead."""
    row = leads.enrollment(db, lead_id)
    if row is None:
        return None
    cadence = playbook.cadence(db, row.cadence_id)[1]
    asks = any(step.needs is not None or step.lead_time is not None for step in cadence.steps)
    return Drip(row, cadence, done_steps(db, row) if asks else None)


def done_steps(db: Reader, row: rows.Enrollment) -> frozenset[int]:
    """The steps of an enrollment that were really done, skipped ones left out."""
    sql = """SELECT DISTINCT step_no FROM touch WHERE lead_id=? AND enrollment_id=? AND skipped=0
      AND step_no IS NOT NULL"""
    return frozenset(found[0] for found in db.execute(sql, (row.lead_id, row.id)))


def is_due(lead: rows.Lead, drip: Drip | None) -> bool:
    """Whether the lead's next step is the due touch of its drip."""
    due = drip.due if drip else None
    return due is not None and lead.next_kind == KIND_OF.get(due.channel, NextKind.OTHER)


def waits(lead: rows.Lead, drip: Drip, found: Ruling, now: datetime) -> Ruling:
    """What the gate `found` of the due touch of a drip, with the pause that the drip is in."""
    if drip.runs(now):
        return found
    ends = at(drip.row.paused_until) if drip.row.paused_until else None
    until = f" until {when(lead, ends, now)}" if ends else ""
    no = Refused("drip.paused", f"the drip of {lead.name} is paused{until}; p resumes it")
    return gate.joined(found, Rule(no.rule, Level.BLOCK, no.reason, ends, passes=True), no)


def by_drip(
    db: Reader,
    lead: rows.Lead,
    cadence: Cadence,
    after: int,
    now: datetime,
    *,
    counted_from: datetime | None = None,
    not_before: datetime | None = None,
    track: str = Track.MAIN,
    done: Collection[int] | None = None,
) -> Onward:
    """The touch of the drip after step `after` that can reach the lead; at its end the drip asks for a verdict.

    `counted_from` is when a touch that blocks nothing was due; else the delay counts from `now`. The touch comes
    behind the gap after the newest touch of this person by anyone, and not before `not_before`. `track` is the row
    of steps it follows, `done` the steps that were really done (None: all before it).
    """
    apart = landing(steps.calendar_of(lead, now, db), now, cadence.minimum_gap) if counted_from else None
    free = spacing.free_from(db, lead, cadence.minimum_gap, now)
    held = (moment for moment in (apart, free, not_before) if moment is not None)
    earliest = max(held, key=datetime.timestamp, default=None)
    planned = steps.next_drip_touch(
        db, lead, cadence, after, counted_from or now, earliest, track=track, done=done
    )  # fmt: skip
    return by_plan(db, lead, cadence, planned, now)


def by_plan(db: Reader, lead: rows.Lead, cadence: Cadence, planned: Planned | None, now: datetime) -> Onward:
    """A planned touch of the drip as what comes next; without one the drip has ended and asks for a verdict."""
    if planned is None:
        ended = {"state": "finished", "step_no": len(cadence.steps), "paused_until": None}
        return Onward(_at_its_end(db, lead, cadence, now), ended)
    number = planned.step.number
    place, places = cadence.place(cadence.steps[number - 1])
    return Onward(
        steps.drip_step(planned),
        {"state": "active", "step_no": number - 1, "paused_until": None},
        {"touch_no": place, "touch_of": places},
    )


def _at_its_end(db: Reader, lead: rows.Lead, cadence: Cadence, now: datetime) -> NextStep:
    """What then: asked on the next business day, or when the rest that the drip's text asks for is over."""
    cal = steps.calendar_of(lead, now, db)
    until = landing(cal, now, cadence.rest) if cadence.rest else None
    opens = next_open(cal, until) if until else None
    if opens is None:
        return verdict(lead, now, "drip finished: verdict?", db)
    return steps.in_hours(lead, NextKind.TRIAGE, opens, now, f"rested {cadence.rest}: verdict?")


def goes_on(
    db: Reader,
    lead: rows.Lead,
    drip: Drip,
    after: int,
    now: datetime,
    *,
    done: int | None = None,
    counted_from: datetime | None = None,
    not_before: datetime | None = None,
) -> Onward:
    """The next touch of a drip somebody is in, on its track; `done` is the step that this very act does."""
    return by_drip(
        db, lead, drip.cadence, after, now, counted_from=counted_from, not_before=not_before,
        track=drip.row.track, done=drip.done if done is None else drip.with_done(done),
    )  # fmt: skip


def verdict(lead: rows.Lead, now: datetime, note: str, db: Reader) -> NextStep:
    """The rep decides, on the next business day that is no day off of ours."""
    cal = steps.calendar_of(lead, now, db)
    day = preset(2, now, cal.zone, cal.hours, cal.closed) or now
    return steps.in_hours(lead, NextKind.TRIAGE, day, now, note)


def usual(rule: str, lead: rows.Lead, now: datetime, db: Reader) -> datetime:
    """The date that an outcome's rule comes to, in the prospect's hours; a date the rep must give gets a default.

    It is not on a closed day of the company or a day off of the rep.
    """
    cal = steps.calendar_of(lead, now, db)
    if rule in USUAL:
        return preset(USUAL[rule], now, cal.zone, cal.hours, cal.closed) or now
    return (next_date(rule, now, cal) if rule != "none" else None) or now


def opened(lead: rows.Lead, moment: datetime, now: datetime, db: Reader) -> datetime:
    """`moment`, or the next opening of the prospect's hours after it that is on no day off of ours."""
    return next_open(steps.calendar_of(lead, now, db), moment) or moment


def reached_by(
    db: Reader, lead: rows.Lead, kind: NextKind, moment: datetime, now: datetime, note: str | None = None
) -> NextStep:
    """A call or mail at `moment`, or the other of the two if that one cannot reach the lead, else a verdict."""
    blocked = steps.blocked_channels(db, lead, now)
    for each in dict.fromkeys((kind, NextKind.CALL, NextKind.EMAIL)):
        channel = {NextKind.CALL: Channel.CALL, NextKind.EMAIL: Channel.EMAIL}.get(each)
        if channel is None or steps.reachable(lead, channel, blocked):
            return steps.in_hours(lead, each, moment, now, note)
    return verdict(lead, now, "no way left to reach them: verdict?", db)


def follow_up(db: Reader, lead: rows.Lead, now: datetime, note: str | None = None) -> NextStep:
    """Outside a drip: a qualified lead is handed off, any other called in two business days."""
    if lead.state == LeadState.QUALIFIED:
        return handoff_now(lead, now)
    return reached_by(db, lead, NextKind.CALL, usual("two-business-days", lead, now, db), now, note)


def handoff_now(lead: rows.Lead, now: datetime) -> NextStep:
    """Qualified: to be offered at once, whatever the hour."""
    return steps.in_hours(lead, NextKind.HANDOFF, now, now)


def dials(db: Reader, drip: Drip, step_no: int) -> int:
    """How often a call step of this enrollment was dialled so far."""
    sql = "SELECT count(*) FROM touch WHERE lead_id=? AND enrollment_id=? AND step_no=? AND skipped=0"
    return number(db, sql, (drip.row.lead_id, drip.row.id, step_no))


def standing(lead: rows.Lead) -> NextStep:
    """The next step as it stands."""
    assert lead.next_kind is not None
    assert lead.due_at is not None
    close = at(lead.close_at) if lead.close_at else None
    return NextStep(NextKind(lead.next_kind), at(lead.due_at), close, lead.next_note)


def moved(session: Session, lead: rows.Lead, state: LeadState, goes: Onward, facts: Fields) -> Edit:
    """The lead's row. A step that stays keeps its time; only its band may cool, when the clock is answered."""
    if state is LeadState.OFFERED:
        return Edit.set("lead", lead.id, **facts)
    more = {**goes.lead, **facts}
    source = leads.source(session, lead.source_id)
    fields = steps.placed(lead, source, state, goes.step or standing(lead), **more)
    if goes.step is None and fields["queue_band"] == 0:
        fields |= {"due_at": lead.due_at, "queue_band": lead.queue_band}
    return Edit.set("lead", lead.id, **fields)


def rescored(
    db: Reader, lead: rows.Lead, answers: dict[str, str], now: datetime, happened: Iterable[str] = ()
) -> Fields:
    """The score columns with these answers and with what `happened` in this very act."""
    rubric_id, rubric = playbook.rubric(db)
    events = [Event(one.kind, at(one.at)) for one in leads.events(db, lead.id)]
    events += [Event(kind, now) for kind in happened]
    facts = Facts(**{name: getattr(lead, name) for name in Facts._fields})
    return columns_of(rubric_id, score(rubric, answers, facts, events, now=now))


def said_next(lead: rows.Lead, step: NextStep, now: datetime) -> str:
    """The next step as the last line says it: `next call Wed 14:10 Madrid`."""
    soon = "now" if ms(step.due_at) <= ms(now) else when(lead, step.due_at, now)
    match step.kind:
        case NextKind.WAKE:
            return f"asleep until {soon}"
        case NextKind.TRIAGE:
            return f"{step.note or 'verdict?'} {soon}"
        case NextKind.HANDOFF:
            return f"hand off {soon}"
        case _:
            return f"next {step.kind.value} {soon}"

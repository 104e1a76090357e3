"""Where a lead goes after a touch: the drip's next one, one more call, or a verdict; never nowhere.

The drip and the calls share the lead. A call step that nobody answers is dialled again by the outcome's own date
rule, at most `CALL_AGAIN` times; then the drip goes on. A dial between two touches of the drip leaves the next
one where it is. Steps that outrank a drip (promises, replies, handoffs) are never moved by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from sdr.desk import steps
from sdr.desk.steps import KIND_OF, Fields, NextStep
from sdr.desk.triage import when
from sdr.models.terms import Channel, LeadState, NextKind, at, ms
from sdr.rules.cadence import Cadence, Step
from sdr.rules.calendar import landing, next_open
from sdr.rules.dates import next_date, preset
from sdr.rules.grading import Event, Facts
from sdr.rules.scoring import score
from sdr.store import rows
from sdr.store.queries import leads, playbook
from sdr.store.queries.reading import number
from sdr.store.session import Reader

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


@dataclass(frozen=True, slots=True)
class Drip:
    """The drip a lead is in."""

    row: rows.Enrollment
    cadence: Cadence

    @property
    def due(self) -> Step | None:
        """The touch that is to be done next; None when all are done."""
        return self.cadence.steps[self.row.step_no] if self.row.step_no < len(self.cadence.steps) else None

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
    return None if row is None else Drip(row, playbook.cadence(db, row.cadence_id)[1])


def is_due(lead: rows.Lead, drip: Drip | None) -> bool:
    """Whether the lead's next step is the due touch of its drip."""
    due = drip.due if drip else None
    return due is not None and lead.next_kind == KIND_OF.get(due.channel, NextKind.OTHER)


def by_drip(
    db: Reader,
    lead: rows.Lead,
    cadence: Cadence,
    after: int,
    now: datetime,
    *,
    counted_from: datetime | None = None,
) -> Onward:
    """The touch of the drip after step `after` that can reach the lead; at its end the drip asks for a verdict.

    `counted_from` is when a touch that blocks nothing was due; else the delay counts from `now`.
    """
    earliest = landing(steps.calendar_of(lead, now), now, cadence.minimum_gap) if counted_from else None
    planned = steps.next_drip_touch(db, lead, cadence, after, counted_from or now, earliest)
    if planned is None:
        done = {"state": "finished", "step_no": len(cadence.steps), "paused_until": None}
        return Onward(verdict(lead, now, "drip finished: verdict?"), done)
    place = planned.step.number
    return Onward(
        steps.drip_step(planned),
        {"state": "active", "step_no": place - 1, "paused_until": None},
        {"touch_no": place, "touch_of": len(cadence.steps)},
    )


def verdict(lead: rows.Lead, now: datetime, note: str) -> NextStep:
    """The rep decides, on the next business day."""
    cal = steps.calendar_of(lead, now)
    day = preset(2, now, cal.zone, cal.hours, cal.closed) or now
    return steps.in_hours(lead, NextKind.TRIAGE, day, now, note)


def usual(rule: str, lead: rows.Lead, now: datetime) -> datetime:
    """The date that an outcome's rule comes to, in the prospect's hours; a date the rep must give gets a default."""
    cal = steps.calendar_of(lead, now)
    if rule in USUAL:
        return preset(USUAL[rule], now, cal.zone, cal.hours, cal.closed) or now
    return (next_date(rule, now, cal) if rule != "none" else None) or now


def opened(lead: rows.Lead, moment: datetime, now: datetime) -> datetime:
    """`moment`, or the next opening of the prospect's hours after it."""
    return next_open(steps.calendar_of(lead, now), moment) or moment


def reached_by(
    db: Reader, lead: rows.Lead, kind: NextKind, moment: datetime, now: datetime, note: str | None = None
) -> NextStep:
    """A call or mail at `moment`, or the other of the two if that one cannot reach the lead, else a verdict."""
    blocked = steps.blocked_channels(db, lead)
    for each in dict.fromkeys((kind, NextKind.CALL, NextKind.EMAIL)):
        channel = {NextKind.CALL: Channel.CALL, NextKind.EMAIL: Channel.EMAIL}.get(each)
        if channel is None or steps.reachable(lead, channel, blocked):
            return steps.in_hours(lead, each, moment, now, note)
    return verdict(lead, now, "no way left to reach them: verdict?")


def follow_up(db: Reader, lead: rows.Lead, now: datetime, note: str | None = None) -> NextStep:
    """Outside a drip: a qualified lead is handed off, any other called in two business days."""
    if lead.state == LeadState.QUALIFIED:
        return handoff_now(lead, now)
    return reached_by(db, lead, NextKind.CALL, usual("two-business-days", lead, now), now, note)


def handoff_now(lead: rows.Lead, now: datetime) -> NextStep:
    """Qualified: to be offered at once, whatever the hour."""
    return steps.in_hours(lead, NextKind.HANDOFF, now, now)


def dials(db: Reader, drip: Drip, step_no: int) -> int:
    """How often a call step of this enrollment was dialled so far."""
    sql = "SELECT count(*) FROM touch WHERE enrollment_id=? AND step_no=? AND skipped=0"
    return number(db, sql, (drip.row.id, step_no))


def standing(lead: rows.Lead) -> NextStep:
    """The next step as it stands."""
    assert lead.next_kind is not None
    assert lead.due_at is not None
    close = at(lead.close_at) if lead.close_at else None
    return NextStep(NextKind(lead.next_kind), at(lead.due_at), close, lead.next_note)


def rescored(
    db: Reader, lead: rows.Lead, answers: dict[str, str], now: datetime, happened: Iterable[str] = ()
) -> Fields:
    """The score columns with these answers and with what `happened` in this very act."""
    rubric_id, rubric = playbook.rubric(db)
    events = [Event(one.kind, at(one.at)) for one in leads.events(db, lead.id)]
    events += [Event(kind, now) for kind in happened]
    facts = Facts(**{one.name: getattr(lead, one.name) for one in fields(Facts)})
    return steps.score_fields(rubric_id, score(rubric, answers, facts, events, now=now))


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

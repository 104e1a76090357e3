"""The next step of a lead as fields of its row: what, when, in which band, at what rank; and its score.

Every verb that leaves a lead open ends here, so that no lead is ever without a next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sdr.models.terms import Band, Channel, LeadState, NextKind, Refused, SourceType, at, ms
from sdr.rules.cadence import Cadence, Planned, next_touch
from sdr.rules.calendar import Calendar, CalendarError, close_of, due, holidays_of
from sdr.rules.grading import Event, Facts
from sdr.rules.hours import STANDARD, Hours, Length
from sdr.rules.scoring import Score, score
from sdr.rules.triage import Segment, band_of, rank, response_target
from sdr.store import rows
from sdr.store.queries import leads, playbook
from sdr.store.session import Reader

Fields = dict[str, Any]

KIND_OF = {
    Channel.CALL: NextKind.CALL,
    Channel.EMAIL: NextKind.EMAIL,
    Channel.LINKEDIN: NextKind.LINKEDIN,
    Channel.LETTER: NextKind.LETTER,
    Channel.POSTCARD: NextKind.LETTER,
}
CLOCKED = (LeadState.NEW, LeadState.INQUIRY, LeadState.WORKING)
CLEARED: Fields = {"next_kind": None, "next_note": None, "due_at": None, "close_at": None, "queue_band": None}


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next: its kind, when it is due, when its window closes (aware times), and a word for the list."""

    kind: NextKind
    due_at: datetime
    close_at: datetime | None = None
    note: str | None = None


def prospect_calendar(country: str | None, zone: str, now: datetime, hours: Hours = STANDARD) -> Calendar:
    """The prospect's working hours in their zone, less their country's holidays of this year and the next."""
    closed: frozenset[Any] = frozenset()
    if country:
        try:
            closed = holidays_of(country, (now.year, now.year + 1))
        except CalendarError:
            closed = frozenset()  # a country whose holidays nobody published keeps its weekdays
    return Calendar(hours, zone, closed)


def calendar_of(lead: rows.Lead, now: datetime) -> Calendar:
    """The calendar of the person behind `lead`."""
    return prospect_calendar(lead.country, lead.zone, now)


def rep_calendar(rep: rows.Rep, now: datetime) -> Calendar:
    """The rep's own working hours, against which response clocks run."""
    return prospect_calendar(rep.country, rep.zone, now, Hours.parse(rep.hours))


def respond_by(rep: rows.Rep, source: rows.Source | None, arrived: datetime) -> datetime | None:
    """When a lead that arrived then must have had its first human touch, by its source's clock."""
    kind = SourceType(source.type) if source else SourceType.LIST
    length = Length.parse((source.respond_for if source else None) or response_target(kind))
    return due(rep_calendar(rep, arrived), arrived, length)


def placed(lead: rows.Lead, source: rows.Source | None, state: LeadState, step: NextStep, **changes: Any) -> Fields:
    """The fields that put `lead` in `state` with `step` next; `changes` are others set in the same act."""
    untouched = changes.get("first_touch_at", lead.first_touch_at) is None
    kind = SourceType(source.type) if source else SourceType.LIST
    band = band_of(step.kind, kind, state, clock_running=untouched and state in CLOCKED)
    assert band is not None  # only open states are placed
    touch_no = changes.get("touch_no", lead.touch_no)
    worth = rank(Segment(changes.get("grade", lead.grade), step.kind, max(1, touch_no)))
    hot = band == Band.HOT and lead.respond_by is not None  # a running clock outranks the step's own time
    due_ms = lead.respond_by if hot else ms(step.due_at)
    return {
        "state": state.value,
        "next_kind": step.kind.value,
        "next_note": step.note,
        "due_at": due_ms,
        "close_at": ms(step.close_at) if step.close_at else None,
        "queue_band": int(band),
        "rank": worth,
        **changes,
    }


def drip_step(planned: Planned) -> NextStep:
    """A planned touch of a drip as the lead's next step."""
    step = planned.step
    return NextStep(KIND_OF.get(step.channel, NextKind.OTHER), planned.due_at, planned.close_at, step.name)


def reachable(lead: rows.Lead, channel: Channel, blocked: frozenset[str]) -> bool:
    """Whether `channel` can reach the lead: it has the address, and nobody said no to it."""
    if "all" in blocked or channel.value in blocked:
        return False
    if channel in (Channel.CALL, Channel.SMS):
        return lead.phone is not None
    return lead.email is not None if channel is Channel.EMAIL else True


def blocked_channels(db: Reader, lead: rows.Lead) -> frozenset[str]:
    """The channels this lead may not be touched on (`all` for every one)."""
    return frozenset(one.channel for one in leads.suppressions(db, lead))


def next_drip_touch(
    db: Reader, lead: rows.Lead, cadence: Cadence, after: int, done_at: datetime, earliest: datetime | None = None
) -> Planned | None:
    """The next touch of the drip that can reach the lead; steps on closed channels are passed over. `None`: the end."""
    blocked, cal = blocked_channels(db, lead), calendar_of(lead, done_at)
    planned = next_touch(cadence, after, done_at, cal, earliest)
    while planned is not None and not reachable(lead, planned.step.channel, blocked):
        planned = next_touch(cadence, planned.step.number, done_at, cal, earliest)
    return planned


def in_hours(lead: rows.Lead, kind: NextKind, moment: datetime, now: datetime, note: str | None = None) -> NextStep:
    """A step at `moment`, which already lies in the prospect's hours, with the end of that window."""
    return NextStep(kind, moment, close_of(calendar_of(lead, now), moment), note)


# --- score -----------------------------------------------------------------------------------------------------


def judge(db: Reader, lead: rows.Lead, answers: dict[str, str], now: datetime) -> tuple[int, Score]:
    """The id of the rubric in force and what it says of `lead` with these answers."""
    rubric_id, rubric = playbook.rubric(db)
    events = [Event(one.kind, at(one.at)) for one in leads.events(db, lead.id)]
    facts = Facts(
        title=lead.title,
        seniority=lead.seniority,
        department=lead.department,
        employees=lead.employees,
        industry=lead.industry,
        country=lead.country,
    )
    return rubric_id, score(rubric, answers, facts, events, now=now)


def scored(db: Reader, lead: rows.Lead, answers: dict[str, str], now: datetime) -> Fields:
    """The score columns of `lead` under the rubric in force."""
    rubric_id, found = judge(db, lead, answers, now)
    return score_fields(rubric_id, found)


def score_fields(rubric_id: int, found: Score) -> Fields:
    """A score as columns."""
    return {
        "rubric_id": rubric_id,
        "score": found.total,
        "fit": found.fit,
        "engagement": found.engagement,
        "known": found.known.answered,
        "known_of": found.known.of,
        "grade": found.grade,
        "verdict": found.verdict,
        "missing": ", ".join(found.missing) or None,
    }


# --- the lead of a verb ----------------------------------------------------------------------------------------


def the_lead(db: Reader, lead_id: int) -> rows.Lead | Refused:
    """The lead a verb is about, or the refusal that says it is gone."""
    found = leads.lead(db, lead_id)
    return found if found is not None else Refused("lead.unknown", "this lead is no longer here; it was taken back")


def open_lead(db: Reader, lead_id: int) -> rows.Lead | Refused:
    """The lead a verb is about, which must not be closed."""
    found = the_lead(db, lead_id)
    if isinstance(found, Refused) or found.next_kind is not None:
        return found
    return Refused("lead.closed", f"{found.name} is {found.state}; take that back first (v shows its history)")

"""The next step of a lead as fields of its row: what, when, in which band, at what rank; and its score.

Every verb that leaves a lead open ends here, so that no lead is ever without a next step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sdr.desk import gate
from sdr.models.terms import Band, Channel, LeadState, NextKind, Refused, SourceType, at, ms
from sdr.rules.cadence import Cadence, Planned, Track, next_touch
from sdr.rules.calendar import Calendar, CalendarError, close_of, due
from sdr.rules.closures import dates_there
from sdr.rules.dates import spoken
from sdr.rules.grading import Event, Facts
from sdr.rules.hours import STANDARD, Hours, Length
from sdr.rules.public_holidays import holidays_of, region_of
from sdr.rules.scoring import Score, score
from sdr.rules.triage import Segment, band_of, rank, response_target
from sdr.store import rows
from sdr.store.judging import columns_of
from sdr.store.queries import absences, leads, playbook, reps
from sdr.store.session import Reader

Fields = dict[str, Any]

KIND_OF = {
    Channel.CALL: NextKind.CALL,
    Channel.EMAIL: NextKind.EMAIL,
    Channel.LINKEDIN: NextKind.LINKEDIN,
    Channel.LETTER: NextKind.LETTER,
    Channel.POSTCARD: NextKind.LETTER,
}
_YEARS_OFF = 3  # holidays and time off are looked up for the year of the act and two more
BEFORE_WORK = (LeadState.INQUIRY, LeadState.NEW, LeadState.NURTURE)
CLOCKED = (LeadState.NEW, LeadState.INQUIRY, LeadState.WORKING)
CLEARED: Fields = {"next_kind": None, "next_note": None, "due_at": None, "close_at": None, "queue_band": None}


class NextStep(NamedTuple):
    """What comes next: its kind, when it is due, when its window closes (aware times), and a word for the list."""

    kind: NextKind
    due_at: datetime
    close_at: datetime | None = None
    note: str | None = None


@lru_cache(maxsize=2048)
def _calendar(
    hours: Hours, zone: str, country: str | None, region: str | None, year: int, away: frozenset[date]
) -> Calendar:
    """One calendar for everybody of a place: what is planned for thousands is worked out once."""
    return Calendar(hours, zone, _holidays(country, region, year) | away)


def _holidays(country: str | None, region: str | None, year: int) -> frozenset[date]:
    """The public holidays of three years from `year`; a region nobody knows has its country's."""
    years = range(year, year + _YEARS_OFF)
    for part in (region, None) if region else (None,):
        try:
            return holidays_of(country, years, part) if country else frozenset()
        except CalendarError:
            continue  # a country whose holidays nobody published keeps its weekdays
    return frozenset()


def prospect_calendar(
    country: str | None,
    zone: str,
    now: datetime,
    hours: Hours = STANDARD,
    *,
    region: str | None = None,
    away: frozenset[date] = frozenset(),
) -> Calendar:
    """Working hours in `zone`, less the holidays of `country` and `region` (a name or a code) and the dates `away`."""
    return _calendar(hours, zone, country, region_of(country, region), now.year, away)


def calendar_of(lead: rows.Lead, now: datetime, db: Reader) -> Calendar:
    """When the person behind `lead` may be touched: their hours, less the days on which nobody here would do it."""
    here = reps.by_id(db, lead.owner_id) or reps.rep(db)
    return calendar_with(lead, here, days_off(db, here.id, now), now)


def calendar_with(lead: rows.Lead, here: rows.Rep, off: frozenset[date], now: datetime) -> Calendar:
    """`calendar_of` for what was read before: `here` is the rep who owns the lead, `off` their `days_off`."""
    days = _holidays(here.country, None, now.year) | off
    away = dates_there(days, here.zone, lead.zone, STANDARD)
    return prospect_calendar(lead.country, lead.zone, now, region=lead.region, away=away)


def rep_calendar(rep: rows.Rep, now: datetime, away: frozenset[date] = frozenset()) -> Calendar:
    """The rep's own working hours, against which response clocks run; `away` are their `days_off`."""
    return prospect_calendar(rep.country, rep.zone, now, Hours.parse(rep.hours), away=away)


def days_off(db: Reader, rep_id: int | None, now: datetime) -> frozenset[date]:
    """Closures and the time off of a rep (None: closures alone) that nobody covers, of the year before `now` on."""
    first, last = date(now.year - 1, 1, 1), date(now.year + _YEARS_OFF - 1, 12, 31)
    return absences.closed_days(db, rep_id, first, last, uncovered=True)


def respond_by(
    rep: rows.Rep, source: rows.Source | None, arrived: datetime, away: frozenset[date] = frozenset()
) -> datetime | None:
    """When a lead that arrived then must have had its first human touch, by its source's clock.

    The clock stands still on the rep's days `away`.
    """
    kind = SourceType(source.type) if source else SourceType.LIST
    length = Length.parse((source.respond_for if source else None) or response_target(kind))
    return due(rep_calendar(rep, arrived, away), arrived, length)


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


def blocked_channels(db: Reader, lead: rows.Lead, now: datetime) -> frozenset[str]:
    """The channels this lead may not be planned on (`all` for every one)."""
    return gate.shut_channels(db, lead, now)


def next_drip_touch(
    db: Reader,
    lead: rows.Lead,
    cadence: Cadence,
    after: int,
    done_at: datetime,
    earliest: datetime | None = None,
    *,
    track: str = Track.MAIN,
    done: Collection[int] | None = None,
) -> Planned | None:
    """The next touch of the drip that can reach the lead; steps on closed channels are passed over. `None`: the end.

    `track` is the row of steps it follows, `done` the steps that were really done (None: all before it).
    """
    blocked, cal = blocked_channels(db, lead, done_at), calendar_of(lead, done_at, db)
    planned = next_touch(cadence, after, done_at, cal, earliest, track=track, done=done)
    while planned is not None and not reachable(lead, planned.step.channel, blocked):
        planned = next_touch(cadence, planned.step.number, done_at, cal, earliest, track=track, done=done)
    return planned


def in_hours(lead: rows.Lead, kind: NextKind, moment: datetime, now: datetime, note: str | None = None) -> NextStep:
    """A step at `moment`, which already lies in the prospect's hours, with the end of that window of theirs."""
    own = prospect_calendar(lead.country, lead.zone, now, region=lead.region)
    return NextStep(kind, moment, close_of(own, moment), note)


def when(lead: rows.Lead, moment: datetime, now: datetime) -> str:
    """A time as the rep reads it: in the prospect's zone, with the city or the zone's."""
    place = lead.city or lead.zone.rpartition("/")[2].replace("_", " ")
    return f"{spoken(at(ms(moment), lead.zone), now)} {place}"


# --- score -----------------------------------------------------------------------------------------------------


def judge(
    db: Reader,
    lead: rows.Lead,
    answers: dict[str, str],
    now: datetime,
    *,
    events: Iterable[rows.Event] | None = None,
) -> tuple[int, Score]:
    """The id of the rubric in force and what it says of `lead` with these answers and its (or these) `events`."""
    rubric_id, rubric = playbook.rubric(db)
    told = [Event(one.kind, at(one.at)) for one in (leads.events(db, lead.id) if events is None else events)]
    facts = Facts(
        title=lead.title,
        seniority=lead.seniority,
        department=lead.department,
        employees=lead.employees,
        industry=lead.industry,
        country=lead.country,
    )
    return rubric_id, score(rubric, answers, facts, told, now=now)


def scored(
    db: Reader,
    lead: rows.Lead,
    answers: dict[str, str],
    now: datetime,
    *,
    events: Iterable[rows.Event] | None = None,
) -> Fields:
    """The score columns of `lead` under the rubric in force; by these `events` instead of its own, when given."""
    rubric_id, found = judge(db, lead, answers, now, events=events)
    return columns_of(rubric_id, found)


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

"""Into a drip: whom it takes, from which step, on which real dates; one lead, or many spread over days with room.

A person is in one drip, however many records stand for them. The first touch waits for the gap after anybody's last
touch, and for a day of the rep that still has room; a hand-raiser whose clock runs waits for neither day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sdr.desk import gate, one_drip, onward, replanning, resting, steps
from sdr.desk.one_drip import TWICE, day_of
from sdr.desk.onward import Drip, Onward
from sdr.desk.workload import Workdays, days_at_work
from sdr.models.terms import LeadState, Refused, at, ms
from sdr.rules.cadence import Cadence, Planned, Track, rest_until
from sdr.rules.spoken import counted
from sdr.rules.triage import missing_qualifiers
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import enrolled, leads, playbook
from sdr.store.session import Reader, Session


class Entry(NamedTuple):
    """A lead about to enter a drip: from where, and with which first touch. `warning` wants a second yes."""

    lead: rows.Lead
    row: rows.Cadence
    cadence: Cadence
    before: Drip | None
    goes: Onward
    people: tuple[int, ...]
    warning: Refused | None


class Preview(NamedTuple):
    """The real dates of a drip for one lead, were each touch done when due; `warning` is why one might not.

    `passed` are the steps that cannot reach the lead; `instead` is the drip that ends; `rests_until` the end of the
    rest after it.
    """

    lead: rows.Lead
    cadence: Cadence
    dates: tuple[Planned, ...]
    passed: tuple[str, ...]
    instead: str
    warning: Refused | None
    rests_until: datetime | None


class Many(NamedTuple):
    """What enrolling marked leads would do: how many first touches on which day of the rep, whom it refuses and why."""

    cadence: Cadence
    days: tuple[tuple[date, int], ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def takes(self) -> int:
        """How many enter."""
        return sum(count for _day, count in self.days)


def enroll(
    session: Session,
    lead_id: int,
    cadence_id: int,
    now: datetime,
    *,
    at_step: int | None = None,
    anyway: bool = False,
) -> Change | Refused:
    """Into a drip, from `at_step` on (the first unless said); the drip of the same product it was in ends.

    A lead not accepted yet is accepted by it. `anyway`: although a colleague at the account is in talks.
    """
    entry = _entry(session, lead_id, cadence_id, at_step, now, None)
    if isinstance(entry, Refused):
        return gate.shut_out(session, lead_id, now, entry)
    if entry.warning is not None and not anyway:
        return entry.warning
    step = entry.goes.step
    assert step is not None  # an entry has a first touch
    words = f"{entry.lead.name}: in “{entry.cadence.name}” · {onward.said_next(entry.lead, step, now)}"
    return Change("drip", words, ms(now), tuple(_edits(session, entry, now)), entry.lead.id)


def enroll_many(session: Session, lead_ids: Sequence[int], cadence_id: int, now: datetime) -> Change | Refused:
    """Every lead that the drip takes, the worthiest first, on days with room; one act."""
    entries, refused = _entries(session, lead_ids, cadence_id, now)
    if not entries:
        reason = refused[0][1] if refused else "no leads are marked"
        return Refused("bulk.nothing", f"nobody enters: {reason}")
    edits = tuple(edit for entry in entries for edit in _edits(session, entry, now))
    left = f", {len(refused)} refused" if refused else ""
    words = f"in “{entries[0].cadence.name}”: {counted(len(entries), 'lead')}{left}"
    return Change("drip", words, ms(now), edits)


def preview(
    db: Reader, lead_id: int, cadence_id: int, now: datetime, *, at_step: int | None = None
) -> Preview | Refused:
    """All real dates of a drip for one lead, before it is enrolled; or why it cannot be."""
    entry = _entry(db, lead_id, cadence_id, at_step, now, None)
    if isinstance(entry, Refused):
        return entry
    dates = tuple(_dates(db, entry, now))
    reached = {one.step.number for one in dates}
    main = (one for one in entry.cadence.steps[(at_step or 1) - 1 :] if one.track == Track.MAIN)
    passed = tuple(one.name for one in main if one.number not in reached)
    instead = entry.before.cadence.name if entry.before else ""
    rests = rest_until(entry.cadence, dates, steps.calendar_of(entry.lead, now, db))
    return Preview(entry.lead, entry.cadence, dates, passed, instead, entry.warning, rests)


def preview_many(db: Reader, lead_ids: Sequence[int], cadence_id: int, now: datetime) -> Many | Refused:
    """What `enroll_many` would do, without doing it."""
    entries, refused = _entries(db, lead_ids, cadence_id, now)
    found = _cadence(db, cadence_id)
    if isinstance(found, Refused):
        return found
    zone = playbook.rep(db).zone
    days = Counter(at(ms(one.goes.step.due_at), zone).date() for one in entries if one.goes.step)
    return Many(found[1], tuple(sorted(days.items())), tuple(refused))


# --- one entry -------------------------------------------------------------------------------------------------


def _entry(
    db: Reader, lead_id: int, cadence_id: int, at_step: int | None, now: datetime, days: Workdays | None
) -> Entry | Refused:
    """The lead on its way into the drip, on a day that `days` (the rep's, looked up unless given) has room for."""
    lead = steps.open_lead(db, lead_id)
    if isinstance(lead, Refused):
        return lead
    found = _cadence(db, cadence_id)
    if isinstance(found, Refused):
        return found
    row, cadence = found
    if at_step is not None and (wrong := _no_step(cadence, at_step)) is not None:
        return wrong
    before = onward.drip_of(db, lead.id)
    people = enrolled.same_person(db, lead)
    no = (
        _not_now(db, lead, now)
        or resting.refused(db, lead, now, people)
        or _same(lead, before, row, at_step)
        or one_drip.elsewhere(db, lead, people)
        or _another_line(db, lead, before, row)
    )
    if no is not None:
        return no
    warning = _in_talks(db, lead, people)
    if warning is not None and days is not None:
        return warning  # among many nobody is asked a second time
    days = days or days_at_work(db, (lead,), now)
    goes = replanning.enters(db, lead, cadence, (at_step or 1) - 1, days)
    if goes is None:
        return Refused("consent.blocked", f"no step of “{cadence.name}” can reach {lead.name}")
    return Entry(lead, row, cadence, before, goes, people, warning)


def _cadence(db: Reader, cadence_id: int) -> tuple[rows.Cadence, Cadence] | Refused:
    row = enrolled.cadence_row(db, cadence_id)
    if row is None:
        return Refused("drip.unknown", "there is no such drip; l shows those there are")
    return row, playbook.parsed_cadence(row.text)


def _no_step(cadence: Cadence, at_step: int) -> Refused | None:
    """Why a drip cannot begin at this step."""
    if not 1 <= at_step <= len(cadence.steps):
        return Refused("drip.step", f"“{cadence.name}” has steps 1 to {len(cadence.steps)}")
    if cadence.steps[at_step - 1].track != Track.MAIN:
        return Refused("drip.step", f"step {at_step} of “{cadence.name}” is for those who answered; begin at another")
    return None


def _dates(db: Reader, entry: Entry, now: datetime) -> Iterator[Planned]:
    """The first touch as it will be, and those behind it, each counted from the one before."""
    step = entry.goes.step
    assert step is not None
    done: set[int] = set()
    planned = steps.next_drip_touch(
        db, entry.lead, entry.cadence, entry.goes.drip["step_no"], now, step.due_at, done=done
    )  # fmt: skip
    while planned is not None:
        yield planned
        done.add(planned.step.number)
        planned = steps.next_drip_touch(
            db, entry.lead, entry.cadence, planned.step.number, planned.due_at, done=done
        )  # fmt: skip


# --- many ------------------------------------------------------------------------------------------------------


def _entries(
    db: Reader, lead_ids: Sequence[int], cadence_id: int, now: datetime
) -> tuple[list[Entry], list[tuple[str, str]]]:
    """The entries of those that the drip takes, by worth, and the others with the reason."""
    found = [lead for lead_id in dict.fromkeys(lead_ids) if (lead := leads.lead(db, lead_id)) is not None]
    days = days_at_work(db, found, now)
    entries: list[Entry] = []
    refused: list[tuple[str, str]] = []
    taken: set[int] = set()
    for lead in sorted(found, key=lambda one: -one.rank):
        if lead.id in taken:
            refused.append((lead.name, TWICE.reason))
            continue
        entry = _entry(db, lead.id, cadence_id, None, now, days)
        if isinstance(entry, Refused):
            refused.append((lead.name, entry.reason))
        else:
            entries.append(entry)
            taken.update(entry.people)
    return entries, refused


# --- what is refused -------------------------------------------------------------------------------------------


def _not_now(db: Reader, lead: rows.Lead, now: datetime) -> Refused | None:
    if lead.state == LeadState.OFFERED:
        return Refused("handoff.offered", f"{lead.name} is with the account executive; recall it first (g h)")
    if lead.state == LeadState.QUALIFIED:
        return Refused("drip.qualified", f"{lead.name} is qualified; hand it off (h)")
    missing = missing_qualifiers({"company": lead.company, "title": lead.title, "phone": lead.phone})
    if lead.state == LeadState.INQUIRY and missing:
        return Refused("triage.inquiry", f"an inquiry, not a lead yet: {', '.join(missing)} unknown; fill one in (E)")
    if (promise := leads.open_promise(db, lead.id)) is not None:
        day = steps.when(lead, at(promise.due_at), now)
        return Refused("drip.promised", f"a {promise.kind} is promised for {day}; keep it first (c)")
    return None


def _same(lead: rows.Lead, before: Drip | None, row: rows.Cadence, at_step: int | None) -> Refused | None:
    """Whether it is where it is to go: in this drip, at this step."""
    if before is None or before.row.cadence_id != row.id or before.row.state != "active":
        return None
    if at_step is None:
        return Refused("drip.same", f"{lead.name} is in this drip already; name a step to begin there anew")
    if at_step == before.row.step_no + 1:
        return Refused("drip.same", f"{lead.name} is at step {at_step} of this drip already")
    return None


def _another_line(db: Reader, lead: rows.Lead, before: Drip | None, row: rows.Cadence) -> Refused | None:
    """A person is not in a drip for each product."""
    own = enrolled.live(db, (lead.id,)) if before is not None else None
    if own is None or own.product == row.product:
        return None
    line = f" ({own.product})" if own.product else ""
    return Refused(
        "drip.product",
        f"{lead.name} is in “{own.cadence}”{line} since {day_of(lead, own.enrolled_at)}, another product line; "
        "end that first (P)",
    )


def _in_talks(db: Reader, lead: rows.Lead, people: Sequence[int]) -> Refused | None:
    found = enrolled.in_talks(db, lead, people)
    if found is None:
        return None
    by = f" with {found.owner}" if found.owner and found.owner != playbook.rep(db).name else ""
    since = f", last {day_of(lead, found.at)}" if found.at else ""
    state = _TALKS.get(found.state, "wrote and waits for an answer")
    return Refused(
        "drip.colleague",
        f"{found.name} of {lead.company or 'the same account'} {state}{by}{since}; "
        "a drip to a colleague may be in the way",
        hint="Enter once more, or --anyway, enrols",
    )


_TALKS = {
    "talking": "is in talks",
    "qualified": "is qualified",
    "offered": "is offered to an account executive",
    "accepted": "is with an account executive",
    "opportunity": "is with an account executive",
}


# --- what is written -------------------------------------------------------------------------------------------


def _edits(session: Session, entry: Entry, now: datetime) -> Iterator[Edit]:
    lead, goes = entry.lead, entry.goes
    if entry.before is not None:
        yield Edit.set("enrollment", entry.before.row.id, state="stopped", why=f"to “{entry.cadence.name}”")
    yield Edit.new(
        "enrollment", session.new_id(), lead_id=lead.id, cadence_id=entry.row.id, enrolled_at=ms(now),
        state="active", step_no=goes.drip["step_no"], product=entry.row.product,
    )  # fmt: skip
    if lead.state not in steps.BEFORE_WORK:
        yield onward.moved(session, lead, LeadState(lead.state), goes, {})
        return
    facts = {"owned_at": lead.owned_at or ms(now), "opened_at": lead.opened_at or ms(now), "reason": None}
    yield onward.moved(session, lead, LeadState.WORKING, goes, facts)

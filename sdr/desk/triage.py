"""The verdicts on a lead: accept, reject, disqualify, nurture, snooze, give away, note, answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sdr.desk import gate, halting, one_drip, onward, replanning, resting, steps, workload
from sdr.desk.workload import Workdays
from sdr.models.terms import LeadState, NextKind, Refused, ms
from sdr.rules.calendar import next_open
from sdr.rules.dates import preset
from sdr.rules.reasons import Reason
from sdr.rules.special import warning
from sdr.rules.triage import missing_qualifiers
from sdr.rules.why import AGAIN
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import enrolled, leads, playbook
from sdr.store.session import Session

HANDED = (LeadState.OFFERED,)


def accept(session: Session, lead_id: int, now: datetime, *, days: Workdays | None = None) -> Change | Refused:
    """Mine: into the default drip, its first step as soon as the prospect's hours, the gap after anybody's touch and
    the room of the day let it be. `days` are the rep's, where several leads share their room.
    """
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    if lead.state not in steps.BEFORE_WORK:
        return Refused("triage.accepted", f"{lead.name} is being worked already ({lead.state})")
    missing = missing_qualifiers({"company": lead.company, "title": lead.title, "phone": lead.phone})
    if lead.state == LeadState.INQUIRY and missing:
        return Refused(
            "triage.inquiry",
            f"an inquiry, not a lead yet: {', '.join(missing)} unknown; fill one in with E, or reject it",
        )
    people = enrolled.same_person(session, lead)
    no = resting.refused(session, lead, now, people) or one_drip.elsewhere(session, lead, people)
    if no is not None:
        return no
    cadence_id, cadence = playbook.cadence(session)
    goes = replanning.enters(session, lead, cadence, 0, days or workload.days_at_work(session, (lead,), now))
    if goes is None or goes.step is None:
        no = Refused(gate.WISH, f"no channel may reach {lead.name}: every one is blocked or has no address")
        return gate.shut_out(session, lead.id, now, no)
    before = leads.enrollment(session, lead.id)
    facts = {"owner_id": playbook.rep(session).id, "owned_at": ms(now), "opened_at": lead.opened_at or ms(now)}
    edits = (
        *([Edit.set("enrollment", before.id, state="stopped", why="accepted")] if before else ()),
        Edit.new(
            "enrollment", session.new_id(), lead_id=lead.id, cadence_id=cadence_id, state="active",
            step_no=goes.drip["step_no"], enrolled_at=ms(now), product=cadence.product,
        ),
        onward.moved(session, lead, LeadState.WORKING, goes, facts),
    )  # fmt: skip
    summary = f"{lead.name}: accepted · {goes.step.note} {steps.when(lead, goes.step.due_at, now)}"
    return Change("accept", summary, ms(now), edits, lead.id)


def reject(session: Session, lead_id: int, reason: str, now: datetime) -> Change | Refused:
    """Not a lead (before contact); the reason goes into its source's digest."""
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    if lead.state not in steps.BEFORE_WORK and lead.contacted_at is not None:
        return Refused("triage.contacted", f"{lead.name} has been spoken to; disqualify (d) instead of rejecting")
    return _close(session, lead, LeadState.REJECTED, "reject", reason, now)


def disqualify(session: Session, lead_id: int, reason: str, now: datetime) -> Change | Refused:
    """A no after contact. Reasons that only mean "later" put the lead to sleep instead."""
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    if lead.state in (LeadState.INQUIRY, LeadState.NEW):
        return Refused("triage.no-contact", f"{lead.name} was never contacted; reject (r) instead of disqualifying")
    return _close(session, lead, LeadState.DISQUALIFIED, "disqualify", reason, now)


def _close(
    session: Session, lead: rows.Lead, state: LeadState, verb: str, reason: str, now: datetime
) -> Change | Refused:
    option = playbook.reasons().find(verb, reason)
    if option is None:
        return Refused("triage.reason", f"there is no such reason to {verb}; take one of the list")
    stopped = ended(session, lead, option.label, now)
    if option.suppress:
        stopped = (*stopped, suppression(session, lead, "all", option.label, now))
    if option.state == LeadState.NURTURE:
        return _sleep(session, lead, verb, option, stopped, now)
    fields = {**steps.CLEARED, "state": state.value, "reason": option.key, "closed_at": ms(now)}
    summary = f"{lead.name}: {state.value}, {option.label}"
    return Change(verb, summary, ms(now), (*stopped, Edit.set("lead", lead.id, **fields)), lead.id)


def _sleep(
    session: Session, lead: rows.Lead, verb: str, option: Reason, stopped: tuple[Edit, ...], now: datetime
) -> Change | Refused:
    """A reason that means "later": half a year, unless somebody says otherwise."""
    cal = steps.calendar_of(lead, now, session)
    until = preset(6, now, cal.zone, cal.hours, cal.closed) or now
    wake = steps.in_hours(lead, NextKind.WAKE, until, now, option.label)
    fields = steps.placed(lead, leads.source(session, lead.source_id), LeadState.NURTURE, wake, reason=option.key)
    summary = f"{lead.name}: {option.label}, asleep until {steps.when(lead, until, now)}"
    return Change(verb, summary, ms(now), (*stopped, Edit.set("lead", lead.id, **fields)), lead.id)


def suppression(session: Session, lead: rows.Lead, channel: str, wording: str, now: datetime) -> Edit:
    """Never again on `channel` (`all` for every one), for this person; it takes effect with the act."""
    return Edit.new(
        "suppression", session.new_id(), lead_id=lead.id, channel=channel, scope="person", value=str(lead.id),
        at=ms(now), wording=wording, rep_id=playbook.rep(session).id,
    )  # fmt: skip


def ended(session: Session, lead: rows.Lead, why: str, now: datetime) -> tuple[Edit, ...]:
    """What stops with a closed lead: its drip, the promise still open, and what waits in the outbox."""
    going = leads.under_way(session, lead.id)
    edits = [*halting.dropped(session, lead.id, now)] if going.messages else []
    if going.drip and (enrolled := leads.enrollment(session, lead.id)) is not None:
        edits.append(Edit.set("enrollment", enrolled.id, state="stopped", why=why))
    if going.promise and (promise := leads.open_promise(session, lead.id)) is not None:
        edits.append(Edit.set("promise", promise.id, dropped_at=ms(now)))
    return tuple(edits)


def nurture(session: Session, lead_id: int, until: datetime, now: datetime) -> Change | Refused:
    """Not now: out of the queue until a date, its drip ended."""
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    if lead.state in HANDED:
        return _with_the_ae(lead)
    wake = steps.in_hours(lead, NextKind.WAKE, until, now, AGAIN)
    fields = steps.placed(lead, leads.source(session, lead.source_id), LeadState.NURTURE, wake)
    edits = (*ended(session, lead, "nurture", now), Edit.set("lead", lead.id, **fields))
    return Change("nurture", f"{lead.name}: asleep until {steps.when(lead, until, now)}", ms(now), edits, lead.id)


def snooze(session: Session, lead_id: int, until: datetime, now: datetime) -> Change | Refused:
    """The same next step, later. A running response clock is not stopped by it."""
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    if lead.state in HANDED:
        return _with_the_ae(lead)
    opens = next_open(steps.calendar_of(lead, now, session), until) or until
    kind = NextKind(lead.next_kind or NextKind.TRIAGE)
    step = steps.in_hours(lead, kind, opens, now, lead.next_note)
    source = leads.source(session, lead.source_id)
    fields = steps.placed(lead, source, LeadState(lead.state), step, snoozes=lead.snoozes + 1)
    fields |= {"due_at": ms(opens), "queue_band": later_band(int(fields["queue_band"]))}
    summary = f"{lead.name}: snoozed to {steps.when(lead, opens, now)}"
    return Change("snooze", summary, ms(now), (Edit.set("lead", lead.id, **fields),), lead.id)


def later_band(band: int) -> int:
    """The class of a snoozed step: a hot lead put off leaves the clock's band and waits for its date."""
    return 5 if band == 0 else band


def give(session: Session, lead_id: int, rep_id: int, now: datetime) -> Change | Refused:
    """To another rep, with its next step as it is."""
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    found = next((rep for rep in playbook.reps(session) if rep.id == rep_id), None)
    if found is None:
        return Refused("give.nobody", "there is no such rep on this desk")
    if lead.owner_id == rep_id:
        return Refused("give.same", f"{lead.name} is {found.name}'s already")
    edit = Edit.set("lead", lead.id, owner_id=rep_id, owned_at=ms(now))
    return Change("give", f"{lead.name}: given to {found.name}", ms(now), (edit,), lead.id)


def note(session: Session, lead_id: int, text: str, now: datetime, *, said: bool = False) -> Change | Refused:
    """A note about the lead, or (`said`) their own words, which stand on the card and in the brief."""
    lead = steps.the_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    if not text.strip():
        return Refused("note.empty", "an empty note says nothing")
    kind, short = ("said", "their words") if said else ("note", "note")
    rep = playbook.rep(session)
    edits = [Edit.new("event", session.new_id(), lead_id=lead.id, kind=kind, at=ms(now), text=text, rep_id=rep.id)]
    if said:
        edits.append(Edit.set("lead", lead.id, said=text))
    said_too = warning(text)
    words = f"{lead.name}: {short} kept" + (f" · {said_too}" if said_too else "")
    return Change("note", words, ms(now), tuple(edits), lead.id)


def answer(session: Session, lead_id: int, levels: Mapping[str, str], now: datetime) -> Change | Refused:
    """Rubric answers (criterion key to level key) and the score that follows."""
    lead = steps.the_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    edits = answer_edits(session, lead, levels, now)
    if isinstance(edits, Refused):
        return edits
    held = leads.answers(session, lead.id) | dict(levels)
    fields = steps.scored(session, lead, held, now)
    summary = f"{lead.name}: {', '.join(f'{key} {value}' for key, value in levels.items())} · score {fields['score']}"
    return Change("answer", summary, ms(now), (*edits, Edit.set("lead", lead.id, **fields)), lead.id)


def answer_edits(
    session: Session, lead: rows.Lead, levels: Mapping[str, str], now: datetime
) -> tuple[Edit, ...] | Refused:
    """The edits that keep `levels`; a question or level that the rubric does not know is refused."""
    rubric_id, rubric = playbook.rubric(session)
    held = {one.criterion: one for one in leads.answer_rows(session, lead.id)}
    edits: list[Edit] = []
    for key, level in levels.items():
        criterion = rubric.criterion(key)
        if criterion is None:
            known = ", ".join(one.key for one in rubric.criteria)
            return Refused("rubric.criterion", f"the rubric does not ask “{key}”; it asks {known}")
        if criterion.level(level) is None:
            known = ", ".join(one.key for one in criterion.levels)
            return Refused("rubric.level", f"“{key}” cannot be “{level}”; it is one of {known}")
        fields = {"level": level, "rubric_id": rubric_id, "at": ms(now)}
        if key in held:
            edits.append(Edit.set("answer", held[key].id, **fields))
        else:
            edits.append(Edit.new("answer", session.new_id(), lead_id=lead.id, criterion=key, **fields))
    return tuple(edits)


def _with_the_ae(lead: rows.Lead) -> Refused:
    return Refused("handoff.offered", f"{lead.name} is with the account executive; recall it first (g h)")

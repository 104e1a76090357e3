"""The call: what its outcome does to the lead, in one act. Recording is never refused for the hour it came at;
whether a number may be dialled now is asked before (`sdr.desk.dialling`). What broke a rule all the same is kept as
an event of its own. A wish not to be called is the one rule that refuses the record too.

Promises: a callback counts as kept when the dial comes at its time (ten minutes early at most) or reaches the
person; an early dial that does not, leaves it standing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sdr.desk import dialling, effects, gate, onward, referring, siblings, steps, triage
from sdr.desk.after_calls import does_step, goes_where
from sdr.desk.effects import Turn
from sdr.desk.pairing import NO_MAIL, paired
from sdr.desk.steps import Fields
from sdr.models.terms import OPEN_STATES, Channel, LeadState, Refused, ms
from sdr.rules.calling import Outcome
from sdr.rules.reasons import Reason
from sdr.rules.rubric import Rubric
from sdr.rules.scoring import unmet, verdict
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, playbook
from sdr.store.queries.queue import PROMISE_AHEAD
from sdr.store.session import Reader, Session

REACHED = ("connection", "conversation")  # the person themselves


class Talk(NamedTuple):
    """What the rep noted while calling; see `call` for the fields."""

    answers: Mapping[str, str]
    said: Sequence[str]
    notes: Sequence[str]
    seconds: int
    landed: int
    blank: int
    cards: Sequence[str]
    name: str | None
    number: str | None
    mail: bool


def call(
    session: Session,
    lead_id: int,
    outcome_key: str,
    now: datetime,
    *,
    answers: Mapping[str, str] | None = None,
    said: Sequence[str] = (),
    notes: Sequence[str] = (),
    seconds: int = 0,
    landed: int = 0,
    blank: int = 0,
    cards: Sequence[str] = (),
    next_at: datetime | None = None,
    reason: str | None = None,
    name: str | None = None,
    number: str | None = None,
    mail: bool = False,
    because: str | None = None,
) -> Change | Refused:
    """One dial and how it ended.

    `answers` are rubric answers by key; `said` their words; `landed` and `blank` count messages that did or did
    not; `cards` the objection cards used; `next_at` overrides the outcome's own date (never past; moved into the
    prospect's hours unless it is a promise); `reason` and `name` are what the outcome asks for; `number` the
    number dialled (the lead's own unless said); `mail` sends the mail that goes with the outcome; `because` is the
    typed reason for a dial that the gate stopped, and is kept.
    """
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    outcome = playbook.outcomes().by_key(outcome_key)
    if outcome is None:
        return Refused("call.outcome", "no call ends like that; take an outcome of the list")
    dialled = number or lead.phone
    talk = Talk(answers or {}, said, notes, seconds, landed, blank, cards, name, dialled, mail)
    why = playbook.reasons().find("disqualify", word) if (word := reason or outcome.reason) else None
    asked = gate.allowed(session, lead, Channel.CALL, now, gate.Meant(number=dialled), because)
    ruling = dialling.spaced(session, lead, asked, now, because)
    if ruling.refused is not None and ruling.refused.rule in (gate.WISH_CALL, gate.UNREADABLE):
        return gate.kept(session, lead, now, ruling, ruling.refused)
    wrong = (
        effects.refused(lead, outcome, next_at, now)
        or _incomplete(lead, outcome, talk, why)
        or _unqualified(session, lead, outcome, talk)
    )
    answered = wrong or triage.answer_edits(session, lead, talk.answers, now)
    if isinstance(answered, Refused):
        return answered
    after = _after(lead, outcome, dialled, now)
    turn = Turn(session, lead, after, outcome, now, onward.drip_of(session, lead.id), next_at, why)
    return _recorded(turn, outcome, talk, (*answered, *gate.told(session, lead, now, ruling, because)))


def _recorded(turn: Turn, outcome: Outcome, talk: Talk, answered: tuple[Edit, ...]) -> Change:
    kept = _kept(turn, outcome)
    due = turn.drip.due if turn.drip and does_step(turn) else None
    goes = effects.decided(turn) or goes_where(turn, outcome, kept, due is not None)
    done = due.number if due else turn.drip.row.step_no if turn.drip else 0
    with_it = paired(turn.session, turn.after, outcome.mail, turn.now) if talk.mail and outcome.mail else NO_MAIL
    edits = (
        *_dial(turn, outcome, talk, due.number if due else None),
        *answered,
        *_events(turn, outcome, talk),
        *effects.suppression_edits(turn, talk.number, talk.said[-1] if talk.said else None),
        *effects.waiting_edits(turn),
        *effects.drip_edits(turn, goes, done),
        *effects.promise_edits(turn, goes, kept=kept),
        *(referring.newcomer(turn, talk.name) if talk.name and outcome.asks == "name" else ()),
        *(siblings.soften_edits(turn.session, turn.lead, outcome.word, turn.now) if outcome.softens else ()),
        *with_it.edits,
        Edit.set("lead", turn.lead.id, **effects.lead_fields(turn, goes, **_facts(turn, outcome, talk))),
    )
    shown = turn.state in OPEN_STATES and turn.state is not LeadState.OFFERED
    step = (goes.step or onward.standing(turn.lead)) if shown else None
    words = f"{effects.summary(turn, step)}{with_it.words}"
    return Change("call", words, ms(turn.now), edits, turn.lead.id)


# --- what is refused -------------------------------------------------------------------------------------------


def _incomplete(lead: rows.Lead, outcome: Outcome, talk: Talk, why: Reason | None) -> Refused | None:
    if talk.number is None:
        return Refused("call.no-number", f"{lead.name} has no number; fill one in with E")
    if outcome.asks == "reason" and why is None:
        return Refused("call.reason", f"“{outcome.label}” needs a reason of the list")
    if outcome.asks == "name" and not (talk.name or "").strip():
        return Refused("call.name", f"“{outcome.label}” needs the colleague's name")
    if outcome.needs_note and not talk.notes:
        return Refused("call.note", f"“{outcome.label}” needs a note (n)")
    return None


def _unqualified(db: Reader, lead: rows.Lead, outcome: Outcome, talk: Talk) -> Refused | None:
    """Qualified means what was agreed: every must-have met and points enough, whoever says so."""
    if outcome.state is not LeadState.QUALIFIED:
        return None
    _, rubric = playbook.rubric(db)
    held = leads.answers(db, lead.id) | dict(talk.answers)
    return not_agreed(rubric, held)


def not_agreed(rubric: Rubric, answers: Mapping[str, str]) -> Refused | None:
    """Why these answers do not make a qualified lead, with what is missing; None when they do."""
    found = verdict(rubric, answers)
    if found == "qualified":
        return None
    way = "answer with o and the digits, or choose another outcome"
    if missing := unmet(rubric, answers):
        return Refused("rubric.must-haves", f"not qualified yet: {', '.join(missing)} missing; {way}", "the rubric")
    if found == "knocked out":
        return Refused(
            "rubric.knock-out", "not qualified: an answer rules it out; choose another outcome", "the rubric"
        )
    levels = (rubric.answer(key, level) for key, level in answers.items())
    points = sum(level.points for level in levels if level)
    return Refused("rubric.points", f"not qualified yet: {points} of {rubric.threshold} points; {way}", "the rubric")


# --- what is written -------------------------------------------------------------------------------------------


def _dial(turn: Turn, outcome: Outcome, talk: Talk, step_no: int | None) -> Iterator[Edit]:
    touch, drip = turn.session.new_id(), turn.drip if step_no else None
    step = drip.due if drip else None
    yield Edit.new(
        "touch", touch, lead_id=turn.lead.id, channel=Channel.CALL.value, at=ms(turn.now), outcome=outcome.key,
        human=1, enrollment_id=drip.row.id if drip else None, step_no=step_no,
        template=step.template if step else None, rep_id=playbook.rep(turn.session).id,
    )  # fmt: skip
    yield Edit.new(
        "call", turn.session.new_id(), touch_id=touch, lead_id=turn.lead.id, number=talk.number, outcome=outcome.key,
        contact=outcome.contact, at=ms(turn.now), seconds=talk.seconds, landed=talk.landed, blank=talk.blank,
        cards=json.dumps(list(talk.cards)) if talk.cards else None,
    )  # fmt: skip


def _events(turn: Turn, outcome: Outcome, talk: Talk) -> Iterator[Edit]:
    yield from (effects.event(turn, "said", text) for text in talk.said if text.strip())
    yield from (effects.event(turn, "note", text) for text in talk.notes if text.strip())
    if outcome.contact == "conversation":
        yield effects.event(turn, "talked")


def _facts(turn: Turn, outcome: Outcome, talk: Talk) -> Fields:
    """What the lead's row learns of the call, besides its state and its next step."""
    lead, now = turn.lead, ms(turn.now)
    held = leads.answers(turn.session, lead.id) | dict(talk.answers)
    happened = ("talked",) if outcome.contact == "conversation" else ()
    reached = now if outcome.contact in REACHED else None
    return {
        "first_touch_at": lead.first_touch_at or now,
        "opened_at": lead.opened_at or now,
        "owned_at": lead.owned_at or now,
        "contacted_at": lead.contacted_at or reached,
        "qualified_at": lead.qualified_at or (now if turn.state is LeadState.QUALIFIED else None),
        "said": talk.said[-1] if talk.said else lead.said,
        "last_kind": f"call {outcome.word}",
        "last_at": now,
        "phone": turn.after.phone if outcome.strikes_number else lead.phone,
        "phone_type": turn.after.phone_type if outcome.strikes_number else lead.phone_type,
        "phones": turn.after.phones,
        **onward.rescored(turn.session, lead, held, turn.now, happened),
    }


# --- how they can be reached afterwards ------------------------------------------------------------------------


def _after(lead: rows.Lead, outcome: Outcome, dialled: str | None, now: datetime) -> rows.Lead:
    """The lead as it can be reached from now on: without the struck number, or without any telephone."""
    if outcome.strikes_number and dialled:
        return struck(lead, dialled, now)
    return lead._replace(phone=None) if outcome.suppress in ("call", "all") else lead


def struck(lead: rows.Lead, wrong: str, now: datetime) -> rows.Lead:
    """`lead` with the number `wrong` struck out and the next one that is not in its place."""
    listed = json.loads(lead.phones or "[]")
    if all(one["e164"] != wrong for one in listed):
        listed.append({"e164": wrong, "type": lead.phone_type, "raw": wrong, "struck": None})
    for one in listed:
        if one["e164"] == wrong:
            one["struck"] = f"{now:%Y-%m-%d}"
    phones = json.dumps(listed, ensure_ascii=False)
    if lead.phone != wrong:
        return lead._replace(phones=phones)
    left = next((one for one in listed if not one.get("struck")), None)
    number, kind = (left["e164"], left.get("type")) if left else (None, None)
    return lead._replace(phone=number, phone_type=kind, phones=phones)


def _kept(turn: Turn, outcome: Outcome) -> frozenset[int]:
    """The callbacks that this dial keeps."""
    reached = outcome.contact in REACHED
    promised = (one for one in effects.open_promises(turn) if one.kind == "callback")
    return frozenset(one.id for one in promised if reached or ms(turn.now) >= one.due_at - PROMISE_AHEAD)

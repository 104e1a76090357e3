"""They wrote: eight kinds of reply, each a row of the playbook. An answer stops or pauses the drip in the same write.

With the drip halts what waits in the outbox, and the drips of colleagues pause (`siblings`). A wish never to be
mailed is kept whatever the lead's state, also when the matter is closed. What a mailbox answers by itself is read:
when they are back, and who stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sdr.desk import absence, effects, halting, onward, referring, siblings, steps
from sdr.desk.effects import Turn
from sdr.desk.onward import OUTRANKING, Onward
from sdr.desk.steps import Fields, NextStep
from sdr.desk.triage import later_band
from sdr.models.terms import OPEN_STATES, LeadState, NextKind, Refused, ms
from sdr.rules.calendar import due
from sdr.rules.calling import Reply
from sdr.rules.dates import preset
from sdr.rules.hours import Length
from sdr.rules.identity import company_domain
from sdr.rules.reasons import Reason
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, playbook
from sdr.store.session import Session

AWAY = "out-of-office"
SCOPES = ("person", "domain", "account")
UNREAD = (LeadState.INQUIRY, LeadState.NEW)
USUAL_NO = "no-need"  # what a bare "no" means until the rep knows better


class Heard(NamedTuple):
    """What came, word for word, and what was read from it."""

    text: str | None
    mail_id: str | None
    away: absence.Away


def reply(
    session: Session,
    lead_id: int,
    kind: str,
    now: datetime,
    *,
    until: datetime | None = None,
    text: str | None = None,
    name: str | None = None,
    reason: str | None = None,
    scope: str = "person",
    mail_id: str | None = None,
) -> Change | Refused:
    """What a reply does. `until` is when they are back, or "not now" ends (read from `text`, else next week and next
    quarter); `text` their words, `name` the colleague they named, `reason` why not (no need unless said). `scope` is
    for whom they unsubscribed: `person`, `domain` or `account`. `mail_id` is the Message-ID of what they wrote.
    """
    row = playbook.outcomes().reply(kind)
    if row is None:
        return Refused("reply.kind", "there is no such reply; take one of the list")
    lead = steps.the_lead(session, lead_id) if row.suppress else steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    away = absence.read(lead, text, now) if row.key == AWAY else absence.NOTHING
    wrong = effects.refused(lead, row, until, now) or _no_scope(lead, row, scope)
    if wrong is not None:
        return wrong
    why = _reason(row, reason)
    if row.asks == "reason" and why is None:
        return Refused("reply.reason", f"“{row.label}” needs a reason of the list")
    if row.strikes_address and lead.email is None:
        return Refused("reply.address", f"{lead.name} has no address that could bounce")
    drip = onward.drip_of(session, lead.id)
    turn = Turn(session, lead, _after(lead, row), row, now, drip, until or away.until, why)
    goes = effects.decided(turn) or _goes(turn, row)
    edits = (
        *_events(turn, row, Heard(text, mail_id, away)),
        *effects.suppression_edits(turn, None, text),
        *_scoped(turn, scope, text),
        *_drip_edits(turn, row, goes),
        *_waiting(turn, row),
        *effects.promise_edits(turn, goes),
        *_named(turn, row, name, away),
        *_colleagues(turn, row, scope),
        Edit.set("lead", lead.id, **_fields(turn, row, goes, text)),
    )
    return Change("reply", f"{_summary(turn, goes)}{_besides(turn, row, scope, away)}", ms(now), edits, lead.id)


def _no_scope(lead: rows.Lead, row: Reply, scope: str) -> Refused | None:
    """Why an unsubscribe cannot reach that far."""
    if scope == "person":
        return None
    if scope not in SCOPES or row.suppress is None:
        return Refused("reply.scope", "only an unsubscribe reaches further than the person: to the domain or account")
    if scope == "account" and lead.account_id is None:
        return Refused("reply.scope", f"no account of {lead.name} is known; unsubscribe the person (i 6 Enter)")
    if scope == "domain" and company_domain(lead.email, None) is None:
        return Refused("reply.scope", f"the address of {lead.name} is at no company's own domain; i 6 Enter")
    return None


def _reason(row: Reply, word: str | None) -> Reason | None:
    chosen = word or row.reason or (USUAL_NO if row.asks == "reason" else None)
    return playbook.reasons().find("disqualify", chosen) if chosen else None


def _after(lead: rows.Lead, row: Reply) -> rows.Lead:
    """The lead as it can be reached from now on: a bounced address gives way to the second one."""
    if row.strikes_address:
        return lead._replace(email=lead.email_2, email_2=None)
    return lead._replace(email=None) if row.suppress in ("email", "all") else lead


# --- what is written -------------------------------------------------------------------------------------------


def _events(turn: Turn, row: Reply, heard: Heard) -> Iterator[Edit]:
    """A reply, when it counts as one; else what came, so that it is known but not counted. Its kind is the detail."""
    words = f"{turn.lead.email} bounced" if row.strikes_address else heard.text
    detail = f"{row.key}: {heard.away.words}" if heard.away.words else row.key
    yield effects.event(turn, "replied" if row.answers else row.key, words, detail=detail, mail_id=heard.mail_id)


def _scoped(turn: Turn, scope: str, text: str | None) -> Iterator[Edit]:
    """The wish of one that was meant for all of them."""
    channel = effects.suppressed(turn)
    value = str(turn.lead.account_id) if scope == "account" else company_domain(turn.lead.email, None)
    if channel is not None and scope != "person":
        yield Edit.new(
            "suppression", turn.session.new_id(), lead_id=turn.lead.id, channel=channel, scope=scope, value=value,
            at=ms(turn.now), wording=text or turn.effect.label, rep_id=playbook.rep(turn.session).id,
        )  # fmt: skip


def _waiting(turn: Turn, row: Reply) -> Iterator[Edit]:
    """What waits in the outbox: held while they are away, sent to the other address, or not sent at all."""
    if row.key == AWAY:
        yield from halting.held(turn.session, turn.lead.id, _back(turn))
    elif row.strikes_address:
        yield from halting.readdressed(turn.session, turn.lead, turn.after.email, turn.now)
    else:
        yield from effects.waiting_edits(turn)


def _named(turn: Turn, row: Reply, name: str | None, away: absence.Away) -> tuple[Edit, ...]:
    """Who they sent us to: the colleague they named, or who stands in while they are away."""
    if name and row.asks == "name":
        return referring.newcomer(turn, name)
    stands_in = away.stands_in
    if stands_in is None:
        return ()
    return referring.newcomer(turn, stands_in.name, stands_in.email, stands_in.phone)


def _colleagues(turn: Turn, row: Reply, scope: str) -> Iterator[Edit]:
    """The others at the account: ended when they spoke for all, paused when one of them answered."""
    if scope != "person":
        yield from siblings.stop_edits(turn.session, turn.lead, turn.now)
    elif row.softens:
        yield from siblings.soften_edits(turn.session, turn.lead, row.word, turn.now)


def _drip_edits(turn: Turn, row: Reply, goes: Onward) -> Iterator[Edit]:
    if turn.drip is None:
        return
    if siblings.is_softened(turn.drip.row) and row.key == AWAY:
        return  # it waits for a word about the whole account
    if row.key == AWAY or (row.drip == "pause" and row.state is None):
        yield Edit.set("enrollment", turn.drip.row.id, state="paused", paused_until=ms(_back(turn)))
        return
    yield from effects.drip_edits(turn, goes, turn.drip.row.step_no)


def _fields(turn: Turn, row: Reply, goes: Onward, text: str | None) -> Fields:
    lead, now = turn.lead, ms(turn.now)
    held = leads.answers(turn.session, lead.id)
    facts: Fields = {
        "last_kind": turn.effect.word,
        "last_at": now,
        "contacted_at": lead.contacted_at or (now if row.answers else None),
        "said": text if text and row.answers else lead.said,
        **onward.rescored(turn.session, lead, held, turn.now, ("replied",) if row.answers else ()),
    }
    if row.strikes_address:
        facts |= {"email": turn.after.email, "email_2": None}
    if goes.step is None and (turn.state in OPEN_STATES or lead.next_kind is None):
        return facts  # nothing moves
    fields = effects.lead_fields(turn, goes, **facts)
    if row.next == "preset" and turn.state is not LeadState.NURTURE and goes.step is not None:
        # Nobody is there to answer until then, so the clock's band waits with it.
        fields |= {"due_at": ms(goes.step.due_at), "queue_band": later_band(int(fields["queue_band"]))}
    return fields


def _besides(turn: Turn, row: Reply, scope: str, away: absence.Away) -> str:
    """What else this one act did, for the last line."""
    words = [away.words, f"{away.stands_in.name} stands in" if away.stands_in else ""]
    if scope == "domain":
        words.append(f"nobody at {company_domain(turn.lead.email, None)} is mailed")
    if scope == "account":
        words.append(f"nobody at {turn.lead.company or 'the account'} is mailed")
    if row.softens and (paused := siblings.to_soften(turn.session, turn.lead)):
        words.append(f"{paused} colleague{'' if paused == 1 else 's'} paused")
    return "".join(f" · {word}" for word in words if word)


def _summary(turn: Turn, goes: Onward) -> str:
    if turn.lead.next_kind is None or turn.state not in OPEN_STATES or turn.state is LeadState.OFFERED:
        return effects.summary(turn, None)
    return effects.summary(turn, goes.step or onward.standing(turn.lead))


# --- where it goes ---------------------------------------------------------------------------------------------


def _goes(turn: Turn, row: Reply) -> Onward:
    """The next step of a lead that stays open, where no state or promise decides it."""
    lead = turn.lead
    if row.next == "preset":
        return Onward(_away(turn))
    if row.next_kind is NextKind.REPLY:
        return Onward(_to_answer(turn, row))
    if row.next == "none" or (row.state is None and lead.state in UNREAD) or lead.next_kind in OUTRANKING:
        return _kept(turn)
    moment = onward.usual(row.next, lead, turn.now, turn.session)
    kind = row.next_kind or NextKind.CALL
    return Onward(onward.reached_by(turn.session, turn.after, kind, moment, turn.now))


def _to_answer(turn: Turn, row: Reply) -> NextStep:
    """Their words want an answer, by the rep's own clock: soon when they are interested."""
    rep = playbook.rep(turn.session)
    cal = steps.rep_calendar(rep, turn.now, steps.days_off(turn.session, rep.id, turn.now))
    soon = due(cal, turn.now, Length(5, "m")) if row.next == "five-minutes" else None
    note = "interested: call now" if row.next == "five-minutes" else "they asked something"
    return steps.in_hours(turn.lead, NextKind.REPLY, soon or turn.now, turn.now, note)


def _back(turn: Turn) -> datetime:
    """When they are back."""
    cal = steps.calendar_of(turn.lead, turn.now, turn.session)
    day = turn.until or preset(3, turn.now, cal.zone, cal.hours, cal.closed) or turn.now
    return onward.opened(turn.lead, day, turn.now, turn.session)


def _away(turn: Turn) -> NextStep | None:
    """The same step when they are back; what is due later than that, or promised, stays."""
    stays, back = onward.standing(turn.lead), _back(turn)
    if turn.lead.next_kind in OUTRANKING or ms(stays.due_at) >= ms(back):
        return None
    return steps.in_hours(turn.lead, stays.kind, back, turn.now, stays.note)


def _kept(turn: Turn) -> Onward:
    """The step stays, unless it is a mail and no address is left: then the next touch that can reach them."""
    lead, after = turn.lead, turn.after
    if lead.next_kind != NextKind.EMAIL or after.email is not None:
        return Onward(None)
    if turn.drip is not None and turn.drip.runs(turn.now):
        return onward.goes_on(turn.session, after, turn.drip, turn.drip.row.step_no, turn.now)
    return Onward(onward.follow_up(turn.session, after, turn.now))
